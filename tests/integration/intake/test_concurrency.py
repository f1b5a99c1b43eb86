"""Many reports at once: every reference once, and none left out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.selectors import actor_for
from audit.models import AuditEvent, Chain
from incidents.models import Issue
from intake.services import issue_report
from kernel import clock
from kernel.errors import InvalidInput
from tests.factories.accounts import acting, person
from tests.factories.incidents import ReportData
from tests.factories.together import outcomes

AT_ONCE = 10
REPORTS = 50


@pytest.mark.django_db(transaction=True)
def test_fifty_reports_at_once_are_numbered_without_a_gap():
    officer = acting("officer.enforcement")
    start = Barrier(AT_ONCE)

    def report_some(worker: int) -> list[str]:
        try:
            start.wait(timeout=120)
            made = []
            for _ in range(REPORTS // AT_ONCE):
                with pytest.raises(InvalidInput):
                    issue_report(by=officer, data=ReportData(source="nobody"))
                made.append(issue_report(by=officer, data=ReportData()).reference)
            return made
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        references = [reference for made in pool.map(report_some, range(AT_ONCE)) for reference in made]
    year = clock.today().year
    assert sorted(references) == [f"ISS-{year}-{number:05d}" for number in range(1, REPORTS + 1)]
    assert Issue.objects.count() == REPORTS
    assert Chain.objects.filter(key__in=references, length=1).count() == REPORTS
    assert AuditEvent.objects.filter(kind="chain.opened").count() == REPORTS


@pytest.mark.django_db(transaction=True)
def test_reports_of_a_stranger_at_once_are_counted_one_after_the_other(settings):
    settings.STRANGER_REPORTS_AN_HOUR = 2
    stranger = actor_for(person())

    ended = outcomes(*[lambda: issue_report(by=stranger, data=ReportData())] * 5)

    assert ended == ["TooSoon", "TooSoon", "TooSoon", "done", "done"]
    assert Issue.objects.filter(reported_by=stranger.user_id).count() == 2
