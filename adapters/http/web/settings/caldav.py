"""Settings → Connected providers → Calendars: connect an account at a CalDAV server, and connect it again."""

from urllib.parse import urlsplit

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.settings.after_connecting import after_connecting
from adapters.http.web.settings.calendar_connections import PATH as CONNECTIONS
from adapters.http.web.templating import shown
from adapters.presentation.caldav_services import caldav_service, caldav_services, service_at
from application.actor import HostActor
from application.app import App
from domain.caldav_account import CaldavAccount
from domain.errors import InvalidInput, NotFound
from domain.host import Host
from domain.ids import CalendarConnectionId

NO_ERRORS = Errors()

PATH = "/settings/calendars/caldav"


class CaldavForm(msgspec.Struct, frozen=True):
    """The fields for an account, as typed; its password is never shown again."""

    url: str = ""
    username: str = ""


class CaldavSettings(Controller):
    path = PATH

    @get("/")
    async def form(self, host: NamedDependency[Host], service: FromQuery[str] = "") -> Template:
        return _form(host, service, CaldavForm(caldav_service(service).address))

    @post("/", status_code=HTTP_200_OK)
    async def connect(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
    ) -> Template | Redirect:
        form = await form_of(request)
        typed = CaldavForm(form.text("url"), form.text("username"))
        try:
            made = await app.connect_caldav(actor, typed.url, typed.username, form.text("password"))
        except InvalidInput as refusal:
            return _form(host, form.text("service"), typed, Errors.of(refusal))
        return await after_connecting(
            request, app, host, settings, made, f"{CONNECTIONS}/{made.connection.id}?connected=1"
        )

    @get("/{connection_id:str}")
    async def password_form(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        connection_id: FromPath[str],
    ) -> Template:
        return _password_form(host, connection_id, await _account(app, actor, connection_id))

    @post("/{connection_id:str}", status_code=HTTP_200_OK)
    async def reconnect(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        connection_id: FromPath[str],
    ) -> Template | Redirect:
        form, account = await form_of(request), await _account(app, actor, connection_id)
        try:
            made = await app.connect_caldav.again(actor, CalendarConnectionId(connection_id), form.text("password"))
        except InvalidInput as refusal:
            return _password_form(host, connection_id, account, Errors.of(refusal))
        return Redirect(f"{CONNECTIONS}/{made.connection.id}?connected=1", status_code=HTTP_303_SEE_OTHER)


def _form(host: Host, service: str, typed: CaldavForm, errors: Errors = NO_ERRORS) -> Template:
    return shown(
        "settings/caldav.html",
        HTTP_400_BAD_REQUEST if errors else HTTP_200_OK,
        me=host,
        services=caldav_services(),
        service=caldav_service(service),
        typed=typed,
        errors=errors,
    )


def _password_form(host: Host, connection_id: str, account: CaldavAccount, errors: Errors = NO_ERRORS) -> Template:
    return shown(
        "settings/caldav_password.html",
        HTTP_400_BAD_REQUEST if errors else HTTP_200_OK,
        me=host,
        connection_id=connection_id,
        account=account,
        service=service_at(urlsplit(account.url).hostname or ""),
        errors=errors,
    )


async def _account(app: App, actor: HostActor, connection_id: str) -> CaldavAccount:
    for each in await app.show_calendars(actor):
        if (each.connection.id, each.connection.kind) == (connection_id, "caldav"):
            return CaldavAccount.of(each.connection.login)
    raise NotFound("calendar-connection")
