"""Which links a host may paste."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.join_link import join_link
from tests.support.faults import fields


@pytest.mark.parametrize(
    "url",
    [
        "https://us05web.zoom.us/j/81234567890?pwd=a1,2;3&x=y",
        "https://meet.example/anna",
        "HTTPS://Meet.Example:8443/room#5",
        "https://xn--gste-loa.example/%E2%9C%93",
        "https://[2001:db8::1]/room",
    ],
)
def test_an_https_link_is_used_exactly_as_pasted(url: str) -> None:
    assert url == join_link(f"  {url}\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "meet.example/anna",
        "http://meet.example/anna",
        "javascript:alert(1)",
        "https://",
        "https:///anna",
        "https://meet.example/an na",
        'https://meet.example/"><script>',
        "https://meet.example/a\r\nATTACH:evil",
        "https://meet.example/ä",
        "https://zoom.us@evil.example/",
        "https://meet.example:99999/",
        "https://[2001:db8::1/",
        "https://meet.example/" + "a" * 2000,
    ],
)
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        join_link(text)

    assert ["join_url"] == fields(refused.value)


@given(st.text())
def test_what_is_let_through_is_one_word_of_ascii(text: str) -> None:
    try:
        url = join_link("https://" + text)
    except InvalidInput:
        return
    assert url.isascii()
    assert url.isprintable()
    assert not set(url) & set(' "<>\\^`{|}')
