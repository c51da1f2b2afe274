"""Reading calendars that are kept elsewhere: what every reader promises."""

from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from application.ports.calendar_reader import (
    NOTHING_SEEN,
    CalendarAccess,
    CalendarRead,
    CalendarUnchanged,
    CalendarUnreadable,
    LastSeen,
    ReadingQuery,
)
from domain.busy import BusyTime, Mark
from domain.calendar_problem import CalendarAccountProblem
from domain.slot import Slot
from tests.support.asking import asked
from tests.support.calendar_events import DAY, HOUR, ZONE, Event, Place
from tests.support.calendar_places import PLACES, place_named

SPAN = Slot(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC))
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(params=PLACES)
async def place(request: pytest.FixtureRequest) -> AsyncGenerator[Place]:
    async with place_named(request.param, request) as place:
        yield place


def at(day: int, hour: int = 10, month: int = 3, zone: ZoneInfo | None = None) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=zone or UTC)


def a_query(place: Place, span: Slot = SPAN, seen: LastSeen = NOTHING_SEEN) -> ReadingQuery:
    return ReadingQuery(place.remote_id, span, "Europe/Berlin", frozenset({place.owner}), seen)


async def the_reading(place: Place, seen: LastSeen = NOTHING_SEEN, span: Slot = SPAN) -> CalendarRead:
    found = await place.reader.read(place.access, a_query(place, span, seen))
    assert isinstance(found, CalendarRead)
    return found


async def times(place: Place, span: Slot = SPAN) -> list[BusyTime]:
    """The times that count, in order; those that are free may be left out by a reader."""
    found = (await the_reading(place, span=span)).reading.times
    return sorted((each for each in found if each.mark != "free"), key=lambda each: each.slot)


async def starts(place: Place) -> list[datetime]:
    return [each.slot.start for each in await times(place)]


def a_time(start: datetime, length: timedelta = HOUR, mark: Mark = "busy", *, all_day: bool = False) -> BusyTime:
    return BusyTime(Slot.lasting(length, start), mark, all_day)


async def why_unreadable(place: Place, access: CalendarAccess | None = None) -> CalendarUnreadable:
    with pytest.raises(CalendarUnreadable) as raised:
        await place.reader.read(access or place.access, a_query(place))
    return raised.value


async def test_a_calendar_without_events_is_read_as_empty(place: Place) -> None:
    assert (SPAN, ()) == ((await the_reading(place)).reading.span, (await the_reading(place)).reading.times)


async def test_what_lies_in_the_span_or_reaches_into_it_is_told_whole(place: Place) -> None:
    await place.put(
        Event(uid="inside", start=at(2)),
        Event(uid="across-the-start", start=SPAN.start - HOUR, length=2 * HOUR),
        Event(uid="across-the-end", start=SPAN.end - HOUR, length=2 * HOUR),
        Event(uid="before", start=SPAN.start - HOUR),
        Event(uid="after", start=SPAN.end),
    )

    assert [a_time(SPAN.start - HOUR, 2 * HOUR), a_time(at(2)), a_time(SPAN.end - HOUR, 2 * HOUR)] == await times(place)


async def test_events_say_what_they_make_of_the_owners_time(place: Place) -> None:
    marks: list[Mark] = ["busy", "tentative", "unanswered", "free"]
    await place.put(
        *(Event(uid=mark, start=at(3, 8 + n), mark=mark) for n, mark in enumerate(marks)),
        Event(uid="cancelled", start=at(3, 20), mark="cancelled"),
        Event(uid="declined", start=at(3, 21), mark="declined"),
    )

    assert [a_time(at(3, 8 + n), mark=mark) for n, mark in enumerate(marks[:3])] == await times(place)


async def test_a_series_keeps_its_local_time_and_follows_its_exceptions(place: Place) -> None:
    await place.put(
        Event(start=at(1, 9, zone=NEW_YORK), weeks=5, moved={1: at(9, 15, zone=NEW_YORK)}, dropped=frozenset({3}))
    )

    # New York's summer begins on the 14th.
    assert [at(1, 14), at(9, 20), at(15, 13), at(29, 13)] == await starts(place)


async def test_a_series_that_began_before_the_span_goes_on_in_it(place: Place) -> None:
    await place.put(Event(start=datetime(2026, 12, 7, 9, tzinfo=UTC), weeks=14))

    assert [at(1, 9), at(8, 9)] == await starts(place)


async def test_an_exception_is_where_it_was_moved_to(place: Place) -> None:
    await place.put(
        Event(uid="into-the-span", start=at(1, month=2), weeks=3, moved={1: at(10)}),
        Event(uid="out-of-the-span", start=at(24), weeks=2, moved={0: at(24, month=2)}),
    )

    assert [at(10), at(31)] == await starts(place)


async def test_days_are_those_of_the_calendars_own_zone(place: Place) -> None:
    await place.put(Event(start=date(2027, 3, 5), length=DAY))

    # Tokyo is nine hours ahead.
    assert [a_time(at(4, 15), DAY, all_day=True)] == await times(place)
    assert (await the_reading(place)).reading.timezone in {None, ZONE}


async def test_times_without_a_zone_are_read_in_the_calendars_own(place: Place) -> None:
    if not place.knows_floating:
        return
    await place.put(Event(start=datetime(2027, 3, 5, 10)))  # noqa: DTZ001 - floating

    assert [at(5, 1)] == await starts(place)


async def test_what_was_read_is_unchanged_until_something_changes(place: Place) -> None:
    await place.put(Event(uid="stays", start=at(2)), Event(uid="goes", start=at(3)))
    first = await the_reading(place)
    again = await place.reader.read(place.access, a_query(place, seen=first.seen))

    await place.put(Event(uid="stays", start=at(4)))
    after_moving = await the_reading(place, first.seen)
    await place.delete("goes")
    after_deleting = await the_reading(place, after_moving.seen)

    assert isinstance(again, CalendarUnchanged) is place.tells_unchanged
    assert [at(3), at(4)] == [each.slot.start for each in after_moving.reading.times]
    assert [at(4)] == [each.slot.start for each in after_deleting.reading.times]


async def test_a_calendar_that_is_gone_is_not_an_empty_one(place: Place) -> None:
    await place.put(Event(start=at(2)))
    seen = (await the_reading(place)).seen
    await place.remove()

    assert place.problem_when_gone == (await why_unreadable(place)).problem
    with pytest.raises(CalendarUnreadable):
        await place.reader.read(place.access, a_query(place, seen=seen))


async def test_who_does_not_get_in_hears_that_it_is_the_account(place: Place) -> None:
    if place.refused is None:
        return

    assert isinstance((await why_unreadable(place, place.refused)).problem, CalendarAccountProblem)
    with pytest.raises(CalendarUnreadable):
        await place.reader.calendars(place.refused)


async def test_an_account_lists_its_calendars(place: Place) -> None:
    [found] = [each for each in await place.reader.calendars(place.access) if each.id == place.remote_id]

    assert found.is_main
    assert found.timezone in {None, ZONE}


async def test_at_submit_each_calendar_answers_what_it_was_asked(place: Place) -> None:
    if place.asker is None:
        return
    await place.put(
        Event(start=at(2)),
        Event(uid="series", start=at(1, 14, month=2), weeks=5),
        Event(uid="day", start=date(2027, 3, 5), length=DAY),
    )
    starts = (at(2, 9), at(2), at(1, 14), at(4, 14), at(4, 15))
    queries = [a_query(place, Slot.lasting(HOUR, start)) for start in starts]

    answers = await asked(place.asker, place.access, [msgspec.structs.replace(each, timezone=ZONE) for each in queries])

    day = a_time(at(4, 15), DAY, all_day=True)
    assert [(), (a_time(at(2)),), (a_time(at(1, 14)),), (), (day,)] == answers


async def test_at_submit_a_calendar_that_is_gone_is_told_apart_from_a_free_one(place: Place) -> None:
    if place.asker is None:
        return
    await place.remove()

    [answer] = await asked(place.asker, place.access, [a_query(place, Slot.lasting(HOUR, at(2)))])

    assert isinstance(answer, CalendarUnreadable)
    assert place.problem_when_gone == answer.problem
