"""The few errors that the product raises on purpose.

Services raise them; `opss.middleware` turns them into a page and `opss.api` into problem details (RFC 9457). Nobody
else catches them. Every message is written for the person who reads it and says how to mend what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one input. `field` is a path such as `products[0].name`, or empty for the whole form."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """Base of all of them. `extra` holds further members of the problem document."""

    status = 400
    code = "invalid"
    title = "This cannot be done"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.errors = list(errors) or [FieldError("", self.code, detail)]
        self.extra = dict(extra or {})


class InvalidInput(DomainError):
    """The inputs are wrong. `form` is the bound form, so that a page can show it again with the text kept."""

    title = "Check what was sent"

    def __init__(self, errors: Sequence[FieldError], *, form: Any = None) -> None:
        super().__init__("; ".join(dict.fromkeys(e.message for e in errors)), errors=errors)
        self.form = form


class NotSignedIn(DomainError):
    status, code, title = 401, "not_signed_in", "Sign in first"


class NotAllowed(DomainError):
    """The person is known but may not. `posts` names who may, for the page and for `extra['posts']`."""

    status, code, title = 403, "not_allowed", "You cannot do this"

    def __init__(self, detail: str, *, code: str | None = None, posts: Sequence[str] = ()) -> None:
        super().__init__(detail, code=code, extra={"posts": list(posts)} if posts else None)
        self.posts = list(posts)


class NotFound(DomainError):
    """Also for what the person may not know of: the answer does not tell which."""

    status, code, title = 404, "not_found", "Not found"


class Conflict(DomainError):
    status, code, title = 409, "conflict", "This does not fit what is on record"


class NotFromHere(Conflict):
    """The move exists, but not from the present state."""

    code, title = "not_from_here", "Not from here"


class ChangedSinceSeen(Conflict):
    """Somebody was faster. `changes` says what happened since: `[{at, kind, by, sentence}]`."""

    code, title = "changed_since_seen", "This has changed since you saw it"

    def __init__(self, detail: str, *, version: int, changes: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(detail, extra={"version": version, "changes": list(changes)})
        self.version, self.changes = version, list(changes)


class Blocked(Conflict):
    """Facts or inputs are missing. `blocked_by` carries every blocker at once (`moves.machine.Blocker`)."""

    code, title = "blocked", "This is blocked"

    def __init__(self, blocked_by: Sequence[Any], *, form: Any = None) -> None:
        blockers = list(blocked_by)
        super().__init__(
            " ".join(blocker.message for blocker in blockers),
            errors=[FieldError(blocker.field, blocker.code, blocker.message) for blocker in blockers],
            extra={"blocked_by": [blocker.as_json() for blocker in blockers]},
        )
        self.blocked_by, self.form = blockers, form


class StaleVersion(DomainError):
    """The `If-Match` or the version of an update is not the present one."""

    status, code, title = 412, "stale_version", "This has changed since you saw it"


class TooSoon(DomainError):
    """More than is taken within a time. After `retry_after` whole seconds it is taken again."""

    status, code, title = 429, "too_many_requests", "Too many requests"

    def __init__(self, detail: str, *, retry_after: int, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after
