"""Every address of the REST interface, and its document."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer

from rest.views import GuardedApi


class Schema(GuardedApi, SpectacularAPIView):
    """The OpenAPI 3.1 document; `?format=json` or YAML. It describes the interface and holds nothing of any case."""

    authority = "public"
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer, OpenApiYamlRenderer2]


class Docs(GuardedApi, SpectacularSwaggerSplitView):
    """The same to read and try out. Its script comes from an address of its own, so that the page needs none inline."""

    authority = "public"
    renderer_classes = [TemplateHTMLRenderer]
    template_name = "opss/api_docs.html"
    url_name = "api:schema"


app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    path("", include("intake.api.urls")),
    path("", include("escalation.api.urls")),
    path("", include("command.api.urls")),
    path("", include("readiness.api.urls")),
    path("", include("notify.api.urls")),
    path("", include("rest.urls")),
]
