"""Show a host's calendars."""

from dataclasses import dataclass

import msgspec

from application.actor import HostActor
from application.ports.calendars import HostCalendars
from domain.calendar import Calendar, CalendarConnection
from domain.errors import NotFound
from domain.ids import CalendarId


class ShownConnection(msgspec.Struct, frozen=True):
    """A connection with its calendars."""

    connection: CalendarConnection
    calendars: tuple[Calendar, ...]


@dataclass(frozen=True)
class ShowCalendars:
    """Show connections and calendars, without opening what it takes to get in."""

    views: HostCalendars

    async def __call__(self, actor: HostActor) -> list[ShownConnection]:
        """Oldest connection first. Raises Forbidden."""
        host_id = actor.require("account:read")
        calendars = await self.views.calendars(host_id)
        return [
            ShownConnection(each, tuple(found for found in calendars if found.connection_id == each.id))
            for each in await self.views.calendar_connections(host_id)
        ]

    async def one(self, actor: HostActor, calendar_id: CalendarId) -> Calendar:
        """Raises Forbidden or NotFound."""
        for each in await self.views.calendars(actor.require("account:read")):
            if each.id == calendar_id:
                return each
        raise NotFound("calendar")
