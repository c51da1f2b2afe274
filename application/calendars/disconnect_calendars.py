"""Disconnect calendars."""

from dataclasses import dataclass

from application.actor import HostActor
from application.calendars.block_pages import free_all_pages
from application.ports.calendars import HostCalendars
from application.ports.clock import Clock
from application.ports.storage import Begin
from domain.errors import NotFound
from domain.ids import CalendarConnectionId
from domain.security_events import CalendarsDisconnected


@dataclass(frozen=True)
class DisconnectCalendars:
    """Forget what it takes to get in, and all busy times; the calendars block nothing from then on."""

    begin: Begin
    calendars: HostCalendars
    clock: Clock

    async def __call__(self, actor: HostActor, connection_id: CalendarConnectionId) -> None:
        """Raises Forbidden or NotFound."""
        host_id = actor.require("account:write")
        gone = {each.id for each in await self.calendars.calendars(host_id) if each.connection_id == connection_id}
        async with self.begin() as uow:
            connection = await uow.calendars.lock_connection(host_id, connection_id)
            if connection is None:
                raise NotFound("calendar-connection")
            await free_all_pages(uow, host_id, gone)
            uow.calendars.remove(host_id, connection_id)
            ended = CalendarsDisconnected(
                host_id=host_id,
                at=self.clock(),
                origin=actor.origin,
                kind=connection.kind,
                account=connection.account,
            )
            uow.security_log.record(ended)
