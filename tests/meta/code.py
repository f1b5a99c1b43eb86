"""The product's own Python, for tests about how it is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# From the highest room to the lowest: each imports and points at what stands behind it.
ROOMS = (
    "opss",
    "desk",
    "readiness",
    "intake",
    "escalation",
    "command",
    "incidents",
    "moves",
    "notify",
    "rest",
    "accounts",
    "audit",
    "govuk",
    "kernel",
)


def modules() -> Iterator[Path]:
    """Every module of the rooms but migrations, relative to the root."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT)


def text_of(module: Path) -> str:
    return (ROOT / module).read_text(encoding="utf-8")
