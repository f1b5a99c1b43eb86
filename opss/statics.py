"""Collecting the files of the pages only when one of them changed, since giving 1,500 files new names takes a while."""

from __future__ import annotations

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command


def _fingerprint() -> str:
    """Changes when a file comes, goes or is written."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            about = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_when_changed() -> bool:
    """Bring STATIC_ROOT up to date. True when there was something to do. Several starts at once take turns."""
    root = Path(settings.STATIC_ROOT)
    note = root.with_name(f"{root.name}.fingerprint")
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
