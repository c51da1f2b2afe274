"""Which email addresses are counted as one mailbox."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.mailbox import mailbox_of

local_parts = st.text("abcXYZ.-_0189", min_size=1, max_size=20)
tags = st.text("abc+.0189", max_size=10)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Ana@Guests.Example", "ana@guests.example"),
        ("ana+work@guests.example", "ana@guests.example"),
        ("ana+a+b@guests.example", "ana@guests.example"),
        ("a.na@guests.example", "a.na@guests.example"),
        ("a.n.a+work@GMail.com", "ana@gmail.com"),
        ("ana@googlemail.com", "ana@gmail.com"),
        ("+ana@guests.example", "+ana@guests.example"),
        ("ana@sub.gmail.com", "ana@sub.gmail.com"),
    ],
)
def test_the_mailbox_of_an_address(address: str, expected: str) -> None:
    assert expected == mailbox_of(address)


@given(local_parts, tags)
def test_case_and_tags_make_no_other_mailbox(local: str, tag: str) -> None:
    one = mailbox_of(f"{local}@guests.example")

    assert one == mailbox_of(f"{local.upper()}+{tag}@GUESTS.example") == mailbox_of(one)


@given(local_parts.filter(lambda text: text.strip(".")), st.integers(0, 19))
def test_dots_make_no_other_mailbox_at_gmail(local: str, place: int) -> None:
    assert mailbox_of(f"{local}@gmail.com") == mailbox_of(f"{local[:place]}.{local[place:]}@googlemail.com")
