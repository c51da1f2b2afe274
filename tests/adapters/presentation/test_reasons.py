"""What a host reads about a time that isn't offered."""

from datetime import UTC, date, datetime

from adapters.presentation.sentences.reasons import reason_words
from adapters.presentation.times import instant
from domain.ids import BookingId
from domain.public_holidays import HolidayCalendar
from domain.why_not import (
    BeyondHorizon,
    DailyCap,
    MinimumNotice,
    NoMeetingType,
    NotOnGrid,
    OutsideHours,
    PublicHoliday,
    Reason,
    TimeBooked,
    TimePast,
    WithinBuffer,
)

AT = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
DAY = date(2026, 3, 3)
EVERY_REASON: list[Reason] = [
    TimePast(),
    MinimumNotice(AT),
    BeyondHorizon(DAY),
    OutsideHours(),
    OutsideHours(AT),
    PublicHoliday(DAY, HolidayCalendar("DE")),
    NotOnGrid(AT, AT),
    DailyCap(DAY, 1),
    TimeBooked(BookingId("1")),
    WithinBuffer(BookingId("1")),
    NoMeetingType(),
]


def test_each_reason_has_a_sentence_of_its_own_with_its_times() -> None:
    told = [reason_words(each, instant, date.isoformat, {DAY: "May Day"}) for each in EVERY_REASON]

    assert len(EVERY_REASON) == len(set(told))
    assert not [words for words in told if "{" in words]
    assert "2026-03-03 is a public holiday, May Day, and you keep those free." in told
    assert "The daily limit of 1 booking is reached on 2026-03-03." in told
    assert "The meeting would end after your hours do. They end at 2026-03-03T10:00:00Z." in told
