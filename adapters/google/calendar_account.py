"""Google accounts whose calendars are connected, and what a host has allowed of that.

Source: Google Calendar API v3, "Choose Google Calendar API scopes".
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final

from adapters.google.account import GoogleAccountClient
from adapters.google.settings import GoogleCalendarSettings
from application.ports.clock import Clock
from domain.calendar_problem import CalendarPermission

_CALENDAR: Final = "https://www.googleapis.com/auth/calendar"
LISTING: Final = f"{_CALENDAR}.calendarlist.readonly"
READING: Final = f"{_CALENDAR}.events.freebusy"
OWNED: Final = f"{_CALENDAR}.events.owned"

PERMISSIONS: Final[Mapping[str, CalendarPermission]] = {LISTING: "list", READING: "read", OWNED: "write"}
NEEDED: Final = frozenset({LISTING, READING})


def missing_permissions(scopes: Collection[str]) -> tuple[CalendarPermission, ...]:
    """Name what a host has left unticked; without "write" alone the calendars can be read."""
    return tuple(permission for scope, permission in PERMISSIONS.items() if scope not in scopes)


class GoogleCalendarAccountClient(GoogleAccountClient):
    """Google behind the port CalendarAccountClient."""

    permissions: Mapping[str, CalendarPermission] = PERMISSIONS

    def __init__(
        self, settings: GoogleCalendarSettings, clock: Clock, *, total: timedelta = timedelta(seconds=10)
    ) -> None:
        super().__init__(settings, clock, NEEDED, tuple(PERMISSIONS), total)
