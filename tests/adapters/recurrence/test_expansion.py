"""When the events of an iCalendar file take place, and which of them block."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.recurrence import expansion
from adapters.recurrence.expansion import TooComplex, expand, expand_all
from adapters.recurrence.scan import NoCalendar
from domain.busy import CalendarRules, blocking
from domain.calendar import Reading
from domain.ids import BookingId
from domain.invitation_uid import invitation_uid
from domain.slot import Slot

DECEMBER = Slot(datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def file_of(*events: str, head: str = "", newline: str = "\r\n") -> bytes:
    """A file; each event is given by its lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *head.split("\n")] if head else ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("\n"), "END:VEVENT"]
    return newline.join([*lines, "END:VCALENDAR", ""]).encode()


def read(*events: str, head: str = "", owners: frozenset[str] = frozenset()) -> Reading:
    return expand(file_of(*events, head=head), DECEMBER, "Europe/Berlin", owners)


def test_a_copy_of_the_hosts_invitation_is_no_event_of_its_own_and_a_copy_of_a_colleagues_is_one() -> None:
    own, colleagues = (invitation_uid(BookingId(each * 32), "timetuna.example") for each in "ab")
    events = (f"UID:{uid}\nDTSTART:{at(day)}\nDURATION:PT1H" for uid, day in ((own.upper(), 5), (colleagues, 6)))

    reading = expand(file_of(*events), DECEMBER, "UTC", copies=frozenset({own}))

    assert ["06 10:00-11:00 busy"] == shown(reading)


def shown(reading: Reading) -> list[str]:
    """The busy times in UTC, such as `05 10:00-11:00 busy`."""
    return [
        f"{each.slot.start:%d %H:%M}-{each.slot.end:%H:%M} {each.mark}{' all day' if each.all_day else ''}"
        for each in reading.times
    ]


def at(day: int, hour: int = 10, minute: int = 0) -> str:
    return f"202612{day:02}T{hour:02}{minute:02}00Z"


MEETING = f"UID:1\nDTSTART:{at(5)}\nDTEND:{at(5, 11)}"


@pytest.mark.parametrize(
    ("event", "times"),
    [
        (MEETING, ["05 10:00-11:00 busy"]),
        (f"UID:1\nDTSTART:{at(5)}\nDURATION:PT90M", ["05 10:00-11:30 busy"]),
        ("UID:1\nDTSTART:20261205T100000\nDTEND:20261205T110000", ["05 09:00-10:00 busy"]),
        ("UID:1\nDTSTART;TZID=America/New_York:20261205T100000\nDURATION:PT1H", ["05 15:00-16:00 busy"]),
        ("UID:1\nDTSTART;TZID=Romance Standard Time:20261205T100000\nDURATION:PT1H", ["05 09:00-10:00 busy"]),
        (
            "UID:1\nDTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20261205T100000\nDURATION:PT1H",
            ["05 09:00-10:00 busy"],
        ),
        ("UID:1\nDTSTART;VALUE=DATE:20261205", ["04 23:00-23:00 busy all day"]),
        ("UID:1\nDTSTART:20261205\nDTEND:20261207", ["04 23:00-23:00 busy all day"]),
        (f"UID:1\nDTSTART:{at(5)}", []),
        (f"UID:1\nDTSTART:{at(5)}\nDTEND:{at(5)}", []),
        ("UID:1\nDTSTART:20261130T233000Z\nDTEND:20261201T003000Z", ["30 23:30-00:30 busy"]),
        ("UID:1\nDTSTART:20261130T233000Z\nDTEND:20261201T000000Z", []),
        (f"{MEETING}\nSTATUS:CANCELLED", []),
        (f"{MEETING}\nSTATUS:TENTATIVE", ["05 10:00-11:00 tentative"]),
        (f"{MEETING}\nTRANSP:TRANSPARENT", ["05 10:00-11:00 free"]),
        (f"{MEETING}\nTRANSP:TRANSPARENT\nX-MICROSOFT-CDO-BUSYSTATUS:OOF", ["05 10:00-11:00 out_of_office"]),
        (f"{MEETING}\nX-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE", ["05 10:00-11:00 working_elsewhere"]),
        (f"{MEETING}\nX-MICROSOFT-CDO-BUSYSTATUS:FREE", ["05 10:00-11:00 free"]),
        (f"{MEETING}\nBEGIN:VALARM\nTRIGGER:-PT15M\nDURATION:PT5M\nEND:VALARM", ["05 10:00-11:00 busy"]),
    ],
)
def test_an_event_takes_the_time_that_it_says(event: str, times: list[str]) -> None:
    reading = read(event)

    assert (times, 0) == (shown(reading), reading.unreadable)


@pytest.mark.parametrize(
    ("events", "days"),
    [
        (["RRULE:FREQ=DAILY;COUNT=3"], [5, 6, 7]),
        (["RRULE:FREQ=WEEKLY"], [5, 12, 19, 26]),
        ([f"RRULE:FREQ=WEEKLY\nEXDATE:{at(12)}"], [5, 19, 26]),
        ([f"RRULE:FREQ=WEEKLY;COUNT=2\nRDATE:{at(8)}"], [5, 8, 12]),
        (["RRULE:FREQ=DAILY;UNTIL=20261207"], [5, 6, 7]),
        ([f"RRULE:FREQ=DAILY;UNTIL={at(7, 9)}"], [5, 6]),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=2", f"UID:1\nRECURRENCE-ID:{at(12)}\nDTSTART:{at(14)}\nDTEND:{at(14, 11)}"],
            [5, 14],
        ),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=3", f"UID:1\nRECURRENCE-ID:{at(12)}\nDTSTART:{at(12)}\nSTATUS:CANCELLED"],
            [5, 19],
        ),
    ],
)
def test_a_series_takes_place_as_its_rule_and_its_exceptions_say(events: list[str], days: list[int]) -> None:
    first, *exceptions = events
    reading = read(f"{MEETING}\n{first}", *exceptions)

    assert (days, 0) == ([each.slot.start.day for each in reading.times], reading.unreadable)


def test_the_times_of_fifty_thousand_rdates_are_all_taken() -> None:
    hours = (DECEMBER.start + timedelta(hours=each - 40_000) for each in range(50_000))

    reading = read(f"{MEETING}\nRDATE:{','.join(f'{each:%Y%m%dT%H0000Z}' for each in hours)}")

    assert [DECEMBER] == [each for each in blocking(reading.times, CalendarRules()) if each.overlaps(DECEMBER)]


def test_what_an_exrule_leaves_out_stays_busy() -> None:
    # RFC 5545 knows it no longer; whoever means it writes EXDATE beside it.
    reading = read(f"{MEETING}\nRRULE:FREQ=DAILY;COUNT=4\nEXRULE:FREQ=DAILY;COUNT=2")

    assert [5, 6, 7, 8] == [each.slot.start.day for each in reading.times]


def test_a_series_that_began_years_ago_is_read_and_one_that_ended_before_is_left_out() -> None:
    since = "DTSTART:20150101T100000Z\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;BYMONTHDAY=9"
    reading = read(f"UID:1\n{since}", f"UID:2\n{since};UNTIL=20200101T000000Z")

    assert ["09 10:00-11:00 busy"] == shown(reading)


@pytest.mark.parametrize(
    ("times", "end"),
    [
        ("DTSTART;VALUE=DATE:20261014\nDTEND;VALUE=DATE:20261021", "UNTIL=20261125"),
        ("DTSTART:20261013T100000Z\nDURATION:P1W", "UNTIL=20261124T100000Z"),
        ("DTSTART:20261013T100000Z\nDURATION:P6DT24H", "COUNT=4"),
    ],
)
def test_the_last_of_a_series_counts_while_it_goes_on(times: str, end: str) -> None:
    reading = read(f"UID:1\n{times}\nRRULE:FREQ=WEEKLY;INTERVAL=2;{end}")

    assert (1, 0) == (len(reading.times), reading.unreadable)


def test_the_last_of_a_series_that_cannot_be_read_blocks_while_it_goes_on() -> None:
    series = f"UID:1\nDTSTART:{at(5)}\nDTEND:{at(8)}\nRRULE:FREQ=WEEKLY;UNTIL={at(12)}"

    [blocked] = read(f"{series}\nEXDATE:never").times

    assert (4, 17) == (blocked.slot.start.day, blocked.slot.end.day)


def test_a_moved_exception_is_read_where_the_series_itself_is_elsewhere() -> None:
    series = "UID:1\nDTSTART:20250101T100000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;COUNT=2"
    reading = read(series, f"UID:1\nRECURRENCE-ID:20260101T100000Z\nDTSTART:{at(20)}\nDTEND:{at(20, 12)}")

    assert ["20 10:00-12:00 busy"] == shown(reading)


def test_a_rule_that_ends_on_a_day_includes_that_day_in_the_zone_of_the_event() -> None:
    evening = "UID:1\nDTSTART;TZID=America/New_York:20261205T200000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20261206"

    assert ["06 01:00-02:00 busy", "07 01:00-02:00 busy"] == shown(read(evening))


def test_wall_clock_time_is_kept_over_a_change_of_the_clocks() -> None:
    span = Slot(datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC))
    series = "UID:1\nDTSTART;TZID=Europe/Berlin:20261020T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    reading = expand(file_of(series), span, "UTC")

    assert [8, 9] == [each.slot.start.hour for each in reading.times]


OVER_A_CHANGE = Slot(datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 3, 30, 12, tzinfo=UTC))
BERLIN = "TZID=Europe/Berlin"


@pytest.mark.parametrize(
    ("event", "times"),
    [
        pytest.param(
            f"DTSTART;{BERLIN}:20260329T023000\nDTEND;{BERLIN}:20260329T030000",
            ["29 01:30-02:00 busy"],
            id="one that begins in the gap, and ends after it",
        ),
        pytest.param(
            f"DTSTART;{BERLIN}:20260329T020000\nDTEND;{BERLIN}:20260329T030000",
            ["29 01:00-02:00 busy"],
            id="one that fills the gap",
        ),
        pytest.param(
            f"DTSTART;{BERLIN}:20260328T023000\nDTEND;{BERLIN}:20260328T030000\nRRULE:FREQ=DAILY",
            ["28 01:30-02:00 busy", "29 01:30-02:00 busy", "30 00:30-01:00 busy"],
            id="one of a series",
        ),
    ],
)
def test_an_event_in_the_hour_that_a_clock_change_skips_takes_its_length(event: str, times: list[str]) -> None:
    reading = expand(file_of(f"UID:1\n{event}"), OVER_A_CHANGE, "UTC")

    assert (times, 0) == (shown(reading), reading.unreadable)


@pytest.mark.parametrize(
    ("event", "end"),
    [
        pytest.param("DTSTART;{zone}:20261024T120000\nDURATION:P1D", "25 11:00", id="a day of 25 hours"),
        pytest.param(
            "DTSTART;{zone}:20260327T220000\nDURATION:PT9H\nRRULE:FREQ=DAILY;COUNT=2", "29 06:00", id="a shorter night"
        ),
        pytest.param(
            "DTSTART;{zone}:20260327T220000\nDTEND;{zone}:20260328T070000\nRRULE:FREQ=DAILY;COUNT=2",
            "29 06:00",
            id="a shorter night with an end",
        ),
    ],
)
def test_where_programs_differ_in_the_end_of_an_event_over_a_clock_change_the_later_one_blocks(
    event: str, end: str
) -> None:
    span = Slot(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))

    reading = expand(file_of(f"UID:1\n{event.format(zone=BERLIN)}"), span, "UTC")

    assert end == f"{reading.times[-1].slot.end:%d %H:%M}"


def test_a_single_event_with_an_end_over_a_clock_change_takes_the_time_that_it_says() -> None:
    event = f"UID:1\nDTSTART;{BERLIN}:20260328T220000\nDTEND;{BERLIN}:20260329T070000"

    assert ["28 21:00-05:00 busy"] == shown(expand(file_of(event), OVER_A_CHANGE, "UTC"))


def test_a_series_of_two_rules_blocks_though_the_first_has_ended() -> None:
    series = "DTSTART:20260101T100000Z\nDTEND:20260101T110000Z\nRRULE:FREQ=DAILY;UNTIL=20260201T000000Z"

    assert read(f"UID:1\n{series}\nRRULE:FREQ=WEEKLY").times


@pytest.mark.parametrize("end", ["20261211T100000Z", "P30D"])
def test_a_period_that_began_long_before_the_span_blocks_it(end: str) -> None:
    reading = read(f"UID:1\nDTSTART:20261101T100000Z\nDURATION:PT1H\nRDATE;VALUE=PERIOD:20261111T100000Z/{end}")

    assert (["11 10:00-10:00 busy"], 0) == (shown(reading), reading.unreadable)


def test_a_period_that_ends_before_it_starts_hides_no_other_time_of_its_series() -> None:
    daily = "UID:1\nDTSTART:20261101T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"

    reading = read(f"{daily}\nRDATE;VALUE=PERIOD:20261111T100000Z/-P20D")

    assert 31 == len(reading.times)


def test_two_events_with_one_uid_both_count() -> None:
    assert ["05 10:00-11:00 busy", "06 10:00-11:00 busy"] == shown(
        read(MEETING, f"UID:1\nDTSTART:{at(6)}\nDTEND:{at(6, 11)}")
    )


def test_events_without_a_uid_count_each_for_itself() -> None:
    assert 2 == len(read(f"DTSTART:{at(5)}\nDTEND:{at(5, 11)}", f"DTSTART:{at(6)}\nDTEND:{at(6, 11)}").times)


def test_the_calendars_own_zone_is_that_of_its_all_day_events() -> None:
    reading = read("UID:1\nDTSTART:20261205", head="X-WR-TIMEZONE:America/New_York\nX-WR-CALNAME:Anna")

    assert ["05 05:00-05:00 busy all day"] == shown(reading)
    assert ("America/New_York", "Anna") == (reading.timezone, reading.name)


@pytest.mark.parametrize(
    ("head", "every"),
    [
        ("REFRESH-INTERVAL;VALUE=DURATION:P1W", timedelta(weeks=1)),
        ("X-PUBLISHED-TTL:PT1H30M", timedelta(minutes=90)),
        pytest.param(
            "X-PUBLISHED-TTL:PT1H\nREFRESH-INTERVAL;VALUE=DURATION:P1D", timedelta(days=1), id="the standard one counts"
        ),
        pytest.param("REFRESH-INTERVAL:often", None, id="no duration"),
        pytest.param("REFRESH-INTERVAL:-PT1H", None, id="negative"),
        pytest.param("REFRESH-INTERVAL:P99999999999999D", None, id="longer than time lasts"),
    ],
)
def test_a_file_says_how_often_it_wants_to_be_fetched(head: str, every: timedelta | None) -> None:
    assert every == read("UID:1\nDTSTART:20261205", head=head).refresh_every


def test_a_zone_that_the_file_describes_itself_is_that_of_its_times() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE"
    )

    reading = read("UID:1\nDTSTART;TZID=Ours:20261205T100000\nDURATION:PT1H", head=zone)

    assert (["05 04:30-05:30 busy"], 0) == (shown(reading), reading.unreadable)


def test_a_zone_may_have_a_colon_in_its_name() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:(UTC-05:00) Eastern Time (US & Canada)\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
        "TZOFFSETFROM:-0500\nTZOFFSETTO:-0500\nEND:STANDARD\nEND:VTIMEZONE"
    )
    event = 'UID:1\nDTSTART;TZID="(UTC-05:00) Eastern Time (US & Canada)":20261205T100000\nDURATION:PT1H'

    assert (["05 15:00-16:00 busy"], 0) == (shown(reading := read(event, head=zone)), reading.unreadable)


def test_a_zone_that_nobody_knows_is_read_as_the_calendars_and_counted() -> None:
    reading = read("UID:1\nDTSTART;TZID=Nowhere/Land:20261205T100000\nDURATION:PT1H")

    assert (["05 09:00-10:00 busy"], 1) == (shown(reading), reading.unreadable)


@pytest.mark.parametrize(
    ("answer", "times"),
    [
        ("ACCEPTED", ["05 10:00-11:00 busy"]),
        ("TENTATIVE", ["05 10:00-11:00 tentative"]),
        ("NEEDS-ACTION", ["05 10:00-11:00 unanswered"]),
        ("DECLINED", []),
    ],
)
def test_the_owners_own_answer_to_an_invitation_counts(answer: str, times: list[str]) -> None:
    invited = f"{MEETING}\nATTENDEE;PARTSTAT={answer}:mailto:Anna@Hosts.example"
    others = "\nATTENDEE;PARTSTAT=DECLINED:mailto:ben@hosts.example"

    assert times == shown(read(invited + others, owners=frozenset({"anna@hosts.example"})))


@pytest.mark.parametrize(
    "event",
    [
        f"UID:1\nDTSTART:{at(5)}\nDTEND:{at(5, 9)}",
        f"UID:1\nDTSTART:{at(5)}\nDTEND:tomorrow",
        f"{MEETING}\nRRULE:FREQ=SOMETIMES",
        f"{MEETING}\nEXDATE:never\nRRULE:FREQ=DAILY",
    ],
)
def test_an_event_that_cannot_be_read_is_counted_and_never_taken_for_free(event: str) -> None:
    reading = read(event)
    blocked = blocking(reading.times, CalendarRules())

    assert 1 == reading.unreadable
    assert any(
        each.overlaps(Slot.lasting(timedelta(hours=1), datetime(2026, 12, 5, 10, tzinfo=UTC))) for each in blocked
    )


@pytest.mark.parametrize("event", ["UID:1", "UID:1\nDTSTART:soon", "UID:1\nDTSTART;VALUE=DATE:20261301"])
def test_an_event_without_a_readable_start_is_counted(event: str) -> None:
    reading = read(event, f"UID:2\nDTSTART:{at(9)}\nDTEND:{at(9, 11)}")

    assert (["09 10:00-11:00 busy"], 1) == (shown(reading), reading.unreadable)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("END:VEVENT\r\nBEGIN:VEVENT", "BEGIN:VEVENT"),
        ("UID:1\r\n", "UID:1\r\nBEGIN:VALARM\r\n"),
        ("UID:1\r\n", "UID:1\r\nEND:VALARM\r\n"),
    ],
)
def test_an_event_whose_end_is_missing_is_read_as_it_stands_and_counted(old: str, new: str) -> None:
    data = file_of(MEETING, f"UID:2\nDTSTART:{at(6)}\nDTEND:{at(6, 11)}")
    torn = data.replace(old.encode(), new.encode(), 1)

    reading = expand(torn, DECEMBER, "UTC")

    assert (["05 10:00-11:00 busy", "06 10:00-11:00 busy"], 1) == (shown(reading), reading.unreadable)


@pytest.mark.parametrize(
    ("data", "since"),
    [
        (file_of(MEETING)[:-30], 4),
        (file_of(f"{MEETING}\nRRULE:FREQ=WEEKLY")[:-50], 4),
        (file_of("UID:1\nDTSTART:20200101T100000Z")[:-20], 1),
        (b"<!doctype html><title>Sign in</title>", 1),
        (file_of("UID:1\nDTSTART:soon"), 1),
    ],
    ids=["cut off", "maybe a series", "since long", "no calendar", "startless"],
)
def test_what_a_server_gives_for_the_span_and_nobody_can_read_blocks_it_from_its_first_day_on(
    data: bytes, since: int
) -> None:
    reading = expand_all([data], DECEMBER, "UTC")

    assert 1 == reading.unreadable
    assert [Slot(DECEMBER.start.replace(day=since), DECEMBER.end)] == blocking(reading.times, CalendarRules())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!doctype html><title>Sign in</title>",
        file_of(MEETING)[:-20],
        b"BEGIN:VCARD\r\nEND:VCARD\r\n",
        b"\x00" * 100,
    ],
)
def test_what_is_no_whole_calendar_is_no_empty_one(data: bytes) -> None:
    with pytest.raises(NoCalendar):
        expand(data, DECEMBER, "UTC")


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + file_of(MEETING),
        file_of(MEETING, newline="\n"),
        file_of(MEETING, newline="\r"),
        file_of(MEETING).replace(b"DTSTART:2026", b"DTST\r\n ART:20\r\n\t26"),
        file_of(MEETING).replace(b"BEGIN:VEVENT", b"begin:vevent").replace(b"END:VEVENT", b"end:vevent"),
        file_of(MEETING + "\nSUMMARY:\xff\xfe"),
    ],
)
def test_files_are_read_however_their_lines_are_written(data: bytes) -> None:
    assert ["05 10:00-11:00 busy"] == shown(expand(data, DECEMBER, "UTC"))


def test_a_valid_file_without_events_is_an_empty_calendar() -> None:
    assert Reading(DECEMBER, ()) == expand(file_of(), DECEMBER, "UTC")


def test_a_third_series_that_takes_too_long_ends_the_whole_file() -> None:
    bombs = (f"UID:{n}\nDTSTART:20200101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY" for n in range(3))

    with pytest.raises(TooComplex):
        expand(file_of(*bombs), DECEMBER, "UTC", seconds=0.02)


def test_a_calendar_with_more_times_than_are_kept_is_too_complex(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expansion, "MOST_TIMES", 2)

    assert 2 == len(read(f"{MEETING}\nRRULE:FREQ=DAILY;COUNT=2").times)
    with pytest.raises(TooComplex):
        read(f"{MEETING}\nRRULE:FREQ=DAILY;COUNT=3")


RULES = st.sampled_from(
    [
        "",
        "RRULE:FREQ=DAILY",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,FR",
        "RRULE:FREQ=MONTHLY;COUNT=30",
        "RRULE:FREQ=MONTHLY;UNTIL=20260801",
    ]
)
STARTS = st.integers(0, 60 * 24 * 1200).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kolkata"])


@given(STARTS, ZONES, RULES, st.integers(1, 30000), st.randoms())
def test_what_is_left_out_never_matters_to_the_span(
    start: datetime, zone: str, rule: str, minutes: int, chance: random.Random
) -> None:
    event = f"UID:1\nDTSTART;TZID={zone}:{start:%Y%m%dT%H%M}00\nDURATION:PT{minutes}M\n{rule}".strip()
    wide = expand(file_of(event), Slot(datetime(2024, 1, 1, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC)), "UTC")
    first = datetime(2024, 1, 2, tzinfo=UTC) + timedelta(minutes=chance.randrange(60 * 24 * 1200))
    span = Slot(first, first + timedelta(days=chance.randrange(1, 40)))

    narrow = expand(file_of(event), span, "UTC")

    assert [each for each in wide.times if each.slot.overlaps(span)] == list(narrow.times)


@pytest.mark.parametrize(
    "edge",
    [
        "DTSTART:00010101T000000Z\nDURATION:P9999999D",
        "DTSTART:20200101T000000Z\nDURATION:P9999999D",
        "DTSTART:99991231\nRDATE:00010101T000000Z",
    ],
)
def test_an_event_at_the_edge_of_time_is_counted_and_the_others_are_read(edge: str) -> None:
    reading = read(f"UID:2\n{edge}", MEETING)

    assert 1 == reading.unreadable
    assert "05 10:00-11:00 busy" in shown(reading)
