"""What hours and calendars leave of a month is kept, and is worked out anew as soon as anything of it changes."""

from datetime import UTC, datetime, timedelta

import msgspec

from application.booking.kept_starts import KeptStarts
from application.ports.offers import CalendarTimes, Offer
from domain.availability import Availability, BookingRules, Hours
from domain.ids import CalendarId
from domain.slot import Slot
from tests.support.builders import HALF_AN_HOUR, a_host, a_page
from tests.support.schedules import every_day

DAY = Slot.lasting(timedelta(days=1), datetime(2027, 1, 11, tzinfo=UTC))
NINE, HALF_PAST, TEN = (DAY.start + timedelta(hours=9) + n * HALF_AN_HOUR for n in range(3))
HOURS = every_day(Hours("09:00", "10:30"))
RULES = BookingRules()

HOST = a_host(timezone="UTC")
PAGE = a_page(HOST, availability=HOURS)


def an_offer(revision: int = 1, *busy: Slot, hours: Availability = HOURS) -> Offer:
    page = msgspec.structs.replace(PAGE, availability=hours)
    calendar = CalendarTimes(CalendarId("c1"), DAY.end, busy, "google", DAY.start, revision)
    return Offer(HOST, page, page.event_types[0], {}, True, {}, [], [], (calendar,), busy)


def test_each_new_revision_of_a_calendar_counts_at_once() -> None:
    kept = KeptStarts()
    free, busy = an_offer(), an_offer(2, Slot(HALF_PAST, TEN))

    found = [kept.within(each, RULES, HALF_AN_HOUR, DAY) for each in (free, busy, busy, an_offer(3))]

    assert [[NINE, HALF_PAST, TEN], [NINE, TEN], [NINE, TEN], [NINE, HALF_PAST, TEN]] == found
    assert found[1] is found[2]


def test_new_hours_rules_and_lengths_count_at_once() -> None:
    kept = KeptStarts()
    one_override = msgspec.structs.replace(HOURS, overrides={DAY.start.date(): (Hours("09:30", "10:30"),)})
    another = msgspec.structs.replace(HOURS, overrides={DAY.start.date(): (Hours("10:00", "10:30"),)})

    def first_to_last(offer: Offer, rules: BookingRules = RULES, duration: timedelta = HALF_AN_HOUR) -> Slot:
        starts = kept.within(offer, rules, duration, DAY)
        return Slot(starts[0], starts[-1] + duration)

    assert Slot(NINE, TEN + HALF_AN_HOUR) == first_to_last(an_offer())
    assert Slot(HALF_PAST, TEN + HALF_AN_HOUR) == first_to_last(an_offer(hours=one_override))
    assert Slot(TEN, TEN + HALF_AN_HOUR) == first_to_last(an_offer(hours=another))
    assert Slot(NINE, TEN) == first_to_last(
        an_offer(), BookingRules(slot_interval=timedelta(hours=2)), 2 * HALF_AN_HOUR
    )


def test_what_was_used_longest_ago_makes_room() -> None:
    kept, days = (
        KeptStarts(most_starts=9),
        [DAY.padded(-n * timedelta(days=1), n * timedelta(days=1)) for n in range(3)],
    )

    def starts(day: Slot) -> object:
        return kept.within(an_offer(), RULES, HALF_AN_HOUR, day)

    first, second = starts(days[0]), starts(days[1])
    assert first is starts(days[0])
    starts(days[2])

    assert first is starts(days[0])
    assert second is not starts(days[1])
