"""Labels of the editor."""

from msgspec import UnsetType

from adapters.presentation.countries import country_name
from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked
from domain.availability import WEEKDAYS, Availability, DayHours, Weekday
from domain.booking_page import QuestionKind
from domain.public_holidays import HolidayCalendar

DAY_NAMES: dict[Weekday, str] = {
    "mon": marked("Monday"),
    "tue": marked("Tuesday"),
    "wed": marked("Wednesday"),
    "thu": marked("Thursday"),
    "fri": marked("Friday"),
    "sat": marked("Saturday"),
    "sun": marked("Sunday"),
}

KIND_NAMES: dict[QuestionKind, str] = {
    "text": marked("Short text"),
    "long_text": marked("Long text"),
    "choice": marked("Choice"),
    "yes_no": marked("Yes or no"),
}

_NOTHING_ON = marked("Turn on at least one way to meet to accept bookings.")
_NOTHING_ON_HERE = marked("Turn on at least one way to meet, or take the page’s.")
_ONE_ON = marked("The only way to meet is {first}. While it can’t be used, guests can’t book.")
_NO_BACKUP = marked(
    "Guests can choose any of these. {first} is selected first. None is a backup: if their choice fails, they choose "
    "again, or you send a link."
)
_BACKUPS = marked(
    "Guests can choose any of these. {first} is selected first. If their choice fails, we use the first backup that "
    "works: {backups}."
)
_BETWEEN = marked(", then ")


def order_patterns(*, own: bool = False) -> dict[str, str]:
    """The sentence about choosing and falling back, by what is on; `own` is an event type's list."""
    return {
        "none": _(_NOTHING_ON_HERE if own else _NOTHING_ON),
        "one": _(_ONE_ON),
        "several": _(_NO_BACKUP),
        "backups": _(_BACKUPS),
        "between": _(_BETWEEN),
    }


def order_words(names: list[str], backups: list[str], *, own: bool = False) -> str:
    """What guests choose from and what is fallen back to; `names` are the types that are on, as guests read them."""
    patterns = order_patterns(own=own)
    if not names:
        return patterns["none"]
    pattern = patterns["one" if len(names) == 1 else "backups" if backups else "several"]
    return pattern.format(first=names[0], backups=patterns["between"].join(backups))


def too_long_words() -> str:
    """What a host is told of an event type that no window has room for."""
    return _("Longer than any of your available times, so guests can’t book it.")


def weekly_words(availability: Availability) -> str:
    """The hours of an ordinary week in a line: `Monday–Friday 09:00–17:00`."""
    spans: list[tuple[Weekday, Weekday, DayHours]] = []
    for index, weekday in enumerate(WEEKDAYS):
        hours = availability.weekly.on(index)
        if spans and spans[-1][2] == hours:
            spans[-1] = (spans[-1][0], weekday, hours)
        else:
            spans.append((weekday, weekday, hours))
    return "; ".join(_span(*each) for each in spans if each[2]) or _("Not available")


def hours_in_words(availability: Availability) -> str:
    """The week, and whose public holidays are off: `Monday–Friday 09:00–17:00, except public holidays (France)`."""
    week, calendar = weekly_words(availability), availability.public_holidays
    if isinstance(calendar, UnsetType):
        return week
    text = _("{hours}, except public holidays ({country})")
    return text.format(hours=week, country=holidays_words(calendar))


def holidays_words(calendar: HolidayCalendar) -> str:
    """`Germany, BY`."""
    return ", ".join(filter(None, (country_name(calendar.country), calendar.region)))


def _span(first: Weekday, last: Weekday, hours: DayHours) -> str:
    begin, end = _(DAY_NAMES[first]), _(DAY_NAMES[last])
    days = begin if first == last else f"{begin}–{end}"
    return f"{days} {hours_words(hours)}"


def hours_words(hours: DayHours) -> str:
    """`09:00–12:00, 13:00–17:00`; nothing for none."""
    return ", ".join(f"{each.start}–{each.end}" for each in hours)
