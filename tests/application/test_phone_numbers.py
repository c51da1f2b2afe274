"""Phone numbers as people write them."""

import pytest

from adapters.presentation.phone_numbers import international, tel
from application.phone_numbers import guest_number, region_of
from domain.errors import InvalidInput
from domain.faults import Fault, Malformed

BERLIN, NEW_YORK = ("Europe/Berlin", "de-DE"), ("America/New_York", "en-US")


@pytest.mark.parametrize(
    ("typed", "guest", "stored", "shown"),
    [
        ("(415) 555-2671", NEW_YORK, "+14155552671", "+1 415-555-2671"),
        ("(0151) 12345678", BERLIN, "+4915112345678", "+49 1511 2345678"),
        ("+49 (0)151 12345678", NEW_YORK, "+4915112345678", "+49 1511 2345678"),
        ("0049 30 123456", BERLIN, "+4930123456", "+49 30 123456"),
        ("011 49 30 123456", NEW_YORK, "+4930123456", "+49 30 123456"),
        ("030‐12‑34–56", BERLIN, "+4930123456", "+49 30 123456"),
        ("０３０ １２３４５６", BERLIN, "+4930123456", "+49 30 123456"),
        ("٠٣٠ ١٢٣٤٥٦", BERLIN, "+4930123456", "+49 30 123456"),
        ("+1 415 555 2671 ext. 12", BERLIN, "+14155552671;ext=12", "+1 415-555-2671 ext. 12"),
        ("415-555-2671 x12", NEW_YORK, "+14155552671;ext=12", "+1 415-555-2671 ext. 12"),
        ("tel:+1-415-555-2671;ext=12", BERLIN, "+14155552671;ext=12", "+1 415-555-2671 ext. 12"),
        ("\u202a+49 30 123456\u202c", NEW_YORK, "+4930123456", "+49 30 123456"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_number_is_read_as_it_is_dialled_where_the_guest_is(
    typed: str, guest: tuple[str, str], stored: str, shown: str
) -> None:
    assert stored == guest_number(typed, *guest, "phone")
    assert shown == international(stored)
    assert stored == guest_number(shown, "UTC", "", "phone")


def test_the_zone_tells_the_country_before_the_language_does() -> None:
    assert "+14155552671" == guest_number("(415) 555-2671", "UTC", "en-US", "phone")
    assert "+4915112345678" == guest_number("0151 12345678", "Europe/Berlin", "en-US", "phone")


@pytest.mark.parametrize(
    ("typed", "guest"),
    [
        ("call me", BERLIN),
        ("+999 1234567", BERLIN),
        ("+49 30 123456789012345", BERLIN),
        ("030 123456", ("UTC", "en")),
        ("555-2671", NEW_YORK),
        ("1" * 500, BERLIN),
    ],
    ids=["words", "no such country", "too long", "no country", "no area code", "endless"],
)
def test_what_cannot_be_dialled_from_elsewhere_is_refused(typed: str, guest: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        guest_number(typed, *guest, "guest.phone")

    assert (Fault("guest.phone", Malformed("phone-number")),) == refused.value.faults


def test_a_number_leads_to_the_dialler() -> None:
    assert "tel:+1-415-555-2671;ext=12" == tel("+14155552671;ext=12")


@pytest.mark.parametrize(
    ("tag", "region"), [("de-AT", "AT"), ("zh-Hant-TW", "TW"), ("de", None), ("", None), ("es-419", None)]
)
def test_the_region_of_a_language(tag: str, region: str | None) -> None:
    assert region == region_of(tag)
