"""Booking pages, and the event types that can be booked on them."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, Self
from zoneinfo import ZoneInfo

import msgspec

from domain.availability import WEEKDAYS_NINE_TO_FIVE, Availability, BookingRules
from domain.embedding import Embedding, check_embedding
from domain.errors import Checks, InvalidInput
from domain.faults import (
    FaultKind,
    InvalidValue,
    Malformed,
    NotAsked,
    NotOneOf,
    Repeated,
    Required,
    TooFew,
    TooMany,
    TooMuchText,
    Unanswered,
)
from domain.host import HANDLE_KEPT_FOR, Host, check_slug
from domain.ids import EventTypeId, HostId, PageId, ScheduleId
from domain.join_link import is_https_link
from domain.limits import Limits, check_text
from domain.meeting_type import MeetingType, name_of, provider_of
from domain.page_calendars import PageCalendars
from domain.provider import Provider
from domain.schedule import Schedule
from domain.windows import longest_window
from domain.working_hours import WorkingHours

A_DAY = timedelta(hours=24)

DURATION_MINUTES = Limits(1, 24 * 60)
REMINDER_MINUTES = Limits(1, 30 * 24 * 60)

LONGEST_TITLE = 120
LONGEST_DESCRIPTION = 2000
MOST_PAGES = 100
"""Of a host; the dashboard lists them all."""
MOST_REMINDERS = 3
MOST_EVENT_TYPES = 50
MOST_QUESTIONS = 20
LONGEST_QUESTION = 200
FEWEST_CHOICES, MOST_CHOICES = 2, 30
LONGEST_CHOICE = 100
LONGEST_ANSWER = 2000
LARGEST_TEXTS = 100_000
"""Bytes of all that a host typed for a page: lists hold all of a host's pages, and each is read whole."""

_RGB = re.compile(r"#[0-9a-f]{6}")
LENGTH_OF_COLOR = len("#rrggbb")

QuestionKind = Literal["text", "long_text", "choice", "yes_no"]

SLUG_KEPT_FOR = HANDLE_KEPT_FOR
"""So long a former address of a page or of an event type leads to it, unless another one of its host takes it."""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a guest is asked beside name and email; `choices` only where the kind is `choice`."""

    id: str
    label: str
    kind: QuestionKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_slug(self.id, "id")
        check_text(self.label, LONGEST_QUESTION, "label")
        if self.kind == "choice":
            check_choices(self.choices)
        elif self.choices:
            raise InvalidValue(TooMany(0), "choices")


class Answer(msgspec.Struct, frozen=True):
    """What the guest said, with the question as it was asked then."""

    question: str
    answer: str

    def __post_init__(self) -> None:
        check_text(self.question, LONGEST_QUESTION, "question")
        check_text(self.answer, LONGEST_ANSWER, "answer")


class EventType(msgspec.Struct, frozen=True):
    """A bookable thing on a page; without meeting types of its own it takes the page's.

    Attributes:
        redirect_url: where guests go once they have booked; None shows them their booking.
    """

    id: EventTypeId
    slug: str
    title: str
    duration: timedelta
    meeting_types: tuple[MeetingType, ...] | None = None
    questions: tuple[Question, ...] = ()
    description: str = ""
    redirect_url: str | None = None

    def __post_init__(self) -> None:
        check_slug(self.slug)
        check_text(self.title, LONGEST_TITLE, "title")
        DURATION_MINUTES.check_minutes(self.duration, "duration")
        check_text(self.description, LONGEST_DESCRIPTION, "description", required=False)
        if self.redirect_url is not None and not is_https_link(self.redirect_url):
            raise InvalidValue(Malformed("whole-link"), "redirect_url")
        if self.meeting_types is not None:
            if not self.meeting_types:
                raise InvalidValue(Required(), "meeting_types")
            _check_each_once(self.meeting_types)
        if self.questions:
            if len(self.questions) > MOST_QUESTIONS:
                raise InvalidValue(TooMany(MOST_QUESTIONS), "questions")
            if len({each.id for each in self.questions}) < len(self.questions):
                raise InvalidValue(Repeated(), "questions")


class BookingPage(msgspec.Struct, frozen=True):
    """A public page. `meeting_types` are in order: the first is preselected, the first usable backup is fallen back to.

    Attributes:
        availability: the page's own, which counts while it has no `schedule`.
        schedule: the one whose hours count instead.
        reminders: how long before a booking its guest is reminded, each time once.
        brand_color: the accent of the page and of its guests' mails, as `#rrggbb`; None is the product's own.
        confirm_guest_email: a booking is held until its guest confirms the address by a link in a mail.
        additional_guests_allowed: whether guests can bring others along.
        active: whether it takes new bookings at all; those that there are can be moved and cancelled either way.
        calendars: those whose times can't be booked.
        embedding: the sites that may show it in a frame.
        version: of the stored page; each save raises it.
    """

    id: PageId
    host_id: HostId
    slug: str
    title: str
    description: str = ""
    meeting_types: tuple[MeetingType, ...] = ()
    availability: Availability = WEEKDAYS_NINE_TO_FIVE
    schedule: Schedule | None = None
    rules: BookingRules = BookingRules()
    reminders: tuple[timedelta, ...] = (A_DAY,)
    brand_color: str | None = None
    confirm_guest_email: bool = False
    additional_guests_allowed: bool = True
    active: bool = True
    calendars: PageCalendars = PageCalendars()
    embedding: Embedding = "nowhere"
    event_types: tuple[EventType, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        check_slug(self.slug)
        check_text(self.title, LONGEST_TITLE, "title")
        check_text(self.description, LONGEST_DESCRIPTION, "description", required=False)
        _check_each_once(self.meeting_types)
        check_reminders(self.reminders)
        if self.brand_color is not None and not _RGB.fullmatch(self.brand_color):
            raise InvalidValue(Malformed("colour"), "brand_color")
        check_embedding(self.embedding)
        if len(self.event_types) > MOST_EVENT_TYPES:
            raise InvalidValue(TooMany(MOST_EVENT_TYPES), "event_types")
        if len({each.slug for each in self.event_types}) < len(self.event_types):
            raise InvalidValue(Repeated(), "event_types")
        if len({each.id for each in self.event_types}) < len(self.event_types):
            raise ValueError("each event type has an id of its own")
        if self.version < 1:
            raise InvalidValue(Malformed("whole-number"), "version")

    def duplicate(self, id: PageId, slug: str, title: str, event_type_ids: Iterable[EventTypeId]) -> Self:
        """Another page with all that this one has, turned off until its host has looked at it."""
        event_types = tuple(
            msgspec.structs.replace(each, id=fresh)
            for each, fresh in zip(self.event_types, event_type_ids, strict=False)
        )
        return msgspec.structs.replace(
            self, id=id, slug=slug, title=title, active=False, event_types=event_types, version=1
        )

    @property
    def schedule_id(self) -> ScheduleId | None:
        return None if self.schedule is None else self.schedule.id

    @property
    def hours(self) -> Availability:
        """The availability that counts."""
        return self.availability if self.schedule is None else self.schedule.availability

    def working_hours(self, host: Host, holidays: frozenset[date] = frozenset()) -> WorkingHours:
        timezone = self.schedule.timezone if self.schedule else None
        return WorkingHours(self.hours, ZoneInfo(timezone or host.timezone), holidays)

    def uses(self, provider: Provider) -> bool:
        """Whether the page's own list has a meeting type that the provider makes."""
        return any(provider_of(each) == provider for each in self.meeting_types)

    def meeting_types_of(self, event_type: EventType) -> tuple[MeetingType, ...]:
        return self.meeting_types if event_type.meeting_types is None else event_type.meeting_types

    def has_room_for(self, event_type: EventType, today: date) -> bool:
        """Whether the event type fits any window: of an ordinary week, or of a date override up to the horizon."""
        last = today + timedelta(days=self.rules.horizon_days)
        return event_type.duration <= longest_window(self.hours, today, last)

    def event_type_at(self, slug: str | None) -> EventType | None:
        """The event type with this slug; without a slug the only one there is."""
        if slug is None:
            return self.event_types[0] if len(self.event_types) == 1 else None
        return next((each for each in self.event_types if each.slug == slug), None)

    def event_type_of(self, event_type_id: EventTypeId) -> EventType | None:
        return next((each for each in self.event_types if each.id == event_type_id), None)

    def meeting_types_for(self, event_type_id: EventTypeId) -> tuple[MeetingType, ...]:
        """The order for what was booked; once that event type is gone, the page's own."""
        event_type = self.event_type_of(event_type_id)
        return self.meeting_types if event_type is None else self.meeting_types_of(event_type)


def check_texts(page: BookingPage) -> None:
    """Raises InvalidInput where a page has more to read than anybody does."""
    typed = page.title, page.description, page.meeting_types, page.event_types
    if len(msgspec.json.encode(typed)) > LARGEST_TEXTS:
        raise InvalidInput.at("event_types", TooMuchText(LARGEST_TEXTS // 1000))


@lru_cache(maxsize=1024)
def check_reminders(reminders: tuple[timedelta, ...]) -> None:
    """Raises InvalidValue for too many, two that are the same, and one that is too near or too far ahead."""
    if len(reminders) > MOST_REMINDERS:
        raise InvalidValue(TooMany(MOST_REMINDERS), "reminders")
    if len(set(reminders)) < len(reminders):
        raise InvalidValue(Repeated(), "reminders")
    for each in reminders:
        REMINDER_MINUTES.check_minutes(each, "reminders")


def check_choices(choices: tuple[str, ...]) -> None:
    """Raises InvalidValue for too few choices, too many, two that are the same, and one that nobody can read."""
    if len(choices) < FEWEST_CHOICES:
        raise InvalidValue(TooFew(FEWEST_CHOICES), "choices")
    if len(choices) > MOST_CHOICES:
        raise InvalidValue(TooMany(MOST_CHOICES), "choices")
    if len(set(choices)) < len(choices):
        raise InvalidValue(Repeated(), "choices")
    for each in choices:
        check_text(each, LONGEST_CHOICE, "choices")


def _check_each_once(meeting_types: tuple[MeetingType, ...]) -> None:
    if len({type(each) for each in meeting_types}) < len(meeting_types):
        raise InvalidValue(Repeated(), "meeting_types")


def rgb(text: str, field: str = "brand_color") -> str:
    """Check a colour and write it in small letters.

    Raises:
        InvalidInput: not a hash sign and six hexadecimal digits.
    """
    color = text.lower()
    if not _RGB.fullmatch(color):
        raise InvalidInput.at(field, Malformed("colour"))
    return color


def each_once(meeting_types: tuple[MeetingType, ...], path: str = "") -> tuple[MeetingType, ...]:
    """Check that a list names every meeting type at most once; `path` is where the list's owner lies in what was sent.

    Raises:
        InvalidInput: a type is listed twice.
    """
    names = [name_of(each) for each in meeting_types]
    checks = Checks()
    for position, name in enumerate(names):
        if name in names[:position]:
            checks.note(f"{path}meeting_types.{position}", Repeated())
    checks.done()
    return meeting_types


def answers_to(questions: tuple[Question, ...], given: dict[str, str]) -> tuple[Answer, ...]:
    """Match what a guest answered with what was asked.

    Raises:
        InvalidInput: a required answer is missing, a choice isn't one of those offered, or nobody asked.
    """
    checks = Checks()
    asked = {question.id for question in questions}
    for key in given:
        if key not in asked:
            checks.note(f"answers.{key}", NotAsked())
    answers: list[Answer] = []
    for question in questions:
        answer = given.get(question.id, "").strip()
        problem = _wrong_with(question, answer)
        if problem is not None:
            checks.note(f"answers.{question.id}", problem)
        elif answer:
            answers.append(Answer(question.label, answer))
    checks.done()
    return tuple(answers)


def _wrong_with(question: Question, answer: str) -> FaultKind | None:
    if not answer:
        return Unanswered(question.label) if question.required else None
    allowed = {"choice": question.choices, "yes_no": ("yes", "no")}.get(question.kind)
    return NotOneOf(allowed) if allowed is not None and answer not in allowed else None
