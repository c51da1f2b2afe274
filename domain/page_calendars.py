"""The calendars of a booking page: those that block it, and the one that it writes to."""

from datetime import datetime
from typing import Literal

import msgspec

from domain.faults import InvalidValue, Repeated, TooMany
from domain.ids import CalendarId

MOST_CALENDARS = 50

WhenUnreadable = Literal["close", "trust_last"]
OnDelete = Literal["ask", "cancel", "nothing"]
OnMove = Literal["ask", "reschedule", "nothing"]


class PageCalendars(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The calendars whose times can't be booked on a page.

    Attributes:
        blocking: in the order in which the host named them.
        writes_to: the calendar that gets an entry for each booking; only the host chooses one.
        when_unreadable: with a calendar that can't be read, offer nothing or trust its last reading.
        on_delete, on_move: what becomes of a booking whose entry the host deletes or moves in the calendar.
    """

    blocking: tuple[CalendarId, ...] = ()
    writes_to: CalendarId | None = None
    when_unreadable: WhenUnreadable = "close"
    on_delete: OnDelete = "ask"
    on_move: OnMove = "ask"

    def __post_init__(self) -> None:
        if len(self.blocking) > MOST_CALENDARS:
            raise InvalidValue(TooMany(MOST_CALENDARS), "calendars.blocking")
        if len(set(self.blocking)) < len(self.blocking):
            raise InvalidValue(Repeated(), "calendars.blocking")

    def are_closed_by(self, readable_until: datetime | None, now: datetime) -> bool:
        """Whether a blocking calendar keeps the page from offering anything.

        Args:
            readable_until: until when the calendar's last reading counts; None where there is none to trust.
        """
        if readable_until is None:
            return True
        return now >= readable_until and self.when_unreadable == "close"
