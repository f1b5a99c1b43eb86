"""What an e-mail about a notice says, and what a mail server's refusal means."""

from __future__ import annotations

import hashlib
from smtplib import SMTPDataError, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from audit import references
from notify import hooks
from notify.models import Delivery, Notice

MOST_SUBJECT = 200


def letter(delivery: Delivery) -> EmailMessage:
    """The plain-text e-mail: what happened to which case, who decided, what its reader is to do, by when, and where.

    It is read on a telephone at night, so it stands by itself. Of a case that may not be quoted outside it holds the
    reference and the link, no more; other cases that its reader may not know of, or that may not be quoted, it does not
    name. Its Message-ID is the delivery's, so that a repeat is recognised as one.
    """
    notice = delivery.notice
    others = references.named_in([notice.title, notice.body]) - {notice.about}
    titles = hooks.quotable({notice.about, *others})
    hidden = others - (titles.keys() & hooks.visible(notice.recipient, others))
    notice.title, notice.body = references.without(hidden, [notice.title, notice.body])
    is_quoted = notice.about in titles
    context = {
        "notice": notice,
        "is_quoted": is_quoted,
        "case": _case(notice, titles.get(notice.about, "")),
        "link": settings.BASE_URL + notice.url,
        "choices_link": settings.BASE_URL + reverse("notify:choices"),
    }
    subject = notice.title if is_quoted else f"There is something for you about {notice.about}"
    return EmailMessage(
        subject=_one_line(f"Urgent: {subject}" if notice.urgent else subject),
        body=render_to_string("notify/email.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[notice.recipient.email],
        headers={"Message-ID": message_id(delivery), "Auto-Submitted": "auto-generated"},
    )


def _case(notice: Notice, title: str) -> str:
    """Reference and title of the case, where the notice's own title does not say both; empty where it is about none."""
    is_said = notice.about in notice.title and title in notice.title
    return "" if is_said else f"{notice.about} {title}".strip()


def message_id(delivery: Delivery) -> str:
    """The same for every attempt, and for no other e-mail of this or of another installation."""
    return f"<{delivery.pk}.{_mark(delivery.notice)}@{urlsplit(settings.BASE_URL).hostname}>"


def _mark(notice: Notice) -> str:
    told = f"{notice.pk}\n{notice.key}\n{notice.created_at.isoformat()}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def _one_line(text: str) -> str:
    """Without line ends and what no eye can see: a title is typed by people, and a header must not end early."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(seen.split())[:MOST_SUBJECT]


def is_refused_for_good(error: Exception) -> bool:
    """Whether trying again is useless: the server knows no such recipient, or will not have this message.

    A sender or a log-in that is refused is a fault of our own settings, and is tried again until somebody mends them.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return all(_is_permanent(code) for code, _ in error.recipients.values())
    return isinstance(error, SMTPDataError) and _is_permanent(error.smtp_code)


def is_the_line(error: Exception) -> bool:
    """Whether the line or the server failed rather than this one e-mail: the next would fail alike."""
    return isinstance(error, OSError) and not isinstance(error, SMTPRecipientsRefused | SMTPDataError)


def _is_permanent(code: int) -> bool:
    return 500 <= code < 600
