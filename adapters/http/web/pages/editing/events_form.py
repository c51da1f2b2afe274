"""Event types as typed in the editor."""

from collections.abc import Sequence

import msgspec

from adapters.http.web.forms import Errors, Form
from adapters.http.web.pages.editing.numbers import minutes, whole_number
from adapters.http.web.pages.editing.questions_form import QuestionForm
from adapters.http.web.pages.editing.rows import row_numbers
from adapters.http.web.pages.editing.types_form import TypesForm
from adapters.http.web.pages.slugs import slug_from
from application.pages.edit_pages import EventTypeRow
from application.pages.page_checks import title
from application.pages.page_edits import EventTypeEdit
from application.people import long_text
from domain.booking_page import DURATION_MINUTES, LONGEST_DESCRIPTION, MOST_QUESTIONS, EventType
from domain.errors import InvalidInput
from domain.faults import Repeated, Required, TooMany
from domain.host import slug
from domain.ids import EventTypeId
from domain.join_link import join_link

_FIELDS = {"duration_minutes": "duration", "meeting_types": "own"}


class EventForm(msgspec.Struct, frozen=True):
    """One event type; a new one has no id yet.

    Attributes:
        own: its own meeting types; None takes the page's.
    """

    number: str
    id: str = ""
    title: str = ""
    slug: str = ""
    duration: str = "30"
    description: str = ""
    redirect_url: str = ""
    removed: bool = False
    own: TypesForm | None = None
    questions: tuple[QuestionForm, ...] = ()

    @classmethod
    def sent(cls, form: Form, number: str, questions: tuple[QuestionForm, ...]) -> "EventForm":
        path = f"event.{number}."
        known = form.text(f"{path}id")
        return cls(
            number=number,
            id=known,
            title=form.text(f"{path}title"),
            slug=form.text(f"{path}slug").strip().lower(),
            duration=form.text(f"{path}duration"),
            # Browsers send line breaks as CR LF.
            description=form.text(f"{path}description").replace("\r\n", "\n"),
            redirect_url=form.text(f"{path}redirect_url").strip(),
            removed=bool(known and form.text(f"{path}removed")),
            own=TypesForm.sent(form, path) if form.text(f"{path}own") else None,
            questions=questions,
        )

    @property
    def is_kept(self) -> bool:
        """Whether it is to be saved; a new row left empty is none."""
        asked = any(not each.is_empty for each in self.questions)
        return not self.removed and bool(
            self.id or self.title.strip() or self.slug or self.description.strip() or self.redirect_url or asked
        )

    def field_of(self, path: Sequence[str]) -> str:
        """The name of the field that a member of the saved event type was made from."""
        match path:
            case ["questions", place, name, *_]:
                asked = [each for each in self.questions if not each.is_empty]
                return f"question.{asked[int(place)].number}.{name}"
            case [name, *_]:
                return f"event.{self.number}.{_FIELDS.get(name, name)}"
            case _:
                return "event_types"

    def checked(self, errors: Errors) -> EventTypeRow:
        """What to save, unless something was added to the errors."""
        path = f"event.{self.number}."
        errors.check(lambda: title(self.title, f"{path}title"))
        errors.check(self._check_slug)
        errors.check(lambda: long_text(self.description, f"{path}description", LONGEST_DESCRIPTION))
        if self.redirect_url:
            errors.check(lambda: join_link(self.redirect_url, f"{path}redirect_url"))
        own = None if self.own is None else self.own.checked(path, errors)
        if self.own is not None and not self.own.switched_on:
            errors.note(f"{path}own", Required())
        asked = tuple(each for each in self.questions if not each.is_empty)
        if len(asked) > MOST_QUESTIONS:
            errors.note(f"{path}questions", TooMany(MOST_QUESTIONS))
        edit = EventTypeEdit(
            slug=self.slug,
            title=self.title,
            duration_minutes=whole_number(self.duration, f"{path}duration", DURATION_MINUTES, errors),
            description=self.description,
            redirect_url=self.redirect_url or None,
            meeting_types=own,
            questions=tuple(each.checked(errors) for each in asked),
        )
        return EventTypeRow(EventTypeId(self.id) if self.id else None, edit)

    def _check_slug(self) -> None:
        field = f"event.{self.number}.slug"
        if not self.slug:
            raise InvalidInput.at(field, Required())
        slug(self.slug, field)


def events_of(event_types: Sequence[EventType]) -> tuple[EventForm, ...]:
    asked = 0
    made: list[EventForm] = []
    for number, each in enumerate(event_types):
        made.append(
            EventForm(
                number=str(number),
                id=each.id,
                title=each.title,
                slug=each.slug,
                duration=str(minutes(each.duration)),
                description=each.description,
                redirect_url=each.redirect_url or "",
                own=None if each.meeting_types is None else TypesForm.of(each.meeting_types),
                questions=tuple(
                    QuestionForm.of(question, str(asked + place)) for place, question in enumerate(each.questions)
                ),
            )
        )
        asked += len(each.questions)
    return tuple(made)


def events_sent(form: Form) -> tuple[EventForm, ...]:
    asked: dict[str, list[QuestionForm]] = {}
    for number in row_numbers(form, "question"):
        asked.setdefault(form.text(f"question.{number}.event"), []).append(QuestionForm.sent(form, number))
    return tuple(EventForm.sent(form, number, tuple(asked.get(number, ()))) for number in row_numbers(form, "event"))


def _with_addresses(events: Sequence[EventForm]) -> list[EventForm]:
    """The same, each new one without an address with one made from its title."""
    taken = {each.slug for each in events}
    made: list[EventForm] = []
    for each in events:
        if each.id or each.slug or not each.title.strip():
            made.append(each)
            continue
        slug = slug_from(each.title, taken)
        taken.add(slug)
        made.append(msgspec.structs.replace(each, slug=slug))
    return made


def checked_events(events: Sequence[EventForm], errors: Errors) -> tuple[EventTypeRow, ...]:
    """The event types to save, in order."""
    slugs: set[str] = set()
    rows: list[EventTypeRow] = []
    for each in _with_addresses([each for each in events if each.is_kept]):
        rows.append(each.checked(errors))
        if each.slug and each.slug in slugs:
            errors.note(f"event.{each.number}.slug", Repeated())
        slugs.add(each.slug)
    return tuple(rows)
