"""The starts that a page's hours and calendars leave, kept in the process."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final

from application.lru_cache import LruCache
from application.ports.offers import Offer
from domain.availability import BookingRules
from domain.ids import CalendarId
from domain.open_slots import starts_within
from domain.slot import Slot
from domain.working_hours import WorkingHours

_MOST_STARTS: Final = 300_000
"""Some 20 MB."""

# Whoever asks chooses the span, and a host the hours: each key takes as much memory as so many starts.
_OF_KEY: Final = 64
_OF_OVERRIDE: Final = 6
_OF_CALENDAR: Final = 3

_Key = tuple[WorkingHours, BookingRules, timedelta, Slot, tuple[tuple[CalendarId, int | None], ...]]
"""All that decides: the hours, the rules, the meeting's length, the span, and calendars' revisions."""


class KeptStarts:
    """Guests ask for the same months again and again; without this, two calendars take as long as half an offer."""

    def __init__(self, most_starts: int = _MOST_STARTS) -> None:
        self._kept = LruCache[_Key, Sequence[datetime]](most_starts)

    def on_day_of(
        self, start: datetime, hours: WorkingHours, rules: BookingRules, duration: timedelta
    ) -> Sequence[datetime]:
        """The starts on the start's day in UTC that the hours have, whatever calendars say; not to be changed."""
        day = datetime.combine(start.astimezone(UTC), time(), UTC)
        return self._within(hours, rules, duration, Slot(day, day + timedelta(days=1)), (), ())

    def within(
        self, offer: Offer, hours: WorkingHours, rules: BookingRules, duration: timedelta, within: Slot
    ) -> Sequence[datetime]:
        """The starts in a span that was read, by `starts_within`; they aren't to be changed."""
        revisions = tuple([(each.id, each.revision) for each in offer.calendars])
        return self._within(hours, rules, duration, within, revisions, offer.blocked)

    def _within(
        self,
        hours: WorkingHours,
        rules: BookingRules,
        duration: timedelta,
        within: Slot,
        revisions: tuple[tuple[CalendarId, int | None], ...],
        blocked: Sequence[Slot],
    ) -> Sequence[datetime]:
        key = (hours, rules, duration, within, revisions)
        starts = self._kept.get(key)
        if starts is None:
            starts = starts_within(hours=hours, rules=rules, duration=duration, within=within, blocked=blocked)
            self._kept.put(key, starts, _size_of_key(hours, revisions) + len(starts))
        return starts


def _size_of_key(hours: WorkingHours, revisions: Sequence[object]) -> int:
    return _OF_KEY + _OF_OVERRIDE * len(hours.availability.overrides) + _OF_CALENDAR * len(revisions)
