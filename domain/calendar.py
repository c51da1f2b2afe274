"""A calendar of a host's that is kept elsewhere: what was read of it last, and how far that can be trusted."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from domain.busy import BusyTime, CalendarRules, blocking, merged
from domain.calendar_problem import CalendarAccountProblem, CalendarPermission, CalendarProblem, CalendarsBlockedByAdmin
from domain.ids import CalendarConnectionId, CalendarId, HostId
from domain.slot import Slot

CalendarKind = Literal["google", "microsoft", "caldav", "ical_feed"]

CalendarConnectionStatus = Literal["connected", "needs_reconnect", "blocked"]

CalendarState = Literal["fresh", "stale", "broken"]
"""Read well; not readable now, its last reading still counts; not readable, and nothing can be said about it."""

LONGEST_CALENDAR_NAME = 120
LONGEST_CALENDAR_ADDRESS = 2000
MOST_CALENDAR_CONNECTIONS = 20
MOST_CALENDARS_OF_ACCOUNT = 250
"""More than anybody has; an account full of rooms would take its provider's requests from the calendars that count."""

_END_OF_TIME = datetime(9998, 12, 31, tzinfo=UTC)

_SURE = 2
"""So many failed readings in a row are no accident."""

_FEW = 10
"""Up to so many times can go without a second look."""


class CalendarConnection(msgspec.Struct, frozen=True):
    """Where calendars are read from; what it takes to get in is kept apart, sealed.

    Attributes:
        account: what the host knows it by; of a feed the host name of its address, which itself is a secret.
        login: who it is for the provider, which stays the same when the address changes: a user id, or the server with
            the user name; empty where there are no accounts.
        problem: why nothing of it can be read until the host or an administrator acts.
        left_alone_until: its provider wants to be asked nothing before, about whichever calendar.
        lacks: permissions that the host didn't give, and that reading doesn't take.
        left_out: how many calendars it holds beyond those that are read.
    """

    id: CalendarConnectionId
    host_id: HostId
    kind: CalendarKind
    account: str
    connected_at: datetime
    login: str = ""
    problem: CalendarAccountProblem | None = None
    left_alone_until: datetime | None = None
    lacks: tuple[CalendarPermission, ...] = ()
    left_out: int = 0

    @property
    def status(self) -> CalendarConnectionStatus:
        match self.problem:
            case None:
                return "connected"
            case CalendarsBlockedByAdmin():
                return "blocked"
            case _:
                return "needs_reconnect"

    def broke(self, problem: CalendarAccountProblem) -> "CalendarConnection":
        """The first problem stays: what fails afterwards follows from it."""
        return self if self.problem else msgspec.structs.replace(self, problem=problem)

    def wants_peace(self, until: datetime) -> "CalendarConnection":
        """Its provider has had enough requests; the latest of its wishes counts."""
        latest = max(until, self.left_alone_until or until)
        return msgspec.structs.replace(self, left_alone_until=latest)

    def is_left_alone(self, now: datetime) -> bool:
        return self.left_alone_until is not None and now < self.left_alone_until

    def was_reconnected(
        self, account: str, at: datetime, lacks: tuple[CalendarPermission, ...] = (), left_out: int = 0
    ) -> "CalendarConnection":
        """Its id stays, and with it whatever refers to its calendars."""
        return msgspec.structs.replace(
            self,
            account=account,
            connected_at=at,
            problem=None,
            left_alone_until=None,
            lacks=lacks,
            left_out=left_out,
        )


class Reading(msgspec.Struct, frozen=True):
    """A calendar's busy times in a span, all of them.

    Attributes:
        span: what was read; nothing is known beyond.
        unreadable: events, a series counted once, of which something couldn't be understood. Where that leaves it open
            when they take place, all the time that they could take is among the busy times; nothing is known of one
            without a start.
        name, timezone: what the calendar calls itself, and the IANA zone of its all-day events, where it says so.
        refresh_every: how often it changes at most, where it says so.
    """

    span: Slot
    times: tuple[BusyTime, ...]
    unreadable: int = 0
    name: str | None = None
    timezone: str | None = None
    refresh_every: timedelta | None = None


class Calendar(msgspec.Struct, frozen=True):
    """One calendar and the state of its last reading; its busy times are kept beside it.

    Attributes:
        remote_id: the provider's name for it; empty where a connection is one calendar.
        is_main: the one that a person means by "my calendar"; several where a server tells none apart.
        writable: entries can be written to it.
        rules_apply: False where the provider tells only that time is busy, and not by which kind of event.
        timezone: of its all-day events: its own, or else the host's.
        host_timezone: as it was at the last reading.
        read_at: when its last good reading was asked for, and `read_whole_at` when that wasn't merely found unchanged.
        read_until: the end of what is known by that.
        readable_until: until when that reading counts; None before the first.
        problem: why it can't be read since `failing_since`; `failures` counts the tries since then.
        host_notified: its host was told that it can't be read, which counts until it can.
        unreadable_events, refresh_every: of the last reading.
        is_doubted: the last reading had lost so much that it has to be repeated before it is believed.
        is_awaited: its host waits for a reading that is owed.
        revision: rises with each change of its busy times, or of which of them block; never one that it had before,
            be it under a connection that is gone.
    """

    id: CalendarId
    connection_id: CalendarConnectionId
    host_id: HostId
    kind: CalendarKind
    name: str
    timezone: str
    host_timezone: str
    remote_id: str = ""
    is_main: bool = True
    writable: bool = False
    rules_apply: bool = True
    rules: CalendarRules = CalendarRules()
    read_at: datetime | None = None
    read_whole_at: datetime | None = None
    read_until: datetime | None = None
    readable_until: datetime | None = None
    problem: CalendarProblem | None = None
    failing_since: datetime | None = None
    failures: int = 0
    host_notified: bool = False
    unreadable_events: int = 0
    refresh_every: timedelta | None = None
    is_doubted: bool = False
    is_awaited: bool = False
    revision: int = 1

    def state(self, now: datetime) -> CalendarState:
        """What the last reading is worth; a reading that nobody has repeated in time is worth nothing."""
        if self.readable_until is None or now >= self.readable_until:
            return "broken"
        return "fresh" if self.problem is None else "stale"

    def was_read(
        self, reading: Reading, known: tuple[BusyTime, ...], host_timezone: str, asked_at: datetime, grace: timedelta
    ) -> "Calendar":
        """Take a reading over.

        Args:
            known: the busy times by the reading before.
            asked_at: since when what is changed may be missing from it.
            grace: how long this one counts from then on.

        Returns:
            The calendar, or where more than half of more than ten times are gone, the same calendar in doubt.
        """
        if not self.is_doubted and _lost_much(known, reading.times, reading.span):
            return msgspec.structs.replace(self, is_doubted=True, is_awaited=False)
        has_changed = reading.times != known or reading.span.end != self.read_until
        return msgspec.structs.replace(
            self,
            timezone=reading.timezone or host_timezone,
            host_timezone=host_timezone,
            read_at=asked_at,
            read_whole_at=asked_at,
            read_until=reading.span.end,
            readable_until=asked_at + grace,
            problem=None,
            failing_since=None,
            failures=0,
            host_notified=False,
            unreadable_events=reading.unreadable,
            refresh_every=reading.refresh_every,
            is_doubted=False,
            is_awaited=False,
            revision=self.revision + has_changed,
        )

    def is_unchanged(self, asked_at: datetime, grace: timedelta) -> "Calendar":
        """The calendar is as it was read last."""
        return msgspec.structs.replace(
            self,
            read_at=asked_at,
            readable_until=asked_at + grace,
            problem=None,
            failing_since=None,
            failures=0,
            host_notified=False,
            is_awaited=False,
        )

    def is_to_be_read(self) -> "Calendar":
        """What kept it from being read is over, and nobody has asked since."""
        return msgspec.structs.replace(self, problem=None, failing_since=None, failures=0, is_awaited=True)

    def is_read_later(self) -> "Calendar":
        """Its host has asked for a reading, and it takes longer than they wait."""
        return msgspec.structs.replace(self, is_awaited=True)

    def could_not_be_read(self, problem: CalendarProblem, now: datetime) -> "Calendar":
        """Keep the last reading, and note why there is no newer one.

        Where the account lets us into none of its calendars nobody asks again, so the last reading counts no longer.
        """
        until = self.readable_until
        if until is not None and isinstance(problem, CalendarAccountProblem):
            until = min(until, now)
        return msgspec.structs.replace(
            self,
            problem=problem,
            failing_since=self.failing_since or now,
            failures=self.failures + 1,
            readable_until=until,
            is_awaited=False,
        )

    @property
    def needs_notice(self) -> bool:
        """Whether its host is to hear that it can't be read: one failure passes, unless only the host can mend it."""
        is_sure = self.failures >= _SURE or isinstance(self.problem, CalendarAccountProblem)
        return is_sure and not self.host_notified

    def follows(self, rules: CalendarRules) -> "Calendar":
        """Take its events in another way."""
        if rules == self.rules:
            return self
        return msgspec.structs.replace(self, rules=rules, revision=self.revision + 1)

    def blocked(self, times: tuple[BusyTime, ...]) -> list[Slot]:
        """The time that nobody can book, ascending, without overlaps; what isn't known is among it."""
        if self.read_until is None:
            return []
        return merged([*blocking(times, self.rules), Slot(self.read_until, _END_OF_TIME)])


def first_revision(connected_at: datetime) -> int:
    """What a calendar begins with: more than it can have reached if it was connected before."""
    return int(connected_at.timestamp() * 1000)


def _lost_much(known: tuple[BusyTime, ...], now_read: tuple[BusyTime, ...], span: Slot) -> bool:
    coming = sum(each.slot.overlaps(span) for each in known)
    return coming > _FEW and 2 * len(now_read) < coming
