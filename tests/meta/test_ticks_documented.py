import re
from pathlib import Path

from django.conf import settings

ARCHITECTURE = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"


def test_architecture_says_of_every_tick_what_it_does_and_of_no_other():
    table = ARCHITECTURE.read_text().partition("| tick | does |")[2].partition("\n\n")[0]
    assert sorted(re.findall(r"^\| `([a-z_.]+)` \|", table, re.MULTILINE)) == sorted(settings.TICKS)
