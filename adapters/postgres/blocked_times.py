"""The blocked times of calendars, kept in the process by their revision."""

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from adapters.postgres.pool import Pool
from domain.busy import merged
from domain.ids import CalendarId
from domain.slot import Slot

_MOST_SLOTS: Final = 300_000
"""Some 60 MB."""

_MOST_UNIONS: Final = 1_000

_start, _end = attrgetter("start"), attrgetter("end")


_Union = tuple[tuple[tuple[CalendarId, int | None], ...], Slot]
"""Calendars with their revisions, and a span."""


class BlockedInSpan(NamedTuple):
    """What calendars block in a span: each by itself, and all together, ascending and without overlaps."""

    by_calendar: dict[CalendarId, tuple[Slot, ...]]
    together: tuple[Slot, ...]


class BlockedTimes:
    """Decoding a calendar of 300 events costs as much as reading a whole offer, and calendars change seldom."""

    def __init__(self, pool: Pool, most_slots: int = _MOST_SLOTS) -> None:
        self._pool = pool
        self._most_slots = most_slots
        self._kept: OrderedDict[CalendarId, tuple[int, tuple[Slot, ...]]] = OrderedDict()
        self._slots = 0
        self._unions: OrderedDict[_Union, tuple[Slot, ...]] = OrderedDict()

    async def of(self, revisions: Mapping[CalendarId, int | None], within: Slot) -> BlockedInSpan:
        """What calendars block, as far as it touches a span; nothing for one that is gone.

        Args:
            revisions: the stored ones; None where there is no such calendar.
        """
        found = {each: self._known(each, revision) for each, revision in revisions.items() if revision is not None}
        # What was found is held here: making room for a calendar, or another request meanwhile, may drop any of them.
        missing = [each for each, slots in found.items() if slots is None]
        if missing:
            sql = "select id, revision, blocked_from, blocked_until from calendars where id = any($1::text[])"
            for row in await self._pool.fetch(sql, missing):
                found[row["id"]] = slots = slots_of(row["blocked_from"], row["blocked_until"])
                self._keep(row["id"], row["revision"], slots)
        by_calendar = {each: _touching(found.get(each) or (), within) for each in revisions}
        return BlockedInSpan(by_calendar, self._union(by_calendar, (tuple(revisions.items()), within)))

    def _known(self, calendar_id: CalendarId, revision: int) -> tuple[Slot, ...] | None:
        kept = self._kept.get(calendar_id)
        if kept is None or kept[0] != revision:
            return None
        self._kept.move_to_end(calendar_id)
        return kept[1]

    def _union(self, by_calendar: dict[CalendarId, tuple[Slot, ...]], key: _Union) -> tuple[Slot, ...]:
        """Guests ask for the same months again and again, and a union takes longer than all else of an offer."""
        blocking = [each for each in by_calendar.values() if each]
        if len(blocking) <= 1:
            return blocking[0] if blocking else ()
        known = self._unions.pop(key, None)
        self._unions[key] = union = tuple(merged(chain(*blocking))) if known is None else known
        if len(self._unions) > _MOST_UNIONS:
            self._unions.popitem(last=False)
        return union

    def _keep(self, calendar_id: CalendarId, revision: int, slots: tuple[Slot, ...]) -> None:
        _, before = self._kept.pop(calendar_id, (0, ()))
        self._kept[calendar_id] = revision, slots
        self._slots += len(slots) - len(before)
        while self._slots > self._most_slots and len(self._kept) > 1:
            _, (_, dropped) = self._kept.popitem(last=False)
            self._slots -= len(dropped)


def _touching(slots: tuple[Slot, ...], within: Slot) -> tuple[Slot, ...]:
    return slots[bisect_right(slots, within.start, key=_end) : bisect_left(slots, within.end, key=_start)]


def slots_of(starts: list[float], ends: list[float]) -> tuple[Slot, ...]:
    """Slots from seconds since 1970."""
    return tuple(
        Slot(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
        for start, end in zip(starts, ends, strict=True)
    )
