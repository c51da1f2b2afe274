"""Disconnect calendars."""

from collections.abc import Mapping
from dataclasses import dataclass

from application.actor import HostActor, System
from application.calendars.block_pages import free_all_pages
from application.calendars.end_watches import EndWatches
from application.calendars.find_overlaps import FindOverlaps
from application.connections.revoking import FindRelying, Relying, Revoked, revocation, revoke
from application.ports.calendar_reader import CalendarAccess, SignedIn
from application.ports.calendars import HostCalendars
from application.ports.clock import Clock
from application.ports.oauth import CalendarAccountClient
from application.ports.unit_of_work import Begin, UnitOfWork
from application.ports.vault import Unopenable
from domain.calendar import CalendarConnection, CalendarKind
from domain.errors import NotFound
from domain.ids import CalendarConnectionId, HostId
from domain.origin import Origin
from domain.security_events import CalendarsDisconnected

_NOBODY = Relying(frozenset(), frozenset())


@dataclass(frozen=True)
class AfterDisconnecting:
    """What would become of what others hold.

    Attributes:
        revoked: what the provider would be told.
        entries: of coming bookings, which would stay in the calendars.
    """

    revoked: Revoked
    entries: int


@dataclass(frozen=True)
class DisconnectCalendars:
    """Forget what it takes to get in, and all busy times; the calendars block nothing from then on.

    Then the provider is told, which may fail without consequence.
    """

    begin: Begin
    calendars: HostCalendars
    accounts: Mapping[CalendarKind, CalendarAccountClient]
    find_relying: FindRelying
    end_watches: EndWatches
    clock: Clock
    find_overlaps: FindOverlaps

    async def __call__(self, actor: HostActor, connection_id: CalendarConnectionId) -> Revoked:
        """Returns what the provider was told. Raises Forbidden or NotFound."""
        return await self._forget(actor.require("account:write"), connection_id, actor.origin)

    async def preview(self, actor: HostActor, connection_id: CalendarConnectionId) -> AfterDisconnecting:
        """Raises Forbidden or NotFound."""
        host_id = actor.require("account:read")
        calendars = await self.calendars.calendars(host_id)
        ids = {each.id for each in calendars if each.connection_id == connection_id}
        async with self.begin() as uow:
            connection = await uow.calendar_connections.get(host_id, connection_id)
            if connection is None:
                raise NotFound("calendar-connection")
            revoked = self._revocation(connection, await self._relying(uow, connection))
            coming = await uow.booking_search.in_calendars(ids, self.clock())
            return AfterDisconnecting(revoked, sum(each.entry.is_held for each in coming))

    async def all_of(self, _actor: System, host_id: HostId) -> None:
        """Do the same with all connections of a host whose account is being deleted."""
        for each in await self.calendars.calendar_connections(host_id):
            await self._forget(host_id, each.id, None)

    async def _forget(self, host_id: HostId, connection_id: CalendarConnectionId, origin: Origin | None) -> Revoked:
        async with self.begin() as uow:
            connection = await uow.calendar_connections.lock(host_id, connection_id)
            if connection is None:
                raise NotFound("calendar-connection")
            gone = {each.calendar.id for each in await uow.calendars.lock_all(connection_id)}
            access, watches = await _opened(uow, connection_id), await uow.calendar_watches.of_connection(connection_id)
            relying = await self._relying(uow, connection)
            await self.find_overlaps.before_leaving(uow, gone)
            await free_all_pages(uow, host_id, gone)
            uow.calendar_connections.remove(host_id, connection_id)
            ended = CalendarsDisconnected(
                host_id=host_id, at=self.clock(), origin=origin, kind=connection.kind, account=connection.account
            )
            uow.security_log.record(ended)
        revoked = self._revocation(connection, relying)
        if access is not None and watches:
            await self.end_watches(connection.kind, access, watches)
        if isinstance(access, SignedIn):
            await revoke(self.accounts.get(connection.kind), access.grant, revoked, self.clock())
        return revoked

    async def _relying(self, uow: UnitOfWork, connection: CalendarConnection) -> Relying:
        client = self.accounts.get(connection.kind)
        if client is None:
            return _NOBODY
        return await self.find_relying.besides_calendars(uow, client.provider, connection.login, connection.host_id)

    def _revocation(self, connection: CalendarConnection, relying: Relying) -> Revoked:
        return revocation(self.accounts.get(connection.kind), relying, connection.host_id)


async def _opened(uow: UnitOfWork, connection_id: CalendarConnectionId) -> CalendarAccess | None:
    """What lets us in; where it can't be opened any more it is deleted all the same."""
    try:
        return await uow.calendar_connections.access(connection_id)
    except Unopenable:
        return None
