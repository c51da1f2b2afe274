"""How does a form prove that it is ours?

By Litestar's double submit: a signed cookie, and the same token in the form.
"""

from typing import Any

from litestar import Request
from litestar.config.csrf import CSRFConfig
from litestar.middleware import DefineMiddleware
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import Receive, Scope, Send

from adapters.http.problems import UnsupportedMediaType
from adapters.http.settings import HttpSettings

# These don't act for whoever a cookie stands for: bearer tokens, signatures, or nothing at all.
_WITHOUT = ["^/api/", "^/integrations/zoom/deauthorized$", "^/healthz$", "^/readyz$", "^/metrics$"]


class FormTokens(CSRFMiddleware):
    """Litestar's, and calm about tokens that it could never have made."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/api/"):
            # Litestar would keep a cookie of another secret, and refuse every form until it is cleared by hand.
            cookies = Request[Any, Any, Any](scope).cookies
            shown = cookies.get(self.config.cookie_name)
            if shown is not None and self._decode_csrf_token(shown) is None:
                del cookies[self.config.cookie_name]
            if _is_multipart(scope):
                # No form of ours needs it, and whoever sends it can name any encoding in it.
                raise UnsupportedMediaType("This form can’t be read. Please send it as the page does.")
        await super().__call__(scope, receive, send)

    def _decode_csrf_token(self, token: Any) -> str | None:
        # Litestar compares whatever a form has there, a file included, and fails on all but ASCII text.
        if not isinstance(token, str) or not token.isascii():
            return None
        return super()._decode_csrf_token(token)


def _is_multipart(scope: Scope) -> bool:
    content_type = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return content_type.strip().lower().startswith(b"multipart/")


def form_tokens(settings: HttpSettings) -> DefineMiddleware:
    return DefineMiddleware(
        FormTokens,
        config=CSRFConfig(
            secret=settings.csrf_secret.hex(),
            cookie_name="__Host-timetuna_csrf" if settings.https else "timetuna_csrf",
            cookie_secure=settings.https,
            cookie_samesite="lax",
            header_name="x-csrftoken",
            exclude=_WITHOUT,
        ),
    )
