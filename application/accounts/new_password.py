"""Decide whether a host may choose a password."""

from dataclasses import dataclass

from application.ports.accounts import PasswordBlocklist
from domain.errors import InvalidInput
from domain.faults import CommonPassword, PersonalPassword
from domain.password import check_password, personal_words


@dataclass(frozen=True)
class CheckPassword:
    blocklist: PasswordBlocklist

    def __call__(self, password: str, email: str, name: str, handle: str) -> None:
        """Check a new password of the host with this address, name and handle.

        Raises:
            InvalidInput: it is too short or too long, or among those that attackers try first.
        """
        words = personal_words(email, name, handle)
        check_password(password, words)
        if self.blocklist.covers(password, ()):
            raise InvalidInput.at("password", CommonPassword())
        if self.blocklist.covers(password, words):
            raise InvalidInput.at("password", PersonalPassword())
