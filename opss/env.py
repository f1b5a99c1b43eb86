"""The one typed door to the environment."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Env(BaseSettings):
    """What the environment may say. Names are `OPSS_<NAME>`, save DATABASE_URL, REDIS_URL, DATA_DIR and PORT."""

    model_config = SettingsConfigDict(env_prefix="OPSS_", extra="ignore", populate_by_name=True)

    env: Literal["demonstration", "test", "production"] = "demonstration"
    secret_key: str = "development-only-secret-key-that-production-refuses"
    debug: bool = False
    allowed_hosts: list[str] = ["localhost", "127.0.0.1", "[::1]", "testserver"]
    database_url: str = Field("postgres://localhost/opss", validation_alias="DATABASE_URL")
    redis_url: str = Field("redis://localhost:6379/0", validation_alias="REDIS_URL")
    data_dir: str = Field(".data", validation_alias="DATA_DIR")
    port: int = Field(8000, validation_alias="PORT")
