"""Checks of what a host typed for a booking page.

`path` is where a thing lies in what was sent, such as `event_types.0.`, so that a refusal names its member.
"""

from collections.abc import Sequence

import msgspec

from application.people import phone_number, short_text
from domain.availability import MOST_OVERRIDES, Availability
from domain.booking_page import Question, each_once
from domain.errors import Checks, InvalidInput
from domain.faults import Repeated, Required, TooFew, TooMany
from domain.host import slug
from domain.meeting_type import InPerson, MeetingType, Phone

LONGEST_TITLE = 120
LONGEST_ADDRESS = 300
MOST_EVENT_TYPES = 50
MOST_QUESTIONS = 20
LONGEST_QUESTION = 200
FEWEST_CHOICES, MOST_CHOICES = 2, 30
LONGEST_CHOICE = 100


def title(text: str, field: str) -> str:
    """Raises InvalidInput for none, and for one that is too long."""
    return _given(short_text(text, field, LONGEST_TITLE), field)


def checked_meeting_types(meeting_types: tuple[MeetingType, ...], path: str) -> tuple[MeetingType, ...]:
    """Clean the details. Raises InvalidInput for unusable ones, and where a type is listed twice."""
    checks = Checks()
    cleaned = tuple(
        checks.run(each, _cleaned, each, f"{path}meeting_types.{place}") for place, each in enumerate(meeting_types)
    )
    checks.run(cleaned, each_once, cleaned, path)
    checks.done()
    return cleaned


def checked_availability(availability: Availability) -> Availability:
    """Raises InvalidInput for more dates than anybody lists: each look at the page's times reads them all."""
    if len(availability.overrides) > MOST_OVERRIDES:
        raise InvalidInput.at("availability.overrides", TooMany(MOST_OVERRIDES))
    return availability


def checked_questions(questions: tuple[Question, ...], path: str) -> tuple[Question, ...]:
    """Clean the words; only a choice keeps choices.

    Raises:
        InvalidInput: too many, an id twice, no words, or choices that are too few, too many or alike.
    """
    if len(questions) > MOST_QUESTIONS:
        raise InvalidInput.at(f"{path}questions", TooMany(MOST_QUESTIONS))
    checks = Checks()
    seen: set[str] = set()
    checked: list[Question] = []
    for place, question in enumerate(questions):
        where = f"{path}questions.{place}"
        if question.id in seen:
            checks.note(f"{where}.id", Repeated())
        seen.add(question.id)
        checks.run("", slug, question.id, f"{where}.id")
        label = checks.run("", question_words, question.label, f"{where}.label")
        offered = question.choices if question.kind == "choice" else ()
        choices = checks.run((), options, offered, f"{where}.choices") if question.kind == "choice" else ()
        checked.append(msgspec.structs.replace(question, label=label, choices=choices))
    checks.done()
    return tuple(checked)


def question_words(text: str, field: str) -> str:
    """Raises InvalidInput for none, and for too many."""
    return _given(short_text(text, field, LONGEST_QUESTION), field)


def options(choices: tuple[str, ...], field: str) -> tuple[str, ...]:
    """What a guest can choose from. Raises InvalidInput for too few, too many, and two that are the same."""
    cleaned = tuple(short_text(each, field, LONGEST_CHOICE) for each in choices)
    if not all(cleaned):
        raise InvalidInput.at(field, Required())
    if len(cleaned) < FEWEST_CHOICES:
        raise InvalidInput.at(field, TooFew(FEWEST_CHOICES))
    if len(cleaned) > MOST_CHOICES:
        raise InvalidInput.at(field, TooMany(MOST_CHOICES))
    if len(set(cleaned)) < len(cleaned):
        raise InvalidInput.at(field, Repeated())
    return cleaned


def each_slug_once(slugs: Sequence[str], path: str) -> None:
    """Raises InvalidInput for the second of two event types with the same slug, and for too many."""
    if len(slugs) > MOST_EVENT_TYPES:
        raise InvalidInput.at("event_types", TooMany(MOST_EVENT_TYPES))
    checks = Checks()
    for place, each in enumerate(slugs):
        if each and each in slugs[:place]:
            checks.note(f"{path}{place}.slug" if path else "slug", Repeated())
    checks.done()


def _cleaned(meeting_type: MeetingType, path: str) -> MeetingType:
    match meeting_type:
        case Phone(caller="host"):
            return Phone("host")
        case Phone(number=number):
            return Phone("guest", phone_number(number or "", f"{path}.number"))
        case InPerson():
            address = short_text(meeting_type.address, f"{path}.address", LONGEST_ADDRESS)
            return InPerson(_given(address, f"{path}.address"))
        case _:
            return meeting_type


def _given(text: str, field: str) -> str:
    if not text:
        raise InvalidInput.at(field, Required())
    return text
