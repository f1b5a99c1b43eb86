"""Fault runs of the embedded servers. They own their servers even when DATABASE_URL is set."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis

from opss.embedded import binaries, commands, secrets
from opss.embedded.processes import is_alive
from opss.embedded.stack import Stack, running

ROOT = Path(__file__).resolve().parents[3]
JOIN_AND_WAIT = """
import sys, time
from pathlib import Path
from opss.embedded.stack import Stack
stack = Stack(Path(sys.argv[1]))
stack.join()
print(stack.postgres.port, stack.valkey.port, flush=True)
sys.stdin.read()
stack.leave()
"""


@pytest.fixture
def data_dir():
    """A data folder that an unprivileged account can pass through, and no servers left on it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="opss-embedded-"))
    folder.chmod(0o711)
    yield folder
    left = Stack(folder)
    left.valkey.stop()
    left.postgres.stop()
    shutil.rmtree(binaries.reachable_home(folder, binaries.run_as()), ignore_errors=True)
    shutil.rmtree(folder)


def user_of(data_dir: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", JOIN_AND_WAIT, str(data_dir)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def ports(user: subprocess.Popen[str]) -> tuple[int, int]:
    postgres, valkey = user.stdout.readline().split()
    return int(postgres), int(valkey)


def put(stack: Stack, value: int) -> None:
    with closing(psycopg2.connect(stack.postgres.url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT %s AS value", [value])


def get(stack: Stack) -> int:
    with closing(psycopg2.connect(stack.postgres.url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT value FROM kept")
        return cursor.fetchone()[0]


def test_data_outlives_a_restart_and_nothing_runs_afterwards(data_dir):
    with running(data_dir) as first:
        put(first, 42)
        pid = int((first.postgres.home / "data" / "postmaster.pid").read_text().split()[0])
    assert not is_alive(pid)
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(first.valkey.url).ping()

    with running(data_dir) as second:
        assert get(second) == 42


def test_parent_killed_servers_are_taken_up_and_in_the_end_stopped(data_dir):
    killed = user_of(data_dir)
    served = ports(killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()

    with running(data_dir) as stack:
        assert (stack.postgres.port, stack.valkey.port) == served
        put(stack, 1)

    assert not Stack(data_dir).postgres.attach()


def test_two_starts_at_once_share_one_pair_until_the_last_leaves(data_dir):
    first, second = user_of(data_dir), user_of(data_dir)

    assert ports(first) == ports(second)
    first.communicate("")
    assert Stack(data_dir).postgres.attach()
    second.communicate("")
    assert not Stack(data_dir).postgres.attach()


def test_database_killed_comes_back_with_what_was_committed(data_dir):
    user, seen = user_of(data_dir), Stack(data_dir)
    ports(user)
    assert seen.postgres.attach()
    put(seen, 7)
    os.kill(int((seen.postgres.home / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    user.communicate("")

    with running(data_dir) as again:
        assert get(again) == 7


def test_server_that_is_restarted_answers_at_the_same_address(data_dir):
    with running(data_dir) as stack:
        served = stack.postgres.url, stack.valkey.url
        for server in (stack.postgres, stack.valkey):
            server.stop()
            server.start()
        assert (stack.postgres.url, stack.valkey.url) == served


def test_server_that_ends_by_itself_is_named(data_dir):
    with running(data_dir) as stack:
        assert stack.died() == ""
        os.kill(int((stack.postgres.home / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        while not stack.died():
            pass
        assert stack.died() == f"database ({stack.postgres.log})"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands PostgreSQL to another account")
def test_data_folder_out_of_reach_keeps_its_cluster_elsewhere(monkeypatch, data_dir, tmp_path):
    monkeypatch.setattr(binaries, "ELSEWHERE", data_dir)
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)

    with running(hidden) as stack:
        put(stack, 3)
        assert stack.postgres.home.parent == data_dir
    with running(hidden) as again:
        assert get(again) == 3

    assert hidden.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(again.postgres.home)
    with pytest.raises(RuntimeError, match="that folder is gone"):
        Stack(hidden).join()


def test_secrets_of_two_makers_at_once_agree(tmp_path):
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", f"from pathlib import Path; from opss.embedded import secrets; "
             f"print(secrets.read_or_make(Path({str(tmp_path)!r})).secret_key)"],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(4)
    ]  # fmt: skip

    keys = {maker.communicate()[0].strip() for maker in makers}

    assert keys == {secrets.read(tmp_path).secret_key}
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]


@pytest.mark.parametrize(
    ("words", "needs"),
    [
        (["migrate"], True),
        (["verify_audit", "--case", "ISS-2026-00042"], True),
        (["demo"], True),
        (["migrate", "--help"], False),
        (["check"], False),
        (["makemigrations", "--check"], False),
        (["help"], False),
        ([], False),
    ],
)
def test_only_commands_that_read_the_database_get_servers(words, needs):
    assert commands.needs_servers(["manage.py", *words]) is needs


def test_command_takes_up_running_servers_and_leaves_them_running(data_dir):
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    environment |= {"DATA_DIR": str(data_dir), "OPSS_ENV": "demonstration"}
    with running(data_dir) as stack:
        told = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c",
             "from django.db import connection; print(connection.settings_dict['PORT'])"],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip

        assert int(told.stdout) == stack.postgres.port
        assert stack.postgres.attach()


def test_throw_away_servers_die_with_whoever_started_them(data_dir):
    killed = subprocess.Popen(
        [sys.executable, "-c", JOIN_AND_WAIT.replace("argv[1])", "argv[1]), durable=False"), str(data_dir)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    ports(killed)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()

    deadline = time.monotonic() + 60
    while Stack(data_dir).postgres.attach() and time.monotonic() < deadline:
        pass
    assert not Stack(data_dir).postgres.attach()
