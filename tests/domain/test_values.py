"""What can't be constructed: values that the rest of the product would have to check again."""

from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import pytest

from domain.availability import BUFFER_MINUTES, HORIZON_DAYS, MOST_OVERRIDES, Availability, BookingRules, Hours
from domain.booking import LONGEST_REASON, Booking, Cancellation, Guest, Move
from domain.booking_page import (
    LONGEST_ANSWER,
    LONGEST_DESCRIPTION,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    MOST_EVENT_TYPES,
    MOST_QUESTIONS,
    Answer,
    BookingPage,
    EventType,
    Question,
)
from domain.conference import Ready
from domain.faults import (
    FaultKind,
    InvalidValue,
    Malformed,
    NotAnEmail,
    OutOfRange,
    Repeated,
    Required,
    Reserved,
    TooFew,
    TooLong,
    TooMany,
    UnknownTimeZone,
)
from domain.host import LONGEST_SLUG, Host
from domain.ids import EventTypeId, HostId, PageId
from domain.meeting_type import LONGEST_PLACE, InPerson, Phone, Zoom
from domain.person import LONGEST_EMAIL, LONGEST_NAME
from tests.support import builders
from tests.support.builders import NOW

CHOICES = ("Tuna", "Cod")


def a_page(
    *,
    slug: str = "talk",
    title: str = "Talk",
    description: str = "",
    brand_color: str | None = None,
    version: int = 1,
    meeting_types: tuple[Zoom | Phone, ...] = (),
    event_types: tuple[EventType, ...] = (),
) -> BookingPage:
    return BookingPage(
        PageId("page"),
        HostId("host"),
        slug,
        title,
        description,
        meeting_types,
        brand_color=brand_color,
        version=version,
        event_types=event_types,
    )


def an_event_type(
    slug: str = "intro",
    title: str = "Intro",
    questions: tuple[Question, ...] = (),
    types: tuple[Zoom, ...] | None = None,
) -> EventType:
    return EventType(EventTypeId("event"), slug, title, timedelta(minutes=30), types, questions)


def a_question(
    id: str = "fish", label: str = "Which fish?", choices: tuple[str, ...] = CHOICES, *, text: bool = False
) -> Question:
    return Question(id, label, "text" if text else "choice", choices=choices)


def a_host(
    *, email: str = "a@hosts.example", name: str = "Anna", handle: str = "anna", timezone: str = "Europe/Berlin"
) -> Host:
    return Host(HostId("host"), email, name, handle, timezone)


def a_guest(*, name: str = "Ana", email: str = "ana@guests.example", timezone: str = "Europe/Berlin") -> Guest:
    return Guest(name, email, timezone)


def a_booking(**changes: object) -> Booking:
    return msgspec.structs.replace(builders.a_booking(builders.a_page(builders.a_host())), **changes)


def test_what_the_examples_change_is_valid() -> None:
    question = a_question()
    a_page(event_types=(an_event_type(questions=(question,)),), meeting_types=(Zoom(), Phone("host")))
    a_page(brand_color="#0a0b0c", title="x" * LONGEST_TITLE, slug="s" * LONGEST_SLUG)
    a_host(name="x" * LONGEST_NAME)
    a_guest()
    a_booking()
    Cancellation("guest", NOW, "x" * LONGEST_REASON)
    Phone("guest", " +49 30 555 1234 ")
    InPerson("x" * LONGEST_PLACE)
    Ready("http://localhost:8000/j/1")
    Ready("HTTPS://Zoom.example/j/1")


@pytest.mark.parametrize(
    ("make", "member", "problem"),
    [
        (lambda: Hours("99:99", "10:00"), "", Malformed("time-of-day")),
        (lambda: Hours("09:00", "xx"), "", Malformed("time-of-day")),
        (lambda: Hours("09:00", "10:00\n"), "", Malformed("time-of-day")),
        (
            lambda: Availability(
                overrides={date(2027, 1, 1) + timedelta(days=each): () for each in range(MOST_OVERRIDES + 1)}
            ),
            "overrides",
            TooMany(MOST_OVERRIDES),
        ),
        (lambda: BookingRules(horizon_days=1.5), "horizon_days", Malformed("whole-number")),  # type: ignore[arg-type]
        (lambda: BookingRules(horizon_days=True), "horizon_days", Malformed("whole-number")),
        (
            lambda: BookingRules(horizon_days=HORIZON_DAYS.most + 1),
            "horizon_days",
            OutOfRange(HORIZON_DAYS.least, HORIZON_DAYS.most),
        ),
        (lambda: BookingRules(buffer_after=timedelta(seconds=90)), "buffer_after", Malformed("whole-number")),
        (lambda: a_page(slug="A b"), "slug", Malformed("slug")),
        (lambda: a_page(slug="s" * (LONGEST_SLUG + 1)), "slug", Malformed("slug")),
        (lambda: a_page(title=""), "title", Required()),
        (lambda: a_page(title="x" * (LONGEST_TITLE + 1)), "title", TooLong(LONGEST_TITLE, LONGEST_TITLE + 1)),
        (
            lambda: a_page(description="x" * (LONGEST_DESCRIPTION + 1)),
            "description",
            TooLong(LONGEST_DESCRIPTION, LONGEST_DESCRIPTION + 1),
        ),
        (lambda: a_page(brand_color="red"), "brand_color", Malformed("colour")),
        (lambda: a_page(brand_color="#AABBCC"), "brand_color", Malformed("colour")),
        (lambda: a_page(version=-3), "version", Malformed("whole-number")),
        (lambda: a_page(meeting_types=(Zoom(), Zoom())), "meeting_types", Repeated()),
        (lambda: a_page(meeting_types=(Phone("host"), Phone("guest", "+49 30 1"))), "meeting_types", Repeated()),
        (lambda: a_page(event_types=(an_event_type(), an_event_type())), "event_types", Repeated()),
        (
            lambda: a_page(event_types=tuple(an_event_type(f"e-{each}") for each in range(MOST_EVENT_TYPES + 1))),
            "event_types",
            TooMany(MOST_EVENT_TYPES),
        ),
        (lambda: an_event_type(slug="A B"), "slug", Malformed("slug")),
        (lambda: an_event_type(title=" "), "title", Required()),
        (lambda: an_event_type(types=(Zoom(), Zoom())), "meeting_types", Repeated()),
        (lambda: an_event_type(questions=(a_question(), a_question())), "questions", Repeated()),
        (
            lambda: an_event_type(questions=tuple(a_question(f"q-{each}") for each in range(MOST_QUESTIONS + 1))),
            "questions",
            TooMany(MOST_QUESTIONS),
        ),
        (lambda: a_question(id=""), "id", Malformed("slug")),
        (lambda: a_question(label=""), "label", Required()),
        (
            lambda: a_question(label="x" * (LONGEST_QUESTION + 1)),
            "label",
            TooLong(LONGEST_QUESTION, LONGEST_QUESTION + 1),
        ),
        (lambda: a_question(choices=()), "choices", TooFew(2)),
        (lambda: a_question(choices=("Tuna", "Tuna")), "choices", Repeated()),
        (lambda: a_question(choices=("Tuna", "")), "choices", Required()),
        (lambda: a_question(text=True), "choices", TooMany(0)),
        (lambda: Phone("guest", "x"), "number", Malformed("phone-number")),
        (lambda: InPerson(" "), "address", Required()),
        (lambda: InPerson("x" * (LONGEST_PLACE + 1)), "address", TooLong(LONGEST_PLACE, LONGEST_PLACE + 1)),
        (lambda: a_host(email="nope"), "email", NotAnEmail("other")),
        (lambda: a_host(handle="API?"), "handle", Malformed("slug")),
        (lambda: a_host(handle="api"), "handle", Reserved("api")),
        (lambda: a_host(timezone="Mars/X"), "timezone", UnknownTimeZone("Mars/X")),
        (lambda: an_event_type(types=()), "meeting_types", Required()),
        (lambda: a_booking(title=""), "title", Required()),
        (lambda: a_booking(title="x" * (LONGEST_TITLE + 1)), "title", TooLong(LONGEST_TITLE, LONGEST_TITLE + 1)),
        (lambda: a_booking(host_timezone="Mars"), "host_timezone", UnknownTimeZone("Mars")),
        (lambda: a_booking(buffer_before=timedelta(seconds=1)), "buffer_before", Malformed("whole-number")),
        (
            lambda: a_booking(buffer_after=-timedelta(minutes=1)),
            "buffer_after",
            OutOfRange(BUFFER_MINUTES.least, BUFFER_MINUTES.most),
        ),
        (
            lambda: Cancellation("guest", NOW, "x" * (LONGEST_REASON + 1)),
            "reason",
            TooLong(LONGEST_REASON, LONGEST_REASON + 1),
        ),
        (lambda: Move("host", NOW, "x" * (LONGEST_REASON + 1)), "reason", TooLong(LONGEST_REASON, LONGEST_REASON + 1)),
        (lambda: Answer("", "Tuna"), "question", Required()),
        (lambda: Answer("Which fish?", ""), "answer", Required()),
        (
            lambda: Answer("Which fish?", "x" * (LONGEST_ANSWER + 1)),
            "answer",
            TooLong(LONGEST_ANSWER, LONGEST_ANSWER + 1),
        ),
        (lambda: a_guest(name=""), "name", Required()),
        (lambda: a_guest(email="x"), "email", NotAnEmail("other")),
        (lambda: a_guest(email="x" * LONGEST_EMAIL + "@y"), "email", NotAnEmail("other")),
        (lambda: a_guest(timezone="Mars"), "timezone", UnknownTimeZone("Mars")),
        (lambda: Ready("javascript:alert(1)"), "join_url", Malformed("whole-link")),
        (lambda: Ready("https://zoom.example/j/1\r\nATTACH:x"), "join_url", Malformed("whole-link")),
    ],
)
def test_an_invalid_value_cannot_be_made(make: Callable[[], object], member: str, problem: FaultKind) -> None:
    with pytest.raises(InvalidValue) as refused:
        make()

    assert (member, problem) == (refused.value.member, refused.value.problem)
