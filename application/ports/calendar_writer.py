"""Writing bookings' entries into calendars that are kept elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from application.ports.calendar_reader import CalendarAccess
from domain.booking import Booking
from domain.calendar_entry import EntryChange, EntryContent, RemoteEntry
from domain.calendar_problem import CalendarProblem
from domain.host import Host
from domain.slot import Slot


class CalendarUnwritable(Exception):
    """Nothing is known to have been written; `not_before` is when the server wants to be asked again."""

    def __init__(self, problem: CalendarProblem, not_before: datetime | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.not_before = not_before


class EntryUidSpent(Exception):
    """An entry of that name was deleted, and the calendar takes no other one of that name."""


class EntryGone(Exception):
    """The calendar holds no such entry any more."""


class CalendarWriter(Protocol):
    """Writes entries to the calendars of one kind of account.

    An entry MUST have neither attendees nor an organizer nor a METHOD, and every request MUST ask for nobody to be
    told: no calendar mails anybody about it. It MUST block its time, and MUST take the calendar's own reminders. Every
    call MUST end within 30 seconds, MUST NOT log or raise what it takes to get in, and MUST be good to be repeated
    after a lost answer: two calls with one `uid` MUST NOT give two entries.

    Every call raises CalendarUnwritable; where the access is a grant, AccessTokenExpired as well, whereupon the caller
    refreshes the grant and calls once more. In all of them `calendar` is the remote id of the calendar.
    """

    async def put(
        self, access: CalendarAccess, calendar: str, uid: str, content: EntryContent, tried: Sequence[Slot], /
    ) -> RemoteEntry:
        """Create an entry; where there is one of this name, change it to say this.

        Args:
            uid: ASCII letters and digits, at most 60. The entry MUST be found by it afterwards.
            tried: where calls with this uid may have put it before; a calendar that takes no names looks there.

        Raises:
            EntryUidSpent: a new one needs another name.
        """
        ...

    async def patch(self, access: CalendarAccess, calendar: str, entry_id: str, change: EntryChange, /) -> RemoteEntry:
        """Change an entry. Everything that isn't named MUST stay as it is, also what only the host has put there.

        A new description MUST take the place of the lines that were ours, and of no others: what the host has written
        above them, below or between stays.

        Raises:
            EntryGone
        """
        ...

    async def remove(
        self, access: CalendarAccess, calendar: str, uid: str, entry_id: str | None, tried: Sequence[Slot], /
    ) -> None:
        """Delete an entry; one that isn't there is deleted already.

        Args:
            entry_id: without it the entry is looked for by `uid`, and by where it was `tried`.
        """
        ...

    async def seen(
        self, access: CalendarAccess, calendar: str, entries: Mapping[str, Slot], /
    ) -> Mapping[str, RemoteEntry]:
        """Look at entries by their ids, for what the host has made of them.

        Args:
            entries: where each was when it was last written or seen.

        Returns:
            Those that the calendar holds, wherever they are by now. It MUST be complete, or CalendarUnwritable: an
            entry that is left out counts as deleted by the host.
        """
        ...


class EntryTexts(Protocol):
    """Finds the words of an entry, in the host's language."""

    def content(self, booking: Booking, host: Host, /) -> EntryContent:
        """What the entry of a confirmed booking says.

        The title is the guest and the event type. The join link, or where both meet, is the location, and the link the
        first line of the description; then follow the guest's details and answers, and the link to the host's page of
        the booking. It MUST NOT hold the guest's own link. What people typed MUST be cleaned, and no link.
        """
        ...
