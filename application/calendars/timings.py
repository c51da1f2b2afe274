"""The intervals at which calendars are read, and for how long a reading counts."""

from datetime import timedelta

import msgspec

from domain.calendar import CalendarKind


class CalendarTimings(msgspec.Struct, frozen=True):
    """How often calendars are read, and how long their last reading counts while they can't be.

    Attributes:
        fresh_for: how long after a reading a calendar isn't asked once more before a time is taken.
        answered_within: how long whoever takes a time waits for all calendars together.
        host_waits: how long a host waits who has all calendars of a connection read.
    """

    calendar_poll: timedelta = timedelta(minutes=2)
    feed_poll: timedelta = timedelta(minutes=15)
    grace: timedelta = timedelta(minutes=30)
    fresh_for: timedelta = timedelta(seconds=15)
    answered_within: timedelta = timedelta(seconds=2)
    host_waits: timedelta = timedelta(seconds=10)

    def poll(self, kind: CalendarKind) -> timedelta:
        return self.feed_poll if kind == "ical_feed" else self.calendar_poll

    def grace_of(self, kind: CalendarKind) -> timedelta:
        """Feeds are read seldom, and are often away for a while."""
        return 12 * self.grace if kind == "ical_feed" else self.grace


DEFAULT_TIMINGS = CalendarTimings()
