"""The editor's form and the edit that it asks for."""

import msgspec
from msgspec import UNSET

from adapters.http.web.forms import Errors, Form
from adapters.http.web.pages.editing.calendars_form import CalendarsForm
from adapters.http.web.pages.editing.events_form import EventForm, checked_events, events_of, events_sent
from adapters.http.web.pages.editing.hours_form import HoursForm
from adapters.http.web.pages.editing.rules_form import RulesForm
from adapters.http.web.pages.editing.share_form import EmbeddingForm
from adapters.http.web.pages.editing.types_form import TypesForm
from application.pages.edit_pages import EventTypeRow
from application.pages.page_checks import title
from application.pages.page_edits import PageEdit
from application.people import long_text
from domain.booking_page import LONGEST_DESCRIPTION, BookingPage, rgb
from domain.host import slug
from domain.ids import ScheduleId

STANDARD_COLOR = "#0f766e"
"""What the colour field shows where the page has none of its own: a colour field can't be empty."""

LONGEST_VERSION = 9


_FIELDS = {
    "brand_color": "color",
    "embedding": "sites",
    "availability": "hours",
    "schedule_id": "schedule",
    "minimum_notice_minutes": "notice",
    "horizon_days": "horizon",
    "buffer_before_minutes": "before",
    "buffer_after_minutes": "after",
    "slot_interval_minutes": "interval",
    "daily_cap": "cap",
    "max_per_guest": "per_guest",
    "reminders": "lead.0",
}


class EditorForm(msgspec.Struct, frozen=True):
    """All fields as typed, so that a refused form comes back as it was sent.

    Attributes:
        schedule: the id of the one whose hours count; empty for the page's own.
        own_color: whether `color` is the page's; otherwise it takes the product's.
    """

    active: bool
    title: str
    slug: str
    description: str
    own_color: bool
    color: str
    confirm_guest_email: bool
    additional_guests_allowed: bool
    types: TypesForm
    events: tuple[EventForm, ...]
    schedule: str
    hours: HoursForm
    rules: RulesForm
    calendars: CalendarsForm
    embedding: EmbeddingForm

    @classmethod
    def of(cls, page: BookingPage) -> "EditorForm":
        return cls(
            active=page.active,
            title=page.title,
            slug=page.slug,
            description=page.description,
            own_color=page.brand_color is not None,
            color=page.brand_color or STANDARD_COLOR,
            confirm_guest_email=page.confirm_guest_email,
            additional_guests_allowed=page.additional_guests_allowed,
            types=TypesForm.of(page.meeting_types),
            events=events_of(page.event_types),
            schedule=page.schedule_id or "",
            hours=HoursForm.of(page.availability),
            rules=RulesForm.of(page),
            calendars=CalendarsForm.of(page),
            embedding=EmbeddingForm.of(page),
        )

    @classmethod
    def sent(cls, form: Form) -> "EditorForm":
        return cls(
            active=bool(form.text("active")),
            title=form.text("title"),
            slug=form.text("slug").strip().lower(),
            # Browsers send line breaks as CR LF.
            description=form.text("description").replace("\r\n", "\n"),
            own_color=bool(form.text("color")) and not form.text("standard_color"),
            color=form.text("color") or STANDARD_COLOR,
            confirm_guest_email=bool(form.text("confirm_guest_email")),
            additional_guests_allowed=bool(form.text("additional_guests_allowed")),
            types=TypesForm.sent(form, ""),
            events=events_sent(form),
            schedule=form.text("schedule"),
            hours=HoursForm.sent(form),
            rules=RulesForm.sent(form),
            calendars=CalendarsForm.sent(form),
            embedding=EmbeddingForm.sent(form),
        )

    def field_of(self, path: str) -> str:
        """The name of the field that a member of the saved edit was made from."""
        match path.split("."):
            case ["event_types", place, *rest] if place.isdigit():
                event = [each for each in self.events if each.is_kept][int(place)]
                return event.field_of(rest)
            case ["availability", "weekly", day, *_]:
                return f"hours.{day}"
            case ["availability", "public_holidays", *rest]:
                return f"holidays_{rest[0] if rest else 'country'}"
            case [first, *_]:
                return _FIELDS.get(first, first)
            case _:
                return path

    def adapted_to(self, page: BookingPage) -> "EditorForm":
        """The same for a page that was saved meanwhile: event types that are gone from it become new ones."""
        known = {each.id for each in page.event_types}
        events = tuple(
            each if each.id in known else msgspec.structs.replace(each, id="")
            for each in self.events
            if each.id in known or not each.removed
        )
        return msgspec.structs.replace(self, events=events)

    def checked(self) -> tuple[PageEdit, tuple[EventTypeRow, ...], Errors]:
        """What to save, and what is wrong with it; with errors there is nothing to save."""
        errors = Errors()
        errors.check(lambda: title(self.title, "title"))
        errors.check(lambda: slug(self.slug))
        errors.check(lambda: long_text(self.description, "description", LONGEST_DESCRIPTION))
        if self.own_color:
            errors.check(lambda: rgb(self.color, "color"))
        edit = msgspec.structs.replace(
            self.rules.checked(errors),
            active=self.active,
            title=self.title,
            slug=self.slug,
            description=self.description,
            brand_color=self.color if self.own_color else None,
            confirm_guest_email=self.confirm_guest_email,
            additional_guests_allowed=self.additional_guests_allowed,
            meeting_types=self.types.checked("", errors),
            # Its own hours don't count beside those of a schedule, right or wrong, and stay as they are stored.
            availability=UNSET if self.schedule else self.hours.checked(errors),
            schedule_id=ScheduleId(self.schedule) if self.schedule else None,
            calendars=self.calendars.edit(),
            embedding=self.embedding.checked(errors),
        )
        return edit, checked_events(self.events, errors), errors


def version_sent(form: Form) -> int | None:
    """The version of the page that the form was made from."""
    text = form.text("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION else None
