"""The blocked times of calendars, kept in the process by their revision."""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from adapters.postgres.pool import Pool
from application.lru_cache import LruCache
from domain.busy import merged
from domain.ids import CalendarId
from domain.slot import Slot

_MOST_SLOTS: Final = 300_000
"""Some 60 MB."""

_MOST_IN_SPANS: Final = 300_000
"""Mostly the same slots once more, so that they take little beside those."""

# Whoever asks chooses the span: each key takes as much memory as so many slots.
_OF_KEY: Final = 4
_OF_CALENDAR: Final = 2

_start, _end = attrgetter("start"), attrgetter("end")

Revisions = tuple[tuple[CalendarId, int], ...]


class BlockedInSpan(NamedTuple):
    """What calendars block in a span: each by itself, and all together, ascending and without overlaps."""

    by_calendar: tuple[tuple[Slot, ...], ...]
    together: tuple[Slot, ...]


class BlockedTimes:
    """Decoding a calendar of 300 events costs as much as reading a whole offer, and calendars change seldom."""

    def __init__(self, pool: Pool, most_slots: int = _MOST_SLOTS) -> None:
        self._pool = pool
        self._calendars = LruCache[CalendarId, tuple[int, tuple[Slot, ...]]](most_slots)
        self._spans = LruCache[tuple[Revisions, Slot], BlockedInSpan](_MOST_IN_SPANS)

    async def of(self, revisions: Revisions, within: Slot) -> BlockedInSpan:
        """What calendars block, in their order, as far as it touches a span; nothing for one that is gone."""
        known = self._spans.get((revisions, within))
        if known is not None:
            return known
        slots = await self._slots(revisions)
        by_calendar = tuple(_touching(slots.get(each, ()), within) for each, _ in revisions)
        found = BlockedInSpan(by_calendar, tuple(merged(chain(*by_calendar))))
        size = _OF_KEY + _OF_CALENDAR * len(revisions) + sum(map(len, by_calendar)) + len(found.together)
        self._spans.put((revisions, within), found, size)
        return found

    async def _slots(self, revisions: Revisions) -> dict[CalendarId, tuple[Slot, ...]]:
        # Held here: making room for a calendar, or another request meanwhile, may drop any of them.
        found: dict[CalendarId, tuple[Slot, ...]] = {}
        missing: list[CalendarId] = []
        for each, revision in revisions:
            kept = self._calendars.get(each)
            if kept is not None and kept[0] == revision:
                found[each] = kept[1]
            else:
                missing.append(each)
        if missing:
            sql = "select id, revision, blocked_from, blocked_until from calendars where id = any($1::text[])"
            for row in await self._pool.fetch(sql, missing):
                found[row["id"]] = slots = slots_of(row["blocked_from"], row["blocked_until"])
                self._calendars.put(row["id"], (row["revision"], slots), 1 + len(slots))
        return found


def _touching(slots: tuple[Slot, ...], within: Slot) -> tuple[Slot, ...]:
    return slots[bisect_right(slots, within.start, key=_end) : bisect_left(slots, within.end, key=_start)]


def slots_of(starts: list[float], ends: list[float]) -> tuple[Slot, ...]:
    """Slots from seconds since 1970."""
    return tuple(
        Slot(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
        for start, end in zip(starts, ends, strict=True)
    )
