"""docker-compose.yml, read as compose reads it, for tests that hold it to the code and start its services by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


class Refused(Exception):
    """Compose would not start: a required variable is not given."""


def text() -> str:
    return (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


def variables() -> dict[str, bool]:
    """Every variable that the file asks the environment for, and whether it must be given."""
    found: dict[str, bool] = {}
    for match in _VARIABLE.finditer(text()):
        found[match["name"]] = found.get(match["name"], False) or match["kind"] == "?"
    return found


def services(given: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The services with `given` in the place of variables."""

    def value(match: re.Match[str]) -> str:
        known = given.get(match["name"], "")
        if not known and match["kind"] == "?":
            raise Refused(match["name"])
        return known or (match["rest"] or "")

    filled = _VARIABLE.sub(value, text()).replace("$$", "$")
    return yaml.safe_load(filled)["services"]
