"""What events of Graph say about their owner's time, odd ones too."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from adapters.microsoft.busy_events import reading_of, slot_of
from adapters.microsoft.calendar_wire import ViewedEvent
from domain.busy import BusyTime
from domain.calendar import Reading
from domain.ids import BookingId
from domain.invitation_uid import invitation_uid
from domain.slot import Slot
from tests.support.microsoft_calendars import AN_HOUR, AT_TWO, SPAN

AN_EVENT: dict[str, Any] = {
    "start": {"dateTime": "2026-12-01T14:00:00.0000000", "timeZone": "UTC"},
    "end": {"dateTime": "2026-12-01T15:00:00.0000000", "timeZone": "UTC"},
    "isAllDay": False,
    "showAs": "busy",
    "responseStatus": {"response": "organizer"},
    "isCancelled": False,
    "originalStartTimeZone": "W. Europe Standard Time",
}
CUSTOM = "tzone://Microsoft/Custom"


def read(zone: str = "Europe/Berlin", /, **changes: Any) -> Reading:
    event = msgspec.convert({**AN_EVENT, **changes}, ViewedEvent)
    return reading_of([event], SPAN, zone)


def slot(reading: Reading) -> Slot:
    [time] = reading.times
    return time.slot


def time(wall_clock: str, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": wall_clock, "timeZone": zone}


@pytest.mark.parametrize(
    ("show_as", "response", "mark"),
    [
        ("busy", "organizer", "busy"),
        ("busy", "accepted", "busy"),
        ("busy", "none", "busy"),
        ("busy", None, "busy"),
        ("unknown", "organizer", "busy"),
        (None, "organizer", "busy"),
        ("a-new-word", "a-new-word", "busy"),
        ("free", "organizer", "free"),
        ("free", "notResponded", "free"),
        ("tentative", "organizer", "tentative"),
        ("tentative", "tentativelyAccepted", "tentative"),
        ("busy", "tentativelyAccepted", "tentative"),
        ("tentative", "notResponded", "unanswered"),
        ("busy", "notResponded", "unanswered"),
        ("oof", "organizer", "out_of_office"),
        ("oof", "notResponded", "out_of_office"),
        ("workingElsewhere", "organizer", "working_elsewhere"),
        ("busy", "declined", None),
        ("oof", "declined", None),
    ],
)
def test_an_event_has_one_mark_by_how_it_is_shown_and_what_its_owner_answered(
    show_as: str | None, response: str | None, mark: str | None
) -> None:
    found = read(showAs=show_as, responseStatus=response and {"response": response})

    assert ([] if mark is None else [mark]) == [each.mark for each in found.times]
    assert 0 == found.unreadable


def test_a_cancelled_event_says_nothing() -> None:
    assert () == read(isCancelled=True).times


def test_members_can_be_null_or_missing() -> None:
    nulls = dict.fromkeys(("isAllDay", "showAs", "responseStatus", "isCancelled", "originalStartTimeZone"))
    bare = {name: AN_EVENT[name] for name in ("start", "end")}

    expected = Reading(SPAN, (BusyTime(Slot.lasting(AN_HOUR, AT_TWO)),))
    assert expected == read(**nulls) == reading_of([msgspec.convert(bare, ViewedEvent)], SPAN, "UTC")


def test_an_instant_takes_no_time() -> None:
    assert () == read(end=AN_EVENT["start"]).times


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (time("2026-12-01T15:00:00", "W. Europe Standard Time"), time("2026-12-01T16:00:00", "Europe/Berlin")),
        (time("2026-12-01T14:00:00Z", CUSTOM), time("2026-12-01T10:00:00-05:00", CUSTOM)),
    ],
)
def test_times_count_in_whichever_zone_they_come(start: dict[str, str], end: dict[str, str]) -> None:
    found = read(start=start, end=end)

    assert (Slot.lasting(AN_HOUR, AT_TWO), 0) == (slot(found), found.unreadable)


@pytest.mark.parametrize("zone", [CUSTOM, "Customized Time Zone", "", "America"])
def test_a_time_in_an_unknown_zone_is_read_in_the_hosts_and_counted(zone: str) -> None:
    found = read(start=time("2026-12-01T15:00:00", zone), end=time("2026-12-01T16:00:00", zone))

    assert (Slot.lasting(AN_HOUR, AT_TWO), 1) == (slot(found), found.unreadable)


@pytest.mark.parametrize(
    ("made_in", "start"),
    [
        ("W. Europe Standard Time", datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("Tokyo Standard Time", datetime(2026, 11, 30, 15, tzinfo=UTC)),
        ("UTC", datetime(2026, 12, 1, 5, tzinfo=UTC)),
        ("tzone://Microsoft/Utc", datetime(2026, 12, 1, 5, tzinfo=UTC)),
        (CUSTOM, datetime(2026, 12, 1, 5, tzinfo=UTC)),
        (None, datetime(2026, 12, 1, 5, tzinfo=UTC)),
    ],
)
def test_a_day_is_one_of_the_mailbox_where_that_shows_and_else_of_the_host(
    made_in: str | None, start: datetime
) -> None:
    midnights = {"start": time("2026-12-01T00:00:00.0000000"), "end": time("2026-12-02T00:00:00.0000000")}

    found = read("America/New_York", isAllDay=True, originalStartTimeZone=made_in, **midnights)

    assert ((BusyTime(Slot.lasting(timedelta(days=1), start), all_day=True),), 0) == (found.times, found.unreadable)


def test_a_day_that_comes_as_instants_is_taken_so() -> None:
    found = read(isAllDay=True, start=time("2026-11-30T23:00:00"), end=time("2026-12-01T23:00:00"))

    assert Slot.lasting(timedelta(days=1), datetime(2026, 11, 30, 23, tzinfo=UTC)) == slot(found)


@pytest.mark.parametrize(
    ("start", "end", "blocked"),
    [
        (None, None, SPAN),
        (AN_EVENT["start"], None, Slot(AT_TWO, SPAN.end)),
        (None, AN_EVENT["end"], Slot(SPAN.start, AT_TWO + AN_HOUR)),
        (time("two o'clock"), AN_EVENT["end"], Slot(SPAN.start, AT_TWO + AN_HOUR)),
        (AN_EVENT["start"], {"dateTime": None, "timeZone": "UTC"}, Slot(AT_TWO, SPAN.end)),
        (AN_EVENT["start"], time("9999-12-31T23:59:59", "Hawaiian Standard Time"), Slot(AT_TWO, SPAN.end)),
        (AN_EVENT["end"], AN_EVENT["start"], Slot.lasting(AN_HOUR, AT_TWO)),
    ],
)
def test_an_event_of_unclear_times_blocks_all_that_it_could_take_and_is_counted(
    start: object, end: object, blocked: Slot
) -> None:
    found = read(start=start, end=end)

    assert (blocked, 1) == (slot(found), found.unreadable)


def test_what_lies_outside_the_span_is_left_out() -> None:
    assert () == read(start=time("2027-01-01T00:00:00"), end=time("2027-01-02T00:00:00")).times


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_copy_of_the_hosts_invitation_is_no_event_of_its_own_and_a_copy_of_a_colleagues_is_one(wrapped: bool) -> None:
    uid, colleagues = (invitation_uid(BookingId(each * 32), "timetuna.example") for each in "ab")
    copies = frozenset({uid})
    if wrapped:
        head = "040000008200E00074C5B7101A82E0080000000000000000000000000000000000000000330000"
        uid = head + "00" + (b"vCal-Uid\x01\0\0\0" + uid.encode() + b"\0").hex().upper()
    told = (uid, colleagues, "040000008200E00074C5B7101A82E0")
    events = [msgspec.convert({**AN_EVENT, "iCalUId": each}, ViewedEvent) for each in told]

    assert 2 == len(reading_of(events, SPAN, "UTC", copies=copies).times)


def test_a_series_that_the_host_makes_of_an_entry_blocks_but_for_the_entry() -> None:
    event = msgspec.convert({**AN_EVENT, "seriesMasterId": "entry"}, ViewedEvent)
    taken = slot_of(event)
    assert taken
    half = Slot.lasting(taken.duration / 2, taken.start)

    assert [Slot(half.end, taken.end)] == [
        each.slot for each in reading_of([event], SPAN, "UTC", {"entry": (half,)}).times
    ]
