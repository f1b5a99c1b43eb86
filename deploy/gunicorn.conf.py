"""How gunicorn serves the product. What a place changes: WEB_CONCURRENCY, and anything by GUNICORN_CMD_ARGS."""

import os

bind = "0.0.0.0:8000"  # inside its container; only the proxy reaches it
# Sync: a worker serves one request at a time and keeps one database connection, see docs/adr/0001. The proxy keeps the
# connections of browsers, so a slow one holds no worker.
worker_class = "sync"
workers = int(os.environ.get("WEB_CONCURRENCY") or 3)
preload_app = True  # one copy of the code in memory for all workers
# Longer than OPSS_STATEMENT_SECONDS, so that a slow statement is answered with a page; shorter than the proxy waits.
timeout = 40
graceful_timeout = 30
# What a worker may have gathered is given back; the jitter keeps them from all doing so at once.
max_requests = 5000
max_requests_jitter = 500
# Django alone decides what of the proxy's headers is believed (OPSS_TRUSTED_PROXIES).
forwarded_allow_ips = ""
control_socket_disable = True  # nobody commands it but by signals
accesslog = None  # opss.middleware.RequestLog writes a line for each request
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "opss.logs.JsonLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}
