"""Text of other people's files made readable. For importers only: what a person typed is kept as sent.

Each step mends what nobody can have meant: HTML entities and tags in plain text, UTF-8 that was read as Windows-1252,
control characters and odd spaces. The row as it was read is kept beside the issue, so nothing is lost by it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any

# No notice nests deeper than this by far.
MAX_DEPTH = 20

_TAG = re.compile(
    r"</?(?:a|b|br|div|em|font|h[1-6]|i|li|ol|p|span|strong|sub|sup|table|td|th|tr|u|ul)\b[^<>]*>", re.IGNORECASE
)
_TAG_THAT_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/tr)\b[^<>]*>", re.IGNORECASE)
# With its semicolon only: `&region=` in an address is no registered mark.
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")


def _bytes_shown() -> dict[str, int]:
    """What a byte from 0x80 up looks like after it was read as Windows-1252, or as Latin-1 where that has a gap."""
    shown = {}
    for byte in range(0x80, 0x100):
        shown[chr(byte)] = byte
        shown[bytes([byte]).decode("cp1252", "replace")] = byte
    del shown["\ufffd"]
    return shown


_BYTE = _bytes_shown()
_CONTINUATION = "".join(re.escape(character) for character, byte in _BYTE.items() if byte < 0xC0)
# What such files hold: Latin letters and signs (two bytes), typographic marks (three). Others are left as they stand.
_MISREAD = re.compile(f"[ÂÃ][{_CONTINUATION}]|â[{_CONTINUATION}]{{2}}")


def _reread(match: re.Match[str]) -> str:
    """The character that the bytes meant."""
    return bytes(_BYTE[character] for character in match[0]).decode("utf-8", "replace")


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def clean(text: str) -> str:
    """Plain text with single spaces and at most one empty line between paragraphs."""
    text = _unescaped(_unescaped(text))
    text = _TAG.sub(" ", _TAG_THAT_BREAKS.sub("\n", text))
    text = _MISREAD.sub(_reread, text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(character if character == "\n" or not _is_control(character) else " " for character in text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def clean_line(text: str) -> str:
    return " ".join(clean(text).split())


# Nothing, as the sources write it (a brand of `None` too), and what they write where nobody said.
_NOTHING = {"", "-", "–", "—", "?", "none", "null", "na", "n/a", "n.a.", "unknown", "not known", "unk"}
_NOT_SAID = {"n.s.", "not stated", "unk/not stated", "no/unk", "no/?"}


def meant(text: str) -> str:
    """The line that a text says, empty where it is one of the words for nothing."""
    line = clean_line(text)
    return "" if line.casefold() in _NOTHING | _NOT_SAID else line


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in "\ufeff\ufffe\uffff"


def shortened(text: str, limit: int) -> str:
    """The text, or as many whole words of it as fit with an ellipsis after them."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    word_end = cut.rfind(" ")
    return (cut[:word_end] if word_end > limit // 2 else cut).rstrip(" ,;:.") + "…"


def storable(value: Any, depth: int = MAX_DEPTH) -> Any:
    """`value` of a JSON file as PostgreSQL can keep it: what it cannot hold is written out (`\\x00`, `\\ud800`).

    What lies deeper than `depth` is left out.
    """
    if isinstance(value, str):
        return value.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()
    if isinstance(value, float) and value - value != 0:
        return str(value)
    if isinstance(value, list | dict) and not depth:
        return "…"
    if isinstance(value, list):
        return [storable(item, depth - 1) for item in value]
    if isinstance(value, dict):
        return {storable(name): storable(item, depth - 1) for name, item in value.items()}
    return value
