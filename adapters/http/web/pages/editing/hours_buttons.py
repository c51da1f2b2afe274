"""The buttons of hours, of a page's own and of a schedule's: they change the form without saving."""

from collections.abc import Callable, Mapping

import msgspec

from adapters.http.web.forms import Form
from adapters.http.web.pages.editing.hours_form import HoursForm, Stretch, next_stretch
from adapters.http.web.pages.editing.words import DAY_NAMES
from adapters.presentation.language import gettext as _
from domain.availability import WEEKDAYS, Weekday

Arguments = list[str]


class PressedHours(msgspec.Struct, frozen=True):
    """What became of the hours.

    Attributes:
        focus: the id of the element that the keyboard goes on from.
        announcement: what happened, for those who can't see it.
    """

    hours: HoursForm
    focus: str = ""
    announcement: str = ""


def pressed_hours(hours: HoursForm, what: str, wish: Arguments, sent: Form) -> PressedHours | None:
    """Do what a button says; None for a button of something else."""
    if what == "hours-copy":
        return _copy_hours(hours, wish, sent)
    button = HOURS_BUTTONS.get(what)
    return button(hours, wish) if button else None


def _add_hours(hours: HoursForm, wish: Arguments) -> PressedHours:
    day = _weekday(wish)
    if day is None:
        return PressedHours(hours)
    rows = hours.weekly[day]
    return PressedHours(hours.with_hours(day, (*rows, next_stretch(rows))), f"hours-{day}-{len(rows)}-start")


def _remove_hours(hours: HoursForm, wish: Arguments) -> PressedHours:
    day = _weekday(wish)
    if day is None:
        return PressedHours(hours)
    announcement = _("Hours on {day} were removed.").format(day=_(DAY_NAMES[day]))
    return PressedHours(hours.with_hours(day, _without(hours.weekly[day], wish[1:])), f"hours-{day}-add", announcement)


def _copy_hours(hours: HoursForm, wish: Arguments, sent: Form) -> PressedHours:
    day = _weekday(wish)
    if day is None:
        return PressedHours(hours)
    wanted = sent.all(f"copy.{day}")
    others: list[Weekday] = [each for each in WEEKDAYS if each in wanted and each != day]
    if not others:
        return PressedHours(hours, f"hours-{day}-copy", _("Choose the days to copy to."))
    for each in others:
        hours = hours.with_hours(each, hours.weekly[day])
    days = ", ".join(_(DAY_NAMES[each]) for each in others)
    announcement = _("Hours copied from {day} to {days}.").format(day=_(DAY_NAMES[day]), days=days)
    return PressedHours(hours, f"hours-{day}-copy", announcement)


def _add_date(hours: HoursForm, _wish: Arguments) -> PressedHours:
    hours = hours.with_date()
    return PressedHours(hours, f"date-{hours.dates[-1].number}-day")


def _remove_date(hours: HoursForm, wish: Arguments) -> PressedHours:
    return PressedHours(hours.without_date("".join(wish[:1])), "date-add", _("The date was removed."))


def _add_date_hours(hours: HoursForm, wish: Arguments) -> PressedHours:
    number = "".join(wish[:1])
    rows = _date_rows(hours, number)
    return PressedHours(hours.with_date_hours(number, (*rows, next_stretch(rows))), f"date-{number}-{len(rows)}-start")


def _remove_date_hours(hours: HoursForm, wish: Arguments) -> PressedHours:
    number = "".join(wish[:1])
    hours = hours.with_date_hours(number, _without(_date_rows(hours, number), wish[1:]))
    return PressedHours(hours, f"date-{number}-hours-add", _("Hours of this date were removed."))


def _show_holidays(hours: HoursForm, _wish: Arguments) -> PressedHours:
    return PressedHours(hours, "holidays_region" if hours.region else "holidays_country")


def _date_rows(hours: HoursForm, number: str) -> tuple[Stretch, ...]:
    return next((each.stretches for each in hours.dates if each.number == number), ())


def _without(rows: tuple[Stretch, ...], wish: Arguments) -> tuple[Stretch, ...]:
    return tuple(each for place, each in enumerate(rows) if [str(place)] != wish)


def _weekday(wish: Arguments) -> Weekday | None:
    return next((each for each in WEEKDAYS if [each] == wish[:1]), None)


HOURS_BUTTONS: Mapping[str, Callable[[HoursForm, Arguments], PressedHours]] = {
    "hours-add": _add_hours,
    "hours-remove": _remove_hours,
    "date-add": _add_date,
    "date-remove": _remove_date,
    "date-hours-add": _add_date_hours,
    "date-hours-remove": _remove_date_hours,
    "holidays": _show_holidays,
}
