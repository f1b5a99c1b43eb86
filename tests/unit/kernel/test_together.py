"""Several querysets in one question: each answers what it would have answered by itself."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Count, Max

from accounts.models import PostHolding, User
from kernel.together import together
from notify.models import Notice
from tests.factories.accounts import person
from tests.factories.notify import NoticeFactory

pytestmark = pytest.mark.django_db


def test_rows_come_as_each_queryset_would_have_answered_them(django_assert_num_queries):
    reader = person("imt.head")
    NoticeFactory.create_batch(3, recipient=reader, delivered=True, title="Ünïcode ‘quoted’ \\ \n line")
    notices = Notice.objects.order_by("-pk")
    held = PostHolding.objects.select_related("user", "post").order_by("pk")
    newest = Notice.objects.values("recipient_id").annotate(number=Count("pk"), last=Max("delivered_at"))
    with django_assert_num_queries(1):
        rows = together(notices[:2], held, newest, Notice.objects.none(), User.objects.filter(pk=0))
    assert rows[0] == list(notices[:2])
    assert [vars(row) | {"_state": 0} for row in rows[0]] == [vars(row) | {"_state": 0} for row in notices[:2]]
    assert rows[2:] == [list(newest), [], []]
    with django_assert_num_queries(0):
        assert [(row.user.name, row.post.title) for row in rows[1]] == [(reader.name, "Head of IMT")]
    assert isinstance(rows[1][0].starts_on, date)


def test_row_that_came_together_can_be_saved():
    notice = NoticeFactory()
    [[found]] = together(Notice.objects.filter(pk=notice.pk))
    found.title = "Put right"
    found.save()
    assert Notice.objects.get().title == "Put right"
