"""Addresses as the environment gives them, checked, in the shape that Django's settings want."""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_PORTS = {"smtp": 587, "smtps": 465}
_NO_SENDER = "give an e-mail address, name@example.gov.uk or 'Name <name@example.gov.uk>'"
_SHAPE = "give console:, file:PATH, smtp://user:password@host:587?tls=starttls or smtps://user:password@host"


def email_settings(url: str) -> dict[str, Any]:
    """Django's EMAIL_* settings for the address of a mail channel; ValueError says what is wrong with it.

    Passwords cross no network in clear: a log-in needs TLS, save to this machine itself.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "file":
        if not parts.path:
            raise ValueError("file: needs the folder, file:PATH")
        return {"EMAIL_BACKEND": "notify.channels.FolderBackend", "EMAIL_FILE_PATH": Path(unquote(parts.path))}
    if parts.scheme not in _PORTS:
        raise ValueError(f"unknown kind of mail channel: {_SHAPE}")
    return _smtp(parts)


def _smtp(parts: SplitResult) -> dict[str, Any]:
    try:
        host, port = parts.hostname, parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise ValueError("the port of the mail server must be a number up to 65535") from None
    if not host:
        raise ValueError(f"the mail server has no host: {_SHAPE}")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("a log-in at the mail server is a user and a password, or neither")
    starttls = _starttls(parts)
    if parts.username and not (starttls or parts.scheme == "smtps" or host in _LOOPBACK):
        raise ValueError("a password for the mail server needs TLS: add ?tls=starttls or use smtps://")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def _starttls(parts: SplitResult) -> bool:
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.path not in ("", "/") or parts.fragment or not given.keys() <= {"tls"}:
        raise ValueError(f"after the mail server's host and port only ?tls=starttls may follow: {_SHAPE}")
    tls = given.get("tls")
    if tls not in (None, "starttls") or (tls and parts.scheme == "smtps"):
        raise ValueError("tls is starttls, and only with smtp://")
    return tls is not None


def origin(url: str) -> str:
    """`https://host` of an address without path; ValueError says what is wrong with it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("give the address that people type, https://host")
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise ValueError("give scheme and host alone, https://host: pages are not under a path")
    return f"{parts.scheme}://{parts.netloc}"


def sender(address: str) -> str:
    """The address, with or without a name before it; ValueError when nobody could answer to it."""
    try:
        validate_email(parseaddr(address)[1])
    except ValidationError:
        raise ValueError(_NO_SENDER) from None
    if not address.isprintable():
        raise ValueError(_NO_SENDER)
    return address
