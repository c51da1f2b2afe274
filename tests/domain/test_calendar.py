"""What is known of a calendar that is kept elsewhere, and how long that counts."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from domain.busy import BusyTime, CalendarRules, Mark, blocking, merged
from domain.calendar import Calendar, Reading
from domain.calendar_problem import ServerBusy, ServerTooSlow
from domain.ids import CalendarConnectionId, CalendarId, HostId
from domain.slot import Slot

NOW = datetime(2026, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SPAN = Slot(NOW - 2 * timedelta(days=1), NOW + timedelta(days=60))


def a_calendar() -> Calendar:
    return Calendar(
        id=CalendarId("c1"),
        connection_id=CalendarConnectionId("k1"),
        host_id=HostId("h1"),
        kind="ical_feed",
        name="Anna",
        timezone="Europe/Berlin",
        host_timezone="Europe/Berlin",
    )


MARKS: tuple[Mark, ...] = get_args(Mark)


def at(hours: float, mark: Mark = "busy", *, all_day: bool = False) -> BusyTime:
    return BusyTime(Slot.lasting(HOUR, NOW + hours * HOUR), mark, all_day)


def read(calendar: Calendar, *times: BusyTime, known: tuple[BusyTime, ...] = (), now: datetime = NOW) -> Calendar:
    return calendar.was_read(Reading(SPAN, times), known, "Europe/Berlin", now, HOUR)


def test_a_calendar_that_was_never_read_is_broken() -> None:
    assert "broken" == a_calendar().state(NOW)


def test_a_reading_counts_until_its_grace_is_over_whether_reading_failed_or_nobody_tried() -> None:
    calendar = read(a_calendar())
    failed = calendar.could_not_be_read(ServerBusy(), NOW + HOUR / 2)

    assert ["fresh", "broken"] == [calendar.state(NOW + each) for each in (HOUR - HOUR / 60, HOUR)]
    assert ["stale", "broken"] == [failed.state(NOW + each) for each in (HOUR - HOUR / 60, HOUR)]


def test_failures_are_counted_since_the_first_and_forgotten_with_a_good_reading() -> None:
    twice = a_calendar().could_not_be_read(ServerBusy(), NOW).could_not_be_read(ServerTooSlow(), NOW + HOUR)

    assert (2, NOW, ServerTooSlow()) == (twice.failures, twice.failing_since, twice.problem)
    for mended in (read(twice), twice.is_unchanged(NOW, HOUR)):
        assert (0, None, None) == (mended.failures, mended.failing_since, mended.problem)


def test_a_reading_that_lost_most_times_is_believed_only_when_it_comes_again() -> None:
    known = tuple(at(each) for each in range(11))
    calendar = read(a_calendar(), *known)

    doubted = read(calendar, *known[:5], known=known, now=NOW + HOUR / 2)
    believed = read(doubted, *known[:5], known=known, now=NOW + HOUR / 2)

    assert (True, calendar.read_at, calendar.revision) == (doubted.is_doubted, doubted.read_at, doubted.revision)
    assert (False, NOW + HOUR / 2, calendar.revision + 1) == (believed.is_doubted, believed.read_at, believed.revision)


def test_few_times_and_those_that_are_over_can_go_at_once() -> None:
    few = tuple(at(each) for each in range(10))
    over = tuple(at(-100 - each) for each in range(11))

    assert not read(a_calendar(), known=few).is_doubted
    assert not read(a_calendar(), known=over).is_doubted


def test_the_revision_rises_with_what_can_be_seen_of_it_alone() -> None:
    calendar = read(a_calendar(), at(1))

    assert calendar.revision == read(calendar, at(1), known=(at(1),)).revision
    assert calendar.revision < read(calendar, at(2), known=(at(1),)).revision
    assert calendar.revision == calendar.follows(CalendarRules()).revision
    assert calendar.revision < calendar.follows(CalendarRules(tentative="free")).revision


def test_beyond_what_was_read_everything_is_blocked() -> None:
    calendar = read(a_calendar(), at(1))
    [busy, beyond] = calendar.blocked((at(1),))

    assert (at(1).slot, SPAN.end) == (busy, beyond.start)
    assert beyond.end.year > 9000


def test_each_mark_blocks_as_the_rules_say() -> None:
    assert ["busy", "tentative", "unanswered", "out_of_office"] == [
        each for each in MARKS if CalendarRules().blocks(at(1, each))
    ]
    assert not CalendarRules(tentative="free").blocks(at(1, "tentative"))
    assert not CalendarRules(unanswered="free").blocks(at(1, "unanswered"))
    assert not CalendarRules(out_of_office="free").blocks(at(1, "out_of_office"))
    assert CalendarRules(working_elsewhere="busy").blocks(at(1, "working_elsewhere"))


def test_all_day_events_block_as_marked_unless_the_rules_decide_for_all() -> None:
    busy, free = at(1, all_day=True), at(1, "free", all_day=True)

    for rules, expected in (
        (CalendarRules(), [True, False]),
        (CalendarRules(all_day="busy"), [True, True]),
        (CalendarRules(all_day="free"), [False, False]),
    ):
        assert expected == [rules.blocks(busy), rules.blocks(free)]


TIMES = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 20), st.booleans()), max_size=20).map(
    lambda drawn: [
        BusyTime(Slot.lasting(n * HOUR, NOW + start * HOUR), "busy" if b else "free") for start, n, b in drawn
    ]
)


@given(TIMES)
def test_what_blocks_is_the_union_of_the_busy_times_in_as_few_slots_as_possible(times: list[BusyTime]) -> None:
    blocked = blocking(times, CalendarRules())

    for hour in range(230):
        instant = Slot.lasting(HOUR / 60, NOW + hour * HOUR)
        assert any(each.mark == "busy" and each.slot.overlaps(instant) for each in times) == any(
            each.overlaps(instant) for each in blocked
        )
    assert all(earlier.end < later.start for earlier, later in pairwise(blocked))
    assert blocked == merged(blocked)
