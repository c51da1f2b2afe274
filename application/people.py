"""What people type about themselves: checked, cleaned, and in one form."""

import re
from zoneinfo import ZoneInfo, available_timezones

from email_validator import EmailNotValidError, validate_email

from domain.errors import InvalidInput
from domain.text import one_line, several_lines
from domain.words import Words

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,28}")
_ZONES = available_timezones() - {"localtime", "posixrules", "Factory"}

_REASONS = (
    Words("An email address must have an @-sign."),
    Words("There must be something before the @-sign."),
    Words("There must be something after the @-sign."),
    Words("The part after the @-sign is not valid. It should have a period."),
    Words("An email address cannot have two periods in a row."),
)
_MISTYPED = Words("Something in it doesn’t belong into an address: please look for a typing error.")

LONGEST_NAME = 100
LONGEST_TEXT = 2000


def person_name(text: str, field: str) -> str:
    """Raises InvalidInput where nothing readable is left, or more than anybody could show."""
    name = short_text(text, field, LONGEST_NAME)
    if not any(char.isprintable() and not char.isspace() for char in name):
        raise InvalidInput(field, "Please enter a name.")
    return name


def short_text(text: str, field: str, limit: int) -> str:
    """Clean one line. Raises InvalidInput for more than `limit` characters: what was typed is never cut in silence."""
    return _within(one_line(text, len(text)), field, limit)


def long_text(text: str, field: str, limit: int = LONGEST_TEXT) -> str:
    """Clean several lines. Raises InvalidInput like `short_text`."""
    return _within(several_lines(text, len(text)), field, limit)


def _within(text: str, field: str, limit: int) -> str:
    if len(text) > limit:
        words = Words(
            "This has {number} characters; please use at most {limit}.", number=f"{len(text):,}", limit=f"{limit:,}"
        )
        raise InvalidInput(field, words)
    return text


def email_address(text: str, field: str) -> str:
    """A real, deliverable-looking address with its domain in ASCII.

    Raises:
        InvalidInput: says what is wrong with it.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        words = Words("Please enter a valid email address. {reason}", reason=_what_is_wrong(str(error)))
        raise InvalidInput(field, words) from error
    # SMTPUTF8 mailboxes are rare, and many servers on the way refuse them.
    if found.ascii_email is None:
        raise InvalidInput(field, "Please enter an email address whose part before the @ has only Latin letters.")
    return found.ascii_email


def _what_is_wrong(reason: str) -> Words:
    """The package has more reasons, in terms that few people know."""
    return next((each for each in _REASONS if each == reason), _MISTYPED)


def phone_number(text: str, field: str) -> str:
    """Raises InvalidInput for what nobody could dial."""
    number = one_line(text, 40)
    if not _PHONE.fullmatch(number):
        raise InvalidInput(field, "Please enter a phone number, such as +49 30 1234567.")
    return number


def language_tag(tag: str, field: str) -> str:
    """Raises InvalidInput for what isn't a BCP 47 tag; whether the language can be spoken is another question."""
    if not _LANGUAGE.fullmatch(tag):
        raise InvalidInput(field, "Please use a language tag such as en, de or pt-BR.")
    return tag


def time_zone(name: str, field: str) -> ZoneInfo:
    """Raises InvalidInput for what isn't an IANA time zone."""
    if name not in _ZONES:
        words = Words("“{name}” is not a known time zone. Use a name such as Europe/Berlin.", name=one_line(name, 50))
        raise InvalidInput(field, words)
    return ZoneInfo(name)
