"""Forms of an incident refuse before anything is typed; reading a restricted incident is noted on every surface."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from audit.models import AccessLog
from tests.factories.command import draft, incident
from tests.factories.ladder import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def forms_of(case) -> list[str]:
    page = case.get_absolute_url()
    return [f"{page}groups/new/", f"{page}groups/{case.groups.get(kind='scg').pk}/stand-down/", f"{page}rhythm/new/"]


def test_a_form_is_refused_to_whom_its_service_would_refuse(cast):
    case = incident(cast)
    for path in forms_of(case):
        refused = browser(cast.user("ftl.science")).get(path)
        assert (refused.status_code, b"<form method" in refused.content.split(b"<main")[1]) == (403, False)


def test_a_form_can_be_left_again(cast):
    """It leads back to where it is reached from: the incident, or the week of its rhythm."""
    case = incident(cast)
    page_of = case.get_absolute_url()
    for path, back in zip(forms_of(case), (page_of, page_of, f"{page_of}rhythm/"), strict=True):
        page = browser(cast.user("imt.officer")).get(path).content.decode()
        assert f'<a class="govuk-link" href="{back}">Cancel</a>' in page


@pytest.mark.parametrize("part", ["", "events/", "groups/", "rhythm/", "transitions/", "sitreps/"])
def test_reading_a_restricted_incident_over_rest_is_noted(part, cast):
    case = incident(cast, report={"sensitivity": "restricted"})
    draft(cast, case, by="imt.head")
    assert browser(cast.user("imt.head")).get(f"/api/v1/incidents/{case.reference}/{part}").status_code == 200
    assert [(read.about, read.post) for read in AccessLog.objects.all()] == [(case.reference, "imt.head")]
