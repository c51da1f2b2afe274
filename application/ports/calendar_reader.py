"""Reading calendars that are kept elsewhere."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from application.ports.oauth import Grant
from application.ports.safe_fetcher import NOTHING_KNOWN, Validators
from domain.busy import BusyTime
from domain.calendar import Reading
from domain.calendar_problem import CalendarProblem
from domain.ids import BookingId, HostId
from domain.slot import Slot


class FeedAddress(msgspec.Struct, frozen=True, tag="feed"):
    """What it takes to get in where a calendar is one file: whoever knows the address can read it."""

    url: str

    def __repr__(self) -> str:
        return "FeedAddress(…)"


class CaldavLogin(msgspec.Struct, frozen=True, tag="caldav"):
    """What it takes to get in at a CalDAV server; `url` is where its discovery begins."""

    url: str
    username: str
    password: str

    def __repr__(self) -> str:
        return "CaldavLogin(…)"


class SignedIn(msgspec.Struct, frozen=True, tag="grant"):
    """What it takes to get in where the host has signed in at the provider."""

    grant: Grant


CalendarAccess = FeedAddress | CaldavLogin | SignedIn


class LastSeen(msgspec.Struct, frozen=True):
    """What tells whether a file is the one that was read last."""

    validators: Validators = NOTHING_KNOWN
    digest: bytes = b""


NOTHING_SEEN = LastSeen()


class RemoteCalendar(msgspec.Struct, frozen=True):
    """A calendar as its account lists it.

    Attributes:
        id: stays the same when the calendar gets another name; at a CalDAV server its absolute address.
        timezone: IANA name of the zone of its all-day events, where the account tells.
        is_main, writable, rules_apply: as in `domain.calendar.Calendar`.
    """

    id: str
    name: str
    timezone: str | None = None
    is_main: bool = True
    writable: bool = False
    rules_apply: bool = True


class ReadingQuery(msgspec.Struct, frozen=True):
    """What is to be read of one calendar.

    Attributes:
        remote_id: as the account listed it; empty for a feed.
        timezone: IANA name of the zone of all-day events and of times without one, unless the calendar names its own.
        owners: addresses of the calendar's owner, in lower case.
        seen: of a reading that covers the span; NOTHING_SEEN asks for a new one in any case.
        rules_apply: False where the provider decides what is busy.
        ours: the entries that we wrote to the calendar, and where we put each of them; by their ids as the kind's
            `CalendarWriter` gives them: a CalDAV object's UID, the id of an event at Google and Microsoft.
        entry_slots: where the calendar holds entries of confirmed bookings, which take that time by themselves; for
            readers that are told no ids.
        host_id: whose calendar it is, where one host's MUST NOT keep others' waiting.
        invited: the host's own bookings, which count by themselves: their invitations may lie in the calendar as well.
    """

    remote_id: str
    span: Slot
    timezone: str
    owners: frozenset[str] = frozenset()
    seen: LastSeen = NOTHING_SEEN
    rules_apply: bool = True
    ours: dict[str, tuple[Slot, ...]] = {}
    entry_slots: tuple[Slot, ...] = ()
    host_id: HostId = HostId("")
    invited: frozenset[BookingId] = frozenset()


class CalendarUnchanged(msgspec.Struct, frozen=True):
    """The calendar is as it was read last."""

    seen: LastSeen


class CalendarRead(msgspec.Struct, frozen=True):
    reading: Reading
    seen: LastSeen


class CalendarUnreadable(Exception):
    """There is no reading; what was read before stays as it is.

    Attributes:
        not_before: when the server wants to be asked again, where it says so.
    """

    def __init__(self, problem: CalendarProblem, not_before: datetime | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.not_before = not_before


class CalendarReader(Protocol):
    """Reads the calendars of one kind of account.

    A reading MUST be complete, or CalendarUnreadable; an error, an empty body, half an answer or a calendar that is
    gone MUST NOT be an empty calendar. Titles and people MUST NOT be asked for where they can be left out, and MUST
    NOT get through. Of events among `ours`, what lies where we put them MUST be left out, and nothing else: hosts
    move, prolong and repeat them. Copies of the invitations to the bookings `invited` MUST be left out wherever
    they are, as far as UIDs are told; those to other hosts' bookings MUST NOT be. Where no ids are told, `entry_slots`
    MUST be left out, and nothing else: what else there may be at that time can't be told apart, and the bookings
    take it anyway. Every call MUST end within 30 seconds and MUST NOT log or raise what it takes to get in. A
    refused password or grant MUST NOT be tried again by the reader itself.

    Every call raises CalendarUnreadable; where the access is a grant, AccessTokenExpired as well, whereupon the caller
    refreshes the grant and calls once more.
    """

    async def calendars(self, access: CalendarAccess, /) -> tuple[RemoteCalendar, ...]:
        """List the account's calendars that can hold events."""
        ...

    async def read(self, access: CalendarAccess, query: ReadingQuery, /) -> CalendarRead | CalendarUnchanged:
        """Read the busy times of one calendar in a span.

        Raises:
            CalendarUnreadable: by `CalendarAccountProblem` where the account lets us into none of its calendars.
        """
        ...


CalendarAnswer = tuple[BusyTime, ...] | CalendarUnreadable

Answered = Callable[[int, CalendarAnswer], None]
"""Takes the answer to the query of that number."""


class CalendarAsker(Protocol):
    """Asks the calendars of one kind of account about a moment, fast enough for a guest who waits.

    All that a `CalendarReader` MUST and MUST NOT holds here as well.
    """

    async def ask(self, access: CalendarAccess, queries: Sequence[ReadingQuery], answered: Answered, /) -> None:
        """Ask several calendars about a short span at once; the caller sets a deadline.

        Args:
            queries: `timezone` is that of each calendar as it was read last, so that nobody has to ask for it.
            answered: MUST be called as soon as there is an answer, so that those in time count whatever becomes of the
                others.
        """
        ...
