"""Addresses that want no mail from this installation."""

from datetime import datetime
from typing import Protocol

from domain.ids import BookingId, SupportThreadId


class MailedTokens(Protocol):
    """What the links in mails are told by, the same for all mails about a booking to one of its guests.

    Anybody books, and writes to support, with anybody's address. So whoever knows all about a booking or a
    conversation, its guest's or visitor's own token included, MUST NOT be able to tell this one without having read a
    mail.
    """

    def of(self, subject: BookingId | SupportThreadId, place: int | None = None, /) -> str:
        """`place` is an additional guest's."""
        ...


class Suppressions(Protocol):
    """The suppression list, and the links in mails by which people get on it and off again.

    MUST store addresses and tokens as digests only, and compare addresses as `mailbox_of` spells them.
    """

    async def holds(self, email: str, /) -> bool:
        """Whether the address is on the list."""
        ...

    def link(self, token: str, email: str, at: datetime, /) -> None:
        """Let a token stand for an address; a second time changes nothing."""
        ...

    async def is_suppressed(self, token: str, /) -> bool | None:
        """Whether the address that the token stands for is on the list; None where it stands for none."""
        ...

    def suppress(self, token: str, at: datetime, /) -> None:
        """Put the address that the token stands for on the list."""
        ...

    def lift(self, token: str, /) -> None:
        """Take it off again."""
        ...
