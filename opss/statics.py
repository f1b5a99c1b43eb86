"""The files of the pages: which are collected, and that they are only when one of them changed."""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.management import call_command


class OwnStaticFiles(StaticFilesConfig):
    """Django's app, without the files of packages that no page asks for: compressing them takes a minute."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.js.map",
        "redoc",
        "rest_framework",
        "swagger-ui-es-bundle*",
        "swagger-ui.js",
    ]


def _fingerprint() -> str:
    """Changes when a file comes, goes or is written."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list(OwnStaticFiles.ignore_patterns), key=lambda found: found[0]):
            about = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_when_changed() -> bool:
    """Bring STATIC_ROOT up to date. True when there was something to do. Several starts at once take turns."""
    root = Path(settings.STATIC_ROOT)
    note = Path(settings.BASE_DIR) / ".build" / "staticfiles.fingerprint"
    note.parent.mkdir(exist_ok=True)
    with note.open("a+") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        kept.seek(0)
        now = _fingerprint()
        if kept.read() == now and root.is_dir():
            return False
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        kept.truncate(0)
        kept.write(now)
    return True
