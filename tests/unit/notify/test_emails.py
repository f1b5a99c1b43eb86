"""E-mails: who gets which and when, what they say, and what is asked again before they go."""

from __future__ import annotations

from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from audit.models import AuditEvent
from kernel import clock
from kernel.clock import LONDON
from notify import hooks, letters, services, tasks
from notify.enums import EmailChoice, WhyNot
from notify.models import Delivery, Notice, Preference
from tests.factories.accounts import UserFactory, person
from tests.factories.notify import DeliveryFactory, NoticeFactory, claimed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hidden")]


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def choosing(choice: EmailChoice, **fields):
    user = UserFactory(**fields)
    Preference.objects.create(user=user, email=choice)
    return user


def sent() -> list[mail.EmailMessage]:
    tasks.deliver_due()
    tasks.send_due()
    return mail.outbox


class TestWho:
    def test_notice_that_reaches_the_inbox_is_sent_by_email_too_and_once(self):
        notice = NoticeFactory(title="A lamp caught fire")
        assert not Delivery.objects.exists()
        sent()
        sent()
        (letter,) = mail.outbox
        assert (letter.to, letter.subject) == ([notice.recipient.email], "A lamp caught fire")
        assert Delivery.objects.get().delivered_at

    def test_queueing_a_notice_makes_no_delivery_so_that_a_move_stays_one_insert(self, django_assert_num_queries):
        people = UserFactory.create_batch(3)
        with django_assert_num_queries(1):
            services.notice_queue("issue.named", to=people, about="", title="t", body="", url="/", key="one")
        assert not Delivery.objects.exists()

    @pytest.mark.parametrize(
        ("choice", "urgent", "goes"),
        [
            (EmailChoice.INBOX_ONLY, False, 0),
            (EmailChoice.INBOX_ONLY, True, 1),
            (EmailChoice.AT_ONCE, False, 1),
        ],
    )
    def test_choice_holds_for_what_is_not_urgent(self, choice, urgent, goes):
        notice = NoticeFactory(recipient=choosing(choice), urgent=urgent)
        assert len(sent()) == goes
        notice.refresh_from_db()
        assert notice.delivered_at

    def test_program_has_no_mailbox(self):
        NoticeFactory(recipient=UserFactory(is_service=True))
        assert sent() == []

    def test_demonstration_account_gets_nothing_in_production(self, settings):
        settings.DEMONSTRATION = False
        DeliveryFactory(notice__recipient__email="head@demo.opss.example")
        assert sent() == []
        assert Delivery.objects.get().why_not == WhyNot.NOT_THEIRS


class TestWhen:
    @pytest.mark.parametrize(
        ("queued", "goes"),
        [
            ("2026-03-10T07:59", "2026-03-10T08:00"),
            ("2026-03-10T18:00", "2026-03-11T08:00"),
            ("2026-03-27T18:30", "2026-03-30T08:00"),  # the clocks go forward between
            ("2026-10-24T10:00", "2026-10-26T08:00"),  # and back
            ("2026-04-02T19:00", "2026-04-07T08:00"),  # Good Friday and Easter Monday
        ],
    )
    def test_outside_office_hours_it_is_held_until_the_next_working_day(self, queued, goes):
        NoticeFactory(recipient=choosing(EmailChoice.OFFICE_HOURS))
        with clock.at(london(queued)):
            tasks.deliver_due()
        assert Delivery.objects.get().not_before == london(goes)
        with clock.at(london(goes) - timedelta(seconds=1)):
            assert sent() == []
        with clock.at(london(goes)):
            assert len(sent()) == 1

    def test_in_office_hours_it_goes_at_once(self):
        NoticeFactory(recipient=choosing(EmailChoice.OFFICE_HOURS))
        with clock.at(london("2026-03-10T17:59")):
            assert len(sent()) == 1

    def test_urgent_one_is_never_held(self):
        NoticeFactory(recipient=choosing(EmailChoice.OFFICE_HOURS), urgent=True)
        with clock.at(london("2026-03-28T03:00")):
            assert len(sent()) == 1

    def test_urgent_ones_go_first(self):
        DeliveryFactory()
        urgent = DeliveryFactory(notice__urgent=True)
        assert services.email_claim(now=clock.now()) == urgent

    def test_held_one_that_was_read_in_the_inbox_does_not_go(self):
        delivery = DeliveryFactory(notice__read=True)
        assert sent() == []
        delivery.refresh_from_db()
        assert delivery.why_not == WhyNot.NOT_WANTED

    def test_urgent_one_goes_though_it_was_read(self):
        DeliveryFactory(notice__read=True, notice__urgent=True)
        assert len(sent()) == 1

    def test_held_one_is_not_due_work(self):
        DeliveryFactory(not_before=clock.now() + timedelta(hours=3))
        waiting = DeliveryFactory(not_before=clock.now() - timedelta(minutes=20))
        due = hooks.due_work()["notify.email"].ask(clock.now())
        assert (due.count, due.oldest_at) == (1, waiting.not_before)


class TestLastMoment:
    def test_case_that_was_hidden_meanwhile_is_not_told(self, hidden):
        delivery = DeliveryFactory()
        hidden[delivery.notice.recipient_id] = {delivery.notice.about}
        assert sent() == []
        delivery.refresh_from_db()
        assert (delivery.delivered_at, delivery.why_not) == (None, WhyNot.NOT_THEIRS)

    def test_closed_account_is_not_told(self):
        DeliveryFactory(notice__recipient__is_active=False)
        assert sent() == []

    def test_person_who_wants_none_any_more_gets_none(self):
        delivery = DeliveryFactory()
        Preference.objects.create(user=delivery.notice.recipient, email=EmailChoice.INBOX_ONLY)
        assert sent() == []


class TestWords:
    def test_it_says_what_the_notice_says_and_where_to_go(self, settings):
        settings.BASE_URL = "https://incidents.example"
        DeliveryFactory(notice__title="For CAM: a lamp", notice__body="It burns & smells", notice__url="/issues/TST-1/")
        (letter,) = sent()
        for part in ("For CAM: a lamp", "It burns & smells", "https://incidents.example/issues/TST-1/\n"):
            assert part in letter.body
        assert "https://incidents.example/inbox/choices/" in letter.body
        assert letter.content_subtype == "plain"
        assert letter.message().is_multipart() is False

    def test_marked_case_is_told_by_reference_and_link_alone(self):
        DeliveryFactory(
            notice__about="TST-2026-marked",
            notice__title="Secret lamp",
            notice__body="Secret fire",
            notice__url="/issues/TST-2026-marked/",
        )
        (letter,) = sent()
        whole = str(letter.message())
        assert "Secret" not in whole
        assert "TST-2026-marked" in letter.subject
        assert "/issues/TST-2026-marked/" in letter.body

    def test_case_whose_marking_nobody_knows_is_told_like_a_marked_one(self, monkeypatch):
        monkeypatch.setattr(hooks, "_may_quote", {})
        DeliveryFactory(notice__title="Lamp")
        assert "Lamp" not in sent()[0].subject

    def test_urgent_one_says_so(self):
        DeliveryFactory(notice__urgent=True, notice__title="Danger")
        assert sent()[0].subject == "Urgent: Danger"

    @hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(title=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=300))
    def test_no_title_ends_a_header(self, title):
        delivery = Delivery(pk=1, notice=Notice(pk=1, key="k", title=title, url="/", created_at=clock.now()))
        delivery.notice.recipient = UserFactory.build()
        parsed = message_from_bytes(letters.letter(delivery).message().as_bytes(), policy=policy.default)
        assert set(parsed.keys()) == {
            "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To", "Date",
            "Message-ID", "Auto-Submitted",
        }  # fmt: skip
        assert not parsed.defects

    def test_title_with_line_ends_makes_one_line(self):
        DeliveryFactory(notice__title="Lamp\r\nBcc: everybody@example.com\n\nHello\u2028there")
        assert sent()[0].subject == "Lamp Bcc: everybody@example.com Hello there"


class TestFolder:
    @pytest.fixture
    def folder(self, settings, tmp_path):
        settings.EMAIL_BACKEND = "notify.channels.FolderBackend"
        settings.EMAIL_FILE_PATH = tmp_path / "mail"
        return settings.EMAIL_FILE_PATH

    def test_each_email_is_a_whole_file_that_only_the_service_reads(self, folder):
        DeliveryFactory.create_batch(2, notice__title="Ärger")
        tasks.send_due()
        files = sorted(folder.iterdir())
        assert [file.suffix for file in files] == [".eml", ".eml"]
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
        assert message_from_bytes(files[0].read_bytes(), policy=policy.default)["Subject"] == "Ärger"

    def test_one_that_goes_again_overwrites_itself(self, folder):
        delivery = DeliveryFactory()
        for _ in range(2):
            tasks.send_due()
            Delivery.objects.filter(pk=delivery.pk).update(delivered_at=None)
        assert len(list(folder.iterdir())) == 1

    def test_folder_that_cannot_be_written_is_tried_again(self, folder):
        folder.parent.joinpath("mail").write_text("a file, no folder")
        DeliveryFactory()
        tasks.send_due()
        row = Delivery.objects.get()
        assert "FileExistsError" in row.last_error
        assert row.failed_at is None
        assert row.claimed_until > clock.now()


class TestChoosing:
    @pytest.fixture
    def reader(self, client):
        user = person()
        client.force_login(user)
        return user

    def test_page_shows_and_keeps_the_choice(self, client, reader):
        page = client.get("/inbox/choices/").content.decode()
        assert 'value="at_once"' in page
        assert "An incident was declared" in page
        answer = client.post("/inbox/choices/", {"email": "office_hours"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/profile/")
        assert Preference.objects.get(user=reader).email == EmailChoice.OFFICE_HOURS
        assert AuditEvent.objects.filter(kind="email_choice.changed", chain_key="service").count() == 1

    @pytest.mark.parametrize("sent", [{}, {"email": "never"}])
    def test_page_refuses_what_is_no_choice(self, client, reader, sent):
        assert client.post("/inbox/choices/", sent).status_code == 400
        assert not Preference.objects.exists()

    def test_rest_is_the_same_door(self, client, reader):
        put = client.put("/api/v1/inbox/choices/", {"email": "inbox_only"}, content_type="application/json")
        assert (put.status_code, put.json()) == (200, {"email": "inbox_only"})
        assert client.get("/api/v1/inbox/choices/").json() == {"email": "inbox_only"}
        wrong = client.put("/api/v1/inbox/choices/", {"email": "never"}, content_type="application/json")
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "email")

    def test_profile_leads_there(self, client, reader):
        assert 'href="/inbox/choices/"' in client.get("/accounts/profile/").content.decode()


class TestClaims:
    @pytest.mark.parametrize("table", ["notify_notice", "notify_delivery"])
    def test_claim_reads_only_what_waits_by_its_index(self, table):
        DeliveryFactory.create_batch(200, delivered_at=clock.now())
        DeliveryFactory(notice__delivered_at=None)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE notify_notice; ANALYZE notify_delivery; SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off")
            cursor.execute(
                f"EXPLAIN SELECT id FROM {table} WHERE delivered_at IS NULL AND failed_at IS NULL"
                " AND (claimed_until IS NULL OR claimed_until <= now()) ORDER BY urgent DESC, id LIMIT 1"
                " FOR UPDATE SKIP LOCKED"
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert f"{table}_waiting" in plan
        assert "Sort" not in plan

    @pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(days=1)])
    def test_clock_that_steps_back_parks_nothing(self, step):
        now = clock.now()
        with clock.at(now + step):
            NoticeFactory()
            DeliveryFactory(not_before=now)
            claimed(clock.now())
            services.email_claim(now=clock.now())
        assert claimed(now).attempts == 2
        assert services.email_claim(now=now).attempts == 2

    def test_short_step_voids_no_lease_of_a_worker_that_is_at_it(self):
        DeliveryFactory(not_before=clock.now() - timedelta(hours=1))
        services.email_claim(now=clock.now())
        assert services.email_claim(now=clock.now() - timedelta(seconds=2)) is None
