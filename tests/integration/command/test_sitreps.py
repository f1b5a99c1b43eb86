"""Situation reports through their doors: who may, what stands in the way, what is fixed, who is told, who wins."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from accounts.enums import POST_TITLES
from accounts.selectors import actor_for
from audit import presenters
from audit.selectors import events_for
from command import hooks, selectors, services
from command.enums import SectionKey, SitrepStatus
from command.ladder import SITREP_MOVES
from command.models import Sitrep
from incidents.models import Decision, Evidence
from kernel import clock
from kernel.clock import LONDON
from kernel.errors import (
    Blocked,
    ChangedSinceSeen,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotFromHere,
    StaleVersion,
)
from moves import mover
from notify.models import Notice
from tests.factories.accounts import acting, person
from tests.factories.command import INPUTS, at_status, draft, incident, move, secretary_of
from tests.factories.ladder import RATINGS, Cast, assess
from tests.factories.together import outcomes

pytestmark = pytest.mark.django_db

IMT = {"imt.head", "imt.duty", "imt.officer"}
CHAIRS = {"dceo.evidence", "dd.enforcement"}
APPROVERS = {"imt.head", "imt.duty"} | CHAIRS
# By status and move, the posts that may. The SCG is chaired by the holder of dceo.evidence, the TCG by dd.enforcement;
# officer.policy keeps the record of the SCG; everything was written by imt.officer.
WRITERS = IMT | {"officer.policy"}
MAY = {
    "draft": {"submit": WRITERS, "withdraw": IMT},
    "in_review": {"return": APPROVERS, "approve": APPROVERS, "withdraw": IMT},
    "approved": {"issue": APPROVERS, "withdraw": IMT},
    "issued": {"correct": IMT},
    "superseded": {},
    "withdrawn": {},
}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.mark.parametrize("status", MAY)
def test_every_post_may_make_exactly_the_moves_that_are_its_own(status, cast):
    sitrep = at_status(cast, status)
    secretary_of(sitrep.incident, "scg", cast("officer.policy"))
    got: dict[str, set[str]] = {name: set() for name in MAY[status]}
    for post in [post for post in POST_TITLES if post not in ("operator", "viewer")]:
        for offer in mover.offers(services.SITREP_MACHINE, selectors.sitrep_get(sitrep.path, cast(post)), cast(post)):
            if not offer.acting_for and "not_your_move" not in [blocker.code for blocker in offer.blocked_by]:
                got[offer.name].add(post)
    assert got == MAY[status]


@pytest.mark.parametrize("status", MAY)
@pytest.mark.parametrize("name", SITREP_MOVES)
def test_every_move_answers_as_offered(status, name, cast):
    sitrep = at_status(cast, status)
    for post in ("imt.head", "imt.officer", "dceo.evidence", "ftl.science"):
        version = Sitrep.objects.get(pk=sitrep.pk).version
        inputs = {"reference": sitrep.reference, "name": name, "version": version, "by": cast(post)}
        if name not in MAY[status]:
            with pytest.raises(NotFromHere):
                services.sitrep_move(**inputs, data=INPUTS[name])
        elif post not in MAY[status][name]:
            with pytest.raises(NotAllowed) as refusal:
                services.sitrep_move(**inputs, data=INPUTS[name])
            assert refusal.value.code == "not_your_move"
            assert refusal.value.posts
        else:
            moved = services.sitrep_move(**inputs, data=INPUTS[name])
            assert moved.version == version + 1
            return


def test_a_report_goes_from_the_record_to_everybody(cast):
    case = incident(cast)
    sitrep = draft(cast, case, headline="A recall begins today")
    move(cast, sitrep, "submit", "imt.officer")
    move(cast, sitrep, "approve", "imt.head")
    guest = person("ftl.science")
    issued = move(cast, sitrep, "issue", "imt.head", recipients=[guest.email])
    assert (issued.status, issued.issued_as, issued.approved_as) == ("issued", "Head of IMT", "Head of IMT")
    assert issued.sha256 == sha256(issued.issued_text.encode()).hexdigest()
    content = selectors.content_of(issued)
    assert content["sections"][0] == {"key": "headline", "title": "Headline", "body": "A recall begins today"}
    assert (content["number"], content["handling"], content["supersedes"]) == (1, "official", None)
    told = set(Notice.objects.filter(kind="sitrep.issue").values_list("recipient_id", flat=True))
    everybody = {cast.user(post).pk for post in ("imt.head", "imt.officer", "dceo.evidence", "dd.enforcement")}
    assert told == everybody | {guest.pk}
    assert Decision.objects.get(kind="sitrep.issue").title == f"Situation report {issued.reference} issued"
    kinds = [event.kind for event in events_for(case.reference)][:5]
    assert kinds == ["sitrep.issue", "sitrep.approve", "sitrep.submit", "sitrep.edited", "sitrep.opened"]
    sentences = [presenters.sentence(event) for event in events_for(case.reference)]
    assert sentences[0] == f"Issued {issued.reference}"
    assert sentences[-3:] == [
        "Stood up Tactical Coordination Group (tactical), chaired by Deputy Director, Enforcement",
        "Stood up Strategic Coordination Group (strategic), chaired by Deputy Chief Executive, Evidence",
        f"Declared from {case.issues.get().reference}: {case.title}",
    ]


def test_as_of_is_when_it_was_last_submitted_and_figures_are_of_then(cast):
    sitrep = draft(cast, incident(cast))
    assert sitrep.figures["reports_of_harm"] == 0
    later = sitrep.as_of + timedelta(hours=3)
    Evidence.objects.create(
        issue=sitrep.incident.issues.get(), kind="injury_report", title="A burn", added_as="Officer", added_at=later
    )
    with clock.at(later):
        submitted = move(cast, sitrep, "submit", "imt.officer")
    assert (submitted.as_of, submitted.figures["reports_of_harm"]) == (later, 1)


# Opening


def test_opening_drafts_every_section_in_order_from_the_record(cast):
    case = incident(cast, report={"products": [{"name": "Scooter X9", "brand": "Zoomline"}], "nations": ["wales"]})
    issue = case.issues.get()
    assess_data = {
        "ratings": {**RATINGS, "ministerial_interest": {"level": "medium", "reason": "A question is tabled"}}
    }
    assess(cast, issue.reference, "ftl.enforcement", **assess_data)
    Evidence.objects.create(
        issue=issue, kind="injury_report", title="Child burnt", body="Two nights in hospital", added_as="Officer",
        added_at=clock.now(),
    )  # fmt: skip
    sitrep = services.sitrep_open(incident_reference=case.reference, by=cast("imt.officer"))
    body = dict(sitrep.sections.values_list("key", "body"))
    assert list(body) == SectionKey.values
    assert "day 1" in body["headline"]
    assert "Response level tactical, impact high" in body["headline"]
    assert issue.summary in body["situation"]
    assert "Child burnt. Two nights in hospital" in body["harm"]
    assert body["product"] == "Scooter X9, Zoomline"
    assert "impact high" in body["risk"]
    assert "Next: Tactical Coordination Group" in body["done_and_next"]
    assert body["measures"].startswith("[to complete: ")
    assert "A question is tabled" in body["ministers"]
    assert "Nations: Wales" in body["partners_and_nations"]
    assert "chair Deputy Chief Executive, Evidence" in body["resources"]
    assert body["decisions_wanted"].startswith("[to complete: ")
    assert body["equality"] == "Not known yet"
    assert body["next_report"].startswith("Due 15:00 ")


@pytest.mark.parametrize(
    ("opened", "following"),
    [
        ("2026-05-19T10:45", "17:00 Tuesday 19 May 2026"),
        ("2026-05-19T16:30", "07:00 Wednesday 20 May 2026"),  # for 17:00
        ("2026-05-19T17:00:01", "07:00 Wednesday 20 May 2026"),  # by the clock, since it is due
    ],
)
def test_report_says_when_the_next_one_is_due(opened, following, cast):
    with clock.at(datetime(2026, 5, 18, 9, tzinfo=LONDON)):
        case = incident(cast)
        services.rhythm_revise(
            incident_reference=case.reference,
            event_id=case.rhythm.get(kind="sitrep").pk,
            by=cast("imt.head"),
            data={
                "kind": "sitrep",
                "title": "Situation report",
                "starts_at": "2026-05-18T17:00:00+01:00",
                "recurrence": "FREQ=DAILY;BYHOUR=7,17;BYMINUTE=0",
            },
        )
    with clock.at(datetime.fromisoformat(opened).replace(tzinfo=LONDON)):
        sitrep = services.sitrep_open(incident_reference=case.reference, by=cast("imt.officer"))
    assert sitrep.sections.get(key="next_report").body == f"Due {following}."


def test_the_next_report_tells_what_is_new_since_the_last_one(cast):
    first = at_status(cast, "issued")
    case = first.incident
    issue = case.issues.get()
    for title, at in (("Old burn", first.as_of - timedelta(minutes=5)), ("New burn", first.as_of)):
        Evidence.objects.create(
            issue=issue, kind="injury_report", title=title, added_as="Officer", added_at=at + timedelta(microseconds=1)
        )
    second = services.sitrep_open(incident_reference=case.reference, by=cast("imt.officer"))
    harm = second.sections.get(key="harm").body
    assert "New burn" in harm
    assert "Old burn" not in harm
    assert (second.number, second.reference) == (2, f"{case.reference}/SR-002")


def test_a_room_above_adds_its_part(cast, monkeypatch):
    monkeypatch.setattr(hooks, "_sections", {**hooks._sections, "measures": [lambda drafting: "Recall in force"]})
    sitrep = services.sitrep_open(incident_reference=incident(cast).reference, by=cast("imt.officer"))
    assert sitrep.sections.get(key="measures").body == "Recall in force"


def test_opening_costs_the_same_for_a_large_record(cast, django_assert_max_num_queries):
    case = incident(cast)
    issue = case.issues.get()
    for number in range(30):
        Evidence.objects.create(
            issue=issue, kind="injury_report", title=f"Burn {number}", added_as="Officer", added_at=clock.now()
        )
    by = cast("imt.officer")
    with django_assert_max_num_queries(70):
        services.sitrep_open(incident_reference=case.reference, by=by)


@pytest.mark.parametrize(
    ("post", "may"),
    [
        ("imt.officer", True),
        ("imt.head", True),
        ("dceo.evidence", False),
        ("ftl.enforcement", False),
        ("viewer", False),
    ],
)
def test_who_may_open(cast, post, may):
    case = incident(cast)
    if may:
        assert services.sitrep_open(incident_reference=case.reference, by=cast(post)).opened_as == POST_TITLES[post]
    else:
        with pytest.raises(NotAllowed):
            services.sitrep_open(incident_reference=case.reference, by=cast(post))


def test_a_groups_secretary_opens_writes_and_submits(cast):
    case = incident(cast)
    secretary_of(case, "tcg", cast("officer.policy"))
    sitrep = draft(cast, case, by="officer.policy")
    assert move(cast, sitrep, "submit", "officer.policy").status == "in_review"


@pytest.mark.parametrize("status", ["draft", "in_review", "approved"])
def test_one_report_is_written_at_a_time(cast, status):
    sitrep = at_status(cast, status)
    with pytest.raises(Blocked) as refusal:
        services.sitrep_open(incident_reference=sitrep.incident.reference, by=cast("imt.head"))
    assert [blocker.code for blocker in refusal.value.blocked_by] == ["draft_open"]
    assert sitrep.reference in refusal.value.detail


def test_a_withdrawn_draft_explains_the_gap(cast):
    withdrawn = at_status(cast, "withdrawn")
    following = services.sitrep_open(incident_reference=withdrawn.incident.reference, by=cast("imt.head"))
    assert (withdrawn.number, following.number) == (1, 2)


def test_a_closed_incident_gets_no_more_reports(cast):
    case = incident(cast)
    type(case).objects.filter(pk=case.pk).update(status="closed")
    with pytest.raises(Blocked) as refusal:
        services.sitrep_open(incident_reference=case.reference, by=cast("imt.head"))
    assert [blocker.code for blocker in refusal.value.blocked_by] == ["incident_not_live"]


# Writing


def _edit(cast, sitrep, *, version=None, post="imt.officer", **texts):
    return services.sitrep_edit(
        reference=sitrep.reference,
        version=sitrep.version if version is None else version,
        by=cast(post),
        data={"sections": [{"key": key, "body": body} for key, body in texts.items()]},
    )


def test_an_edit_changes_what_it_names_and_makes_an_author(cast):
    sitrep = draft(cast, incident(cast))
    edited = _edit(cast, sitrep, post="imt.duty", harm="Three burns")
    assert edited.version == sitrep.version + 1
    assert edited.sections.get(key="harm").body == "Three burns"
    assert edited.sections.get(key="risk").body == "Nothing to report"
    assert [author.user_id for author in edited.authors.all()] == [cast.user(p).pk for p in ("imt.officer", "imt.duty")]


def test_an_edit_that_changes_nothing_leaves_version_and_authors(cast):
    sitrep = draft(cast, incident(cast))
    same = _edit(cast, sitrep, post="imt.duty", harm="Nothing to report")
    assert (same.version, same.authors.count()) == (sitrep.version, 1)


def test_text_is_kept_as_sent(cast):
    text = '  *bold* <b>\u202e مرحبا #read("/etc/passwd") \n\n tail '
    assert _edit(cast, draft(cast, incident(cast)), harm=text).sections.get(key="harm").body == text


@pytest.mark.parametrize(
    ("version", "error"),
    [
        (None, InvalidInput),
        ("", InvalidInput),
        ("x", InvalidInput),
        (True, InvalidInput),
        (1, StaleVersion),
        (99, StaleVersion),
    ],
)
def test_an_edit_says_which_version_it_saw(cast, version, error):
    sitrep = draft(cast, incident(cast))
    with pytest.raises(error):
        services.sitrep_edit(
            reference=sitrep.reference,
            version=version,
            by=cast("imt.officer"),
            data={"sections": [{"key": "harm", "body": "x"}]},
        )
    assert sitrep.sections.get(key="harm").body == "Nothing to report"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"sections": [{"key": "gossip", "body": "x"}]}, "sections[0].key"),
        ({"sections": [{"key": "harm", "body": "a\x00"}]}, "sections[0].body"),
        ({"sections": [{"key": "harm", "body": "a"}, {"key": "harm", "body": "b"}]}, "sections"),
        ({"sections": [{"key": "harm", "body": "x" * 20_001}]}, "sections[0].body"),
        ({"sections": {}}, "sections"),
        ({}, "sections"),
        ({"sections": [{"key": "harm", "body": "a"}], "as_of": "2026-01-01T00:00:00Z"}, "as_of"),
    ],
)
def test_a_bad_edit_is_refused_at_its_field(cast, data, field):
    sitrep = draft(cast, incident(cast))
    with pytest.raises(InvalidInput) as refusal:
        services.sitrep_edit(reference=sitrep.reference, version=sitrep.version, by=cast("imt.officer"), data=data)
    assert [error.field for error in refusal.value.errors] == [field]


@pytest.mark.parametrize("status", [status for status in SitrepStatus.values if status != "draft"])
def test_nothing_but_a_draft_is_edited(cast, status):
    sitrep = at_status(cast, status)
    with pytest.raises(NotFromHere):
        _edit(cast, sitrep, harm="Another story")


@pytest.mark.parametrize("post", ["dceo.evidence", "ftl.enforcement", "officer.enforcement"])
def test_who_may_not_write_is_refused(cast, post):
    sitrep = draft(cast, incident(cast))
    with pytest.raises(NotAllowed):
        _edit(cast, sitrep, post=post, harm="x")


# Guards


def test_placeholders_are_named_before_review(cast):
    case = incident(cast)
    sitrep = draft(cast, case, harm="[to complete: numbers]", equality="  ")
    with pytest.raises(Blocked) as refusal:
        move(cast, sitrep, "submit", "imt.officer")
    assert [blocker.code for blocker in refusal.value.blocked_by] == ["placeholders_left"]
    assert "Harm so far, Equality" in refusal.value.detail
    [offered] = [
        offer
        for offer in mover.offers(
            services.SITREP_MACHINE, selectors.sitrep_get(sitrep.path, cast("imt.head")), cast("imt.head")
        )
        if offer.name == "submit"
    ]
    assert not offered.allowed


@pytest.mark.parametrize(
    ("wrote_as", "approves_as"), [("imt.officer", "imt.head"), ("imt.officer", "imt.duty"), ("imt.head", "imt.head")]
)
@pytest.mark.parametrize("check", ["done", "due"])
def test_who_wrote_in_it_does_not_approve_it_under_any_post(cast, wrote_as, approves_as, check):
    author = person("imt.officer", "imt.head", "imt.duty")
    case = incident(cast)
    sitrep = draft(cast, case)
    services.sitrep_edit(
        reference=sitrep.reference,
        version=sitrep.version,
        by=Cast.acting(author, wrote_as),
        data={"sections": [{"key": "harm", "body": "One burn"}]},
    )
    sitrep = move(cast, sitrep, "submit", "imt.officer")
    approve = {
        "reference": sitrep.reference,
        "name": "approve",
        "version": sitrep.version,
        "by": Cast.acting(author, approves_as),
        "data": {"second_check": check},
    }
    if (approves_as, check) == ("imt.duty", "due"):
        approved = services.sitrep_move(**approve)
        assert (approved.status, approved.second_check) == ("approved", "due")
    else:
        with pytest.raises(Blocked) as refusal:
            services.sitrep_move(**approve)
        assert {blocker.code for blocker in refusal.value.blocked_by} == {"author_may_not_approve"}


def test_an_approval_that_says_nothing_of_the_check_is_the_check(cast):
    sitrep = at_status(cast, "in_review")
    approved = services.sitrep_move(
        reference=sitrep.reference, name="approve", version=sitrep.version, by=cast("imt.head"), data={}
    )
    assert approved.second_check == "done"


def test_a_report_that_nobody_else_checked_says_so_and_asks_for_the_check(cast):
    sitrep = draft(cast, incident(cast), by="imt.duty")
    cast.user("imt.head")
    move(cast, sitrep, "submit", "imt.duty")
    move(cast, sitrep, "approve", "imt.duty", second_check="due")
    issued = move(cast, sitrep, "issue", "imt.duty")
    assert selectors.content_of(issued)["second_check"] == "due"
    asked = Notice.objects.filter(kind="sitrep.check", urgent=True)
    assert {notice.recipient_id for notice in asked} == {
        cast.user(post).pk for post in ("imt.head", "dceo.evidence", "dd.enforcement")
    }
    event = events_for(sitrep.incident.reference)[1]
    assert (event.kind, event.facts["warnings"]) == ("sitrep.approve", ["not_second_checked"])


# Correcting


def test_a_correction_supersedes_when_it_is_issued_and_not_before(cast):
    old = at_status(cast, "issued", harm="Two burns")
    move(cast, old, "correct", "imt.officer")
    correction = Sitrep.objects.get(supersedes=old)
    assert Sitrep.objects.get(pk=old.pk).status == "issued"
    assert (correction.status, correction.number) == ("draft", 2)
    assert correction.sections.get(key="harm").body == "Two burns"
    correction = _edit(cast, correction, harm="Three burns")
    for name, post in (("submit", "imt.officer"), ("approve", "imt.head"), ("issue", "imt.head")):
        correction = move(cast, correction, name, post)
    stands = Sitrep.objects.get(pk=old.pk)
    assert (stands.status, stands.issued_text, stands.sha256) == ("superseded", old.issued_text, old.sha256)
    assert selectors.superseded_by(stands).reference == correction.reference
    assert selectors.content_of(correction)["supersedes"] == old.reference


def test_nothing_is_corrected_while_a_draft_is_open(cast):
    issued = at_status(cast, "issued")
    services.sitrep_open(incident_reference=issued.incident.reference, by=cast("imt.officer"))
    with pytest.raises(Blocked) as refusal:
        move(cast, issued, "correct", "imt.officer")
    assert [blocker.code for blocker in refusal.value.blocked_by] == ["draft_open"]


def test_a_correction_that_was_withdrawn_may_be_begun_again(cast):
    issued = at_status(cast, "issued")
    move(cast, issued, "correct", "imt.officer")
    move(cast, Sitrep.objects.get(supersedes=issued), "withdraw", "imt.officer")
    move(cast, issued, "correct", "imt.officer")
    assert [row.status for row in Sitrep.objects.filter(supersedes=issued).order_by("number")] == ["withdrawn", "draft"]


def test_a_returned_report_tells_its_authors_why_and_can_be_written_again(cast):
    sitrep = at_status(cast, "in_review")
    returned = move(cast, sitrep, "return", "dceo.evidence", reason="The figures are old")
    notice = Notice.objects.get(kind="sitrep.return")
    assert (notice.recipient_id, notice.body) == (cast.user("imt.officer").pk, "The figures are old")
    assert _edit(cast, returned, harm="Newer").status == "draft"


# Who may see


def test_strangers_and_the_operator_read_nothing_and_a_viewer_what_was_issued(cast):
    issued = at_status(cast, "issued")
    open_draft = draft(cast, issued.incident)
    viewer = acting("viewer")
    assert selectors.sitrep_get(issued.reference, viewer) == issued
    with pytest.raises(NotFound):
        selectors.sitrep_get(open_draft.reference, viewer)
    for actor in (acting("operator"), actor_for(person())):
        with pytest.raises(NotFound):
            selectors.sitrep_get(issued.reference, actor)
        assert list(selectors.sitreps_visible_to(actor)) == []


def test_a_restricted_incident_keeps_its_reports_to_the_named_list(cast):
    case = incident(cast, report={"sensitivity": "restricted"})
    head = cast("imt.head")
    opened = services.sitrep_open(incident_reference=case.reference, by=head)
    assert selectors.sitrep_get(opened.reference, head) == opened
    for post in ("imt.officer", "ceo", "ftl.enforcement"):
        with pytest.raises(NotFound):
            selectors.sitrep_get(opened.reference, cast(post))


@pytest.mark.parametrize("reference", ["", "INC-2026-0001", "INC-2026-0001/SR-0001", "INC-2026-0001/SR-1", "../SR-001"])
def test_a_reference_that_is_none_is_not_found(cast, reference):
    draft(cast, incident(cast))
    with pytest.raises(NotFound):
        selectors.sitrep_get(reference, cast("imt.head"))


# Who wins


@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_get_one_draft(cast):
    case = incident(cast)
    actors = [cast("imt.head"), cast("imt.officer")]
    results = outcomes(*(lambda by=by: services.sitrep_open(incident_reference=case.reference, by=by) for by in actors))
    assert results == ["Blocked", "done"]
    assert [(row.number, row.status) for row in Sitrep.objects.all()] == [(1, "draft")]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_is_told(cast):
    sitrep = at_status(cast, "in_review")
    actors = [cast("imt.head"), cast("dceo.evidence")]

    def approve(by):
        services.sitrep_move(
            reference=sitrep.reference, name="approve", version=sitrep.version, by=by, data={"second_check": "done"}
        )

    assert outcomes(*(lambda by=by: approve(by) for by in actors)) == [ChangedSinceSeen.__name__, "done"]
    assert [event.kind for event in events_for(sitrep.incident.reference)].count("sitrep.approve") == 1
