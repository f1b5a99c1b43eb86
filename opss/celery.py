"""Worker and beat. The web process never imports this: what it wants done it writes as rows."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opss.settings")

app = Celery("opss")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
