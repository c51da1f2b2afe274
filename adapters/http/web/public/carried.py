"""Parameters of a booking page's address that fill its form, handed on from step to step."""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import get_args

from adapters.http.web.query import Pairs
from adapters.http.web.text_limits import TEXT_LIMITS
from application.people import email_address, long_text, person_name, phone_number
from domain.additional_guest import MOST_ADDITIONAL_GUESTS
from domain.booking_page import LONGEST_ANSWER, MOST_QUESTIONS
from domain.errors import InvalidInput
from domain.faults import Malformed, NotOneOf
from domain.host import LONGEST_SLUG
from domain.meeting_type import MeetingTypeName
from domain.tracking import tracking_of
from domain.typed_addresses import addresses_in

_TYPED = "typed"
"""What `guest.js` marks the addresses with that lead a guest on from a form in a frame, where nothing is stored."""

_LINK = re.compile(r"[\w-]{1,100}", re.ASCII)
_QUESTION = re.compile(rf"q\.[a-z0-9-]{{1,{LONGEST_SLUG}}}")


def carried_in(query: Iterable[tuple[str, str]]) -> Pairs:
    """The parameters that fill the form or say where the guest came from, each once and cleaned.

    What can't be used is left out without a word: it was written by whoever made the link, and nobody else could mend
    it. What a guest has typed stays as it is.
    """
    given = list(query)
    checks = _AS_TYPED if (_TYPED, "1") in given else _DETAILS
    found: dict[str, str] = {}
    for name, text in given:
        if name not in found and len(found) < len(checks) + MOST_QUESTIONS and (value := _usable(checks, name, text)):
            found[name] = value
    return (*found.items(), *tracking_of(given).items())


def is_personal(carried: Pairs) -> bool:
    """Whether any of it says who the guest is, or what they answer."""
    return any(name in _AS_TYPED or _QUESTION.fullmatch(name) for name, _ in carried)


def _meeting_type(text: str, field: str) -> str:
    if text not in get_args(MeetingTypeName):
        raise InvalidInput.at(field, NotOneOf())
    return text


def _answer(text: str, field: str) -> str:
    return long_text(text, field, LONGEST_ANSWER)


def _additional_guests(text: str, field: str) -> str:
    """The addresses that can be used."""
    usable: list[str] = []
    for typed in addresses_in(text)[:MOST_ADDITIONAL_GUESTS]:
        with suppress(InvalidInput):
            usable.append(email_address(typed, field))
    return ", ".join(usable)


def _link(text: str, field: str) -> str:
    if not _LINK.fullmatch(text):
        raise InvalidInput.at(field, Malformed("text"))
    return text


_DETAILS: dict[str, Callable[[str, str], str]] = {
    "name": person_name,
    "email": email_address,
    "guests": _additional_guests,
    "phone": phone_number,
    "type": _meeting_type,
    "link": _link,
}

_AS_TYPED: dict[str, Callable[[str, str], str]] = {
    **_DETAILS,
    "name": partial(long_text, limit=TEXT_LIMITS.name),
    "email": partial(long_text, limit=TEXT_LIMITS.email),
    "guests": partial(long_text, limit=TEXT_LIMITS.typed_addresses),
    "phone": partial(long_text, limit=TEXT_LIMITS.phone_number),
    _TYPED: partial(long_text, limit=1),
}


def _usable(checks: Mapping[str, Callable[[str, str], str]], name: str, text: str) -> str | None:
    check = checks.get(name) or (_answer if _QUESTION.fullmatch(name) else None)
    try:
        return check(text, name) if check else None
    except InvalidInput:
        return None
