"""What hours and calendars leave of a month is kept, and is worked out anew as soon as anything of it changes."""

from datetime import UTC, datetime, timedelta

import msgspec

from application.booking.kept_starts import KeptStarts
from application.ports.offers import CalendarTimes, Offer
from domain.availability import Availability, BookingRules, Hours
from domain.ids import CalendarId
from domain.slot import Slot
from domain.working_hours import WorkingHours
from tests.support.builders import HALF_AN_HOUR, a_host, a_page
from tests.support.schedules import every_day

A_DAY = timedelta(days=1)
DAY = Slot.lasting(A_DAY, datetime(2027, 1, 11, tzinfo=UTC))
NINE, HALF_PAST, TEN = (DAY.start + timedelta(hours=9) + n * HALF_AN_HOUR for n in range(3))
HOURS = every_day(Hours("09:00", "10:30"))
RULES = BookingRules()

HOST = a_host(timezone="UTC")
PAGE = a_page(HOST, availability=HOURS)


def an_offer(revision: int = 1, *busy: Slot, hours: Availability = HOURS) -> Offer:
    page = msgspec.structs.replace(PAGE, availability=hours)
    calendar = CalendarTimes(CalendarId("c1"), DAY.end, busy, "google", DAY.start, revision)
    return Offer(HOST, page, page.event_types[0], {}, True, {}, [], [], (calendar,), busy)


def hours_of(offer: Offer) -> WorkingHours:
    return offer.page.working_hours(HOST)


def test_each_new_revision_of_a_calendar_counts_at_once() -> None:
    kept = KeptStarts()
    free, busy = an_offer(), an_offer(2, Slot(HALF_PAST, TEN))

    found = [kept.within(each, hours_of(each), RULES, HALF_AN_HOUR, DAY) for each in (free, busy, busy, an_offer(3))]

    assert [[NINE, HALF_PAST, TEN], [NINE, TEN], [NINE, TEN], [NINE, HALF_PAST, TEN]] == found
    assert found[1] is found[2]


def test_new_hours_rules_and_lengths_count_at_once() -> None:
    kept = KeptStarts()
    one_override = msgspec.structs.replace(HOURS, overrides={DAY.start.date(): (Hours("09:30", "10:30"),)})
    another = msgspec.structs.replace(HOURS, overrides={DAY.start.date(): (Hours("10:00", "10:30"),)})

    def first_to_last(offer: Offer, rules: BookingRules = RULES, duration: timedelta = HALF_AN_HOUR) -> Slot:
        starts = kept.within(offer, hours_of(offer), rules, duration, DAY)
        return Slot(starts[0], starts[-1] + duration)

    assert Slot(NINE, TEN + HALF_AN_HOUR) == first_to_last(an_offer())
    assert Slot(HALF_PAST, TEN + HALF_AN_HOUR) == first_to_last(an_offer(hours=one_override))
    assert Slot(TEN, TEN + HALF_AN_HOUR) == first_to_last(an_offer(hours=another))
    assert Slot(NINE, TEN) == first_to_last(
        an_offer(), BookingRules(slot_interval=timedelta(hours=2)), 2 * HALF_AN_HOUR
    )


def test_what_was_used_longest_ago_makes_room() -> None:
    kept = KeptStarts(most_starts=160)

    def starts(days: int) -> object:
        offer = an_offer()
        return kept.within(offer, hours_of(offer), RULES, HALF_AN_HOUR, DAY.padded(days * A_DAY, days * A_DAY))

    first, second = starts(0), starts(1)
    assert first is starts(0)
    starts(2)

    assert first is starts(0)
    assert second is not starts(1)


def test_spans_without_a_start_and_hours_with_many_overrides_take_room_too() -> None:
    overrides = {DAY.start.date() + n * A_DAY: () for n in range(300)}
    closed = an_offer(hours=msgspec.structs.replace(HOURS, overrides=overrides))
    kept = KeptStarts(most_starts=2000)

    def starts(day: int) -> object:
        within = Slot(DAY.start + day * A_DAY, DAY.end + day * A_DAY)
        return kept.within(closed, hours_of(closed), RULES, HALF_AN_HOUR, within)

    first = starts(0)
    assert first == []
    assert first is starts(0)
    starts(1)

    assert first is not starts(0)
