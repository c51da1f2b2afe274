"""The child process that works out when events take place."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from adapters.recurrence.working_out import LONGEST, NotACalendarFile, NoTurn, TooMuchWork, WorkOut
from domain.slot import Slot

# By the clock: on a busy machine a child waits long for its processor time.
PATIENCE = timedelta(minutes=1)
DECEMBER = Slot(datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def file_of(*events: str) -> bytes:
    wrapped = "".join(f"BEGIN:VEVENT\r\n{each}\r\nEND:VEVENT\r\n" for each in events)
    return f"BEGIN:VCALENDAR\r\n{wrapped}END:VCALENDAR\r\n".encode()


def a_bomb(number: int) -> str:
    return f"UID:{number}\r\nDTSTART:20200101T000000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY"


async def test_a_file_is_read_in_a_process_of_its_own() -> None:
    reading = await WorkOut(patience=PATIENCE)(file_of("UID:1\r\nDTSTART:20261205"), DECEMBER, "Europe/Berlin")

    [time] = reading.times
    assert (datetime(2026, 12, 4, 23, tzinfo=UTC), True) == (time.slot.start, time.all_day)


async def test_of_a_collection_each_file_is_read_and_what_is_no_calendar_is_counted_and_blocks() -> None:
    files = file_of("UID:1\r\nDTSTART:20261205"), b"<html>", file_of("UID:2\r\nDTSTART:20261206")

    reading = await WorkOut(patience=PATIENCE)(files, DECEMBER, "Europe/Berlin")

    assert ([1, 4, 5], 1) == ([each.slot.start.day for each in reading.times], reading.unreadable)


async def test_what_is_no_calendar_is_told_apart() -> None:
    with pytest.raises(NotACalendarFile):
        await WorkOut(patience=PATIENCE)(b"<html>", DECEMBER, "UTC")


EVERY_SECOND = ";".join(f"BY{unit}={','.join(map(str, range(n)))}" for unit, n in (("HOUR", 24), ("MINUTE", 60)))


@pytest.mark.parametrize(
    ("since", "rule"),
    [
        ("20200101T000000Z", "FREQ=SECONDLY"),
        ("00010101T000000Z", "FREQ=MINUTELY"),
        ("20200101T000000Z", f"FREQ=DAILY;{EVERY_SECOND};BYSECOND={','.join(map(str, range(60)))}"),
        ("20261205T100000Z", "FREQ=DAILY;INTERVAL=0"),
    ],
    ids=lambda each: each[:25],
)
async def test_a_bomb_takes_its_own_second_blocks_all_and_leaves_the_rest_of_the_file_readable(
    since: str, rule: str
) -> None:
    bomb = f"UID:1\r\nDTSTART:{since}\r\nDURATION:PT1H\r\nRRULE:{rule}"

    reading = await WorkOut(patience=PATIENCE)(file_of(bomb, "UID:2\r\nDTSTART:20261206"), DECEMBER, "UTC")

    said = Slot.lasting(timedelta(hours=1), datetime(2026, 12, 5, 10, tzinfo=UTC))
    assert (1, 2) == (reading.unreadable, len(reading.times))
    assert any(each.slot.overlaps(said) for each in reading.times)


async def test_many_bombs_end_with_the_processor_time_for_the_whole_file() -> None:
    with pytest.raises(TooMuchWork):
        await WorkOut(timedelta(seconds=1), patience=PATIENCE)(file_of(*map(a_bomb, range(20))), DECEMBER, "UTC")


async def test_a_file_is_not_blamed_for_time_that_it_has_not_had() -> None:
    work_out = WorkOut(patience=timedelta(milliseconds=50) - LONGEST)
    file = file_of(a_bomb(1))

    # The child of the first is hardly there by then, and the second waits for its turn.
    answers = await asyncio.gather(*(work_out(file, DECEMBER, "UTC") for _ in range(2)), return_exceptions=True)

    assert [NoTurn, NoTurn] == [type(each) for each in answers]


async def test_many_times_come_in_pieces_and_in_order() -> None:
    hourly = "UID:1\r\nDTSTART:20261201T000000Z\r\nDURATION:PT1M\r\nRRULE:FREQ=HOURLY;COUNT=700"

    reading = await WorkOut(patience=PATIENCE)(file_of(hourly), DECEMBER, "UTC")

    assert [DECEMBER.start + n * timedelta(hours=1) for n in range(700)] == [each.slot.start for each in reading.times]


async def test_a_file_that_wants_more_memory_than_there_is_ends_the_child_alone() -> None:
    with pytest.raises(TooMuchWork):
        await WorkOut(memory=150 * 2**20, patience=PATIENCE)(
            file_of(f"UID:1\r\nSUMMARY:{'x' * 2**26}"), DECEMBER, "UTC"
        )
