import pytest
from pydantic import ValidationError

from opss.env import Env

PRODUCTION = {
    "OPSS_ENV": "production",
    "OPSS_SECRET_KEY": "8Zp1vKc0" * 8,
    "OPSS_ALLOWED_HOSTS": "incidents.gov.uk, www.incidents.gov.uk",
    "DATABASE_URL": "postgres://opss:pw@db.internal/opss",
    "REDIS_URL": "rediss://broker.internal/0",
    "OPSS_BASE_URL": "https://incidents.gov.uk",
    "OPSS_EMAIL_URL": "smtp://opss:pw@mail.internal:587?tls=starttls",
    "OPSS_EMAIL_FROM": "incidents@gov.uk",
}


@pytest.fixture
def environment(monkeypatch, tmp_path):
    """Sets the whole environment of the product, and nothing beside it."""

    def put(**values):
        for name in (*PRODUCTION, "OPSS_DEBUG", "OPSS_CLOCK_FILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DATA_DIR", str(tmp_path))
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


def test_complete_production_starts(environment):
    environment(**PRODUCTION)

    assert Env().allowed_hosts == ["incidents.gov.uk", "www.incidents.gov.uk"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPSS_SECRET_KEY", ""),
        ("OPSS_SECRET_KEY", "short"),
        ("OPSS_SECRET_KEY", "django-insecure-" + "x9" * 40),
        ("OPSS_DEBUG", "true"),
        ("OPSS_ALLOWED_HOSTS", ""),
        ("OPSS_ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "sqlite:///opss.db"),
        ("REDIS_URL", ""),
        ("REDIS_URL", "memory://"),
        ("OPSS_BASE_URL", ""),
        ("OPSS_BASE_URL", "http://incidents.gov.uk"),
        ("OPSS_EMAIL_URL", ""),
        ("OPSS_EMAIL_URL", "console:"),
        ("OPSS_EMAIL_FROM", ""),
    ],
)
def test_production_refuses_and_names_the_setting(environment, name, value):
    environment(**{**PRODUCTION, name: value})

    with pytest.raises(ValidationError, match=name):
        Env()


def test_production_names_everything_missing_at_once_and_no_value(environment):
    environment(OPSS_ENV="production", OPSS_SECRET_KEY="hunter2hunter2")

    with pytest.raises(ValidationError) as refusal:
        Env()

    told = str(refusal.value)
    assert [name for name in PRODUCTION if name != "OPSS_ENV" and name not in told] == []
    assert "hunter2" not in told


def test_old_keys_are_told_one_by_one_and_what_is_empty_counts_as_not_given(environment):
    environment(**PRODUCTION, OPSS_OLD_SECRET_KEYS="first, second", OPSS_TRUSTED_PROXIES="", OPSS_ALIVE_FILE="")

    told = Env()

    assert told.old_secret_keys == ["first", "second"]
    assert (told.trusted_proxies, told.alive_file) == (0, None)


def test_demonstration_keeps_one_key_for_all_its_processes(environment, tmp_path):
    environment()

    first, second = Env(), Env()

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 50
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_data_dir_is_absolute_wherever_a_process_is_started(environment, monkeypatch, tmp_path):
    environment()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "here")

    assert Env().data_dir == tmp_path / "here"


@pytest.mark.parametrize("base", [PRODUCTION, {"OPSS_ENV": "demonstration"}], ids=["production", "demonstration"])
def test_only_tests_hold_the_clock(environment, tmp_path, base):
    environment(**base, OPSS_CLOCK_FILE=str(tmp_path / "now"))

    with pytest.raises(ValidationError, match="OPSS_CLOCK_FILE"):
        Env()

    environment(OPSS_ENV="test", OPSS_CLOCK_FILE=str(tmp_path / "now"))
    assert Env().clock_file == tmp_path / "now"
