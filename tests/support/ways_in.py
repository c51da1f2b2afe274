"""Each kind of a way into calendars, with the secret that nothing else holds."""

from typing import Final

from application.ports.calendar_reader import CaldavLogin, CalendarAccess, FeedAddress, SignedIn
from application.ports.oauth import Grant
from application.ports.unit_of_work import Begin
from domain.calendar import CalendarConnection, CalendarKind
from domain.host import Host
from domain.ids import CalendarConnectionId
from tests.support.builders import NOW

WAYS_IN: Final[dict[CalendarKind, CalendarAccess]] = {
    "ical_feed": FeedAddress("https://calendar.example/the-feed-address.ics"),
    "caldav": CaldavLogin("https://dav.example/", "anna", "the-app-password"),
    "google": SignedIn(Grant("the-calendar-access-token", "the-calendar-refresh-token", NOW, frozenset({"calendar"}))),
}
SECRETS: Final = ("the-feed-address", "the-app-password", "the-calendar-access-token", "the-calendar-refresh-token")


def connection_by(host: Host, kind: CalendarKind) -> CalendarConnectionId:
    return CalendarConnectionId(f"{host.handle} {kind}")


async def keep_ways_in(begin: Begin, host: Host) -> None:
    """Store one connection of the host's of each kind."""
    async with begin() as uow:
        for kind, access in WAYS_IN.items():
            connection = CalendarConnection(
                connection_by(host, kind), host.id, kind, "anna@example.com", NOW, login=f"{host.handle} {kind}"
            )
            uow.calendar_connections.add(connection, access)


async def opened_ways_in(begin: Begin, host: Host) -> dict[CalendarKind, CalendarAccess | None]:
    async with begin() as uow:
        return {kind: await uow.calendar_connections.access(connection_by(host, kind)) for kind in WAYS_IN}
