"""CSRF tokens in forms.

By Litestar's double submit: a signed cookie, and the same token in the form.
"""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from secrets import token_bytes
from typing import Any

from litestar import Request
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import UploadFile
from litestar.middleware import DefineMiddleware
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.utils.scope.state import ScopeState

from adapters.http.problems import UnsupportedMediaType
from adapters.http.settings import HttpSettings

# These don't act for whoever a cookie stands for: bearer tokens, signatures, or nothing at all.
_WITHOUT = ["^/api/", "^/integrations/[a-z]+/deauthorized$", "^/healthz$", "^/readyz$", "^/metrics$"]

_TOKEN_LENGTH = 128
_HEX = re.compile(r"[0-9a-f]+")

TAKES_FILES = "takes_files"
"""In the `opt` of a handler whose form may bring files."""


class FormTokens(CSRFMiddleware):
    """Litestar's, and calm about tokens that it could never have made.

    Pages are compressed. So that nobody guesses a token from their lengths (BREACH), each page shows it behind a mask
    of its own; a form may send either.
    """

    def __init__(self, app: ASGIApp, config: CSRFConfig) -> None:
        super().__init__(_masking(app), config)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith("/api/"):
            # Litestar would keep a cookie of another secret, and refuse every form until it is cleared by hand.
            cookies = Request[Any, Any, Any](scope).cookies
            shown = cookies.get(self.config.cookie_name)
            if shown is not None and self._decode_csrf_token(shown) is None:
                del cookies[self.config.cookie_name]
            if _is_multipart(scope):
                async with _files_of(scope, receive):
                    await super().__call__(scope, receive, send)
                return
        await super().__call__(scope, receive, send)

    def _decode_csrf_token(self, token: Any) -> str | None:
        # Litestar compares whatever a form has there, a file included, and fails on all but ASCII text.
        if not isinstance(token, str) or not token.isascii():
            return None
        return super()._decode_csrf_token(unmasked(token))


def masked(token: str) -> str:
    """A token under a mask of random bytes, with the mask before it, all in hex."""
    plain = bytes.fromhex(token)
    mask = token_bytes(len(plain))
    return mask.hex() + _xor(plain, mask).hex()


def unmasked(token: str) -> str:
    """The token under a mask; what isn't one stays as it is."""
    if len(token) != 2 * _TOKEN_LENGTH or not _HEX.fullmatch(token):
        return token
    mask, hidden = (bytes.fromhex(half) for half in (token[:_TOKEN_LENGTH], token[_TOKEN_LENGTH:]))
    return _xor(mask, hidden).hex()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _masking(app: ASGIApp) -> ASGIApp:
    async def with_mask(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            state = ScopeState.from_scope(scope)
            if isinstance(state.csrf_token, str):
                state.csrf_token = masked(unmasked(state.csrf_token))
        await app(scope, receive, send)

    return with_mask


def _is_multipart(scope: Scope) -> bool:
    content_type = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return content_type.strip().lower().startswith(b"multipart/")


@asynccontextmanager
async def _files_of(scope: Scope, receive: Receive) -> AsyncGenerator[None]:
    """Read the form, which is kept with the request, where files are meant to come, and close them in the end.

    Raises:
        UnsupportedMediaType: the handler takes none, or a part names an encoding that it isn't in.
    """
    if not scope["route_handler"].opt.get(TAKES_FILES):
        raise UnsupportedMediaType
    try:
        form = await Request[Any, Any, Any](scope, receive).form()
    except (LookupError, ValueError) as error:
        raise UnsupportedMediaType from error
    try:
        yield
    finally:
        for each in form.values():
            if isinstance(each, UploadFile):
                await each.close()


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
