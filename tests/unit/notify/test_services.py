"""The postman: one event one notice, nothing before commit, nothing twice, nothing to those who may not see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kernel import clock
from kernel.actors import Actor
from kernel.errors import NotFound
from notify import hooks, services, tasks
from notify.enums import WhyNot
from notify.models import Notice
from tests.factories.accounts import UserFactory, person
from tests.factories.notify import NoticeFactory, claimed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hidden")]


def queue(*people, key="INC-1/declared", **fields):
    wanted = {"about": "TST-2026-00001", "title": "Declared", "body": "", "url": "/incidents/", **fields}
    services.notice_queue("incident.close", to=people, key=key, **wanted)


def as_actor(user) -> Actor:
    return Actor(user_id=user.pk, email=user.email, name=user.name)


class TestQueue:
    def test_one_event_is_one_notice_for_each_person(self):
        one, other = UserFactory.create_batch(2)
        queue(one, other, one.pk)
        queue(one)
        assert sorted(Notice.objects.values_list("recipient", flat=True)) == sorted([one.pk, other.pk])

    def test_another_event_is_another_notice(self):
        user = UserFactory()
        queue(user, key="a")
        queue(user, key="b")
        assert Notice.objects.count() == 2

    def test_change_that_is_rolled_back_tells_nobody(self):
        user = UserFactory()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            queue(user)
            raise ZeroDivisionError
        tasks.deliver_due()
        assert Notice.objects.count() == 0

    def test_nobody_to_tell_is_no_error(self):
        queue()
        assert Notice.objects.count() == 0

    @pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example/", "incidents/", ""])
    def test_notice_leads_to_our_own_pages_only(self, url):
        with pytest.raises(ValueError, match="of our own"):
            queue(UserFactory(), url=url)

    def test_title_that_is_too_long_is_cut_and_not_lost(self):
        queue(UserFactory(), title="x" * 400)
        assert len(Notice.objects.get().title) == 300


class TestDelivery:
    def test_waiting_notice_is_in_the_inbox_after_a_tick(self):
        notice = NoticeFactory()
        now = clock.now()
        with clock.at(now):
            tasks.deliver_due()
        notice.refresh_from_db()
        assert (notice.delivered_at, notice.attempts, notice.claimed_until) == (now, 1, None)

    def test_second_tick_changes_nothing(self):
        notice = NoticeFactory()
        tasks.deliver_due()
        first = Notice.objects.filter(pk=notice.pk).values().get()
        tasks.deliver_due()
        assert Notice.objects.filter(pk=notice.pk).values().get() == first

    def test_urgent_notices_go_first(self):
        NoticeFactory()
        urgent = NoticeFactory(urgent=True)
        assert claimed(clock.now()) == urgent

    def test_claimed_notice_is_nobody_elses_until_the_lease_runs_out(self):
        NoticeFactory()
        now = clock.now()
        assert claimed(now)
        assert claimed(now + services.INBOX.lease - timedelta(seconds=1)) is None
        again = claimed(now + services.INBOX.lease)
        assert again.attempts == 2

    def test_worker_whose_lease_ran_out_delivers_nothing(self):
        NoticeFactory()
        now = clock.now()
        slow = claimed(now)
        claimed(now + services.INBOX.lease)
        services.notice_deliver(slow)
        services.notice_failed(slow, RuntimeError("late"))
        row = Notice.objects.get()
        assert (row.delivered_at, row.last_error, row.attempts) == (None, "", 2)

    def test_delivered_notice_cannot_be_delivered_again(self):
        NoticeFactory()
        row = claimed(clock.now())
        services.notice_deliver(row)
        first = Notice.objects.get().delivered_at
        services.notice_deliver(row)
        assert Notice.objects.get().delivered_at == first

    def test_person_who_may_no_longer_see_the_case_is_not_told(self, hidden):
        notice = NoticeFactory()
        hidden[notice.recipient_id] = {notice.about}
        tasks.deliver_due()
        notice.refresh_from_db()
        assert (notice.delivered_at, notice.why_not) == (None, WhyNot.NOT_THEIRS)
        assert claimed(clock.now() + timedelta(days=1)) is None

    def test_closed_account_is_not_told(self):
        notice = NoticeFactory(recipient=UserFactory(is_active=False))
        tasks.deliver_due()
        notice.refresh_from_db()
        assert notice.why_not == WhyNot.NOT_THEIRS

    def test_case_that_no_room_answers_for_is_shown_to_nobody(self):
        notice = NoticeFactory(about="XYZ-2026-00001")
        tasks.deliver_due()
        notice.refresh_from_db()
        assert notice.why_not == WhyNot.NOT_THEIRS

    def test_notice_about_no_case_is_delivered(self):
        notice = NoticeFactory(about="")
        tasks.deliver_due()
        notice.refresh_from_db()
        assert notice.delivered_at

    def test_failure_is_tried_again_later_each_time_and_given_up_in_the_end(self, monkeypatch, caplog):
        failing = NoticeFactory(about="BAD-1")
        healthy = NoticeFactory()
        hooks.register_may_see("BAD-", lambda user, references: {}[0])
        now, waits = clock.now(), []
        for _ in range(services.INBOX.most_attempts):
            with clock.at(now):
                tasks.deliver_due()
            row = Notice.objects.get(pk=failing.pk)
            if row.claimed_until:
                waits.append((row.claimed_until - now).total_seconds())
                now = row.claimed_until
        healthy.refresh_from_db()
        assert healthy.delivered_at
        assert waits == [10, 20, 40, 80, 160]
        assert (row.attempts, row.why_not, row.last_error) == (6, WhyNot.GAVE_UP, "KeyError: 0")

    def test_one_that_spoils_the_delivery_of_all_costs_the_others_nothing(self):
        before, spoilt, after = NoticeFactory(), NoticeFactory(about="BAD-2"), NoticeFactory()
        hooks.register_may_see("BAD-2", lambda user, references: {}[0])
        tasks.deliver_due()
        told = Notice.objects.filter(delivered_at__isnull=False, attempts=1)
        assert set(told) == {before, after}
        spoilt.refresh_from_db()
        assert (spoilt.last_error, spoilt.attempts) == ("KeyError: 0", 1)

    def test_one_that_was_tried_before_is_claimed_alone(self):
        fresh = [NoticeFactory(), NoticeFactory()]
        tried = NoticeFactory(attempts=1)
        late = NoticeFactory()
        claims = [services.notices_claim(now=clock.now(), most=9) for _ in range(4)]
        assert claims == [fresh, [tried], [late], []]
        assert [notice.attempts for claim in claims for notice in claim] == [1, 1, 2, 1]

    def test_notice_whose_every_worker_died_is_given_up(self):
        notice = NoticeFactory(attempts=services.INBOX.most_attempts)
        tasks.deliver_due()
        notice.refresh_from_db()
        assert notice.why_not == WhyNot.GAVE_UP

    @pytest.mark.parametrize(
        "fields",
        [{"why_not": "gave_up"}, {"read": True, "delivered_at": None}, {"delivered": True, "failed_at": clock.now()}],
        ids=["reason without failure", "read before delivered", "delivered and failed"],
    )
    def test_database_refuses_what_must_never_be(self, fields):
        with pytest.raises(IntegrityError):
            NoticeFactory(**fields)


class TestReading:
    def test_first_reading_counts(self):
        notice = NoticeFactory(delivered=True)
        first = clock.now()
        for later in (0, 60):
            with clock.at(first + timedelta(seconds=later)):
                services.notice_read(notice_id=notice.pk, by=as_actor(notice.recipient))
        notice.refresh_from_db()
        assert notice.read_at == first

    def test_notice_of_somebody_else_is_not_there(self):
        notice = NoticeFactory(delivered=True)
        with pytest.raises(NotFound):
            services.notice_read(notice_id=notice.pk, by=as_actor(person()))

    def test_notice_that_still_waits_is_not_there(self):
        notice = NoticeFactory()
        with pytest.raises(NotFound):
            services.notice_read(notice_id=notice.pk, by=as_actor(notice.recipient))

    def test_reading_a_case_leaves_other_cases_and_other_people_alone(self):
        mine = NoticeFactory(delivered=True)
        NoticeFactory(recipient=mine.recipient, about="TST-2026-00002", delivered=True)
        NoticeFactory(delivered=True)
        assert services.case_notices_read(about=mine.about, by=as_actor(mine.recipient)) == 1
        assert Notice.objects.filter(read_at__isnull=True).count() == 2
