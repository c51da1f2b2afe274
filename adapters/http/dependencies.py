"""The dependencies of handlers, by name: `app`, `settings`, `network`, `open_session`, `visitor`, `host` and so on."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from adapters.http.clients import client_network
from adapters.http.origins import origin_of
from adapters.http.request_context import app_of, settings_of
from adapters.http.sessions import open_session, session_token
from adapters.http.settings import HttpSettings
from application.actor import HostActor
from application.app import App
from application.ports.accounts import OpenSession
from domain.host import Host


class SignInNeeded(Exception):
    """The page is a host's, and nobody is signed in."""


def to_sign_in(request: Request[Any, Any, Any], _: SignInNeeded) -> Redirect:
    """Send the visitor to sign in, and back to the page that was asked for."""
    # A form that was sent can't be sent again from there.
    asked_for = _path(request) if request.method == "GET" else None
    query = f"?{urlencode({'next': asked_for})}" if asked_for else ""
    return Redirect(f"/signin{query}", status_code=HTTP_303_SEE_OTHER)


def provide_app(request: Request[Any, Any, Any]) -> App:
    return app_of(request)


def provide_settings(request: Request[Any, Any, Any]) -> HttpSettings:
    return settings_of(request)


def provide_network(request: Request[Any, Any, Any]) -> str:
    """The network that the caller's limits are counted by."""
    return client_network(request)


async def provide_open_session(request: Request[Any, Any, Any]) -> OpenSession | None:
    """The session of the signed-in browser, or None."""
    return await open_session(request)


async def provide_visitor(open_session: NamedDependency[OpenSession | None]) -> Host | None:
    """The signed-in host, or None."""
    return open_session.host if open_session else None


async def provide_host(visitor: NamedDependency[Host | None]) -> Host:
    """The signed-in host; anybody else is sent to sign in."""
    if visitor is None:
        raise SignInNeeded
    return visitor


async def provide_visiting_actor(
    request: Request[Any, Any, Any], open_session: NamedDependency[OpenSession | None]
) -> HostActor | None:
    """The signed-in host in person, or None."""
    if open_session is None:
        return None
    return HostActor(
        open_session.host.id,
        origin=origin_of(request),
        session=open_session.id,
        confirmed_at=open_session.confirmed_at,
    )


async def provide_actor(visiting_actor: NamedDependency[HostActor | None]) -> HostActor:
    """The signed-in host in person; anybody else is sent to sign in."""
    if visiting_actor is None:
        raise SignInNeeded
    return visiting_actor


async def provide_session(request: Request[Any, Any, Any], visitor: NamedDependency[Host | None]) -> str:
    """The token of the signed-in browser's session; anybody else is sent to sign in."""
    token = session_token(request)
    if visitor is None or token is None:
        raise SignInNeeded
    return token


DEPENDENCIES = {
    "app": Provide(provide_app, sync_to_thread=False),
    "settings": Provide(provide_settings, sync_to_thread=False),
    "network": Provide(provide_network, sync_to_thread=False),
    "open_session": Provide(provide_open_session),
    "visitor": Provide(provide_visitor),
    "host": Provide(provide_host),
    "visiting_actor": Provide(provide_visiting_actor),
    "actor": Provide(provide_actor),
    "session": Provide(provide_session),
}


def _path(request: Request[Any, Any, Any]) -> str:
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.url.path}?{query}" if query else request.url.path
