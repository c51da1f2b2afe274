"""The rule for connecting another account with calendars."""

from dataclasses import dataclass

from application.ports.calendars import HostCalendars
from application.ports.unit_of_work import Begin
from application.spend_budget import SpendBudget
from domain.budgets import CALENDARS_READ_AT_ONCE
from domain.calendar import MOST_CALENDAR_CONNECTIONS, CalendarKind
from domain.errors import InvalidInput, NotFound
from domain.faults import NoRoom
from domain.host import Host
from domain.ids import HostId


@dataclass(frozen=True)
class AdmitAccount:
    """Asked before anything is asked of a server."""

    begin: Begin
    calendars: HostCalendars
    spend: SpendBudget

    async def __call__(self, host_id: HostId, kind: CalendarKind, login: str = "") -> Host:
        """Return the host, and count the reading against the budget for those that a host waits for.

        Args:
            login: of an account that may be connected already, which needs no further room.

        Raises:
            NotFound, TooManyRequests
            InvalidInput: there are too many connections.
        """
        connections = await self.calendars.calendar_connections(host_id)
        is_known = bool(login) and any((each.kind, each.login) == (kind, login) for each in connections)
        if not is_known:
            check_room(len(connections))
        async with self.begin() as uow:
            host = await uow.hosts.get(host_id)
        if host is None:
            raise NotFound("account")
        await self.spend(CALENDARS_READ_AT_ONCE.of(host_id))
        return host


def check_room(connections: int) -> None:
    """Raises InvalidInput where a host with so many connections can't have another."""
    if connections >= MOST_CALENDAR_CONNECTIONS:
        raise InvalidInput.at("url", NoRoom("calendar-connections", MOST_CALENDAR_CONNECTIONS))
