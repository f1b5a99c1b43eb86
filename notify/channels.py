"""The channel that writes e-mails into a folder, for the demonstration and for mailers that take them from there."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

_NAME = re.compile(r"[^A-Za-z0-9.-]+")


class FolderBackend(BaseEmailBackend):
    """One file an e-mail, named by its Message-ID: one that is sent again overwrites itself, so that it is there once.

    A reader of the folder sees whole files only.
    """

    def __init__(self, file_path: str | Path | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(file_path or settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for email in email_messages:
            message = email.message()
            with NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as file:
                file.write(message.as_bytes())
            os.replace(file.name, self.folder / f"{_NAME.sub('-', message['Message-ID'].strip('<>'))}.eml")
        return len(email_messages)
