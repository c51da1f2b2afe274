"""What is left of text that people type."""

import unicodedata

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
