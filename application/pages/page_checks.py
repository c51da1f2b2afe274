"""Checks of what a host typed for a booking page.

`path` is where a thing lies in what was sent, such as `event_types.0.`, so that a refusal names its member.
"""

import msgspec

from application.people import phone_number, short_text
from domain.availability import MOST_OVERRIDES, Availability
from domain.booking_page import EventType, Question, each_once
from domain.errors import InvalidInput
from domain.host import slug
from domain.meeting_type import InPerson, MeetingType, Phone
from domain.words import Words

LONGEST_TITLE = 120
LONGEST_ADDRESS = 300
MOST_EVENT_TYPES = 50
MOST_QUESTIONS = 20
LONGEST_QUESTION = 200
FEWEST_CHOICES, MOST_CHOICES = 2, 30
LONGEST_CHOICE = 100


def title(text: str, field: str) -> str:
    """Raises InvalidInput for none, and for one that is too long."""
    cleaned = short_text(text, field, LONGEST_TITLE)
    if not cleaned:
        raise InvalidInput(field, "Please enter a title.")
    return cleaned


def checked_meeting_types(meeting_types: tuple[MeetingType, ...], path: str) -> tuple[MeetingType, ...]:
    """Clean the details. Raises InvalidInput for unusable ones, and where a type is listed twice."""
    cleaned = tuple(_cleaned(each, f"{path}meeting_types.{place}") for place, each in enumerate(meeting_types))
    return each_once(cleaned, path)


def checked_availability(availability: Availability) -> Availability:
    """Raises InvalidInput for more dates than anybody lists: each look at the page's times reads them all."""
    if len(availability.overrides) > MOST_OVERRIDES:
        words = Words("Please list at most {most} dates. Those that are past can go.", most=str(MOST_OVERRIDES))
        raise InvalidInput("availability.overrides", words)
    return availability


def checked_questions(questions: tuple[Question, ...], path: str) -> tuple[Question, ...]:
    """Clean the words; only a choice keeps choices.

    Raises:
        InvalidInput: too many, an id twice, no words, or choices that are too few, too many or alike.
    """
    if len(questions) > MOST_QUESTIONS:
        raise InvalidInput(f"{path}questions", Words("Please ask at most {most} questions.", most=str(MOST_QUESTIONS)))
    seen: set[str] = set()
    checked: list[Question] = []
    for place, question in enumerate(questions):
        where = f"{path}questions.{place}"
        if slug(question.id, f"{where}.id") in seen:
            raise InvalidInput(f"{where}.id", "Every question needs an id of its own.")
        seen.add(question.id)
        label = question_words(question.label, f"{where}.label")
        choices = options(question.choices, f"{where}.choices") if question.kind == "choice" else ()
        checked.append(msgspec.structs.replace(question, label=label, choices=choices))
    return tuple(checked)


def question_words(text: str, field: str) -> str:
    """Raises InvalidInput for none, and for too many."""
    words = short_text(text, field, LONGEST_QUESTION)
    if not words:
        raise InvalidInput(field, "Please enter the question.")
    return words


def options(choices: tuple[str, ...], field: str) -> tuple[str, ...]:
    """What a guest can choose from. Raises InvalidInput for too few, too many, and two that are the same."""
    cleaned = tuple(short_text(each, field, LONGEST_CHOICE) for each in choices)
    if not all(cleaned):
        raise InvalidInput(field, "One of the options is empty. Please remove it.")
    if len(cleaned) < FEWEST_CHOICES:
        raise InvalidInput(field, "Please enter at least two options to choose from.")
    if len(cleaned) > MOST_CHOICES:
        raise InvalidInput(field, Words("Please offer at most {most} options.", most=str(MOST_CHOICES)))
    if len(set(cleaned)) < len(cleaned):
        raise InvalidInput(field, "Two of the options are the same. Please remove one.")
    return cleaned


def each_slug_once(event_types: tuple[EventType, ...], path: str) -> tuple[EventType, ...]:
    """Raises InvalidInput for the second of two with the same slug, and for too many."""
    if len(event_types) > MOST_EVENT_TYPES:
        raise InvalidInput("event_types", Words("A page has room for {most} event types.", most=str(MOST_EVENT_TYPES)))
    seen: set[str] = set()
    for place, each in enumerate(event_types):
        if each.slug in seen:
            field = f"{path}{place}.slug" if path else "slug"
            raise InvalidInput(field, "Another event type of this page has this address. Please choose another one.")
        seen.add(each.slug)
    return event_types


def _cleaned(meeting_type: MeetingType, path: str) -> MeetingType:
    match meeting_type:
        case Phone(caller="host"):
            return Phone("host")
        case Phone(number=number):
            return Phone("guest", phone_number(number or "", f"{path}.number"))
        case InPerson():
            address = short_text(meeting_type.address, f"{path}.address", LONGEST_ADDRESS)
            if not address:
                raise InvalidInput(f"{path}.address", "Please enter the address where you meet.")
            return InPerson(address)
        case _:
            return meeting_type
