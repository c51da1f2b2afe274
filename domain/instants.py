"""Instants and days from outside: kept so far from the edges of time that every sum with one has a result."""

from datetime import UTC, date, datetime

from domain.faults import OutsideCalendar

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(9998, 12, 31)


def is_in_calendar(found: date) -> bool:
    """Whether a day, or an instant by its day in UTC, is one that anything can be planned for or has happened on."""
    if not isinstance(found, datetime):
        return FIRST_DAY <= found <= LAST_DAY
    # Only then can it be moved to another offset.
    if not FIRST_DAY <= found.date() <= LAST_DAY:
        return False
    return found.tzinfo is None or FIRST_DAY <= found.astimezone(UTC).date() <= LAST_DAY


def outside_calendar() -> OutsideCalendar:
    """The fault of one that isn't."""
    return OutsideCalendar(FIRST_DAY.isoformat(), LAST_DAY.isoformat())
