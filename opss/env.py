"""The one typed door to the environment. `.env.example` lists every setting with what it is for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from opss.addresses import email_settings, origin, sender
from opss.embedded import DEFAULT_DATA_DIR, secrets

_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
_KEY_LENGTH = 50
# Words by which a key copied from an example or a tutorial gives itself away.
_EXAMPLE_KEYS = ("django-insecure", "change-me", "development", "example")
# Points nowhere on purpose: what needs no database runs, what does need one fails at once.
_NO_DATABASE = "postgres://127.0.0.1:9/opss"
_NO_BROKER = "redis://127.0.0.1:9/0"


class Env(BaseSettings):
    """What the environment may say. Names are `OPSS_<NAME>`, save DATABASE_URL, REDIS_URL, DATA_DIR and PORT.

    The default is the demonstration. Production starts only when every secret and address is given.
    """

    model_config = SettingsConfigDict(
        env_prefix="OPSS_", extra="ignore", populate_by_name=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    env: Literal["demonstration", "test", "production"] = "demonstration"
    secret_key: str = ""
    old_secret_keys: Annotated[list[str], NoDecode] = []
    debug: bool = False
    allowed_hosts: Annotated[list[str], NoDecode] = []
    trusted_proxies: int = Field(0, ge=0, le=5)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    statement_seconds: int = Field(0, ge=0, le=3600)
    token_days: int = Field(365, ge=1, le=3650)
    stranger_reports_an_hour: int = Field(20, ge=1, le=10_000)
    alive_file: Path | None = None
    database_url: str = Field("", validation_alias="DATABASE_URL")
    redis_url: str = Field("", validation_alias="REDIS_URL")
    base_url: str = ""
    email_url: str = ""
    email_from: str = ""
    data_dir: Path = Field(DEFAULT_DATA_DIR, validation_alias="DATA_DIR")
    clock_file: Path | None = None
    port: int = Field(8000, validation_alias="PORT", ge=1, le=65535)

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @field_validator("allowed_hosts", "old_secret_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("base_url")
    @classmethod
    def _an_origin(cls, value: str) -> str:
        return value and origin(value)

    @field_validator("email_url")
    @classmethod
    def _a_channel(cls, value: str) -> str:
        if value:
            email_settings(value)
        return value

    @field_validator("email_from")
    @classmethod
    def _a_sender(cls, value: str) -> str:
        return value and sender(value)

    @model_validator(mode="after")
    def _clock_is_real(self) -> Env:
        if self.clock_file is not None and self.env != "test":
            raise ValueError("OPSS_CLOCK_FILE (clock_file) holds the clock for tests only: remove it")
        return self

    @model_validator(mode="after")
    def _production_is_complete(self) -> Env:
        if self.is_production and (wrong := [hint for holds, hint in self._production_rules() if not holds]):
            raise ValueError("; ".join(wrong))
        return self

    @model_validator(mode="after")
    def _fill_in(self) -> Env:
        if self.is_production:
            return self
        self.allowed_hosts = self.allowed_hosts or [*_LOOPBACK, "testserver"]
        self.secret_key = self.secret_key or _demonstration_key(self.data_dir)
        self.database_url = self.database_url or _NO_DATABASE
        self.redis_url = self.redis_url or _NO_BROKER
        self.base_url = self.base_url or f"http://127.0.0.1:{self.port}"
        self.email_url = self.email_url or f"file:{self.data_dir / 'mail'}"
        self.email_from = self.email_from or "incidents@demo.opss.example"
        return self

    def _production_rules(self) -> list[tuple[bool, str]]:
        is_copied_key = any(word in self.secret_key.lower() for word in _EXAMPLE_KEYS)
        return [
            (
                len(self.secret_key) >= _KEY_LENGTH and not is_copied_key,
                f"OPSS_SECRET_KEY (secret_key) must be {_KEY_LENGTH} characters or more and not an example: "
                'make one with python -c "import secrets; print(secrets.token_urlsafe(64))"',
            ),
            (
                not self.debug,
                "OPSS_DEBUG (debug) must be off: its error pages show case material to whoever provokes an error",
            ),
            (
                bool(self.allowed_hosts) and "*" not in self.allowed_hosts,
                "OPSS_ALLOWED_HOSTS (allowed_hosts) must name the hosts that people type, comma separated, without *",
            ),
            (
                self.database_url.startswith(("postgres://", "postgresql://")),
                "DATABASE_URL (database_url) must name a PostgreSQL: the embedded one is for the demonstration",
            ),
            (
                self.redis_url.startswith(("redis://", "rediss://", "unix://")),
                "REDIS_URL (redis_url) must name a Redis or Valkey: the embedded one is for the demonstration",
            ),
            (
                self.base_url.startswith("https://"),
                "OPSS_BASE_URL (base_url) must be the https address that people type: e-mails link to it",
            ),
            (
                self.email_url.startswith(("smtp://", "smtps://", "file:")),
                "OPSS_EMAIL_URL (email_url) must name the mail server, smtp://user:password@host:587?tls=starttls or "
                "smtps://user:password@host, or a folder that a mailer empties, file:PATH",
            ),
            (bool(self.email_from), "OPSS_EMAIL_FROM (email_from) must be the address that e-mails come from"),
        ]


def _demonstration_key(data_dir: Path) -> str:
    """The key of the data folder, so that all processes of an installation share it; one for this process where
    nothing can be written, as when files are collected for an image."""
    try:
        return secrets.read_or_make(data_dir).secret_key
    except OSError:
        return secrets.make().secret_key
