"""Migrations are named, in one line, and in step with the models."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.meta.code import ROOMS


def own_migrations() -> list[tuple[str, str]]:
    return [key for key in MigrationLoader(None).disk_migrations if key[0] in ROOMS]


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_has_a_number_and_a_name_of_its_own():
    assert [key for key in own_migrations() if not re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+", key[1])] == []
    assert [key for key in own_migrations() if re.search(r"_auto_\d{8}|_initial$", key[1])] == []


def test_migrations_of_a_room_stand_in_one_line():
    numbers: dict[str, list[str]] = {}
    for room, name in own_migrations():
        numbers.setdefault(room, []).append(name[:4])

    assert MigrationLoader(None).detect_conflicts() == {}
    assert [room for room, found in numbers.items() if len(found) != len(set(found))] == []
