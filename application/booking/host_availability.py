"""The availability of a host's pages: the one source for offering, opening, booking, moving, and saying why not."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UnsetType

from application.booking.kept_starts import KeptStarts
from application.booking.offering import FURTHEST, around, only, to_look_through
from application.ports.clock import Clock
from application.ports.offers import CalendarTimes, Offer, Offers
from application.ports.public_holidays import PublicHolidays
from domain.availability import HORIZON_DAYS, BookingRules
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.connection import statuses
from domain.errors import CalendarsUnreadable, WhyTaken
from domain.ids import CalendarId, EventTypeId, HostId, PageId
from domain.meeting_type import offered
from domain.open_slots import full_days, nearest, open_slots, still_open
from domain.provider import Provider
from domain.public_holidays import HolidayCalendar
from domain.slot import Slot
from domain.why_not import (
    AddressUnconfirmed,
    BeyondHorizon,
    CalendarBusy,
    CalendarNotRead,
    NoMeetingType,
    PageTurnedOff,
    Reason,
    TimePast,
    why_not,
)
from domain.windows import HOURS_AFTER, HOURS_BEFORE
from domain.working_hours import WorkingHours

RETRY_UNREADABLE_AFTER = timedelta(minutes=1)


class CalendarAnswers(msgspec.Struct, frozen=True):
    """What calendars said when they were asked for a meeting's time.

    Attributes:
        blocked: by those that answered, what of that time nobody can book.
        closed: those whose account turned out to let nobody in.
    """

    blocked: dict[CalendarId, tuple[Slot, ...]] = {}
    closed: frozenset[CalendarId] = frozenset()


NOBODY_ASKED = CalendarAnswers()


@dataclass(frozen=True)
class Openings:
    """The times of an event type as they were at `now`, for the span that was read.

    Attributes:
        duration, rules: of the meeting that is to take place, which for a booking that moves are its own.
        holidays: the public holidays that are days off, in the span that was read.
        answers: of calendars that were asked for the time of one start, which is what `is_free` is asked for then.
    """

    offer: Offer
    duration: timedelta
    rules: BookingRules
    now: datetime
    kept: KeptStarts
    holidays: frozenset[date] = frozenset()
    answers: CalendarAnswers = NOBODY_ASKED

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.offer.host.timezone)

    @property
    def hours(self) -> WorkingHours:
        return self.offer.page.working_hours(self.offer.host, self.holidays)

    @property
    def unreadable(self) -> tuple[CalendarId, ...]:
        """The calendars that keep the page from offering anything until they can be read."""
        policy = self.offer.page.calendars
        return tuple(
            each.id for each in self.offer.calendars if policy.are_closed_by(self._readable_until(each), self.now)
        )

    def check_readable(self) -> None:
        """Raises CalendarsUnreadable where it isn't known whether the host is free."""
        if not self._is_known:
            raise CalendarsUnreadable(RETRY_UNREADABLE_AFTER)

    def occupied(self, start: datetime) -> Slot:
        """The time of the meeting with its buffers."""
        return Slot.lasting(self.duration, start).padded(self.rules.buffer_before, self.rules.buffer_after)

    def after(self, answers: CalendarAnswers) -> "Openings":
        """The same with what calendars have answered."""
        return replace(self, answers=answers)

    def free_starts(self, within: Slot) -> list[datetime]:
        """Every start in `within` that can be booked; none while a calendar can't be read."""
        if self.unreadable:
            return []
        answered = [slot for each in self.answers.blocked.values() for slot in each]
        return still_open(
            self.kept.within(self.offer, self.hours, self.rules, self.duration, within),
            rules=self.rules,
            zone=self.zone,
            duration=self.duration,
            now=self.now,
            busy=sorted([*self.offer.busy, *answered]) if answered else self.offer.busy,
            page_starts=self.offer.page_starts,
        )

    def is_free(self, start: datetime) -> bool:
        return self._is_known and self.is_clear(start)

    def is_clear(self, start: datetime) -> bool:
        """Whether nothing that is known is in the way of the start, however old that is."""
        return self._leaves(start, self._busy, self.offer.page_starts)

    def is_busy_elsewhere(self, start: datetime) -> bool:
        """Whether a calendar is in the way of the start."""
        occupied = self.occupied(start)
        return any(each.overlaps(occupied) for each in self._busy_elsewhere)

    def is_offered(self, start: datetime) -> bool:
        """Whether the page offers the start, other bookings and calendars left aside."""
        return self._leaves(start, (), ())

    def why_taken(self, start: datetime) -> WhyTaken:
        """What keeps a start that the page offers from being free."""
        day = start.astimezone(self.zone).date()
        return "daily-cap" if day in full_days(self.offer.page_starts, self.rules.daily_cap, self.zone) else "busy"

    def alternatives(self, wanted: datetime) -> list[datetime]:
        """Up to three nearest free starts, where the span `to_look_through(wanted)` was read."""
        if self.unreadable:
            return []
        starts = open_slots(
            hours=self.hours,
            rules=self.rules,
            zone=self.zone,
            duration=self.duration,
            within=to_look_through(wanted),
            now=self.now,
            busy=self._busy,
            page_starts=self.offer.page_starts,
        )
        return nearest(starts, wanted)

    @property
    def _busy(self) -> list[Slot]:
        return [*self.offer.busy, *self._busy_elsewhere]

    @property
    def _busy_elsewhere(self) -> list[Slot]:
        return [
            *self.offer.blocked,
            *(slot for each in self.answers.blocked.values() for slot in each),
        ]

    @property
    def _is_known(self) -> bool:
        return all(each in self.answers.blocked for each in self.unreadable)

    def _readable_until(self, calendar: CalendarTimes) -> datetime | None:
        is_closed = calendar.id in self.answers.closed and calendar.readable_until is not None
        return self.now if is_closed else calendar.readable_until

    def _leaves(self, start: datetime, busy: Sequence[Slot], page_starts: Sequence[datetime]) -> bool:
        """Whether the hours have the start, and neither the rules nor what is busy are in its way."""
        starts = self.kept.on_day_of(start, self.hours, self.rules, self.duration)
        at = bisect_left(starts, start)
        return starts[at : at + 1] == [start] and bool(
            still_open(
                [start],
                rules=self.rules,
                zone=self.zone,
                duration=self.duration,
                now=self.now,
                busy=sorted(busy, key=attrgetter("start")),
                page_starts=page_starts,
            )
        )


@dataclass(frozen=True)
class HostAvailability:
    """Read what a host's hours, rules, bookings and calendars leave free."""

    offers: Offers
    configured: frozenset[Provider]
    public_holidays: PublicHolidays
    clock: Clock
    kept: KeptStarts = field(default_factory=KeptStarts)

    async def of_event_type(self, handle: str, page: str, event_type: str | None, within: Slot) -> Openings | None:
        """Read the starts in `within` of an event type at its address, or with None of its page's only one."""
        offer = await self.offers.offer(handle, page, event_type, around(within), self.clock())
        return None if offer is None else await self._openings(offer, within)

    async def last_of_event_type(self, handle: str, page: str, event_type: str, within: Slot) -> Openings | None:
        """Give the openings of an event type as they were read last, as if nothing were booked; they may be old."""
        offer = self.offers.last_offer(handle, page, event_type)
        return None if offer is None else await self._openings(offer, within)

    async def of_ids(
        self, host_id: HostId, page_id: PageId, event_type_id: EventTypeId, within: Slot
    ) -> Openings | None:
        """Read the starts in `within` of an event type by its ids, wherever it is by now."""
        offer = await self.offers.offer_of(host_id, page_id, event_type_id, around(within), None, self.clock())
        return None if offer is None else await self._openings(offer, within)

    async def to_move(self, booking: Booking, within: Slot) -> Openings | None:
        """Read the starts in `within` to which a booking can be moved; None once its event type is gone.

        Its own time is no obstacle, and its own length and buffers count.
        """
        offer = await self.offers.offer_of(
            booking.host_id, booking.page_id, booking.event_type_id, around(within), booking.id, self.clock()
        )
        return None if offer is None else await self._openings(offer, within, booking)

    async def why_not(
        self,
        host_id: HostId,
        page_id: PageId,
        event_type_id: EventTypeId,
        start: datetime,
        draft: BookingPage | None = None,
    ) -> tuple[Reason, ...] | None:
        """Read every reason why an event type isn't offered at a time; none where it is.

        Args:
            start: any instant in UTC.
            draft: the page as it would be.

        Returns:
            None where the host has no such event type.
        """
        now = self.clock()
        near = start if abs(start - now) <= FURTHEST else now
        offer = await self.offers.offer_of(host_id, page_id, event_type_id, around(only(near)), None, now)
        page = offer.page if draft is None and offer else draft
        event_type = page.event_type_of(event_type_id) if page else None
        if offer is None or page is None or event_type is None:
            return None
        page_starts = offer.page_starts
        if page.rules.daily_cap is not None and offer.page.rules.daily_cap is None:
            # Without a cap on the stored page they aren't read.
            bookings = await self.offers.occupying(host_id, around(only(near)), now)
            page_starts = [each.slot.start for each in bookings if each.page_id == page_id]
        openings = await self._openings(
            msgspec.structs.replace(offer, page=page, event_type=event_type, page_starts=page_starts), only(near)
        )
        unusable = not offered(page.meeting_types_of(event_type), statuses(self.configured, offer.connections))
        return (
            *(await self._reasons(openings, start) if near == start else _far_off(openings, start)),
            *([] if page.active else [PageTurnedOff()]),
            *([] if offer.confirmed else [AddressUnconfirmed()]),
            *([NoMeetingType()] if unusable else []),
        )

    async def _openings(self, offer: Offer, within: Slot, moving: Booking | None = None) -> Openings:
        now, calendar = self.clock(), offer.page.hours.public_holidays
        holidays = frozenset[date]() if isinstance(calendar, UnsetType) else await self._off(calendar, within, now)
        if moving is None:
            return Openings(offer, offer.event_type.duration, offer.page.rules, now, self.kept, holidays)
        rules = msgspec.structs.replace(
            offer.page.rules, buffer_before=moving.buffer_before, buffer_after=moving.buffer_after
        )
        return Openings(offer, moving.slot.duration, rules, now, self.kept, holidays)

    async def _off(self, calendar: HolidayCalendar, within: Slot, now: datetime) -> frozenset[date]:
        """The public holidays that can matter for the starts in a span."""
        # Nothing is offered in any other year.
        years = range(now.year - 1, (now + timedelta(days=HORIZON_DAYS.most)).year + 2)
        first, last = (within.start - HOURS_BEFORE).year, (within.end + HOURS_AFTER).year
        asked = [year for year in range(first, last + 1) if year in years]
        return frozenset([day for year in asked for day in await self.public_holidays.of_year(calendar, year, None)])

    async def _reasons(self, openings: Openings, start: datetime) -> tuple[Reason, ...]:
        rules, occupied = openings.rules, openings.occupied(start)
        against_it = why_not(
            start,
            hours=openings.hours,
            rules=rules,
            zone=openings.zone,
            duration=openings.duration,
            now=openings.now,
            bookings=await self.offers.occupying(openings.offer.host.id, occupied, openings.now),
            page_starts=openings.offer.page_starts,
        )
        busy = (each.id for each in openings.offer.calendars if any(slot.overlaps(occupied) for slot in each.blocked))
        unreadable = openings.unreadable
        return (
            *against_it,
            *(CalendarBusy(each) for each in busy if each not in unreadable),
            *map(CalendarNotRead, unreadable),
        )


def _far_off(openings: Openings, start: datetime) -> tuple[Reason, ...]:
    """The reason against an instant at the edge of time, which can't even be padded."""
    if start < openings.now:
        return (TimePast(),)
    today = openings.now.astimezone(openings.zone).date()
    return (BeyondHorizon(today + timedelta(days=openings.rules.horizon_days)),)
