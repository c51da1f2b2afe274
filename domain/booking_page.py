"""What a host publishes: booking pages, and the event types that can be booked on them."""

from datetime import timedelta
from typing import Literal

import msgspec

from domain.availability import WEEKDAYS_NINE_TO_FIVE, Availability, BookingRules
from domain.errors import InvalidInput
from domain.ids import EventTypeId, HostId, PageId
from domain.meeting_type import MeetingType, label_of, name_of

A_DAY = timedelta(hours=24)

QuestionKind = Literal["text", "long_text", "choice", "yes_no"]


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a guest is asked beside name and email; `choices` only where the kind is `choice`."""

    id: str
    label: str
    kind: QuestionKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """What the guest said, with the question as it was asked then."""

    question: str
    answer: str


class EventType(msgspec.Struct, frozen=True):
    """A bookable thing on a page; without meeting types of its own it takes the page's."""

    id: EventTypeId
    slug: str
    title: str
    duration: timedelta
    meeting_types: tuple[MeetingType, ...] | None = None
    questions: tuple[Question, ...] = ()


class BookingPage(msgspec.Struct, frozen=True):
    """A public page. The order of `meeting_types` is the order of falling back; the page is set to the first.

    Attributes:
        remind_before: how long before a booking its guest is reminded; None means never.
    """

    id: PageId
    host_id: HostId
    slug: str
    title: str
    description: str = ""
    meeting_types: tuple[MeetingType, ...] = ()
    availability: Availability = WEEKDAYS_NINE_TO_FIVE
    rules: BookingRules = BookingRules()
    remind_before: timedelta | None = A_DAY
    event_types: tuple[EventType, ...] = ()

    def meeting_types_of(self, event_type: EventType) -> tuple[MeetingType, ...]:
        return self.meeting_types if event_type.meeting_types is None else event_type.meeting_types

    def meeting_types_for(self, event_type_id: EventTypeId) -> tuple[MeetingType, ...]:
        """The order for what was booked; once that event type is gone, the page's own."""
        for each in self.event_types:
            if each.id == event_type_id:
                return self.meeting_types_of(each)
        return self.meeting_types


def each_once(meeting_types: tuple[MeetingType, ...]) -> tuple[MeetingType, ...]:
    """Check that a list names every meeting type at most once.

    Raises:
        InvalidInput: a type is listed twice.
    """
    seen: set[str] = set()
    for position, each in enumerate(meeting_types):
        name = name_of(each)
        if name in seen:
            raise InvalidInput(f"meeting_types.{position}", f"{label_of(name)} is listed twice. List each type once.")
        seen.add(name)
    return meeting_types


def answers_to(questions: tuple[Question, ...], given: dict[str, str]) -> tuple[Answer, ...]:
    """Match what a guest answered with what was asked.

    Raises:
        InvalidInput: a required answer is missing, a choice isn't one of those offered, or nobody asked.
    """
    asked = {question.id: question for question in questions}
    for key in given:
        if key not in asked:
            raise InvalidInput(f"answers.{key}", "This question is not asked here.")
    answers: list[Answer] = []
    for question in questions:
        answer = given.get(question.id, "").strip()
        if not answer:
            if question.required:
                raise InvalidInput(f"answers.{question.id}", f"Please answer “{question.label}”.")
            continue
        allowed = {"choice": question.choices, "yes_no": ("yes", "no")}.get(question.kind)
        if allowed is not None and answer not in allowed:
            raise InvalidInput(f"answers.{question.id}", f"Please choose one of: {', '.join(allowed)}.")
        answers.append(Answer(question.label, answer))
    return tuple(answers)
