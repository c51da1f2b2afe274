"""What is left of text that people type."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import one_line, several_lines


@given(st.text())
def test_one_line_holds_no_control_bidi_or_line_separating_character(text: str) -> None:
    cleaned = one_line(text, 50)

    assert len(cleaned) <= 50
    assert not {"Cc", "Zl", "Zp", "Cs"} & {unicodedata.category(char) for char in cleaned}
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c") & set(cleaned)
    cleaned.encode()


def test_joiners_survive_because_names_and_emoji_need_them() -> None:
    assert "👩‍🚀 می‌خواهم" == one_line("  👩‍🚀\t می‌خواهم ")


def test_several_lines_keep_their_breaks_and_at_most_one_blank_line() -> None:
    assert "one\n\ntwo\nthree" == several_lines("one\r\n\r\n\r\n\r\ntwo\rthree  ")


@pytest.mark.parametrize(
    "nothing", ["\u200b", "\ufe0f", "\u034f", "\u3164", "\uffa0 \u115f\u1160", "\u2800", "\u0301"], ids=ascii
)
def test_text_of_which_nothing_can_be_seen_is_empty(nothing: str) -> None:
    assert ("", "seen") == (one_line(nothing), several_lines(f"{nothing}\nseen"))


def test_what_has_one_sign_to_be_seen_stays_as_it_is() -> None:
    for text in ("❤️", "é", "\U0001fae9", "न", "\u3164a"):
        assert text == one_line(text)
