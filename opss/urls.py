"""Every address of the product, room by room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from opss import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
