"""Phone numbers for people."""

from typing import overload

import phonenumbers

_INTERNATIONAL = phonenumbers.PhoneNumberFormat.INTERNATIONAL
_RFC3966 = phonenumbers.PhoneNumberFormat.RFC3966


@overload
def international(stored: str) -> str: ...
@overload
def international(stored: str | None) -> str | None: ...
def international(stored: str | None) -> str | None:
    """The form that can be dialled from anywhere, such as `+49 30 123456 ext. 12`."""
    return stored and _formatted(stored, _INTERNATIONAL)


def tel(stored: str) -> str:
    """The address that a phone dials (RFC 3966)."""
    return _formatted(stored, _RFC3966)


def _formatted(stored: str, form: int) -> str:
    try:
        return phonenumbers.format_number(phonenumbers.parse(stored), form)
    except phonenumbers.NumberParseException:
        # Stored by a version of the library that knew of a country that this one doesn't.
        return stored
