"""Reading a feed: what is fetched, what is worked out anew, and what is no calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.ical_feed.reader import IcalFeedReader
from adapters.recurrence.working_out import LONGEST, WorkOut
from application.ports.calendar_reader import (
    NOTHING_SEEN,
    CalendarRead,
    CalendarUnchanged,
    CalendarUnreadable,
    FeedAddress,
    LastSeen,
    ReadingQuery,
)
from application.ports.safe_fetcher import Fetched, FetchFailed, NotModified, Validators
from domain.busy import BusyTime
from domain.calendar_problem import CalendarProblem, CalendarTooComplex, NotACalendar, ServerBusy, ServerTooSlow
from domain.slot import Slot

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SPAN = Slot(NOW, NOW + timedelta(days=31))
FEED = FeedAddress("https://calendar.example/secret.ics")
PATIENCE = timedelta(minutes=1)
TAG = Validators('"7"')
FILE = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:%s\r\nDTSTART:20261205\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
FIRST, RESTAMPED = FILE % b"20261101T000000Z", FILE % b"20261102T000000Z"


class Fetcher:
    """Answers with what it is given."""

    def __init__(self, *answers: Fetched | NotModified | FetchFailed) -> None:
        self.answers = list(answers)
        self.known: list[Validators] = []

    async def fetch(self, url: str, known: Validators = NOTHING_SEEN.validators, /) -> Fetched | NotModified:
        assert FEED.url == url
        self.known.append(known)
        answer = self.answers.pop(0)
        if isinstance(answer, FetchFailed):
            raise answer
        return answer


async def read(
    fetcher: Fetcher, seen: LastSeen = NOTHING_SEEN, work_out: WorkOut | None = None
) -> CalendarRead | CalendarUnchanged:
    query = ReadingQuery("", SPAN, "Europe/Berlin", seen=seen)
    return await IcalFeedReader(fetcher, work_out or WorkOut(patience=PATIENCE)).read(FEED, query)


async def test_a_feed_is_read_and_then_asked_whether_it_has_changed() -> None:
    fetcher = Fetcher(Fetched(FIRST, TAG), NotModified())

    first = await read(fetcher)
    assert isinstance(first, CalendarRead)
    again = await read(fetcher, first.seen)

    day = Slot.lasting(timedelta(days=1), datetime(2026, 12, 4, 23, tzinfo=UTC))
    assert (BusyTime(day, all_day=True),) == first.reading.times
    assert (CalendarUnchanged(first.seen), [NOTHING_SEEN.validators, TAG]) == (again, fetcher.known)


async def test_a_feed_that_stamps_its_events_anew_at_each_fetch_is_unchanged() -> None:
    fetcher = Fetcher(Fetched(FIRST), Fetched(RESTAMPED, TAG))

    first = await read(fetcher)
    assert isinstance(first, CalendarRead)
    again = await read(fetcher, first.seen)

    assert CalendarUnchanged(LastSeen(TAG, first.seen.digest)) == again


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Fetched(b""), NotACalendar()),
        (Fetched(b"<html>Sign in</html>"), NotACalendar()),
        (Fetched(FIRST[:-20]), NotACalendar()),
        (FetchFailed(ServerBusy()), ServerBusy()),
    ],
)
async def test_what_is_no_calendar_is_no_reading(answer: Fetched | FetchFailed, problem: CalendarProblem) -> None:
    with pytest.raises(CalendarUnreadable) as unreadable:
        await read(Fetcher(answer))

    assert problem == unreadable.value.problem


async def test_a_feed_that_takes_too_much_to_work_out_is_no_reading() -> None:
    with pytest.raises(CalendarUnreadable) as unreadable:
        await read(Fetcher(Fetched(FIRST)), work_out=WorkOut(memory=2**20))

    assert CalendarTooComplex() == unreadable.value.problem


async def test_a_feed_that_has_no_turn_in_time_is_no_reading() -> None:
    with pytest.raises(CalendarUnreadable) as unreadable:
        await read(Fetcher(Fetched(FIRST)), work_out=WorkOut(patience=-LONGEST))

    assert ServerTooSlow() == unreadable.value.problem


async def test_when_the_server_wants_to_be_asked_again_is_passed_on() -> None:
    with pytest.raises(CalendarUnreadable) as unreadable:
        await read(Fetcher(FetchFailed(ServerBusy(), NOW)))

    assert NOW == unreadable.value.not_before
