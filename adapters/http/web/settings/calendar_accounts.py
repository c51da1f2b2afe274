"""Settings → Connected providers → Calendars: connect an account at Google or Microsoft, and come back from there."""

from typing import Annotated
from urllib.parse import quote

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from adapters.http.sessions import session_token
from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Visit
from adapters.http.web.settings import calendar_message
from adapters.http.web.settings.after_connecting import after_connecting
from adapters.http.web.settings.calendar_connections import PATH as CONNECTIONS
from adapters.http.web.settings.calendar_message import CalendarMessage
from adapters.http.web.settings.providers import PATH as PROVIDERS
from adapters.presentation.calendars import ACCOUNTS
from application.actor import HostActor
from application.app import App
from application.calendars.keep_account import ConnectedCalendars
from application.connections.authorization import Callback
from domain.calendar import CalendarKind
from domain.errors import NotFound
from domain.host import Host
from domain.ids import CalendarConnectionId

PATH = "/settings/calendar-accounts"


class CalendarAccounts(Controller):
    path = PATH

    @post("/{kind:str}/connect")
    async def connect(
        self,
        app: NamedDependency[App],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
        session: NamedDependency[str],
        kind: FromPath[str],
    ) -> Redirect:
        named = _kind(kind)
        if named not in app.calendar_accounts:
            return _back(settings, CalendarMessage(named, "not-set-up"))
        there = await app.start_connecting_calendars(actor, session, named)
        return Redirect(there, status_code=HTTP_303_SEE_OTHER)

    @post("/{connection_id:str}/reconnect")
    async def reconnect(
        self,
        app: NamedDependency[App],
        actor: NamedDependency[HostActor],
        session: NamedDependency[str],
        connection_id: FromPath[str],
    ) -> Redirect:
        there = await app.start_connecting_calendars.again(actor, session, CalendarConnectionId(connection_id))
        return Redirect(there, status_code=HTTP_303_SEE_OTHER)


@get("/integrations/{kind:str}/calendar/callback")
async def calendar_callback(
    request: Visit,
    app: NamedDependency[App],
    settings: NamedDependency[HttpSettings],
    visiting_actor: NamedDependency[HostActor | None],
    visitor: NamedDependency[Host | None],
    kind: FromPath[str],
    # Litestar keeps the name `state` for itself.
    oauth_state: Annotated[str | None, QueryParameter(name="state")] = None,
    code: FromQuery[str | None] = None,
    error: FromQuery[str | None] = None,
) -> Redirect:
    """Where a provider sends the browser; ends on a page of its own, so that a reload repeats nothing."""
    named = _kind(kind)
    session = session_token(request)
    if visiting_actor is None or visitor is None or session is None:
        onward = quote(f"{PROVIDERS}?calendars={named}#calendars", safe="")
        signing_in = Redirect(f"/signin?next={onward}", status_code=HTTP_303_SEE_OTHER)
        signing_in.cookies.append(calendar_message.kept(settings, CalendarMessage(named, "signed-out")))
        return signing_in
    if named not in app.calendar_accounts:
        return _back(settings, CalendarMessage(named, "not-set-up"))
    ended = await app.finish_connecting_calendars(visiting_actor, session, named, Callback(oauth_state, code, error))
    if not isinstance(ended, ConnectedCalendars):
        return _back(settings, CalendarMessage.of(named, ended))
    there = f"{CONNECTIONS}/{ended.connection.id}?connected=1"
    return await after_connecting(request, app, visitor, settings, ended, there)


def _kind(text: str) -> CalendarKind:
    for each in ACCOUNTS:
        if each == text:
            return each
    raise NotFound("provider")


def _back(settings: HttpSettings, message: CalendarMessage) -> Redirect:
    to_rows = Redirect(f"{PROVIDERS}?calendars={message.code}#calendars", status_code=HTTP_303_SEE_OTHER)
    to_rows.cookies.append(calendar_message.kept(settings, message))
    return to_rows
