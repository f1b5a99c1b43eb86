"""Files of other regulators' notices, each kind with its own reader, all through one door."""

from __future__ import annotations

from intake.importers.base import Source
from intake.importers.cpsc import Cpsc

SOURCES: dict[str, Source] = {source.name: source for source in (Cpsc(),)}
