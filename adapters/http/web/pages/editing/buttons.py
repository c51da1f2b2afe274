"""Editor buttons that change the form without saving.

Each is named `do`, and its value says what to do, and with which row: `question-up:7`.
"""

from collections.abc import Callable, Mapping

import msgspec

from adapters.http.web.forms import Form
from adapters.http.web.pages.editing.events_form import EventForm
from adapters.http.web.pages.editing.form import EditorForm
from adapters.http.web.pages.editing.hours_form import Stretch, next_stretch
from adapters.http.web.pages.editing.questions_form import QuestionForm
from adapters.http.web.pages.editing.rows import moved, next_number
from adapters.http.web.pages.editing.words import DAY_NAMES
from adapters.presentation.language import gettext as _
from domain.availability import WEEKDAYS, Weekday
from domain.booking_page import MOST_EVENT_TYPES, MOST_QUESTIONS

_UP, _DOWN = -1, 1


class Pressed(msgspec.Struct, frozen=True):
    """What became of the form.

    Attributes:
        focus: the id of the element that the keyboard goes on from.
        announcement: what happened, for those who can't see it.
    """

    form: EditorForm
    focus: str = ""
    announcement: str = ""


Arguments = list[str]


def pressed(form: EditorForm, sent: Form) -> Pressed:
    """Do what a button says; one that nobody made changes nothing."""
    what, *wish = sent.text("do").split(":")
    if what == "hours-copy":
        return _copy_hours(form, wish, sent)
    button = BUTTONS.get(what)
    return button(form, wish) if button else Pressed(form)


def _move_type(by: int) -> Callable[[EditorForm, Arguments], Pressed]:
    def move(form: EditorForm, wish: Arguments) -> Pressed:
        name, number = [*wish, "", ""][:2]
        focus = f"type-{name}-{'down' if by > 0 else 'up'}"
        if not number:
            return Pressed(msgspec.structs.replace(form, types=form.types.with_moved(name, by)), focus)

        def change(event: EventForm) -> EventForm:
            return msgspec.structs.replace(event, own=event.own and event.own.with_moved(name, by))

        return Pressed(_with_event(form, number, change), f"event-{number}-{focus}")

    return move


def _add_event(form: EditorForm, _wish: Arguments) -> Pressed:
    if len(form.events) >= MOST_EVENT_TYPES:
        return Pressed(form, announcement=_("A page has room for {most} event types.").format(most=MOST_EVENT_TYPES))
    number = next_number(each.number for each in form.events)
    added = msgspec.structs.replace(form, events=(*form.events, EventForm(number)))
    return Pressed(added, f"event-{number}-title", _("A row for a new event type was added."))


def _move_event(by: int) -> Callable[[EditorForm, Arguments], Pressed]:
    def move(form: EditorForm, wish: Arguments) -> Pressed:
        place = next((at for at, each in enumerate(form.events) if [each.number] == wish), -1)
        focus = f"event-{wish[0] if wish else ''}-{'down' if by > 0 else 'up'}"
        return Pressed(msgspec.structs.replace(form, events=moved(form.events, place, by)), focus)

    return move


def _remove_event(form: EditorForm, wish: Arguments) -> Pressed:
    kept = tuple(each for each in form.events if [each.number] != wish)
    return Pressed(msgspec.structs.replace(form, events=kept), "event-add", _("The row was removed."))


def _own_types(form: EditorForm, wish: Arguments) -> Pressed:
    number = "".join(wish[:1])

    def change(event: EventForm) -> EventForm:
        return msgspec.structs.replace(event, own=form.types)

    announcement = _("The event type now has a list of its own, which begins as the page’s.")
    return Pressed(_with_event(form, number, change), f"event-{number}-same", announcement)


def _same_types(form: EditorForm, wish: Arguments) -> Pressed:
    number = "".join(wish[:1])

    def change(event: EventForm) -> EventForm:
        return msgspec.structs.replace(event, own=None)

    return Pressed(
        _with_event(form, number, change), f"event-{number}-own", _("The event type takes the page’s list again.")
    )


def _add_question(form: EditorForm, wish: Arguments) -> Pressed:
    number = next_number(each.number for event in form.events for each in event.questions)

    def change(event: EventForm) -> EventForm:
        if len(event.questions) >= MOST_QUESTIONS:
            return event
        return msgspec.structs.replace(event, questions=(*event.questions, QuestionForm(number)))

    added = _with_event(form, "".join(wish[:1]), change)
    if added == form:
        return Pressed(form, announcement=_("Please ask at most {most} questions.").format(most=MOST_QUESTIONS))
    return Pressed(added, f"question-{number}-label", _("A question was added."))


def _move_question(by: int) -> Callable[[EditorForm, Arguments], Pressed]:
    def move(form: EditorForm, wish: Arguments) -> Pressed:
        def change(event: EventForm) -> EventForm:
            place = next((at for at, each in enumerate(event.questions) if [each.number] == wish), -1)
            return msgspec.structs.replace(event, questions=moved(event.questions, place, by))

        focus = f"question-{wish[0] if wish else ''}-{'down' if by > 0 else 'up'}"
        return Pressed(_with_every_event(form, change), focus)

    return move


def _remove_question(form: EditorForm, wish: Arguments) -> Pressed:
    def change(event: EventForm) -> EventForm:
        kept = tuple(each for each in event.questions if [each.number] != wish)
        return msgspec.structs.replace(event, questions=kept)

    owner = next((event.number for event in form.events for each in event.questions if [each.number] == wish), "")
    return Pressed(_with_every_event(form, change), f"event-{owner}-question-add", _("The question was removed."))


def _add_hours(form: EditorForm, wish: Arguments) -> Pressed:
    day = _weekday(wish)
    if day is None:
        return Pressed(form)
    rows = form.hours.weekly[day]
    hours = form.hours.with_hours(day, (*rows, next_stretch(rows)))
    return Pressed(msgspec.structs.replace(form, hours=hours), f"hours-{day}-{len(rows)}-start")


def _remove_hours(form: EditorForm, wish: Arguments) -> Pressed:
    day = _weekday(wish)
    if day is None:
        return Pressed(form)
    hours = form.hours.with_hours(day, _without(form.hours.weekly[day], wish[1:]))
    announcement = _("Hours on {day} were removed.").format(day=_(DAY_NAMES[day]))
    return Pressed(msgspec.structs.replace(form, hours=hours), f"hours-{day}-add", announcement)


def _copy_hours(form: EditorForm, wish: Arguments, sent: Form) -> Pressed:
    day = _weekday(wish)
    if day is None:
        return Pressed(form)
    wanted = sent.all(f"copy.{day}")
    others: list[Weekday] = [each for each in WEEKDAYS if each in wanted and each != day]
    if not others:
        return Pressed(form, f"hours-{day}-copy", _("Please choose the days to copy to."))
    hours = form.hours
    for each in others:
        hours = hours.with_hours(each, hours.weekly[day])
    days = ", ".join(_(DAY_NAMES[each]) for each in others)
    announcement = _("Hours copied from {day} to {days}.").format(day=_(DAY_NAMES[day]), days=days)
    return Pressed(msgspec.structs.replace(form, hours=hours), f"hours-{day}-copy", announcement)


def _add_date(form: EditorForm, _wish: Arguments) -> Pressed:
    hours = form.hours.with_date()
    return Pressed(msgspec.structs.replace(form, hours=hours), f"date-{hours.dates[-1].number}-day")


def _remove_date(form: EditorForm, wish: Arguments) -> Pressed:
    hours = form.hours.without_date("".join(wish[:1]))
    return Pressed(msgspec.structs.replace(form, hours=hours), "date-add", _("The date was removed."))


def _add_date_hours(form: EditorForm, wish: Arguments) -> Pressed:
    number = "".join(wish[:1])
    rows = _date_rows(form, number)
    hours = form.hours.with_date_hours(number, (*rows, next_stretch(rows)))
    return Pressed(msgspec.structs.replace(form, hours=hours), f"date-{number}-{len(rows)}-start")


def _remove_date_hours(form: EditorForm, wish: Arguments) -> Pressed:
    number = "".join(wish[:1])
    hours = form.hours.with_date_hours(number, _without(_date_rows(form, number), wish[1:]))
    return Pressed(
        msgspec.structs.replace(form, hours=hours), f"date-{number}-hours-add", _("Hours of this date were removed.")
    )


def _date_rows(form: EditorForm, number: str) -> tuple[Stretch, ...]:
    return next((each.stretches for each in form.hours.dates if each.number == number), ())


def _without(rows: tuple[Stretch, ...], wish: Arguments) -> tuple[Stretch, ...]:
    return tuple(each for place, each in enumerate(rows) if [str(place)] != wish)


def _weekday(wish: Arguments) -> Weekday | None:
    return next((each for each in WEEKDAYS if [each] == wish[:1]), None)


def _with_event(form: EditorForm, number: str, change: Callable[[EventForm], EventForm]) -> EditorForm:
    return _with_every_event(form, lambda event: change(event) if event.number == number else event)


def _with_every_event(form: EditorForm, change: Callable[[EventForm], EventForm]) -> EditorForm:
    return msgspec.structs.replace(form, events=tuple(change(each) for each in form.events))


BUTTONS: Mapping[str, Callable[[EditorForm, Arguments], Pressed]] = {
    "type-up": _move_type(_UP),
    "type-down": _move_type(_DOWN),
    "event-add": _add_event,
    "event-up": _move_event(_UP),
    "event-down": _move_event(_DOWN),
    "event-remove": _remove_event,
    "event-own": _own_types,
    "event-same": _same_types,
    "question-add": _add_question,
    "question-up": _move_question(_UP),
    "question-down": _move_question(_DOWN),
    "question-remove": _remove_question,
    "hours-add": _add_hours,
    "hours-remove": _remove_hours,
    "date-add": _add_date,
    "date-remove": _remove_date,
    "date-hours-add": _add_date_hours,
    "date-hours-remove": _remove_date_hours,
}
