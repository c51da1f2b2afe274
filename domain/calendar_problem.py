"""What can go wrong with reading a calendar: facts without words for people."""

import re

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


class AddressLost(_Problem, frozen=True):
    """What it takes to get in can't be opened any more; the host has to connect the calendar again."""


CalendarProblem = (
    AddressNotAllowed
    | ServerUnreachable
    | ServerTooSlow
    | ServerBusy
    | ServerRefused
    | NotACalendar
    | CalendarTooLarge
    | CalendarTooComplex
    | AddressLost
)
