"""Blocked times kept in the process: whatever is dropped to make room, nothing that is asked for becomes free."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from adapters.postgres.blocked_times import BlockedTimes
from adapters.postgres.pool import Pool
from domain.ids import CalendarId
from domain.slot import Slot

DAY = timedelta(days=1)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
MONTH = Slot.lasting(31 * DAY, NOW)
A, B, C = (CalendarId(name) for name in "abc")


class Stored:
    """A table of calendars with two busy days each; reading it takes a moment."""

    def __init__(self) -> None:
        self.read: list[list[str]] = []

    async def fetch(self, _sql: str, ids: list[str]) -> list[dict[str, Any]]:
        self.read.append(ids)
        await asyncio.sleep(0)
        days = [NOW.timestamp(), (NOW + 2 * DAY).timestamp()]
        ends = [each + DAY.total_seconds() for each in days]
        return [{"id": each, "revision": 1, "blocked_from": days, "blocked_until": ends} for each in ids if each != C]


def blocked_times(most_slots: int) -> tuple[BlockedTimes, Stored]:
    stored = Stored()
    return BlockedTimes(cast("Pool", stored), most_slots), stored


async def test_a_calendar_that_is_dropped_for_another_of_the_same_page_blocks_all_the_same() -> None:
    times, _ = blocked_times(most_slots=3)
    await times.of(((B, 1),), MONTH)

    found, together = await times.of(((B, 1), (A, 1)), MONTH)

    assert [2, 2] == list(map(len, found))
    assert found[1] == together


async def test_a_calendar_that_another_request_drops_meanwhile_blocks_all_the_same() -> None:
    times, _ = blocked_times(most_slots=2)
    await times.of(((B, 1),), MONTH)

    (both, _), (other, _) = await asyncio.gather(times.of(((B, 1), (A, 1)), MONTH), times.of(((A, 1),), MONTH))

    assert [2, 2, 2] == list(map(len, (*both, *other)))


async def test_a_calendar_is_read_again_only_after_it_has_changed() -> None:
    times, stored = blocked_times(most_slots=100)
    for revision in (1, 1, 2):
        await times.of(((A, revision),), MONTH)

    assert [[A], [A]] == stored.read


async def test_a_calendar_that_is_gone_meanwhile_blocks_nothing() -> None:
    times, _ = blocked_times(most_slots=100)

    assert (((),), ()) == await times.of(((C, 1),), MONTH)
