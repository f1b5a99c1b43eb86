"""The one door of reports: what it writes, whom it tells, what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from accounts.selectors import actor_for
from audit import selectors as audit
from audit.models import AuditEvent, Chain
from audit.presenters import sentence
from incidents import selectors as incidents
from incidents.models import Issue
from intake.services import issue_report
from kernel import clock
from kernel.errors import InvalidInput
from notify.models import Notice
from tests.factories.accounts import acting, person
from tests.factories.incidents import (
    BAD_IDS,
    BAD_REPORTS,
    MARKED_UP,
    BusinessData,
    ProductData,
    ReportData,
    reported,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)


def test_report_puts_everything_on_record():
    officer = acting("officer.science")
    with clock.at(NOON):
        issue = issue_report(
            by=officer,
            data=ReportData(
                title="Kettle shocks",
                source="public",
                danger_now=True,
                originator={"name": "A reader", "email": "reader@home.example", "kind": "public"},
                nations=["wales", "scotland"],
                received_at="2026-03-11T09:30:00+00:00",
                is_product_safety=False,
                regulatory_area="energy",
                sensitivity="official_sensitive",
                products=[ProductData(name="Kettle A"), ProductData(name="Kettle B", barcode="07518")],
                businesses=[BusinessData(name="Kettle Works", role="manufacturer")],
            ),
        )
    issue = Issue.objects.get(reference=issue.reference)
    assert issue.reference == "ISS-2026-00001"
    assert (issue.title, issue.source) == ("Kettle shocks", "public")
    assert (issue.danger_now, issue.is_product_safety) == (True, False)
    assert (issue.regulatory_area, issue.sensitivity) == ("energy", "official_sensitive")
    assert issue.nations == ["wales", "scotland"]
    assert issue.received_at == datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
    assert (issue.created_at, issue.updated_at, issue.version) == (NOON, NOON, 1)
    assert (issue.reported_by_id, issue.reported_as) == (officer.user_id, "Officer, Science")
    assert (issue.originator.name, issue.originator.email) == ("A reader", "reader@home.example")
    assert [(product.name, product.barcode) for product in issue.products.all()] == [
        ("Kettle A", "0123456789012"),
        ("Kettle B", "07518"),
    ]
    assert [(business.name, business.role) for business in issue.businesses.all()] == [("Kettle Works", "manufacturer")]
    assert [(one.user_id, one.role) for one in issue.people.all()] == [(officer.user_id, "reporter")]
    climb = issue.climbs.get()
    assert (climb.number, climb.stage, climb.is_current, climb.danger_now) == (1, "reported", True, True)


def test_report_of_three_fields_gets_the_defaults():
    with clock.at(NOON):
        issue = reported(acting("viewer"))
    assert (issue.functional_team, issue.sensitivity, issue.regulatory_area) == (
        "incident_management",
        "official",
        "consumer_products",
    )
    assert (issue.received_at, issue.is_product_safety, issue.danger_now) == (NOON, True, None)


@pytest.mark.parametrize(
    ("post", "given", "team"),
    [
        ("officer.science", None, "science"),
        ("officer.science", "legal", "legal"),
        ("ceo", None, "incident_management"),
    ],
)
def test_handling_team_is_given_or_the_reporters_or_imt(post, given, team):
    assert reported(acting(post), functional_team=given).functional_team == team


def test_report_writes_one_event_to_the_cases_own_chain():
    issue = reported(
        acting("officer.science"), originator={"name": "Somebody Private"}, products=[ProductData(), ProductData()]
    )
    (event,) = audit.events_for(issue.reference)
    assert (event.kind, event.version, event.actor["post"]) == ("issue.reported", 1, "officer.science")
    assert event.facts["title"] == issue.title
    assert (event.facts["team"], event.facts["source"]) == ("science", "local_authority")
    assert event.facts["danger_now"] is None
    assert (event.facts["products"], event.facts["businesses"]) == (2, 0)
    assert event.facts["originator"]["name"] == "Somebody Private"
    assert "Somebody Private" not in AuditEvent.objects.get(chain_key=issue.reference).canonical


def test_imt_is_told_the_duty_officer_first_and_the_leader_of_the_team_that_has_to_act():
    officer, head, duty = person("imt.officer"), person("imt.head"), person("imt.duty")
    leader = person("ftl.enforcement")
    person("ftl.science")
    issue = reported()
    told = Notice.objects.filter(about=issue.reference).order_by("pk")
    assert [notice.recipient_id for notice in told] == [duty.pk, head.pk, officer.pk, leader.pk]
    assert {notice.urgent for notice in told} == {False}
    assert {notice.url for notice in told} == {issue.get_absolute_url()}


@pytest.mark.parametrize(
    ("answer", "told", "asked"),
    [
        (True, "Someone could be hurt now.", False),
        (False, "", False),
        (None, "Whether someone could be hurt now was not answered.", True),
    ],
)
def test_danger_left_open_is_never_a_no_and_whoever_triages_is_told_to_ask(answer, told, asked):
    person("imt.duty")
    issue = reported(danger_now=answer)
    assert issue.danger_now is answer
    assert issue.climbs.get().danger_now is bool(answer)
    said = sentence(audit.events_for(issue.reference)[0])
    assert said == f"Reported ‘{issue.title}’, known from: Local authority. {told}".strip()
    assert ("was not answered: ask" in Notice.objects.get(about=issue.reference).body) is asked


def test_danger_now_is_urgent():
    person("imt.duty")
    notice = Notice.objects.get(about=reported(danger_now=True).reference)
    assert notice.urgent
    assert notice.title.startswith("Someone could be hurt now: ")


def test_restricted_report_is_told_only_to_imt_head():
    head = person("imt.head")
    person("imt.duty")
    person("imt.officer")
    issue = reported(sensitivity="restricted")
    assert [notice.recipient for notice in Notice.objects.filter(about=issue.reference)] == [head]


def test_restricted_report_stays_readable_to_its_reporter_and_to_no_colleague():
    officer, colleague = acting("officer.enforcement"), acting("officer.enforcement")
    issue = reported(officer, sensitivity="restricted")
    assert incidents.issues_visible_to(officer).get() == issue
    assert not incidents.issues_visible_to(colleague).exists()


def test_strangers_report_counts_and_puts_nobody_on_the_case():
    stranger = actor_for(person(name="A Visitor"))
    issue = reported(stranger)
    assert (issue.reported_by_id, issue.reported_as) == (stranger.user_id, "A Visitor")
    assert issue.functional_team == "incident_management"
    assert not issue.people.exists()
    assert not incidents.issues_visible_to(stranger).exists()


def test_text_is_kept_exactly_as_sent():
    issue = reported(title=MARKED_UP, summary=MARKED_UP + "\n\n", products=[ProductData(name=MARKED_UP)])
    issue.refresh_from_db()
    assert (issue.title, issue.summary) == (MARKED_UP, MARKED_UP + "\n\n")
    assert issue.products.get().name == MARKED_UP


@pytest.mark.parametrize(("wrong", "field", "code"), BAD_REPORTS, ids=BAD_IDS)
def test_each_bad_input_is_refused_at_its_field_and_nothing_is_kept(wrong, field, code):
    with pytest.raises(InvalidInput) as refused:
        reported(**wrong)
    assert [(error.field, error.code) for error in refused.value.errors] == [(field, code)]
    assert not Issue.objects.exists()
    assert not Notice.objects.exists()


def test_received_a_moment_ahead_of_our_clock_is_taken():
    with clock.at(NOON):
        assert reported(received_at=(NOON + timedelta(minutes=4)).isoformat()).received_at > NOON


def test_report_that_is_rolled_back_leaves_nothing_behind():
    person("imt.duty")
    with clock.at(NOON):
        first = reported()
        with pytest.raises(RuntimeError, match="afterwards"), transaction.atomic():
            lost = reported()
            raise RuntimeError("something failed afterwards")
        second = reported()
    assert (first.reference, lost.reference, second.reference) == ("ISS-2026-00001", "ISS-2026-00002", "ISS-2026-00002")
    assert sorted(Chain.objects.exclude(key="service").values_list("key", flat=True)) == [
        "ISS-2026-00001",
        "ISS-2026-00002",
    ]
    opened = [event.facts["chain"] for event in audit.events_for("service") if event.kind == "chain.opened"]
    assert opened == ["ISS-2026-00002", "ISS-2026-00001"]
    assert Notice.objects.count() == 2


def test_reference_has_the_year_of_the_record_time_in_london():
    with clock.at(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)):
        assert reported().reference == "ISS-2026-00001"
    with clock.at(datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC)):
        assert reported().reference == "ISS-2027-00001"
