"""Must-show: docker-compose.yml's services, started one by one as their commands say, carry the product together."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import dj_database_url
import psycopg2
import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.test import override_settings

from accounts import services as accounts
from audit.models import AuditEvent
from audit.verification import verify
from kernel.actors import SYSTEM
from notify.models import Notice
from opss.embedded import binaries
from opss.probe import why_unwell
from tests.factories.ladder import Cast
from tests.integration import test_rest_journey as journey
from tests.integration.frame import by_hand, compose
from tests.integration.frame.by_hand import CALLER, Browser, Services

pytestmark = pytest.mark.skipif(bool(by_hand.why_not()), reason=by_hand.why_not())

PASSWORD = "a long sentence nobody guesses"
TICKET = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture
def services(django_db_blocker) -> Iterator[Services]:
    folder = Path(tempfile.mkdtemp(prefix="opss-services-"))
    folder.chmod(0o711)
    static_files_as_in_the_image(folder)
    try:
        with by_hand.started(folder) as services, django_db_blocker.unblock():
            with looking_at(services.url_of("opss_owner")):
                yield services
    finally:
        shutil.rmtree(binaries.reachable_home(folder, binaries.run_as()), ignore_errors=True)
        shutil.rmtree(folder)


def static_files_as_in_the_image(folder: Path) -> None:
    collect = "import django; django.setup(); from opss import statics; statics.collect_when_changed()"
    subprocess.run(
        [sys.executable, "-c", collect],
        cwd=compose.ROOT, check=True,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "opss.settings", "DATA_DIR": str(folder / "build")},
    )  # fmt: skip


@contextmanager
def looking_at(url: str) -> Iterator[None]:
    """Let the models of this process read and write another database for a while."""
    named = {name: value for name, value in dj_database_url.parse(url).items() if name in ("HOST", "PORT", "USER")}
    named |= {"NAME": url.rpartition("/")[2], "PASSWORD": dj_database_url.parse(url)["PASSWORD"]}
    kept = {name: connection.settings_dict[name] for name in named}
    connection.close()
    connection.settings_dict.update(named)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)


def test_services_started_by_hand_carry_the_journey(services: Services):
    browser = Browser(services)
    services.wait("ready", lambda: is_ready(browser))
    plain_address_leads_to_tls(services)
    somebody_signs_in(services, browser)
    nobody_lies_about_where_they_come_from(services)

    services.scale_out("web.2")
    services.wait("scaled out", lambda: is_ready(browser) and asked_of("web.2", services))

    rest = Browser(services)
    rest.before[25] = lambda: services.kill_web("web.1")
    cast = Cast()
    journey.test_from_a_report_to_an_issued_sitrep(journey.Rest(cast, rest), cast)
    assert rest.sent > 40
    for web in by_hand.WEB_ADDRESSES:
        assert [line for line in services.lines(web) if line["logger"] == "opss.requests" and "case" in line], web

    assert Notice.objects.exists()
    services.wait("delivered", lambda: not Notice.objects.filter(delivered_at=None).exists())
    for name in ("worker.1", "worker.2", "beat"):
        asked = services.environment(name.partition(".")[0], services.home(name))
        services.wait(f"{name} well", lambda asked=asked: why_unwell(asked) == "")
    for name in ("worker.1", "worker.2"):
        assert re.search(r'^{"time": .* ready\."}$', services.log(name), re.MULTILINE), name
    the_log_follows_one_request_through(services, rest)
    the_role_of_the_services_cannot_rewrite_the_record(services)
    what_was_dumped_comes_back_whole(services)
    the_proxy_speaks_for_those_who_are_gone(services, rest)


def is_ready(browser: Browser) -> bool:
    try:
        told = browser.get("/readyz").json()
        return (told["database"], told["broker"]) == ("ok", "ok")
    except (OSError, ValueError, KeyError):
        return False


def asked_of(web: str, services: Services) -> bool:
    """Whether the proxy has sent anything there, found without a reload."""
    return by_hand.WEB_ADDRESSES[web] in services.log("proxy")


def plain_address_leads_to_tls(services: Services) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", services.ports["http"], timeout=90)) as plain:
        plain.request("GET", "/issues/?q=gas", headers={"Host": "localhost"})
        answer = plain.getresponse()
        answer.read()
        assert (answer.status, answer.headers["Location"]) == (308, "https://localhost/issues/?q=gas")
        assert answer.headers["Server"] == "nginx"


def somebody_signs_in(services: Services, browser: Browser) -> None:
    """With Secure cookies and a form token, as a browser does; and pages and files are kept as long as they may be."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        user = accounts.account_open(email="first@opss.example", name="The first operator", by=SYSTEM)
        user.set_password(PASSWORD)
        user.save()
    accounts.holding_start(post="operator", user_id=user.pk, by=SYSTEM)
    page = browser.get("/accounts/sign-in/", headers={"X-Request-ID": "forged-by-the-caller"})
    assert page.headers["X-Request-ID"] != "forged-by-the-caller"
    origin = {"Origin": f"https://localhost:{services.ports['https']}"}
    form = "application/x-www-form-urlencoded"
    ticket = TICKET.search(page.content.decode())[1]
    typed = f"csrfmiddlewaretoken={ticket}&email=first@opss.example&password={PASSWORD.replace(' ', '+')}"
    entered = browser.post("/accounts/sign-in/", data=typed, content_type=form, headers=origin)
    assert (entered.status_code, entered.headers["Location"]) == (302, "/")
    home = browser.get("/")
    assert (home.status_code, home.headers["Cache-Control"]) == (200, "private, no-store")
    assert "max-age=31536000" in home.headers["Strict-Transport-Security"]
    style = re.search(r'href="(/static/css/app\.[0-9a-f]{12}\.css)"', home.content.decode())[1]
    kept = browser.get(style, headers={"Accept-Encoding": "br"})
    assert (kept.status_code, kept.headers["Content-Encoding"]) == (200, "br")
    assert kept.headers["Cache-Control"] == "max-age=315360000, public, immutable"


def nobody_lies_about_where_they_come_from(services: Services) -> None:
    liar = Browser(services)
    ticket = TICKET.search(liar.get("/accounts/sign-in/").content.decode())[1]
    typed = f"csrfmiddlewaretoken={ticket}&email=first@opss.example&password=wrong"
    said = {
        "Origin": f"https://localhost:{services.ports['https']}",
        "X-Forwarded-For": "203.0.113.7",
        "Forwarded": "for=203.0.113.7",
        "X-Real-IP": "203.0.113.7",
        "X-Forwarded-Host": "elsewhere.example",
    }
    refused = liar.post(
        "/accounts/sign-in/", data=typed, content_type="application/x-www-form-urlencoded", headers=said
    )
    assert refused.status_code == 400
    assert list(AccessAttempt.objects.values_list("ip_address", flat=True)) == [CALLER]


def the_log_follows_one_request_through(services: Services, rest: Browser) -> None:
    """The proxy's line and the product's carry one id, and neither says what was asked for after the `?`."""
    answer = rest.get("/api/v1/issues/ISS-2020-00001/?q=jo.bloggs")
    known_as = answer.headers["X-Request-ID"]
    services.wait("logged", lambda: known_as in services.log("proxy"))
    [proxied] = [line for line in services.lines("proxy") if line["id"] == known_as]
    assert (proxied["client"], proxied["path"]) == (CALLER, "/api/v1/issues/ISS-2020-00001/")
    [told] = [line for line in services.lines("web.2") if line.get("id") == known_as]
    assert (told["status"], told["case"]) == (answer.status_code, "ISS-2020-00001")
    everything = "".join(services.log(name) for name in (*by_hand.WEB_ADDRESSES, "proxy", "worker.1", "worker.2"))
    assert "bloggs" not in everything
    assert "@opss.example" not in everything


def the_role_of_the_services_cannot_rewrite_the_record(services: Services) -> None:
    assert AuditEvent.objects.count() > 20
    refused = [
        "UPDATE audit_auditevent SET kind = 'forged'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent CASCADE",
        "DELETE FROM audit_chain",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL",
        "DROP TABLE audit_auditevent CASCADE",
        "SET session_replication_role = replica",
        "CREATE TABLE public.mine (id int)",
        "DELETE FROM django_migrations",
    ]
    with closing(psycopg2.connect(services.url_of("opss_app"))) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            for statement in refused:
                with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                    cursor.execute(statement)


def what_was_dumped_comes_back_whole(services: Services) -> None:
    """The words of docs/operations.md, run."""
    before = verify()
    assert before.fault is None
    dump = str(services.folder / "opss.dump")
    services.postgres_tool("pg_dump", "--format=custom", f"--file={dump}", services.url_of("opss_owner"))
    services.postgres_tool("psql", "-q", "-d", services.admin_url, "-c", "CREATE DATABASE again OWNER opss_owner")
    services.postgres_tool(
        "pg_restore", "--exit-on-error", "--dbname", services.url_of("opss_owner", "again"), dump
    )  # fmt: skip
    with looking_at(services.url_of("opss_owner", "again")):
        after = verify()
    assert after.fault is None
    assert after.events >= before.events > 20


def the_proxy_speaks_for_those_who_are_gone(services: Services, rest: Browser) -> None:
    services.kill_web("web.2")
    page, problem = rest.get("/issues/"), rest.post("/api/v1/issues/", data="{}", content_type="application/json")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
    assert "the service is away" in page.content.decode()
    assert (problem.status_code, problem.headers["Content-Type"]) == (503, "application/problem+json")
    assert problem.json()["type"] == "/help/errors/unavailable"
    services.wait(
        "logged", lambda: '"method": "POST", "path": "/api/v1/issues/", "status": 503' in services.log("proxy")
    )
