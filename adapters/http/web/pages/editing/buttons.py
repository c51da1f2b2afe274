"""Editor buttons that change the form without saving.

Each is named `do`, and its value says what to do, and with which row: `question-up:7`.
"""

from collections.abc import Callable, Mapping

import msgspec

from adapters.http.web.forms import Form
from adapters.http.web.pages.editing.events_form import EventForm
from adapters.http.web.pages.editing.form import EditorForm
from adapters.http.web.pages.editing.hours_buttons import Arguments, pressed_hours
from adapters.http.web.pages.editing.questions_form import QuestionForm
from adapters.http.web.pages.editing.rows import moved, next_number
from adapters.presentation.language import gettext as _
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


def pressed(form: EditorForm, sent: Form) -> Pressed:
    """Do what a button says; one that nobody made changes nothing."""
    what, *wish = sent.text("do").split(":")
    if done := pressed_hours(form.hours, what, wish, sent):
        return Pressed(msgspec.structs.replace(form, hours=done.hours), done.focus, done.announcement)
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

    announcement = _("This event type now has its own meeting types.")
    return Pressed(_with_event(form, number, change), f"event-{number}-same", announcement)


def _same_types(form: EditorForm, wish: Arguments) -> Pressed:
    number = "".join(wish[:1])

    def change(event: EventForm) -> EventForm:
        return msgspec.structs.replace(event, own=None)

    return Pressed(
        _with_event(form, number, change),
        f"event-{number}-own",
        _("This event type uses the page’s meeting types again."),
    )


def _update_link(form: EditorForm, _wish: Arguments) -> Pressed:
    return Pressed(form, announcement=_("The link and the code are up to date."))


def _add_question(form: EditorForm, wish: Arguments) -> Pressed:
    number = next_number(each.number for event in form.events for each in event.questions)

    def change(event: EventForm) -> EventForm:
        if len(event.questions) >= MOST_QUESTIONS:
            return event
        return msgspec.structs.replace(event, questions=(*event.questions, QuestionForm(number)))

    added = _with_event(form, "".join(wish[:1]), change)
    if added == form:
        return Pressed(form, announcement=_("Ask at most {most} questions.").format(most=MOST_QUESTIONS))
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


def _with_event(form: EditorForm, number: str, change: Callable[[EventForm], EventForm]) -> EditorForm:
    return _with_every_event(form, lambda event: change(event) if event.number == number else event)


def _with_every_event(form: EditorForm, change: Callable[[EventForm], EventForm]) -> EditorForm:
    return msgspec.structs.replace(form, events=tuple(change(each) for each in form.events))


BUTTONS: Mapping[str, Callable[[EditorForm, Arguments], Pressed]] = {
    "type-up": _move_type(_UP),
    "type-down": _move_type(_DOWN),
    "link": _update_link,
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
}
