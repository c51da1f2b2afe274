"""Shows a new API token once, on a page that is safe to reload.

By a cookie that the page takes away again. It is signed for its host, so that a planted one shows nobody a stranger's
token to work with.
"""

from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

from litestar.datastructures import Cookie

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Visit
from domain.host import Host

_NAME = "timetuna_new_token"
_KEPT_FOR = timedelta(seconds=60)


def kept(settings: HttpSettings, host: Host, token: str) -> Cookie:
    return _cookie(settings, f"{token}.{_signature(settings, host, token)}", int(_KEPT_FOR.total_seconds()))


def forgotten(settings: HttpSettings) -> Cookie:
    return _cookie(settings, "", 0)


def brought(request: Visit, settings: HttpSettings, host: Host) -> str | None:
    """The token that this host has just made in this browser."""
    token, _, signature = request.cookies.get(_NAME, "").rpartition(".")
    known = compare_digest(_signature(settings, host, token).encode(), signature.encode())
    return token if token and known else None


def _signature(settings: HttpSettings, host: Host, token: str) -> str:
    return hmac(settings.signing_secret, f"new-api-token:{host.id}:{token}".encode(), sha256).hexdigest()


def _cookie(settings: HttpSettings, value: str, max_age: int) -> Cookie:
    path = "/settings/api-tokens"
    return Cookie(
        key=_NAME, value=value, max_age=max_age, path=path, secure=settings.https, httponly=True, samesite="lax"
    )
