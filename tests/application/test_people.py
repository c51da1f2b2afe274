"""What people type about themselves."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from application.people import email_address
from domain.errors import InvalidInput
from domain.faults import Fault, NotAnEmail, Required, TooLong


@pytest.mark.parametrize(
    "pasted",
    [
        "\u200bana@example.com",
        "ana\u200d@exam\u00adple.com\ufeff",
        "\u202aana@example.com\u202c",
        "\u00a0ana@example.com\u2009",
        "mailto:ana@example.com",
        "\tana@example.com\r\n",
    ],
    ids=ascii,
)
def test_an_address_is_taken_without_what_came_along_unseen(pasted: str) -> None:
    assert "ana@example.com" == email_address(pasted, "email")


@pytest.mark.parametrize("nothing", ["", "  ", "\u200b\ufeff", "mailto:"], ids=ascii)
def test_an_address_of_nothing_that_can_be_seen_is_missing(nothing: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        email_address(nothing, "email")

    assert (Fault("email", Required()),) == refused.value.faults


def test_mailboxes_in_other_scripts_are_refused_in_words() -> None:
    with pytest.raises(InvalidInput) as refused:
        email_address("zoë@example.com", "email")

    assert (Fault("email", NotAnEmail("not-latin")),) == refused.value.faults


def test_an_address_that_headers_read_as_encoded_text_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        email_address("=?utf-8?q?=0Abcc=3Avictim?=@example.com", "email")

    assert (Fault("email", NotAnEmail("other")),) == refused.value.faults


def test_an_endless_address_is_not_looked_through() -> None:
    with pytest.raises(InvalidInput) as refused:
        email_address("\u200b" * 100_000 + "ana@example.com", "email")

    assert isinstance(refused.value.faults[0].problem, TooLong)


_LOCAL_PARTS = st.one_of(
    st.from_regex(r"[a-zA-Z0-9._+-]{1,6}", fullmatch=True),
    st.sampled_from(["postmaster", "INFO", "a" * 64, "a" * 65, "a..b", ".a", "a-", '"a b"', "ä"]),
)
_DOMAINS = st.one_of(
    st.from_regex(r"[a-z0-9.-]{1,8}", fullmatch=True),
    st.sampled_from(
        ["example.com", "EXAMPLE.com", "bücher.example", "x.test", "a.local", "[::1]", "b@c.org", f"{'ü.' * 60}org"]
    ),
)


@given(_LOCAL_PARTS, _DOMAINS)
def test_an_address_is_what_the_package_for_addresses_says(local: str, domain: str) -> None:
    typed = f"{local}@{domain}"
    try:
        expected = validate_email(typed, check_deliverability=False, test_environment=True).ascii_email
    except EmailNotValidError:
        expected = None

    try:
        found = email_address(typed, "email")
    except InvalidInput:
        found = None

    assert expected == found
