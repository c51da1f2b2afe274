"""Checks of what a host typed for a booking page.

`path` is where a thing lies in what was sent, such as `event_types.0.`, so that a refusal names its member.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from application.people import phone_number, short_text
from domain.booking_page import (
    FEWEST_CHOICES,
    LONGEST_CHOICE,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    MOST_CHOICES,
    MOST_EVENT_TYPES,
    MOST_QUESTIONS,
    Question,
    QuestionKind,
    each_once,
)
from domain.errors import Checks, InvalidInput
from domain.faults import Repeated, Required, TooFew, TooMany
from domain.host import slug
from domain.meeting_type import LONGEST_PLACE, InPerson, MeetingType, Phone


def title(text: str, field: str) -> str:
    """Raises InvalidInput for none, and for one that is too long."""
    return _given(short_text(text, field, LONGEST_TITLE), field)


def checked_meeting_types(meeting_types: tuple[MeetingType, ...], path: str) -> tuple[MeetingType, ...]:
    """Clean the details. Raises InvalidInput for unusable ones, and where a type is listed twice."""
    checks = Checks()
    where = f"{path}meeting_types"
    cleaned = tuple(
        checks.run(each, _cleaned, each, f"{where}.{position}") for position, each in enumerate(meeting_types)
    )
    checks.run(cleaned, each_once, cleaned, path)
    checks.done()
    return cleaned


class SentQuestion(Protocol):
    """A question as somebody sent it."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def kind(self) -> QuestionKind: ...
    @property
    def required(self) -> bool: ...
    @property
    def choices(self) -> tuple[str, ...]: ...


def checked_questions(questions: Sequence[SentQuestion], path: str) -> tuple[Question, ...]:
    """Clean the words; only a choice keeps choices.

    Raises:
        InvalidInput: too many, an id twice, no words, or choices that are too few, too many or alike.
    """
    if len(questions) > MOST_QUESTIONS:
        raise InvalidInput.at(f"{path}questions", TooMany(MOST_QUESTIONS))
    checks = Checks()
    seen: set[str] = set()
    checked: list[tuple[str, tuple[str, ...]]] = []
    for position, question in enumerate(questions):
        where = f"{path}questions.{position}"
        if question.id in seen:
            checks.note(f"{where}.id", Repeated())
        seen.add(question.id)
        checks.run("", slug, question.id, f"{where}.id")
        label = checks.run("", question_words, question.label, f"{where}.label")
        choices = checks.run((), options, question.choices, f"{where}.choices") if question.kind == "choice" else ()
        checked.append((label, choices))
    checks.done()
    return tuple(
        Question(question.id, label, question.kind, required=question.required, choices=choices)
        for question, (label, choices) in zip(questions, checked, strict=True)
    )


def question_words(text: str, field: str) -> str:
    """Raises InvalidInput for none, and for too many."""
    return _given(short_text(text, field, LONGEST_QUESTION), field)


def options(choices: tuple[str, ...], field: str) -> tuple[str, ...]:
    """What a guest can choose from. Raises InvalidInput for too few, too many, and two that are the same."""
    if len(choices) > MOST_CHOICES:
        raise InvalidInput.at(field, TooMany(MOST_CHOICES))
    cleaned = tuple(short_text(each, field, LONGEST_CHOICE) for each in choices)
    if not all(cleaned):
        raise InvalidInput.at(field, Required())
    if len(cleaned) < FEWEST_CHOICES:
        raise InvalidInput.at(field, TooFew(FEWEST_CHOICES))
    if len(set(cleaned)) < len(cleaned):
        raise InvalidInput.at(field, Repeated())
    return cleaned


def place(text: str, field: str) -> str:
    """Where people meet in person. Raises InvalidInput for nowhere, and for too many words."""
    return _given(short_text(text, field, LONGEST_PLACE), field)


def each_slug_once(slugs: Sequence[str], path: str) -> None:
    """Raises InvalidInput for the second of two event types with the same slug, and for too many."""
    if len(slugs) > MOST_EVENT_TYPES:
        raise InvalidInput.at("event_types", TooMany(MOST_EVENT_TYPES))
    checks = Checks()
    for position, each in enumerate(slugs):
        if each and each in slugs[:position]:
            checks.note(f"{path}{position}.slug" if path else "slug", Repeated())
    checks.done()


def _cleaned(meeting_type: MeetingType, path: str) -> MeetingType:
    match meeting_type:
        case Phone(caller="host"):
            return msgspec.structs.replace(meeting_type, number=None)
        case Phone(number=number):
            return msgspec.structs.replace(meeting_type, number=phone_number(number or "", f"{path}.number"))
        case InPerson(address):
            return msgspec.structs.replace(meeting_type, address=place(address, f"{path}.address"))
        case _:
            return meeting_type


def _given(text: str, field: str) -> str:
    if not text:
        raise InvalidInput.at(field, Required())
    return text
