"""What stands in a person's inbox. Whether they may see a case is asked again each time that it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import Count, Exists, OuterRef, QuerySet

from accounts.models import User
from audit import references
from kernel import keyset
from kernel.prepared import Given, Prepared
from notify import hooks
from notify.models import Notice

ORDER = ("-delivered_at", "-id")
PAGE = 30


@dataclass(frozen=True)
class CaseNotices:
    """Notices about one case that stand on one page, newest first; `about` is empty when they are about none."""

    about: str
    notices: list[Notice]

    @property
    def unread(self) -> bool:
        return any(notice.read_at is None for notice in self.notices)


@dataclass(frozen=True)
class Inbox:
    cases: list[CaseNotices]
    page: keyset.Page


def inbox(user: User, *, unread_only: bool, cursor: str | None = None) -> Inbox:
    """One page of delivered notices, newest first, gathered by case."""
    page = keyset.page(notices_of(user, unread_only=unread_only), order=ORDER, cursor=cursor, limit=PAGE)
    by_case: dict[str, list[Notice]] = {}
    for notice in notices_seen(user, page.rows):
        by_case.setdefault(notice.about, []).append(notice)
    cases = [CaseNotices(about, rows) for about, rows in by_case.items()]
    return Inbox(cases, page)


def notices_of(user: User, *, unread_only: bool) -> QuerySet[Notice]:
    """What stands in the person's inbox, or what of it is unread. Page it by ORDER, show what `notices_seen` gives."""
    return _unread(user) if unread_only else _delivered(user)


def notices_seen(user: User, notices: Iterable[Notice]) -> list[Notice]:
    """Those of the person's notices whose case they may see now; a constant number of queries.

    Other cases that they may not know of are not named in them. They are for showing from then on, not for saving.
    """
    notices = list(notices)
    named = references.named_in([[notice.title, notice.body] for notice in notices])
    seen = hooks.visible(user, {notice.about for notice in notices} | named)
    for notice in notices:
        notice.title, notice.body = references.without(named - seen, [notice.title, notice.body])
    return [notice for notice in notices if notice.about in seen]


def unread_count(user: User) -> int:
    """How many delivered notices wait to be read; one query while there are none."""
    counts = dict(_unread_by_case().ask(user=user.pk))
    seen = hooks.visible(user, counts) if counts else set()
    return sum(count for about, count in counts.items() if about in seen)


@cache
def _unread_by_case() -> Prepared[tuple[str, int]]:
    """Asked by every page, for the number in its header."""
    return Prepared(_unread(Given("user")).order_by().values_list("about").annotate(Count("id")))


def told_urgently(about: str) -> list[User]:
    """Everybody whom an urgent notice about this case was sent to, read or not; each once."""
    urgent = Notice.objects.filter(recipient=OuterRef("pk"), about=about, urgent=True)
    return list(User.objects.filter(Exists(urgent)))


def _delivered(user: User | Given) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient=user, delivered_at__isnull=False)


def _unread(user: User | Given) -> QuerySet[Notice]:
    return _delivered(user).filter(read_at__isnull=True)
