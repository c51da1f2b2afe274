"""Lets scripts of any site use the calls that need no account (CORS, Fetch Standard, 3.3)."""

from litestar.config.cors import CORSConfig
from litestar.enums import ScopeType
from litestar.types import Message, Scope

# Litestar's own middleware serves a whole application, and these are but some of its calls.
_OPEN = CORSConfig(
    allow_methods=["GET", "HEAD", "POST"],
    allow_headers=["Content-Type", "Idempotency-Key"],
    expose_headers=["Idempotent-Replayed", "Retry-After"],
)

_PREFLIGHT, _ANSWER = (
    [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    for headers in (_OPEN.preflight_headers, _OPEN.simple_headers)
)


async def open_to_other_origins(message: Message, scope: Scope) -> None:
    """A hook for Litestar's `before_send`. It allows no credentials, and these calls look at none."""
    if message["type"] != "http.response.start" or scope["type"] != ScopeType.HTTP:
        return
    if scope["path"].startswith("/api/v1/public/"):
        message["headers"] = [*message["headers"], *(_PREFLIGHT if scope["method"] == "OPTIONS" else _ANSWER)]
