import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from opss.security import SecurityHeaders, client_address
from tests.factories.accounts import person


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_client_address_believes_only_our_own_proxies(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == address


@pytest.mark.parametrize(("path", "kept"), [("/help/", "private, no-cache"), ("/accounts/sign-in/", "no-store")])
def test_page_is_kept_by_its_readers_browser_at_most(client, db, path, kept):
    assert kept in client.get(path).headers["Cache-Control"]


def test_page_of_somebody_signed_in_is_kept_nowhere(client, db):
    client.force_login(person("viewer"))
    assert client.get("/issues/").headers["Cache-Control"] == "private, no-store"


def test_answer_that_states_its_version_is_kept_to_be_asked_for_again(rf):
    def page(request):
        request.actor = "somebody"
        return HttpResponse("unchanged", headers={"ETag": '"7"'})

    assert SecurityHeaders(page)(rf.get("/")).headers["Cache-Control"] == "private, no-cache"
