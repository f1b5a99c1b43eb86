"""What browsers are told about our pages, and where a request really comes from."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Own files only: no inline script or style, so there is no nonce to hand out.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class SecurityHeaders:
    """Adds the content security, permissions and caching policies to every answer that does not bring its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # A page for somebody who is signed in holds case material: not even their own browser keeps it. What
            # refreshes by itself states an ETag and is kept, so that an unchanged answer costs nothing.
            is_kept = getattr(request, "actor", None) is None or "ETag" in response.headers
            response.headers.setdefault("Cache-Control", "private, no-cache" if is_kept else "private, no-store")
        return response


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks: as the outermost of our own proxies saw it, else the peer's.

    Only as many entries of X-Forwarded-For as there are trusted proxies are believed; the rest is the caller's claim.
    """
    proxies: int = settings.TRUSTED_PROXIES
    claimed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(claimed) >= proxies:
        return claimed[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
