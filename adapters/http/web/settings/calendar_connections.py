"""Settings → Connected providers → Calendars: look at a connection, read it now, disconnect it."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from adapters.http.settings import HttpSettings
from adapters.http.web.calendar_overview import CalendarConnectionRow, calendar_connection_rows
from adapters.http.web.settings import calendar_message
from adapters.http.web.settings.calendar_message import CalendarMessage
from adapters.http.web.settings.provider_words import revoking_words
from adapters.http.web.settings.providers import PATH as PROVIDERS
from adapters.http.web.templating import shown
from adapters.presentation.calendars import ACCOUNTS
from application.actor import HostActor
from application.app import App
from domain.booking_page import BookingPage
from domain.errors import NotFound
from domain.host import Host
from domain.ids import CalendarConnectionId

PATH = "/settings/calendar-connections"

FEW = 5
"""So many busy times are enough to recognise a calendar by."""


class CalendarConnectionSettings(Controller):
    path = PATH

    @get("/{connection_id:str}")
    async def connection(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        connection_id: FromPath[str],
        connected: FromQuery[str] = "",
    ) -> Template:
        """Show what was read of its calendars, so that a host sees whether they are the right ones."""
        row, pages = await _row(app, actor, connection_id), await app.list_pages(actor)
        return shown(
            "settings/calendar_connection.html",
            me=host,
            row=row,
            next_times=await app.show_next_times.of_connection(actor, CalendarConnectionId(connection_id), FEW),
            blocked={
                each.calendar.id: [page.title for page in pages if each.calendar.id in page.calendars.blocking]
                for each in row.calendars
            },
            connected=bool(connected),
        )

    @post("/{connection_id:str}/read")
    async def read(
        self, app: NamedDependency[App], actor: NamedDependency[HostActor], connection_id: FromPath[str]
    ) -> Redirect:
        await app.read_calendar_now.all_of(actor, CalendarConnectionId(connection_id))
        return Redirect(f"{PROVIDERS}#connection-{connection_id}", status_code=HTTP_303_SEE_OTHER)

    @get("/{connection_id:str}/disconnect")
    async def ask_to_disconnect(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        connection_id: FromPath[str],
    ) -> Template:
        row = await _row(app, actor, connection_id)
        provider = ACCOUNTS.get(row.connection.kind)
        after = await app.disconnect_calendars.preview(actor, row.connection.id)
        return shown(
            "settings/disconnect_calendars.html",
            me=host,
            row=row,
            blocked=await _blocked(app, actor, row),
            entries=after.entries,
            revoking=revoking_words(provider, after.revoked) if provider else "",
        )

    @post("/{connection_id:str}/disconnect")
    async def disconnect(
        self,
        app: NamedDependency[App],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
        connection_id: FromPath[str],
    ) -> Redirect:
        connection = (await _row(app, actor, connection_id)).connection
        revoked = await app.disconnect_calendars(actor, connection.id)
        to_rows = Redirect(f"{PROVIDERS}#calendars", status_code=HTTP_303_SEE_OTHER)
        message = CalendarMessage.of_disconnecting(connection.kind, connection.account, revoked)
        to_rows.cookies.append(calendar_message.kept(settings, message))
        return to_rows


async def _row(app: App, actor: HostActor, connection_id: str) -> CalendarConnectionRow:
    for each in await calendar_connection_rows(app, actor):
        if each.connection.id == connection_id:
            return each
    raise NotFound("calendar-connection")


async def _blocked(app: App, actor: HostActor, row: CalendarConnectionRow) -> list[BookingPage]:
    ids = {each.calendar.id for each in row.calendars}
    return [each for each in await app.list_pages(actor) if ids.intersection(each.calendars.blocking)]
