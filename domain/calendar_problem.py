"""Problems of reading a calendar: facts without words for people."""

import re
from typing import Literal

import msgspec


def _tag(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


class _Problem(msgspec.Struct, frozen=True, tag_field="type", tag=_tag):
    pass


class AddressNotAllowed(_Problem, frozen=True):
    """The address leads into a private network, or isn't secured by https."""


class ServerUnreachable(_Problem, frozen=True):
    """No connection to the server could be made, or its certificate isn't valid."""


class ServerTooSlow(_Problem, frozen=True):
    """The server's whole answer didn't come in time."""


class ServerBusy(_Problem, frozen=True):
    """The server takes no more requests at the moment, or is out of order."""


class ServerRefused(_Problem, frozen=True):
    """The server answered with an HTTP status that is no success, such as 404."""

    status: int


class NotACalendar(_Problem, frozen=True):
    """What came isn't a calendar, such as a page to sign in on, or ends in its middle."""


class CalendarTooLarge(_Problem, frozen=True):
    """The calendar has more bytes than are read."""

    megabytes: int


class CalendarTooComplex(_Problem, frozen=True):
    """Its events can't be worked out in the time and memory that there are for it."""


class AccessLost(_Problem, frozen=True):
    """What it takes to get in can't be opened any more; the host has to connect the calendar again."""


class NoCalendarServer(_Problem, frozen=True):
    """No CalDAV server could be found from the address."""


class NoCalendars(_Problem, frozen=True):
    """The account is fine, and holds no calendar for events."""


class SentElsewhere(_Problem, frozen=True):
    """The server wants us to go to another site, to which a password that was typed for this one doesn't go along."""

    host: str


class CalendarGone(_Problem, frozen=True):
    """The account is fine, and holds this calendar no longer."""


class CalendarsNotSetUp(_Problem, frozen=True):
    """This server has no settings for the provider, or wrong ones; only its operator can mend that."""


class SignInEnded(_Problem, frozen=True):
    """The provider doesn't take the grant any more."""


class PasswordRefused(_Problem, frozen=True):
    """The server doesn't take the user name with this password."""


CalendarPermission = Literal["list", "read", "write"]


class CalendarPermissionMissing(_Problem, frozen=True):
    """The host didn't allow what it takes."""

    missing: tuple[CalendarPermission, ...]


class CalendarsBlockedByAdmin(_Problem, frozen=True):
    """An administrator of the account's organisation doesn't allow this app."""


NeedsReconnecting = SignInEnded | PasswordRefused | CalendarPermissionMissing
"""Only the host can mend it, by connecting again; asking again meanwhile could get the account locked."""

CalendarAccountProblem = NeedsReconnecting | CalendarsBlockedByAdmin
"""What is wrong with the whole account, whichever calendar was asked for."""

CalendarServerProblem = ServerUnreachable | ServerBusy | AccessLost | CalendarsNotSetUp | CalendarAccountProblem
"""What keeps all calendars of a connection from being read, whichever was found out with."""

CalendarProblem = (
    AddressNotAllowed
    | ServerUnreachable
    | ServerTooSlow
    | ServerBusy
    | ServerRefused
    | NotACalendar
    | CalendarTooLarge
    | CalendarTooComplex
    | AccessLost
    | NoCalendarServer
    | NoCalendars
    | SentElsewhere
    | CalendarGone
    | CalendarsNotSetUp
    | SignInEnded
    | PasswordRefused
    | CalendarPermissionMissing
    | CalendarsBlockedByAdmin
)
