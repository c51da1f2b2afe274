"""Phone numbers as people write them, in the one form in which they are stored."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

from application.zone_tables import country_of
from domain.errors import InvalidInput
from domain.faults import Malformed
from domain.meeting_type import LONGEST_PHONE_NUMBER
from domain.text import ROOM, one_line

_REGION = re.compile(r"-([A-Za-z]{2})(?![A-Za-z0-9])")
_E164 = phonenumbers.PhoneNumberFormat.E164


def guest_number(typed: str, timezone: str, language: str, field: str) -> str:
    """Read a number that is dialled from where the guest is.

    Args:
        timezone: IANA name of the guest's zone; its country counts first.
        language: BCP 47 tag, whose region counts next.

    Returns:
        E.164, such as `+4930123456`, followed by `;ext=12` where there is an extension.

    Raises:
        InvalidInput: nobody could dial it, from there or at all.
    """
    number = _from_there(typed, timezone, language)
    if number is None:
        raise InvalidInput.at(field, Malformed("phone-number"))
    return number


def can_be_dialled(typed: str, timezone: str, language: str) -> bool:
    return _from_there(typed, timezone, language) is not None


def _from_there(typed: str, timezone: str, language: str) -> str | None:
    if len(typed) > ROOM * LONGEST_PHONE_NUMBER:
        return None
    return _read(typed, tuple(each for each in (country_of(timezone), region_of(language)) if each))


def region_of(language: str) -> str | None:
    """The region of a language tag, such as AT of `de-AT`."""
    found = _REGION.search(language)
    return found[1].upper() if found else None


@lru_cache(maxsize=1024)
def _read(typed: str, regions: tuple[str, ...]) -> str | None:
    """The first reading that is in use somewhere; else the first of a length that could be."""
    readings = tuple(_readings(one_line(typed, LONGEST_PHONE_NUMBER), regions))
    used = next((each for each in readings if phonenumbers.is_valid_number(each)), None)
    number = used or next(iter(readings), None)
    if number is None:
        return None
    return phonenumbers.format_number(number, _E164) + (f";ext={number.extension}" if number.extension else "")


def _readings(typed: str, regions: tuple[str, ...]) -> Iterator[phonenumbers.PhoneNumber]:
    for region in regions or (None,):
        try:
            number = phonenumbers.parse(typed, region, keep_raw_input=True)
        except phonenumbers.NumberParseException:
            continue
        length = phonenumbers.is_possible_number_with_reason(number)
        has_country = number.country_code_source != phonenumbers.CountryCodeSource.FROM_DEFAULT_COUNTRY
        # Without its area code a number can't be dialled from elsewhere.
        if length == phonenumbers.ValidationResult.IS_POSSIBLE or (
            length == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY and has_country
        ):
            yield number
