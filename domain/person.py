"""Rules for the name and the email address of every person."""

from domain.faults import InvalidValue, NotAnEmail
from domain.limits import check_text

LONGEST_NAME = 100
LONGEST_EMAIL = 254


def check_person(name: str, email: str) -> None:
    """Raises InvalidValue for no name, and for what can't be an address.

    Whether mail could go to it is asked once, where it is typed: see decision 0003.
    """
    check_text(name, LONGEST_NAME, "name")
    check_email(email)


def check_email(email: str) -> None:
    """Raises InvalidValue for what can't be an address, like `check_person`."""
    local, _, domain = email.rpartition("@")
    if not (local and domain) or len(email) > LONGEST_EMAIL:
        raise InvalidValue(NotAnEmail("other"), "email")
