"""Incidents and situation reports in a browser, without script."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from audit.models import AccessLog
from command import services
from command.models import Group, RhythmEvent, Sitrep
from incidents.models import Commission, Evidence, Incident
from kernel import clock
from tests.factories.accounts import person
from tests.factories.command import INPUTS, at_status, draft, incident, incident_at, incident_move, move
from tests.factories.ladder import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(answer) -> str:
    return answer.content.decode()


def form_of(sitrep: Sitrep, **texts: str) -> dict[str, str]:
    """What the edit page posts: every section, with its key."""
    data = {"version": str(sitrep.version)}
    for number, section in enumerate(sitrep.sections.all()):
        data[f"sections-{number}-key"] = section.key
        data[f"sections-{number}-body"] = texts.get(section.key, section.body)
    return data


def test_the_list_leads_to_the_incident(cast):
    case = incident(cast)
    page = shown(browser(cast.user("viewer")).get("/incidents/"))
    assert f'href="/incidents/{case.reference}/"' in page
    assert case.title in page
    empty = shown(browser(cast.user("viewer")).get("/incidents/?status=closed"))
    assert "There are no incidents with this status that you may read." in empty
    assert "running it does not let you read cases" in shown(browser(cast.user("operator")).get("/incidents/"))


def test_the_page_of_an_incident_answers_in_order(cast):
    sitrep = at_status(cast, "issued")
    case = sitrep.incident
    page = shown(browser(cast.user("imt.head")).get(case.get_absolute_url()))
    headings = re.findall(r'<h2 class="govuk-heading-m" id="([a-z-]+)"', page)
    assert headings == [
        "situation", "now", "what-now", "groups", "rhythm", "sitreps", "decisions", "history", "issues",
    ]  # fmt: skip
    for words in (
        case.title,
        "day 1",
        "Tactical",
        "Department for Business and Trade",
        "Fires in homes at night",
        "Deputy Chief Executive, Evidence",
        "Open a situation report",
        sitrep.get_absolute_url(),
        case.issues.get().get_absolute_url(),
        f"Situation report {sitrep.reference} issued",
        f"Issued {sitrep.reference}",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("post", "doors"),
    [
        ("imt.officer", {"Open a situation report", "Stand up a group", "Add to the rhythm"}),
        ("dceo.evidence", {"Stand up a group", "Agree to the rhythm"}),
        ("viewer", set()),
    ],
)
def test_only_the_doors_that_stand_open_are_offered(cast, post, doors):
    page = shown(browser(cast.user(post)).get(incident(cast).get_absolute_url()))
    known = ("Open a situation report", "Stand up a group", "Add to the rhythm", "Agree to the rhythm")
    assert {door for door in known if door in page} == doors


@pytest.mark.parametrize("rows", [1, 4])
def test_the_page_of_an_incident_costs_the_same_whatever_hangs_on_it(rows, cast, django_assert_max_num_queries):
    case = incident(cast)
    for number in range(rows):
        at_status(cast, "withdrawn", case)
        Group.objects.create(
            incident=case, kind="working_group", level="operational", name=f"Group {number}", purpose="x",
            exit_strategy="y", chair=person("officer.risk"), chair_as="Officer", stood_up_at=case.declared_at,
        )  # fmt: skip
    client = browser(cast.user("imt.head"))
    with django_assert_max_num_queries(28):
        assert case.title in shown(client.get(case.get_absolute_url()))


def test_a_report_is_opened_completed_and_submitted_by_hand(cast):
    case, client = incident(cast), browser(cast.user("imt.officer"))
    opened = client.post(f"/incidents/{case.reference}/sitreps/open/")
    sitrep = Sitrep.objects.get()
    assert opened.headers["Location"] == f"/sitreps/{sitrep.path}/edit/"
    page = shown(client.get(opened.headers["Location"]))
    assert "Still to complete: Harm so far" in page
    assert page.count("<textarea") == 14

    texts = {section.key: "Nothing to report" for section in sitrep.sections.all()}
    saved = client.post(opened.headers["Location"], {**form_of(sitrep, **texts), "then": "submit"})
    assert saved.headers["Location"] == f"/sitreps/{sitrep.path}/moves/submit/"
    page = shown(client.get(saved.headers["Location"]))
    assert "The Head of IMT, the duty deputy and the chairs are told." in page
    done = client.post(saved.headers["Location"], {"version": "2"}, follow=True)
    assert done.redirect_chain == [(f"/sitreps/{sitrep.path}/", 302)]
    assert "Submitted for review" in shown(done)
    assert Sitrep.objects.get().status == "in_review"


def test_a_stale_save_shows_both_texts_and_loses_none(cast):
    sitrep = draft(cast, incident(cast))
    client = browser(cast.user("imt.officer"))
    seen = form_of(sitrep, harm="My words", risk="My risk")
    browser(cast.user("imt.duty")).post(f"/sitreps/{sitrep.path}/edit/", form_of(sitrep, harm="Their words"))
    answer = client.post(f"/sitreps/{sitrep.path}/edit/", seen)
    page = shown(answer)
    assert answer.status_code == 412
    assert "Somebody else has saved this report meanwhile" in page
    for words in ("My words", "Their words", "My risk"):
        assert words in page
    assert Sitrep.objects.get().sections.get(key="harm").body == "Their words"
    assert client.post(f"/sitreps/{sitrep.path}/edit/", {**seen, "version": "3"}).status_code == 302
    assert Sitrep.objects.get().sections.get(key="harm").body == "My words"


def sent_by(page: str, **texts: str) -> dict[str, str]:
    """What a browser sends of an edit page whose person wrote only `texts`."""
    data = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)}
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    data |= {name: unescape(text) for name, text in areas}
    for name, key in [(name, value) for name, value in data.items() if name.endswith("-key")]:
        body = name.replace("-key", "-body")
        data[body] = texts.get(key, data[body]).replace("\r\n", "\n").replace("\n", "\r\n")
    return data


def bodies_of(sitrep: Sitrep) -> dict[str, str]:
    return dict(sitrep.sections.values_list("key", "body"))


def test_a_stale_save_keeps_what_a_colleague_wrote_in_other_sections(cast):
    sitrep = draft(cast, incident(cast), risk="One line\r\nand another\n")
    address = f"/sitreps/{sitrep.path}/edit/"
    mine, theirs = browser(cast.user("imt.officer")), browser(cast.user("imt.duty"))
    seen = shown(mine.get(address))
    theirs.post(address, sent_by(shown(theirs.get(address)), harm="Two burns & a <scald>"))
    before = bodies_of(sitrep)

    refused = mine.post(address, sent_by(seen, headline="A recall begins"))
    assert refused.status_code == 412
    page = shown(refused)
    assert page.count("What is saved now") == 1
    offered = sent_by(page)
    assert (offered["sections-0-body"], offered["sections-2-body"]) == ("A recall begins", "Two burns & a <scald>")
    assert bodies_of(sitrep) == before

    assert mine.post(address, offered).status_code == 302
    assert bodies_of(sitrep) == {**before, "headline": "A recall begins"}


def test_a_section_that_both_wrote_shows_both_texts_until_one_is_chosen(cast):
    sitrep = draft(cast, incident(cast))
    address = f"/sitreps/{sitrep.path}/edit/"
    mine, theirs = browser(cast.user("imt.officer")), browser(cast.user("imt.duty"))
    seen = shown(mine.get(address))
    theirs.post(address, sent_by(seen, harm="Two burns"))
    page = shown(mine.post(address, sent_by(seen, harm="Three burns")))
    assert "Two burns" in page
    assert mine.post(address, sent_by(page)).status_code == 302
    assert bodies_of(sitrep)["harm"] == "Three burns"


def test_an_edit_that_touched_nothing_undoes_nothing_and_makes_no_author(cast):
    sitrep = draft(cast, incident(cast))
    address = f"/sitreps/{sitrep.path}/edit/"
    theirs, mine = browser(cast.user("imt.officer")), browser(cast.user("imt.duty"))
    seen = shown(mine.get(address))
    theirs.post(address, sent_by(seen, harm="Two burns"))
    assert mine.post(address, sent_by(seen)).status_code == 302
    assert bodies_of(sitrep)["harm"] == "Two burns"
    assert [author.user_id for author in sitrep.authors.all()] == [cast.user("imt.officer").pk]
    assert browser(cast.user("ftl.science")).post(address, sent_by(seen)).status_code == 403


@pytest.mark.parametrize("status", ["monitoring", "closed", "reviewed"])
def test_danger_of_an_issue_is_told_only_while_opss_responds(status, cast):
    case = incident(cast, report={"danger_now": True})
    Incident.objects.filter(pk=case.pk).update(status=status)
    page = shown(browser(cast.user("viewer")).get(case.get_absolute_url()))
    assert ("Danger now" in page) == (status == "monitoring")


def test_whoever_winds_down_reads_that_there_is_still_danger(cast):
    calm, hot = incident(cast), incident(cast, report={"danger_now": True})
    client, path = browser(cast.user("imt.officer")), "moves/propose_de_escalation/"
    said = f"could be hurt now: {hot.issues.get().reference}. Take that back first."
    assert said in shown(client.get(f"{hot.get_absolute_url()}{path}"))
    assert "could be hurt now" not in shown(client.get(f"{calm.get_absolute_url()}{path}"))


def test_danger_now_stands_on_the_page_and_in_the_draft(cast):
    calm, hot = incident(cast), incident(cast, report={"danger_now": True})
    client = browser(cast.user("imt.officer"))
    assert "Danger now" not in shown(client.get(calm.get_absolute_url()))
    assert "Someone could be hurt now: <a" in shown(client.get(hot.get_absolute_url()))
    for case in (calm, hot):
        client.post(f"/incidents/{case.reference}/sitreps/open/")
    said = {row.incident: bodies_of(row)["headline"] for row in Sitrep.objects.select_related("incident")}
    assert f"Danger now: someone could be hurt ({hot.issues.get().reference})." in said[hot]
    assert "Danger now" not in said[calm]


def test_no_harm_report_in_evidence_does_not_read_as_no_harm(cast):
    case = incident(cast)
    client = browser(cast.user("imt.head"))
    quiet = at_status(cast, "issued", case)
    assert "arm reports in evidence" not in shown(client.get(quiet.get_absolute_url()))
    Evidence.objects.create(
        issue=case.issues.get(), kind="injury_report", title="A burn", added_as="Officer", added_at=clock.now()
    )
    page = shown(client.get(at_status(cast, "issued", case).get_absolute_url()))
    assert re.search(r"Harm reports in evidence</th><td[^>]*>1<", page)
    assert "Reports of harm" not in page


@pytest.mark.parametrize(
    ("status", "main", "other", "done"),
    [
        ("draft", "submit", "withdraw", "Submitted for review"),
        ("in_review", "approve", "return", "Approved"),
        ("approved", "issue", "withdraw", "Issued"),
    ],
)
def test_the_next_step_of_a_report_is_its_button(cast, status, main, other, done):
    sitrep = at_status(cast, status)
    client = browser(cast.user("imt.head"))
    page = shown(client.get(sitrep.get_absolute_url()))
    kinds = dict(re.findall(r'<a (?:class="govuk-link" )?href="/sitreps/[^"]+/moves/([a-z]+)/"([^>]*)>', page))
    assert "govuk-button" in kinds[main]
    assert "govuk-button" not in kinds[other]
    inputs = {"version": str(sitrep.version), **INPUTS[main]}
    banner = shown(client.post(f"/sitreps/{sitrep.path}/moves/{main}/", inputs, follow=True))
    assert re.search(rf"notification-banner__heading[^>]*>\s*{done}\s*<", banner)


def test_a_chair_whose_name_is_their_post_is_told_once(cast):
    case = incident(cast)
    chair = cast.user("dd.enforcement")
    client = browser(cast.user("viewer"))
    said = " ".join(re.sub(r"<[^>]+>", "", shown(client.get(case.get_absolute_url()))).split())
    assert f"Chair: Deputy Director, Enforcement ({chair.name})" in said
    type(chair).objects.filter(pk=chair.pk).update(name="Deputy Director, Enforcement")
    assert shown(client.get(case.get_absolute_url())).count("<bdi>Deputy Director, Enforcement</bdi>") == 1


def test_a_text_that_is_too_long_comes_back_with_its_error(cast):
    sitrep = draft(cast, incident(cast))
    answer = browser(cast.user("imt.officer")).post(f"/sitreps/{sitrep.path}/edit/", form_of(sitrep, harm="x" * 20_001))
    page = shown(answer)
    assert answer.status_code == 400
    assert "x" * 20_001 in page
    assert "must be 20000 characters or fewer" in page


@pytest.mark.parametrize(
    ("text", "message"),
    [("x" * 20_001, "must be 20000 characters or fewer"), ("a\x00b", "Take out the characters that cannot be stored")],
)
def test_a_refused_text_is_told_at_its_own_section_and_loses_nobody_elses(cast, text, message):
    sitrep = draft(cast, incident(cast), harm="Two burns")
    address = f"/sitreps/{sitrep.path}/edit/"
    client = browser(cast.user("imt.officer"))
    answer = client.post(address, sent_by(shown(client.get(address)), risk=text))
    page = shown(answer)
    assert answer.status_code == 400
    assert page.count(message) == 2
    assert re.search(r'href="#id_sections-4-body[^>]*>Risk and impact: ', page)
    assert sent_by(page)["sections-2-body"] == "Two burns"


def test_the_edit_page_is_for_drafts_and_writers(cast):
    sitrep = draft(cast, incident(cast))
    assert browser(cast.user("ftl.science")).get(f"/sitreps/{sitrep.path}/edit/").status_code == 403
    move(cast, sitrep, "submit", "imt.officer")
    assert browser(cast.user("imt.officer")).get(f"/sitreps/{sitrep.path}/edit/").status_code == 409


def test_the_read_page_escapes_links_and_offers_the_moves(cast):
    sitrep = at_status(cast, "in_review", harm="<b>Two</b> burns\nand a third")
    page = shown(browser(cast.user("imt.head")).get(f"/sitreps/{sitrep.path}/"))
    assert "&lt;b&gt;Two&lt;/b&gt; burns<br>and a third" in page
    assert f'href="/api/v1/sitreps/{sitrep.path}/?format=pdf"' in page
    assert f'href="/sitreps/{sitrep.path}/moves/approve/"' in page
    officer = shown(browser(cast.user("imt.officer")).get(f"/sitreps/{sitrep.path}/"))
    assert "You wrote in this report, so somebody else must approve it." in officer


def test_page_of_an_incident_that_ended_leads_to_its_issues_and_shows_no_empty_table(cast):
    case = incident_at(cast, "closed")
    page = shown(browser(cast.user("imt.head")).get(case.get_absolute_url()))
    issue = case.issues.get()
    assert (
        f'it does so through the ladder: reopen <a class="govuk-link" href="{issue.get_absolute_url()}#what-now">'
        in page
    )
    assert "What comes next, soonest first" not in page


def test_page_of_an_incident_says_that_its_last_report_is_not_second_checked_until_it_is(cast):
    case = incident(cast)
    report = draft(cast, case, by="imt.duty")
    move(cast, report, "submit", "imt.duty")
    move(cast, report, "approve", "imt.duty", second_check="due")
    move(cast, report, "issue", "imt.duty")
    client = browser(cast.user("viewer"))
    assert "Not second-checked" in shown(client.get(case.get_absolute_url()))
    services.sitrep_second_check(
        reference=report.reference, by=cast("imt.head"), data={"finding": "Nothing to correct"}
    )
    assert "Not second-checked" not in shown(client.get(case.get_absolute_url()))


def test_groups_that_stand_come_before_those_that_were_stood_down(cast):
    case = incident(cast)
    services.group_stand_down(
        incident_reference=case.reference,
        group_id=case.groups.get(kind="scg").pk,
        by=cast("imt.head"),
        data={"longer_term_owner": "Enforcement", "reason": "Its work is done"},
    )
    page = shown(browser(cast.user("viewer")).get(case.get_absolute_url()))
    stands, stood_down = (f"<bdi>{name} Coordination Group</bdi></strong>" for name in ("Tactical", "Strategic"))
    assert page.index(stands) < page.index(stood_down)


def test_a_move_that_was_sent_empty_says_in_one_round_all_that_is_missing(cast):
    case = incident(cast)
    address = f"{case.get_absolute_url()}moves/propose_de_escalation/"
    page = shown(browser(cast.user("imt.head")).post(address, {"version": case.version}))
    assert "Enter which exit criteria are met</a>" in page
    assert "Say what remains to be done, and who owns each of it.</a>" in page
    half = {"version": case.version, "plan-0-what": "Watch the web", "plan-0-owner": ""}
    page = shown(browser(cast.user("imt.head")).post(address, half))
    assert "Enter who owns it" in page
    assert "Say what remains to be done, and who owns each of it.</a>" not in page


def test_a_refused_move_comes_back_with_what_was_typed(cast):
    sitrep = at_status(cast, "in_review")
    answer = browser(cast.user("imt.head")).post(f"/sitreps/{sitrep.path}/moves/return/", {"version": "3"})
    assert answer.status_code == 400
    assert "Answer ‘What should be changed?’" in shown(answer)


def test_issue_asks_whom_to_tell_by_e_mail(cast):
    sitrep, guest = at_status(cast, "approved"), person("ftl.risk")
    client = browser(cast.user("imt.head"))
    data = {"version": str(sitrep.version), "recipients": f"{guest.email}\nnobody@opss.example"}
    refused = client.post(f"/sitreps/{sitrep.path}/moves/issue/", data)
    assert refused.status_code == 400
    assert "nobody@opss.example" in shown(refused)
    client.post(f"/sitreps/{sitrep.path}/moves/issue/", {**data, "recipients": guest.email})
    assert Sitrep.objects.get().status == "issued"


def test_a_group_is_stood_up_by_form_and_a_mistake_keeps_the_text(cast):
    case, client = incident(cast), browser(cast.user("imt.officer"))
    address = f"/incidents/{case.reference}/groups/new/"
    assert "When will it no longer be needed, and who takes over?" in shown(client.get(address))
    data = {
        "kind": "evidence_group", "level": "tactical", "chair": cast.user("dd.science").email,
        "purpose": "Says what is known", "exit_strategy": "",
    }  # fmt: skip
    refused = client.post(address, data)
    assert refused.status_code == 400
    assert "Says what is known" in shown(refused)
    assert client.post(address, {**data, "exit_strategy": "When the tests are in"}).status_code == 302
    assert case.groups.get(kind="evidence_group").exit_strategy == "When the tests are in"


def test_the_rhythm_is_added_to_and_agreed_by_form(cast):
    case = incident(cast)
    data = {
        "kind": "meeting", "title": "Call", "recurrence": "FREQ=DAILY", "starts_at-day": "1", "starts_at-month": "7",
        "starts_at-year": "2030", "starts_at-time": "09:30",
    }  # fmt: skip
    added = browser(cast.user("imt.officer")).post(f"/incidents/{case.reference}/rhythm/new/", data)
    assert added.status_code == 302
    chair, version = browser(cast.user("dceo.evidence")), Incident.objects.get().version
    assert f'name="version" value="{version}"' in shown(chair.get(case.get_absolute_url()))
    agreed = chair.post(f"/incidents/{case.reference}/rhythm/agree/", {"version": version}, follow=True)
    assert "You have agreed to the rhythm as it stands." in shown(agreed)
    assert set(RhythmEvent.objects.values_list("status", flat=True)) == {"agreed"}


@pytest.mark.parametrize("address", ["/incidents/{}/", "/incidents/{}/history/", "/sitreps/{}-SR-001/"])
def test_who_may_not_know_finds_nothing(cast, address):
    case = incident(cast, report={"sensitivity": "restricted"})
    browser(cast.user("imt.head")).post(f"/incidents/{case.reference}/sitreps/open/")
    assert Client().get(address.format(case.reference)).status_code == 302
    assert browser(person()).get(address.format(case.reference)).status_code == 403
    assert browser(cast.user("ceo")).get(address.format(case.reference)).status_code == 404
    page = shown(browser(cast.user("imt.head")).get(address.format(case.reference)))
    assert page.count("app-marking--restricted") == 2


def test_reads_of_a_restricted_incident_are_noted_and_of_others_not(cast):
    head = cast.user("imt.head")
    closed, plain = incident(cast, report={"sensitivity": "restricted"}), incident(cast)
    for case in (closed, plain):
        browser(head).post(f"/incidents/{case.reference}/sitreps/open/")
        for address in (case.get_absolute_url(), f"/sitreps/{case.reference}-SR-001/"):
            browser(head).get(address)
        browser(head).get(f"/api/v1/sitreps/{case.reference}-SR-001/?format=pdf")
    assert [(read.about, read.what) for read in AccessLog.objects.order_by("pk")] == [
        (closed.reference, "incident page"),
        (closed.reference, f"{closed.reference}/SR-001"),
        (closed.reference, f"{closed.reference}/SR-001 (pdf)"),
    ]


def test_the_history_is_told_in_sentences(cast):
    case = incident(cast)
    page = shown(browser(cast.user("viewer")).get(f"/incidents/{case.reference}/history/"))
    assert f"Declared from {case.issues.get().reference}" in page
    assert "Set the first rhythm: Strategic Coordination Group, Tactical Coordination Group, Bird table" in page


# Moves of an incident


def test_the_page_offers_what_one_may_do_and_says_what_blocks_the_rest(cast):
    case = incident_at(cast, "de_escalating")
    officer = shown(browser(cast.user("imt.officer")).get(case.get_absolute_url()))
    address = f'href="/incidents/{case.reference}/moves/'
    assert f'{address}monitor/" role="button"' in officer
    assert f'{address}close/" role="button"' not in officer
    for words in (
        "Still standing: Strategic Coordination Group, Tactical Coordination Group.",
        f'href="{case.get_absolute_url()}#groups">See the groups</a>',
        "No situation report was issued since de-escalation was agreed.",
        "Watch sales online",
        "The chair of the TCG: the Deputy Director, Enforcement",
        "with a watch on sales online",
        "Moves that are not yours (2)",
        "This is for the lead of the Incident Management Team: Head of IMT, IMT Duty Deputy.",
    ):
        assert words in officer
    viewer = shown(browser(cast.user("viewer")).get(case.get_absolute_url()))
    assert "the moves from here are for others" in viewer
    assert f'{address}monitor/" role="button"' not in viewer


def test_open_work_is_named_where_it_is_settled(cast):
    case = incident_at(cast, "monitoring")
    issue = case.issues.get()
    Commission.objects.create(
        issue=issue, kind="action", what="Visit", team="policy", origin_kind="stage", origin="cam", asked_as="IMT",
        asked_at=case.declared_at,
    )  # fmt: skip
    page = shown(browser(cast.user("imt.officer")).get(f"/incidents/{case.reference}/moves/close/"))
    assert "1 commission of its issues is still open. Deliver or waive each." in page
    assert f'href="{issue.get_absolute_url()}#commissions">See those of {issue.reference}</a>' in page


def test_de_escalation_is_proposed_and_agreed_by_hand(cast):
    case = incident(cast)
    address = f"/incidents/{case.reference}/moves"
    client = browser(cast.user("imt.officer"))
    page = shown(client.get(f"{address}/propose_de_escalation/"))
    assert "What goes on afterwards?" in page
    asked = {"version": "1", "exit_criteria_met": "All are back", "plan-0-what": "", "plan-0-owner": ""}
    refused = client.post(f"{address}/propose_de_escalation/", asked)
    assert refused.status_code == 409
    assert "Say what remains to be done, and who owns each of it." in shown(refused)
    assert "All are back" in shown(refused)
    sent = asked | {"plan-0-what": "Watch sales", "plan-0-owner": "Intelligence"}
    assert client.post(f"{address}/propose_de_escalation/", sent).status_code == 302

    agreed = {
        "version": "2", "scg_consulted_who": "The SCG", "scg_view": "It agrees", "scg_consulted_when-day": "1",
        "scg_consulted_when-month": "6", "scg_consulted_when-year": "2026", "scg_consulted_when-time": "09:30",
    }  # fmt: skip
    done = client.post(f"{address}/agree_de_escalation/", agreed, follow=True)
    assert "Your agreement is recorded. The other party has been asked." in shown(done)
    assert "You have agreed already." in shown(done)
    chair = browser(cast.user("dd.enforcement"))
    assert "Watch sales (Intelligence)" in shown(chair.get(f"{address}/agree_de_escalation/"))
    done = chair.post(f"{address}/agree_de_escalation/", {"version": "3"}, follow=True)
    assert f"{case.reference} is now de-escalating." in shown(done)


def test_a_move_that_is_not_from_here_and_a_stale_one(cast):
    case, client = incident(cast), browser(cast.user("imt.head"))
    assert client.get(f"/incidents/{case.reference}/moves/close/").status_code == 409
    assert client.get(f"/incidents/{case.reference}/moves/complete_review/").status_code == 409
    assert client.get(f"/incidents/{case.reference}/moves/wind_up/").status_code == 404
    incident_move(cast, case, "raise_level", "imt.duty")
    address = f"/incidents/{case.reference}/moves/lower_level/"
    stale = client.post(address, {"version": "1", "level": "operational", "reason": "My reason"})
    assert stale.status_code == 409
    for words in ("Changed the response level from Tactical to Strategic", "My reason"):
        assert words in shown(stale)


def test_a_group_is_stood_down_by_form(cast):
    case, client = incident(cast), browser(cast.user("dd.enforcement"))
    group = case.groups.get(kind="tcg")
    page = shown(client.get(case.get_absolute_url()))
    address = f"/incidents/{case.reference}/groups/{group.pk}/stand-down/"
    assert page.count("/stand-down/") == 1
    assert f'href="{address}"' in page
    assert "Stand down: Tactical Coordination Group" in shown(client.get(address))
    refused = client.post(address, {"reason": "Its work is done"})
    assert refused.status_code == 400
    assert "Its work is done" in shown(refused)
    assert "Enter who owns what remains" in shown(refused)
    client.post(address, {"reason": "Its work is done", "longer_term_owner": "Enforcement"})
    page = shown(client.get(case.get_absolute_url()))
    assert "what remains is with <bdi>Enforcement</bdi>" in page
    assert client.get(f"/incidents/{case.reference}/groups/999999/stand-down/").status_code == 404


def test_move_sent_back_with_a_row_more_keeps_the_version_that_its_reader_saw(cast):
    case = incident(cast)
    address = f"{case.get_absolute_url()}moves/propose_de_escalation/"
    stale = case.version - 1 or case.version + 1
    page = browser(cast.user("imt.head")).post(
        address, {"version": stale, "plan-0-activity": "Watch", "add_row": "plan"}
    )
    assert f'name="version" value="{stale}"' in page.content.decode()


def test_the_page_of_a_closed_incident_says_that_it_has_ended(cast):
    case = incident_at(cast, "closed")
    page = shown(browser(cast.user("imt.head")).get(case.get_absolute_url()))
    assert "This incident has ended. If it comes back, it does so through the ladder: reopen " in page
    assert f'href="/issues/{case.issues.get().reference}/#what-now"' in page
    assert "Nothing is in the rhythm." in page
    assert "Open a situation report" not in page


@pytest.mark.parametrize("status", ["active", "de_escalating", "monitoring", "closed"])
def test_the_moves_cost_few_queries_at_any_status(status, cast, django_assert_max_num_queries):
    case = incident_at(cast, status)
    client = browser(cast.user("imt.head"))
    with django_assert_max_num_queries(32):
        client.get(case.get_absolute_url())
