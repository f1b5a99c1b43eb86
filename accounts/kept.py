"""What somebody had typed when their session ended: sealed into the sign-in page, and handed back after it.

It travels through their own browser, signed by us, so that nothing unasked is stored here and nobody else can put words
into a form of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.utils.datastructures import MultiValueDict

from kernel import clock

KEPT_FOR = timedelta(hours=12)
_SALT = "accounts.kept"
_NOT_TYPED = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: the path of ours that it was for, and every field with its value, in order."""

    path: str
    fields: list[tuple[str, str]]

    @property
    def written(self) -> list[str]:
        """What reads as written: more than one word, so no version, code or digest of the page's own."""
        return [value for _, value in self.fields if len(value.split()) > 1]


def seal(path: str, sent: MultiValueDict[str, str]) -> str:
    """What was sent to this path, as text for a hidden field; empty where nothing was typed."""
    fields = [(name, value) for name, values in sent.lists() if name not in _NOT_TYPED for value in values]
    if not any(value.strip() for _, value in fields):
        return ""
    until = (clock.now() + KEPT_FOR).timestamp()
    return signing.dumps({"path": path, "fields": fields, "until": until}, salt=_SALT, compress=True)


def unseal(sealed: str) -> Kept | None:
    """What `seal` kept; None where it is empty, older than KEPT_FOR or not of our sealing."""
    try:
        held = signing.loads(sealed, salt=_SALT)
    except signing.BadSignature:
        return None
    if held["until"] < clock.now().timestamp():
        return None
    return Kept(held["path"], [(name, value) for name, value in held["fields"]])
