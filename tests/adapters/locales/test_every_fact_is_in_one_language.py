"""Each fact that has a sentence is told in the language of its reader: a new one is met here without being named."""

from collections.abc import Callable, Iterator
from collections.abc import Callable as CallableType
from importlib import import_module
from inspect import Parameter, isfunction, signature
from itertools import product
from pkgutil import iter_modules
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from adapters.mail.wording import letter_of, letter_to_choose, letter_to_confirm
from adapters.presentation import sentences
from adapters.presentation.language import speaking
from application.ports.mail import ConfirmationLink, ConfirmationMail, Notice, ProposalMail
from application.ports.notices import About
from domain.events import TimesProposed
from domain.faults import Fault, FaultKind
from domain.ids import BookingId, GuestToken
from tests.adapters.locales.mails import GREEK_HOST, english_in_letter, in_greek
from tests.support.builders import altered
from tests.support.every import every
from tests.support.mail_examples import BOOKED_AT, EARLIER_START, ORIGIN, booking_in
from tests.support.pseudo import PSEUDO, english_in

Words = Callable[..., str | None]

TOLD_ELSEWHERE = {
    # Of bookings and their timelines: with all that can be stored of them.
    *("booked_instead", "fallback_words", "now_instead", "timeline_words"),
    # By the names of problems, on their pages.
    *("problem_detail", "problem_text", "problem_title", "refusal_sentence"),
    # In the guest's language, which is stored.
    *("meeting_agenda", "meeting_topic"),
}


def words_of_facts() -> Iterator[Words]:
    """All functions of the sentences that say what they are given."""
    for module in iter_modules(sentences.__path__, f"{sentences.__name__}."):
        for name, found in vars(import_module(module.name)).items():
            is_public = isfunction(found) and found.__module__ == module.name and not name.startswith("_")
            if is_public and name not in TOLD_ELSEWHERE and get_type_hints(found)["return"] in {str, str | None}:
                yield found


def told(words: Words) -> Iterator[tuple[tuple[object, ...], str]]:
    """What a function says of each fact that there is."""
    kinds = get_type_hints(words)
    needed = (each.name for each in signature(words).parameters.values() if each.default is Parameter.empty)
    for facts in product(*(values_of(kinds[name]) for name in needed)):
        yield facts, words(*facts) or ""


def values_of(kind: Any) -> list[Any]:
    """All that a parameter can be; what is to be told in a way of the reader's own is told in Greek."""
    if kind is Fault:
        return [Fault("guest.name", problem) for problem in values_of(FaultKind)]
    if get_origin(kind) is CallableType:
        return [_in_the_readers_way]
    members = get_args(kind) if get_origin(kind) is UnionType else (kind,)
    return [value for member in members for value in every(member)]


def _in_the_readers_way(_when: object) -> str:
    return "Ω"


@pytest.mark.parametrize(
    "words", [*words_of_facts()], ids=lambda it: f"{it.__module__.rpartition('.')[2]}.{it.__name__}"
)
def test_in_a_sentence(words: Words) -> None:
    with speaking(PSEUDO):
        found = [*told(words)]

    assert found
    assert [] == [(facts, left) for facts, text in found if (left := english_in(text))]


def test_in_a_mail_about_no_booking() -> None:
    for about in every(About):
        with speaking(PSEUDO):
            letter = letter_of(Notice("notice", BOOKED_AT, GREEK_HOST, about), ORIGIN)
        assert [] == english_in_letter(letter), about


def test_in_a_mail_that_asks_the_guest() -> None:
    booking = in_greek(booking_in("ready"))
    proposal = TimesProposed(booking_id=BookingId("b"), at=BOOKED_AT, starts=(EARLIER_START,), note="Ω")
    held = altered(booking, held_until=BOOKED_AT)
    link = ConfirmationLink(GuestToken("0"), "0")
    with speaking(PSEUDO):
        letters = (
            letter_to_confirm(ConfirmationMail(held, GREEK_HOST, link, BOOKED_AT, unsubscribe="0"), ORIGIN),
            letter_to_choose(ProposalMail(booking, GREEK_HOST, proposal, unsubscribe="0"), ORIGIN),
        )

    assert [[], []] == [english_in_letter(each) for each in letters]
