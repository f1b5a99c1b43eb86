"""The forms in which a situation report is read besides JSON. The view renders them; these only win the negotiation."""

from __future__ import annotations

from typing import Any

from rest_framework.renderers import BaseRenderer


class HtmlRenderer(BaseRenderer):
    media_type = "text/html"
    format = "html"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> str:
        return data


class PdfRenderer(BaseRenderer):
    media_type = "application/pdf"
    format = "pdf"
    charset = None
    render_style = "binary"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return data
