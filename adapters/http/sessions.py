"""Browser sessions.

The cookie holds a random token that only signing in hands out; the store keeps a digest of it. A cookie that somebody
made up or planted stands for nobody, and signing in always opens a new session.
"""

from litestar.datastructures import Cookie

from adapters.http.connection import HttpConnection
from adapters.http.devices import device_cookie
from adapters.http.origins import origin_of
from adapters.http.request_context import app_of, settings_of
from adapters.http.settings import HttpSettings
from application.accounts.sign_in import SignedInBrowser
from application.ports.accounts import OpenSession
from domain.session import LASTS


def session_token(connection: HttpConnection) -> str | None:
    """The token that this browser shows, good or not."""
    return connection.cookies.get(_name(settings_of(connection))) or None


async def open_session(connection: HttpConnection) -> OpenSession | None:
    """The session of this browser; without a cookie nothing is looked up."""
    token = session_token(connection)
    return None if token is None else await app_of(connection).identify_session(token, origin_of(connection))


async def close_session(connection: HttpConnection) -> None:
    """End the session that this browser shows, so that nobody goes on with it; none is fine."""
    token = session_token(connection)
    if token is not None:
        await app_of(connection).sign_out(token)


def browser_cookies(browser: SignedInBrowser, settings: HttpSettings) -> list[Cookie]:
    """What a browser keeps that was signed in."""
    session = _cookie(settings, browser.session, int(LASTS.total_seconds()))
    return [session, device_cookie(browser.device, settings)]


def clear_cookie(settings: HttpSettings) -> Cookie:
    return _cookie(settings, "", 0)


def _name(settings: HttpSettings) -> str:
    # Browsers take a __Host- cookie from this very host over https only, so no neighbour can plant one.
    return "__Host-timetuna_session" if settings.https else "timetuna_session"


def _cookie(settings: HttpSettings, value: str, max_age: int) -> Cookie:
    # With "strict", the way back from a provider would arrive signed out.
    return Cookie(
        key=_name(settings),
        value=value,
        max_age=max_age,
        path="/",
        secure=settings.https,
        httponly=True,
        samesite="lax",
    )
