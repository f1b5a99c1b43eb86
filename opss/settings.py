"""Django settings. Everything that differs between places comes from `opss.env.Env`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import dj_database_url

from opss.addresses import email_settings
from opss.api_settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401 (settings are read by name)
from opss.env import Env
from opss.plan_defaults import FIRST_RHYTHM, REVIEW_DAYS, RHYTHM_REMINDERS, STAGE_TARGETS  # noqa: F401 (settings)

ENV = Env()
IS_TEST = ENV.env == "test"
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = ENV.data_dir
CLOCK_FILE = ENV.clock_file

SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = ENV.old_secret_keys
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts
TRUSTED_PROXIES = ENV.trusted_proxies

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "opss.statics.OwnStaticFiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_fsm",
    "pgtrigger",
    "axes",
    "opss",
    "kernel",
    "govuk",
    "audit",
    "accounts",
    "rest",
    "notify",
    "moves",
    "incidents",
    "command",
    "escalation",
    "intake",
    "readiness",
    "desk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "opss.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "opss.middleware.RequestLog",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.ActorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "opss.middleware.DomainErrors",
]
ROOT_URLCONF = "opss.urls"
WSGI_APPLICATION = "opss.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.middleware.people",
                "notify.context.inbox",
            ],
        },
    }
]
FORM_RENDERER = "govuk.renderer.GovukRenderer"

# --- Database: connections persist, since each worker of the web process serves one request at a time. A statement
# that takes longer than the process may wait is given up by PostgreSQL; who is stuck in a transaction loses it.
_database = dj_database_url.parse(ENV.database_url, conn_max_age=None, conn_health_checks=True)
_limits = {"statement_timeout": ENV.statement_seconds, "idle_in_transaction_session_timeout": ENV.statement_seconds * 4}
_OPTIONS = {
    "connect_timeout": 3,
    "application_name": "opss",
    "options": " ".join(f"-c {name}={seconds}s" for name, seconds in _limits.items()),
}
DATABASES = {"default": {**_database, "OPTIONS": {**_OPTIONS, **_database.get("OPTIONS", {})}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and sessions: in the database, so that signing in works while the broker is away
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.PeopleBackend"]
LOGIN_URL = "accounts:sign-in"
CSRF_FAILURE_VIEW = "opss.error_pages.csrf_failure"
# The demonstration's accounts share a published password: nothing of theirs opens in production.
DEMONSTRATION = not ENV.is_production
TOKEN_LIFETIME = timedelta(days=ENV.token_days)
STRANGER_REPORTS_AN_HOUR = ENV.stranger_reports_an_hour
# Argon2 is slow on purpose; hundreds of tests that sign in need not pay for it.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher" if IS_TEST else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.views.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_CLIENT_IP_CALLABLE = "opss.security.client_address"
AXES_VERBOSE = False

# --- What we accept and keep
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
MEDIA_ROOT = DATA_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Words and time
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

# --- Files of the pages: whitenoise serves them under names that change with their content
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if IS_TEST
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = IS_TEST
WHITENOISE_AUTOREFRESH = IS_TEST

# --- The wire
SECURE_SSL_REDIRECT = ENV.is_production
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if ENV.is_production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENV.is_production
SECURE_HSTS_PRELOAD = ENV.is_production
SESSION_COOKIE_SECURE = ENV.is_production
CSRF_COOKIE_SECURE = ENV.is_production
CSRF_COOKIE_HTTPONLY = True
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Worker and clock: beat only ticks. A tick that was not taken up in time is worth nothing, the next one follows.
CELERY_BROKER_URL = ENV.redis_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: a worker that gave up would have to be started by hand
# Tasks are short and may be done twice without harm: what a killed worker held is handed out again. A task is cut
# off long before the broker would take it for lost and hand it to a second worker.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5000
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_ROUTES = {"notify.*": {"queue": "delivery"}, "reports.*": {"queue": "reports"}}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# Every tick by the name of its task, with its period in seconds: the schedule is made of it, and the watcher awaits it.
TICKS = {
    "notify.deliver_due": 1,
    "command.rhythm_due": 1,
    "notify.send_due": 2,
    "escalation.wake": 5,
    "notify.watch": 60,
    "command.rhythm_ahead": 60,
    "command.reviews_due": 60,
    "audit.seal": 60,
    "escalation.overdue_unassessed": 60,
    "escalation.fold_tallies": 60,
    "rest.sweep_answers": 3600,
}
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": float(seconds), "options": {"expires": max(2, seconds * 5 // 6)}}
    for name, seconds in TICKS.items()
}

ALIVE_FILE = ENV.alive_file

# --- E-mail: the worker sends it, over lines that are given up on in time
BASE_URL = ENV.base_url
DEFAULT_FROM_EMAIL = ENV.email_from
EMAIL_TIMEOUT = 10
globals().update(email_settings(ENV.email_url))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "opss.logs.JsonLine" if ENV.is_production else "opss.logs.PlainLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
    "loggers": {
        # Django's own handler would mail faults or write them a second time; ours has each request and each fault.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "CRITICAL"},
        # Four lines for every sign-in; what matters of it is in the audit chain of the service.
        "axes": {"level": "WARNING"},
        # Two lines for every tick of the clock, so for every second.
        "celery.worker.strategy": {"level": "WARNING"},
        # Quotes the words of what went wrong; `opss.celery` logs the same by kind and place.
        "celery.app.trace": {"level": "CRITICAL"},
    },
}
