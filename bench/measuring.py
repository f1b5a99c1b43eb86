"""Timing the product and the floor by turns, so that whatever else the machine does hits both alike."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import quantiles

from bench.cases import Case

ROUNDS = 5
EACH = 20
WARM_UP = 3


@dataclass
class Times:
    """Milliseconds of one case: through the product and on the floor."""

    asked: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)

    def line(self, case: str, rows: int) -> str:
        """One JSON object, as `interfaces` promises it."""
        p50, p95 = _percentile(self.asked, 50), _percentile(self.asked, 95)
        floor = _percentile(self.floor, 50)
        return json.dumps(
            {
                "case": case,
                "rows": rows,
                "p50_ms": round(p50, 3),
                "p95_ms": round(p95, 3),
                "floor_p50_ms": round(floor, 3),
                "ratio": round(p50 / floor, 2),
            }
        )


def measure(cases: Iterable[Case], *, rounds: int = ROUNDS, each: int = EACH) -> dict[str, Times]:
    """Every case in every round, first through the product, then on the floor; the first calls do not count."""
    cases = list(cases)
    times = {case.name: Times() for case in cases}
    for case in cases:
        for _ in range(min(WARM_UP, each)):
            case.ask()
            case.floor()
    for _ in range(rounds):
        for case in cases:
            for _ in range(each):
                times[case.name].asked.append(_timed(case.ask))
                times[case.name].floor.append(_timed(case.floor))
    return times


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _percentile(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]
