"""Every address of the product, room by room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from opss import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("desk.urls")),
    path("accounts/", include("accounts.urls")),
    path("api/v1/", include("opss.api")),
    path("", include("intake.urls")),
    path("issues/", include("escalation.urls")),
    path("", include("command.urls")),
    path("", include("readiness.urls")),
    path("", include("notify.urls")),
]

handler400 = "opss.error_pages.bad_request"
handler403 = "opss.error_pages.forbidden"
handler404 = "opss.error_pages.not_found"
handler500 = "opss.error_pages.fault"
