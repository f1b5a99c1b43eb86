"""The secrets of an embedded installation: made once, kept in the data folder, readable by its owner only."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Secrets:
    """What the servers and Django need to know and nobody else may."""

    secret_key: str
    database_password: str
    broker_password: str


def _file(data_dir: Path) -> Path:
    return data_dir / "secrets.json"


def read(data_dir: Path) -> Secrets | None:
    """The secrets of `data_dir`, or None where it has none yet."""
    try:
        return Secrets(**json.loads(_file(data_dir).read_text()))
    except FileNotFoundError:
        return None


def make() -> Secrets:
    """New secrets, kept nowhere."""
    return Secrets(secrets.token_urlsafe(50), secrets.token_urlsafe(24), secrets.token_urlsafe(24))


def read_or_make(data_dir: Path) -> Secrets:
    """The secrets of `data_dir`, made on first use. Two makers at once agree: the first file to stand wins."""
    data_dir.mkdir(parents=True, exist_ok=True)
    if known := read(data_dir):
        return known
    made = make()
    draft = data_dir / f"secrets.{os.getpid()}.{secrets.token_hex(4)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(asdict(made), out)
    try:
        os.link(draft, _file(data_dir))
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    kept = read(data_dir)
    if kept is None:
        raise RuntimeError(f"The secrets in {data_dir} vanished while they were being made.")
    return kept
