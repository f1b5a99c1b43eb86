"""Whom a form can be told of is offered where people are named, and nowhere else."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import PostHolding
from kernel import clock
from tests.factories.ladder import Cast, at_stage

pytestmark = pytest.mark.django_db


def offered(page: str) -> dict[str, str]:
    found = re.search(r'<datalist id="on-record-person">(.*?)</datalist>', page, re.DOTALL)
    return dict(re.findall(r'<option value="([^"]+)">([^<]+)</option>', found[1])) if found else {}


def page_of(cast: Cast, address: str, post: str = "imt.head") -> str:
    client = Client()
    client.force_login(cast.user(post))
    return client.get(address).content.decode()


def test_a_form_that_names_people_offers_who_holds_a_post_today(cast_with_past_holder):
    cast, past = cast_with_past_holder
    case = at_stage(cast, "cam")
    page = page_of(cast, reverse("escalation:issue-move", args=[case, "convene_urgent_conference"]))
    people = offered(page)
    assert people[cast.user("dd.science").email] == "Deputy Director, Science"
    assert past.email not in people
    assert 'list="on-record-person"' in page


@pytest.fixture
def cast_with_past_holder():
    cast = Cast()
    cast("dd.science")
    past = cast.user("dd.policy")
    PostHolding.objects.filter(user=past).update(starts_on=clock.today().replace(year=2020), ends_on="2020-12-31")
    return cast, past


def test_other_forms_list_nobody():
    cast = Cast()
    page = page_of(cast, reverse("intake:issue-new"))
    assert "on-record-person" not in page
