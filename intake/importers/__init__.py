"""Files of other regulators' notices, each kind with its own mapping, all through one door."""

from __future__ import annotations

from intake.importers.base import Source
from intake.importers.cpsc import Cpsc
from intake.importers.safety_gate import SafetyGate, SafetyGateShort
from intake.importers.uk_opss import UkOpss
from intake.importers.usagov import UsaGov

SOURCES: dict[str, Source] = {
    source.name: source for source in (Cpsc(), UsaGov(), SafetyGate(), SafetyGateShort(), UkOpss())
}
