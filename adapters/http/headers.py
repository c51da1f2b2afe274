"""Security headers of every answer."""

from collections.abc import Awaitable, Callable

from litestar.types import Message, Scope

from adapters.http.capabilities import CAPABILITIES
from adapters.http.indexing import NOINDEX, is_indexed
from adapters.http.settings import HttpSettings

POLICY = "content-security-policy"

_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def content_policy(settings: HttpSettings, *, ancestors: str = "'none'", frames: str = "") -> str:
    """The policy of a page.

    Args:
        ancestors: the sources that may frame it.
        frames: the sources that it may frame; empty for none.
    """
    # Chromium holds redirects after a form to form-action too, so connecting needs the provider's origin.
    form_action = " ".join(("'self'", *settings.provider_origins))
    frame_src = f"frame-src {frames}; " if frames else ""
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; {frame_src}form-action {form_action}; base-uri 'none'; frame-ancestors {ancestors}"
    )


def security_headers(settings: HttpSettings) -> Callable[[Message, Scope], Awaitable[None]]:
    """A hook for Litestar's `before_send`; it adds to what a handler has set, and replaces nothing."""
    policy = (POLICY.encode(), content_policy(settings).encode())
    everywhere = [
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
        if not any(name == policy[0] for name, _ in headers):
            headers.append(policy)
        if not path.startswith("/static/"):
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            if not is_indexed(scope):
                headers.append(NOINDEX)
        message["headers"] = headers

    return add
