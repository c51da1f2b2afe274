"""Text that no mail program makes links of."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.mail.inert import HAIR_SPACE, WORD_JOINER, inert
from tests.support.linkifiers import as_seen, links_in

LINKS = (
    "https://evil.example/win?x=a.b#c.d",
    "HTTP://EVIL.EXAMPLE",
    "http://evil.com:8080/",
    "http://2130706433/",
    "http://[::1]/",
    "http://localhost/",
    "https:evil.com",
    "https:/evil.com",
    "https:\\\\evil.com",
    "//evil.com/x",
    "evil.com",
    "evil.com.",
    "sub.evil.co.uk/path",
    "www.evil.com",
    "WWW.evil.com",
    "ftp.evil.com",
    "evil.com/www.evil.org",
    "www.evil.com/login@mail.com",
    "192.168.1.1",
    "192.168.1.1/admin",
    "xn--80ak6aa92e.com",
    "аррӏе.com",
    "例え.テスト",
    "例え。テスト",
    "evil．com",
    "evil｡com",
    "evil․com",
    "bob@evil.com",
    "bob+x@sub.evil.com",
    "bob@evil",
    "bob＠evil.com",
    "mailto:bob@evil.com",
    "mailto:bob",
    "tel:+1900123456",
    "sms:123456",
    "callto:bob",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "\\\\evil\\share",
    "\\\\evil.com\\share",
    "<https://evil.com>",
    "<URL:https://evil.com>",
    '"https://evil.com"',
    "(evil.com)",
    "[x](https://evil.com)",
    "https://user:pass@evil.com",
    f"evil{WORD_JOINER}.{WORD_JOINER}com",
    f"evil.{HAIR_SPACE}com",
    f"https{WORD_JOINER}:{WORD_JOINER}//x.com",
    "evil\u200b.\u200bcom",
    "ev\u00adil.com",
    "evil.\u2060\u2060com",
    "www.,evil",
    "FTP.,evil",
    "evil.com.,x",
)

texts = st.lists(
    st.one_of(
        st.sampled_from(LINKS),
        st.sampled_from(["www", "http", "https", "tel", "com", "evil", "example", "x", "1", "27"]),
        st.sampled_from([".", "@", ":", "/", "\\", "。", "．", " ", "\n", WORD_JOINER, HAIR_SPACE, "\u200b", "-", "_"]),
        st.text(max_size=4),
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("around", ["{}", "Win at {} now", "{},{}", "x{}", "({})"])
def test_what_could_be_a_link_is_none(link: str, around: str) -> None:
    text = around.format(link, link)

    assert [] == links_in(inert(text))


@given(texts)
@example("a.:b")
@example("..\\\\..")
def test_no_text_has_links(text: str) -> None:
    assert [] == links_in(inert(text))


@given(texts)
def test_what_is_seen_stays(text: str) -> None:
    assert as_seen(text) == as_seen(inert(text))


@given(texts)
def test_once_is_enough(text: str) -> None:
    assert inert(text) == inert(inert(text))


@given(texts)
def test_it_grows_by_two_signs_for_each_sign_at_most(text: str) -> None:
    assert len(inert(text)) <= 3 * len(text)


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Müller-Søren",
        "What is it about?",
        "See you at 15:00, Tue, 30 Mar 2027 (UTC+02:00).",
        "Done. Thanks! Bye: Ana",
        "Mo., 2. März 2026, 10:00",
        "+49 30 1234567",
        "Hafenstraße 1, 20457 Hamburg",
        "and/or, a \\ b",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert text == inert(text)


def test_a_number_looks_the_same_to_the_last_pixel() -> None:
    assert f"1{WORD_JOINER}.{WORD_JOINER}500 EUR" == inert("1.500 EUR")
