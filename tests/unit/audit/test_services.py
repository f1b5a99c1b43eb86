"""What record() promises to every service."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.db import transaction

from audit import SERVICE_CHAIN, selectors, services, tasks
from audit.models import GENESIS, AccessLog, AuditEvent, Chain, CheckpointHead, EventFacts
from audit.verification import verify
from kernel import clock
from kernel.actors import SYSTEM, Actor

HEAD_OF_IMT = Actor(
    user_id=7, email="imt.head@demo.opss.example", name="A post holder", post="imt_head", post_title="Head of IMT"
)
ISSUE = "ISS-2026-00042"


@pytest.mark.django_db
def test_record_first_event_of_a_case_opens_its_chain_in_the_service_chain():
    event = services.record("issue.reported", chain=ISSUE, by=HEAD_OF_IMT, version=1, title="Kettle")

    assert (event.chain_key, event.position, event.previous_hash) == (ISSUE, 1, GENESIS)
    opened = selectors.events_for(SERVICE_CHAIN)
    assert [(view.kind, view.facts) for view in opened] == [("chain.opened", {"chain": ISSUE})]
    assert Chain.objects.get(key=ISSUE).head == event.hash


@pytest.mark.django_db
def test_record_second_event_follows_on_the_first():
    first = services.record("issue.reported", chain=ISSUE, by=HEAD_OF_IMT)
    second = services.record("issue.edited", chain=ISSUE, by=HEAD_OF_IMT)

    assert (second.position, second.previous_hash) == (2, first.hash)
    assert second.hash == sha256((first.hash + second.canonical).encode()).hexdigest()
    assert Chain.objects.get(key=ISSUE).length == 2
    assert AuditEvent.objects.filter(chain_key=SERVICE_CHAIN).count() == 1


@pytest.mark.django_db
def test_record_keeps_event_time_and_record_time_apart():
    happened = datetime(2026, 3, 12, 9, 30, tzinfo=clock.LONDON)
    with clock.at(datetime(2026, 3, 12, 14, 5, tzinfo=UTC)):
        event = services.record("issue.reported", chain=ISSUE, by=HEAD_OF_IMT, at=happened)

    text = json.loads(event.canonical)
    assert (text["at"], text["recorded_at"]) == ("2026-03-12T09:30:00.000000+00:00", "2026-03-12T14:05:00.000000+00:00")


@pytest.mark.django_db
def test_record_text_names_who_it_was_and_holds_no_fact_and_no_key_of_a_live_row():
    event = services.record("issue.reported", chain=ISSUE, by=HEAD_OF_IMT, title="Kettle", originator="sam@example.org")

    text = json.loads(event.canonical)
    assert text["actor"] == {
        "as_deputy": False,
        "email": "imt.head@demo.opss.example",
        "name": "A post holder",
        "post": "imt_head",
        "post_title": "Head of IMT",
    }
    assert text["facts"].keys() == {"title", "originator"}
    assert "Kettle" not in event.canonical
    assert "sam@example.org" not in event.canonical
    told = EventFacts.objects.get(event=event)
    assert told.facts == {"title": "Kettle", "originator": "sam@example.org"}
    assert text["facts"]["title"] == sha256(bytes.fromhex(told.salts["title"]) + b'"Kettle"').hexdigest()


@pytest.mark.django_db
def test_record_writes_an_event_in_one_round_trip_and_opens_a_chain_in_three(django_assert_num_queries):
    with django_assert_num_queries(3):
        services.record("issue.reported", chain=ISSUE, by=HEAD_OF_IMT, title="Kettle")
    with django_assert_num_queries(1):
        services.record("issue.edited", chain=ISSUE, by=HEAD_OF_IMT, title="Kettle, red", summary="Sparks")
    with django_assert_num_queries(1):
        services.record("post.held", chain=SERVICE_CHAIN, by=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_record_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="transaction"):
        services.record("issue.reported", chain=ISSUE, by=HEAD_OF_IMT)


@pytest.mark.django_db
def test_record_rolled_back_leaves_nothing():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.record("issue.reported", chain=ISSUE, by=HEAD_OF_IMT, title="Kettle")
        raise ZeroDivisionError

    assert (Chain.objects.count(), AuditEvent.objects.count(), EventFacts.objects.count()) == (0, 0, 0)
    assert services.record("issue.reported", chain=ISSUE, by=HEAD_OF_IMT).position == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["reported", "Issue.Reported", "issue.", "issue reported", ""])
def test_record_kind_that_is_not_entity_and_past_verb_is_refused(kind):
    with pytest.raises(ValueError, match=r"entity\.past_verb"):
        services.record(kind, chain=ISSUE, by=SYSTEM)


@pytest.mark.django_db
def test_access_record_names_who_read_what():
    with clock.at(datetime(2026, 3, 12, 14, 5, tzinfo=UTC)):
        services.access_record(by=HEAD_OF_IMT, about=ISSUE, what="issue page")

    entry = AccessLog.objects.get()
    assert (entry.email, entry.post_title, entry.about, entry.what, entry.at) == (
        "imt.head@demo.opss.example",
        "Head of IMT",
        ISSUE,
        "issue page",
        datetime(2026, 3, 12, 14, 5, tzinfo=UTC),
    )


@pytest.mark.django_db
def test_seal_lists_the_heads_that_grew_and_an_idle_service_is_sealed_once():
    services.record("issue.reported", chain=ISSUE, by=HEAD_OF_IMT)
    other = services.record("issue.reported", chain="ISS-2026-00043", by=HEAD_OF_IMT)
    first = services.seal()
    assert set(first.heads.values_list("chain_key", "length")) == {
        (ISSUE, 1),
        ("ISS-2026-00043", 1),
        (SERVICE_CHAIN, 2),
    }
    assert first.heads.get(chain_key="ISS-2026-00043").head == other.hash
    assert services.seal() is None

    services.record("issue.edited", chain=ISSUE, by=HEAD_OF_IMT)
    second = services.seal()
    assert set(second.heads.values_list("chain_key", "length")) == {(ISSUE, 2), (SERVICE_CHAIN, 3)}
    sealed = selectors.events_for(SERVICE_CHAIN, limit=1)[0]
    assert (sealed.kind, sealed.facts) == (
        "audit.sealed",
        {"checkpoint": second.pk, "digest": second.digest, "heads": 2},
    )


@pytest.mark.django_db
def test_seal_before_anything_was_recorded_does_nothing():
    assert services.seal() is None
    assert CheckpointHead.objects.count() == 0


@pytest.mark.django_db
def test_seal_takes_a_bounded_bite_and_the_next_one_takes_the_rest(monkeypatch):
    monkeypatch.setattr(services, "SEAL_AT_MOST", 2)
    for number in range(1, 6):
        services.record("issue.reported", chain=f"ISS-2026-{number:05d}", by=HEAD_OF_IMT)

    sealed = []
    while checkpoint := services.seal():
        sealed += checkpoint.heads.exclude(chain_key=SERVICE_CHAIN).values_list("chain_key", flat=True)
    assert sorted(sealed) == [f"ISS-2026-{number:05d}" for number in range(1, 6)]
    assert verify().fault is None


@pytest.mark.django_db
def test_seal_task_seals_what_grew():
    services.record("issue.reported", chain=ISSUE, by=HEAD_OF_IMT)
    tasks.seal.apply()
    assert CheckpointHead.objects.get(chain_key=ISSUE).length == 1
