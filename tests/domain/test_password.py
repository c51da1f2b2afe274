"""Which passwords may be chosen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.faults import FaultKind, LeftOut, PersonalPassword, TooLong, TooShort
from domain.password import LONGEST_PASSWORD, SHORTEST_PASSWORD, check_password, is_too_long, personal_words

WORDS = personal_words("anna@hosts.example", "Anna-Sophie Höst", "anna-sophie-hoest")


def fault(text: str) -> FaultKind | None:
    try:
        check_password(text, WORDS)
    except InvalidInput as refusal:
        return refusal.faults[0].problem
    return None


@given(st.text(min_size=SHORTEST_PASSWORD, max_size=LONGEST_PASSWORD))
def test_any_text_of_the_right_length_may_be_chosen(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)

    assert fault(text) in ({TooShort(SHORTEST_PASSWORD)} if len(composed) < SHORTEST_PASSWORD else {None}) or (
        len(composed) > LONGEST_PASSWORD
    )


@pytest.mark.parametrize("letter", ["a", "é", "e\u0301", "🐟", "密", " "])
def test_every_character_counts_once_however_it_was_typed(letter: str) -> None:
    assert fault(letter * 11) == TooShort(12)
    assert fault(letter * 12) is None
    assert fault(letter * 256) is None
    assert fault(letter * 257) == TooLong(256, 257)
    assert not is_too_long(letter * 256)
    assert is_too_long(letter * 257)


def test_an_empty_password_is_asked_for_before_the_rule_is_told() -> None:
    assert fault("") == LeftOut("new-password")


def test_one_character_that_stands_for_a_sentence_is_one() -> None:
    assert fault("\ufdfa") == TooShort(12)


@pytest.mark.parametrize(
    "text", ["anna@hosts.example", " Anna-Sophie HÖST ", "ANNA-SOPHIE-HOEST", "Anna-Sophie Ho\u0308st"]
)
def test_what_anybody_knows_of_a_host_is_no_password(text: str) -> None:
    assert fault(text) == PersonalPassword()
