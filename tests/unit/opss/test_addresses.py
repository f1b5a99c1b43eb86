"""Mail channels, senders and the public address as the environment names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from opss.addresses import email_settings, origin, sender


def test_mail_server_with_log_in_and_tls():
    found = email_settings("smtp://opss%40mail:p%2Fw%3A@mail.internal:2525?tls=starttls")

    assert found == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.internal",
        "EMAIL_PORT": 2525,
        "EMAIL_HOST_USER": "opss@mail",
        "EMAIL_HOST_PASSWORD": "p/w:",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
    }


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.internal", 587, False, False),
        ("smtps://mail.internal", 465, False, True),
        ("smtp://mail.internal/?tls=starttls", 587, True, False),
        ("smtp://me:pw@127.0.0.1:25", 25, False, False),
    ],
)
def test_ports_and_tls(url, port, tls, ssl):
    found = email_settings(url)

    assert (found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (port, tls, ssl)


def test_folder_and_console():
    assert email_settings("file:/var/mail%20out")["EMAIL_FILE_PATH"] == Path("/var/mail out")
    assert email_settings("console:")["EMAIL_BACKEND"].endswith("console.EmailBackend")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mail.internal", "unknown kind"),
        ("http://mail.internal", "unknown kind"),
        ("smtp://", "no host"),
        ("smtp:mail.internal", "no host"),
        ("smtp://mail.internal:port", "port"),
        ("smtp://mail.internal:70000", "port"),
        ("smtp://opss@mail.internal", "user and a password"),
        ("smtp://opss:hunter2@mail.internal", "needs TLS"),
        ("smtp://mail.internal?tls=no", "tls is starttls"),
        ("smtps://mail.internal?tls=starttls", "tls is starttls"),
        ("smtp://mail.internal?timeout=5", "only .tls=starttls"),
        ("smtp://mail.internal/inbox", "only .tls=starttls"),
        ("file:", "folder"),
    ],
)
def test_what_is_no_mail_channel_is_refused_without_its_password(url, told):
    with pytest.raises(ValueError, match=told) as refusal:
        email_settings(url)
    assert "hunter2" not in str(refusal.value)


def test_public_address_is_an_origin():
    assert origin("https://incidents.example:8443/") == "https://incidents.example:8443"


@pytest.mark.parametrize(
    "url", ["incidents.example", "ftp://a.example", "https://a.example/x", "https://a.example?x=1"]
)
def test_what_pages_cannot_stand_under_is_refused(url):
    with pytest.raises(ValueError, match="https://host"):
        origin(url)


@pytest.mark.parametrize("address", ["a@b.example", "Incidents <a@b.example>"])
def test_sender_is_taken_as_it_is(address):
    assert sender(address) == address


@pytest.mark.parametrize("address", ["nobody", "a@", "@b.example", "a@b.example\nBcc: c@d.example", "Name <>"])
def test_sender_that_nobody_could_answer_is_refused(address):
    with pytest.raises(ValueError, match="e-mail address"):
        sender(address)
