"""Rules for passwords: NIST SP 800-63B, so length and no rules of composition."""

import unicodedata

from domain.errors import InvalidInput
from domain.faults import LeftOut, PersonalPassword, TooLong, TooShort

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
"""In code points. Older passwords that are shorter go on working."""

_PRODUCT = "TimeTuna"


def personal_words(email: str, name: str, handle: str) -> tuple[str, ...]:
    """What anybody knows of a host, and the name of the product: the first that is tried."""
    local_part, _, domain = email.partition("@")
    return tuple(each for each in (email, local_part, domain, handle, name, *name.split(), _PRODUCT) if each)


def is_too_long(text: str) -> bool:
    """Whether this can be nobody's password, because none was ever that long."""
    return len(_counted(text)) > LONGEST_PASSWORD


def check_password(text: str, words: tuple[str, ...]) -> None:
    """Check a new password of whom the words are about.

    Raises:
        InvalidInput: there is none, or it is too short or too long, or one of the words.
    """
    if not text:
        raise InvalidInput.at("password", LeftOut("new-password"))
    length = len(_counted(text))
    if length < SHORTEST_PASSWORD:
        raise InvalidInput.at("password", TooShort(SHORTEST_PASSWORD))
    if length > LONGEST_PASSWORD:
        raise InvalidInput.at("password", TooLong(LONGEST_PASSWORD, length))
    if _folded(text) in {_folded(each) for each in words}:
        raise InvalidInput.at("password", PersonalPassword())


def _counted(text: str) -> str:
    # Composed, or an accent would be a character of its own on some keyboards; not NFKC, which makes 18 of one ﷺ.
    return unicodedata.normalize("NFC", text)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
