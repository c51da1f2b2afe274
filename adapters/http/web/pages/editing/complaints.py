"""Errors in the editor, in the order of its fields."""

from adapters.http.web.forms import Errors
from adapters.http.web.pages.editing.form import EditorForm
from adapters.http.web.pages.editing.tabs import TABS, tab_of
from adapters.http.web.pages.editing.words import DAY_NAMES
from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked

_NAMES = {
    "title": marked("Title"),
    "slug": marked("Address"),
    "description": marked("Description"),
    "color": marked("Brand colour"),
    "number": marked("Your number"),
    "address": marked("Where you meet"),
    "meeting_types": marked("Meeting type"),
    "own": marked("Meeting type"),
    "event_types": marked("Event types"),
    "event": marked("Event types"),
    "redirect_url": marked("After booking, go to"),
    "duration": marked("Duration"),
    "questions": marked("Questions"),
    "schedule": marked("Hours"),
    "hours": marked("Weekly hours"),
    "date": marked("Date"),
    "holidays_country": marked("Public holidays"),
    "holidays_region": marked("Region"),
    "notice": marked("Minimum notice"),
    "horizon": marked("Bookable up to"),
    "interval": marked("Start times every"),
    "cap": marked("Daily limit"),
    "before": marked("Buffer before"),
    "after": marked("Buffer after"),
    "question": marked("Question"),
    "calendars": marked("Calendars"),
    "label": marked("Question"),
    "choices": marked("Options to choose from"),
    "lead": marked("Reminders"),
    "sites": marked("Sites that may embed this page"),
}
_ORDER = list(_NAMES)


def complaints(form: EditorForm, errors: Errors) -> list[tuple[str, str]]:
    """The id of each field with what is wrong there."""
    ordered = sorted(errors, key=lambda field: _place(form, field))
    return [(field.replace(".", "-"), _sentence(form, field, errors[field])) for field in ordered]


def _sentence(form: EditorForm, field: str, words: str) -> str:
    name = _name(form, field)
    return _("{field}: {words}").format(field=name, words=words) if name else words


def _name(form: EditorForm, field: str) -> str:
    first, *rest = field.split(".")
    own = next((_(_NAMES[each]) for each in (*rest[-1:], first) if each in _NAMES), "")
    if first == "hours":
        return next((_(name) for weekday, name in DAY_NAMES.items() if [weekday] == rest), own)
    owner = ""
    if first == "event" and rest:
        owner = next((each.title for each in form.events if each.number == rest[0]), "")
    elif first == "question" and rest:
        asked = (each for event in form.events for each in event.questions)
        owner = next((each.label for each in asked if each.number == rest[0]), "")
    return f"{owner.strip()}, {own}" if owner.strip() else own


def _place(form: EditorForm, field: str) -> tuple[int, int, int, int]:
    first, *rest = field.split(".")
    rows = [each.number for each in form.events]
    if first == "question":
        rows = [each.number for event in form.events for each in event.questions]
    row = rows.index(rest[0]) if rest and rest[0] in rows else 0
    return TABS.index(tab_of(field)), _rank(first), row, _rank(rest[-1] if rest else "")


def _rank(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
