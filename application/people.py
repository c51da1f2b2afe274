"""Read what people type about themselves: checked, cleaned, and in one form."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from domain.errors import InvalidInput
from domain.faults import EmailFault, LeftOut, Malformed, NotAnEmail, Required, TooLong, UnknownTimeZone
from domain.meeting_type import LONGEST_PHONE_NUMBER, is_phone_number
from domain.person import LONGEST_EMAIL, LONGEST_NAME
from domain.text import ROOM, one_line, several_lines, without_invisible
from domain.zones import ZONES

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

_USUAL_LOCAL_PART = re.compile(r"[a-z0-9]+(?:[._+-][a-z0-9]+)*")
_LONGEST_LOCAL_PART = 64

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")


def person_name(text: str, field: str) -> str:
    """Raises InvalidInput where nothing readable is left, or more than anybody could show."""
    name = short_text(text, field, LONGEST_NAME)
    if not name:
        raise InvalidInput.at(field, LeftOut("own-name"))
    return name


def short_text(text: str, field: str, limit: int) -> str:
    """Clean one line. Raises InvalidInput for more than `limit` characters: what was typed is never cut in silence."""
    _check_length(text, field, ROOM * limit, limit)
    cleaned = one_line(text, len(text))
    _check_length(cleaned, field, limit, limit)
    return cleaned


def long_text(text: str, field: str, limit: int) -> str:
    """Clean several lines. Raises InvalidInput like `short_text`."""
    _check_length(text, field, ROOM * limit, limit)
    cleaned = several_lines(text, len(text))
    _check_length(cleaned, field, limit, limit)
    return cleaned


def _check_length(text: str, field: str, most: int, limit: int) -> None:
    if len(text) > most:
        raise InvalidInput.at(field, TooLong(limit, len(text)))


def email_address(text: str, field: str) -> str:
    """A real, deliverable-looking address with its domain in ASCII.

    Characters that nobody sees are left out: they come along where an address is copied from a page or a contact.

    Raises:
        InvalidInput: says what is wrong with it.
    """
    _check_length(text, field, ROOM * LONGEST_EMAIL, LONGEST_EMAIL)
    typed = without_invisible(text).strip().removeprefix("mailto:")
    if not typed:
        raise InvalidInput.at(field, Required())
    _check_length(typed, field, LONGEST_EMAIL, LONGEST_EMAIL)
    return _usual_address(typed) or _any_address(typed, field)


def _usual_address(typed: str) -> str | None:
    """The address if there is nothing to ask about what stands before its domain; None for all others.

    Most guests have one like this, at a domain that others have too. The package looks at each character of both, which
    takes 4 % of a booking.
    """
    local, _, domain = typed.rpartition("@")
    if len(local) > _LONGEST_LOCAL_PART or not _USUAL_LOCAL_PART.fullmatch(local):
        return None
    known = _domain(domain)
    return None if known is None or len(local) + len(known) >= LONGEST_EMAIL else f"{local}@{known}"


@lru_cache(1024)
def _domain(typed: str) -> str | None:
    """The domain in ASCII; None for what isn't one."""
    address = _validated(f"a@{typed}")
    return None if address is None or address.ascii_email is None else address.ascii_domain


def _any_address(typed: str, field: str) -> str:
    found = _validated(typed)
    if found is None:
        raise InvalidInput.at(field, NotAnEmail(_wrong_with_address(typed)))
    # In a header it would be read as an encoded word (RFC 2047), and as another address.
    if "=?" in typed:
        raise InvalidInput.at(field, NotAnEmail("other"))
    # SMTPUTF8 mailboxes are rare, and many servers on the way refuse them.
    if found.ascii_email is None:
        raise InvalidInput.at(field, NotAnEmail("not-latin"))
    return found.ascii_email


def _validated(address: str) -> "ValidatedEmail | None":
    """What the package makes of it; None for what is no address."""
    # It compiles its expressions, which takes 15 ms of each start.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415

    try:
        return validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None


def _wrong_with_address(typed: str) -> EmailFault:
    """What people mistype most; the package's own reasons are sentences."""
    local, at, domain = typed.rpartition("@")
    if not at:
        return "no-at-sign"
    if not local:
        return "no-local-part"
    if not domain:
        return "no-domain"
    if ".." in typed:
        return "two-periods"
    return "other" if "." in domain else "no-period"


def phone_number(text: str, field: str) -> str:
    """Raises InvalidInput for what nobody could dial."""
    if not is_phone_number(text):
        raise InvalidInput.at(field, Malformed("phone-number"))
    return one_line(text, LONGEST_PHONE_NUMBER)


def language_tag(tag: str, field: str) -> str:
    """Raises InvalidInput for what isn't a BCP 47 tag; whether the language can be spoken is another question."""
    if not _LANGUAGE.fullmatch(tag):
        raise InvalidInput.at(field, Malformed("language-tag"))
    return tag


def time_zone(name: str, field: str) -> ZoneInfo:
    """Raises InvalidInput for what isn't an IANA time zone."""
    if name not in ZONES:
        raise InvalidInput.at(field, UnknownTimeZone(one_line(name, 50)))
    return ZoneInfo(name)
