"""The cookie that tells a browser that has signed in before."""

from datetime import timedelta

from litestar.datastructures import Cookie

from adapters.http.connection import HttpConnection
from adapters.http.request_context import settings_of
from adapters.http.settings import HttpSettings

_KEPT_FOR = timedelta(days=180)


def device_of(connection: HttpConnection) -> str:
    """What this browser has kept, good or not; empty where it has nothing."""
    return connection.cookies.get(_name(settings_of(connection)), "")


def device_cookie(value: str, settings: HttpSettings) -> Cookie:
    # Only the forms for signing in and for a new password need it, which are on this site.
    return Cookie(
        key=_name(settings),
        value=value,
        max_age=int(_KEPT_FOR.total_seconds()),
        path="/",
        secure=settings.https,
        httponly=True,
        samesite="strict",
    )


def _name(settings: HttpSettings) -> str:
    return "__Secure-timetuna_device" if settings.https else "timetuna_device"
