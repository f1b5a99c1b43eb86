"""Copies what the pages use of GOV.UK Frontend from `node_modules` to `static/vendor`.

The files lose what only services on gov.uk may use, the GDS Transport font and the crown, and with it every address
that would ask for a file we do not have. Run by `make`: `python -m opss.frontend`.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk"
VENDOR = ROOT / "static" / "vendor"

_STYLE_CUTS = [
    (re.compile(r"@font-face\{[^}]*\}"), ""),
    (re.compile(r'"?GDS Transport"?,\s*'), ""),
    (re.compile(r"""url\((["']?)/assets/[^)]*\)"""), "none"),
    (re.compile(r"/\*# sourceMappingURL=.*?\*/"), ""),
]
_SCRIPT_CUTS = [(re.compile(r"//# sourceMappingURL=\S*"), "")]


def without(text: str, cuts: list[tuple[re.Pattern[str], str]]) -> str:
    """`text` after every cut."""
    for pattern, replacement in cuts:
        text = pattern.sub(replacement, text)
    return text


def build() -> None:
    """Write the style sheet and the script."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, cuts in {"govuk-frontend.min.css": _STYLE_CUTS, "govuk-frontend.min.js": _SCRIPT_CUTS}.items():
        text = (PACKAGE / name).read_text(encoding="utf-8")
        (VENDOR / name).write_text(without(text, cuts), encoding="utf-8")


if __name__ == "__main__":
    build()
