"""Security headers of every answer."""

from collections.abc import Awaitable, Callable

from litestar.types import Message, Scope

from adapters.http.capabilities import CAPABILITIES
from adapters.http.indexing import NOINDEX, is_indexed
from adapters.http.settings import HttpSettings

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def security_headers(settings: HttpSettings) -> Callable[[Message, Scope], Awaitable[None]]:
    """A hook for Litestar's `before_send`; it adds to what a handler has set, and replaces nothing."""
    # Chromium holds redirects after a form to form-action too, so connecting needs the provider's origin.
    form_action = " ".join(("'self'", *settings.provider_origins))
    policy = (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; form-action {form_action}; base-uri 'none'; frame-ancestors 'none'"
    )
    everywhere = [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"permissions-policy", _PERMISSIONS.encode()),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]
    if settings.https:
        everywhere.append((b"strict-transport-security", b"max-age=31536000"))
    usual = [*everywhere, (b"referrer-policy", b"same-origin")]
    # Whoever has the address of such a page may do what it is for. Its forms have to name their origin all the same,
    # which they don't under no-referrer.
    for_capability = [*everywhere, (b"referrer-policy", b"strict-origin")]

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        path = scope["path"]
        headers = [*message["headers"], *(for_capability if path.startswith(CAPABILITIES) else usual)]
        if not path.startswith("/static/"):
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            if not is_indexed(scope):
                headers.append(NOINDEX)
        message["headers"] = headers

    return add
