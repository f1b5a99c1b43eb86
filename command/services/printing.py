"""A situation report on paper: PDF/UA-1 by typst, from data."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import typst

from command import selectors
from command.enums import SecondCheck
from command.models import Sitrep
from govuk import when
from incidents.enums import Sensitivity

_TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "sitrep.typ"
_KEPT_CONTROLS = "\n\t"
# A word longer than a line may break after so many characters; nobody writes one, but addresses of pages are that long.
_LONG_WORD = re.compile(r"\S{65,}")
_LINE_PART = re.compile(r"\S{40}")
_MAY_BREAK = "\u200b"
# Marks that turn the direction of what follows: shown on paper by name, so that nothing reads otherwise than stored.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e")


def sitrep_pdf(sitrep: Sitrep) -> bytes:
    """The report as a tagged PDF, the same bytes for the same report.

    It claims PDF/UA-1 wherever the fonts at hand have every character of the text; that standard forbids a character
    without a shape, so a script that no font here knows gives a tagged PDF without the claim.
    """
    data = {"data": json.dumps(_printed(_data(sitrep)))}
    shared: dict[str, Any] = {
        "input": str(_TEMPLATE),
        "root": str(_TEMPLATE.parent),
        "sys_inputs": data,
        "timestamp": int((sitrep.issued_at or sitrep.updated_at).timestamp()),
    }
    try:
        return typst.compile(**shared, pdf_standards="ua-1")
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        return typst.compile(**shared)


def _data(sitrep: Sitrep) -> dict[str, Any]:
    """What the template prints, as text: it never reads a file, and text is never markup."""
    content = selectors.content_of(sitrep)
    newer = selectors.superseded_by(sitrep)
    notes = []
    if not sitrep.is_issued:
        notes.append(f"{sitrep.get_status_display()}: not issued")
    if newer:
        notes.append(f"Superseded by {newer.reference}")
    if content["supersedes"]:
        notes.append(f"Supersedes {content['supersedes']}")
    if content["second_check"] == SecondCheck.DUE:
        notes.append("Not second-checked: check due")
    return {
        "reference": content["reference"],
        "title": content["title"],
        "handling": Sensitivity(content["handling"]).label.upper(),
        "as_of": when.london(sitrep.as_of),
        "issued": when.london(sitrep.issued_at) if sitrep.issued_at else "",
        "issued_by": content["issued_by"] or "",
        "approved_by": content["approved_by"] or "",
        "notes": notes,
        "figures": [[name, str(value)] for name, value in selectors.figures_shown(content["figures"])],
        "sections": [[section["title"], section["body"]] for section in content["sections"]],
        "sha256": sitrep.sha256,
    }


def _printed(value: Any) -> Any:
    """Text with every character that has no shape, or that would turn its neighbours round, named: `[U+202E]`.

    Words that are wider than the page may break.
    """
    if isinstance(value, str):
        text = "".join(f"[U+{ord(mark):04X}]" if _is_shapeless(mark) else mark for mark in value)
        return _LONG_WORD.sub(lambda word: _LINE_PART.sub(rf"\g<0>{_MAY_BREAK}", word[0]), text)
    if isinstance(value, list):
        return [_printed(item) for item in value]
    return {name: _printed(item) for name, item in value.items()} if isinstance(value, dict) else value


def _is_shapeless(mark: str) -> bool:
    if mark in _KEPT_CONTROLS:
        return False
    noncharacter = ord(mark) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(mark) <= 0xFDEF
    return mark in _DIRECTIONS or noncharacter or unicodedata.category(mark) in ("Cc", "Co")
