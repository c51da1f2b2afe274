"""Phone numbers in the form in which they are kept."""

import re

from domain.faults import InvalidValue, Malformed

_STORED = re.compile(r"\+[1-9][0-9]{1,16}(;ext=[0-9]{1,20})?")


def check_phone_number(number: str, member: str = "phone") -> None:
    """Raises InvalidValue for what isn't E.164, with `;ext=` where there is an extension."""
    if not _STORED.fullmatch(number):
        raise InvalidValue(Malformed("phone-number"), member)
