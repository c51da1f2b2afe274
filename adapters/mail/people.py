"""Names and addresses in a mail, written so that nothing else gets in with them."""

import re
from typing import Literal, Self

import msgspec

from domain.booking import Booking
from domain.events import Party
from domain.host import Host
from domain.text import one_line

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{3,254}}\Z){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")

_PLAIN = re.compile(r"(?!(?:www|ftp)\.)[\w+-]+(?:\.[\w+-]+)*@", re.ASCII | re.IGNORECASE)


class Person(msgspec.Struct, frozen=True):
    """A name fit for a line, and an address fit for the wire, or None where mail can't carry it."""

    name: str
    address: str | None

    @classmethod
    def of(cls, name: str, email: str) -> Self:
        return cls(one_line(name, 100) or one_line(email, 100), email if is_address(email) else None)


Reader = Party | Literal["invitee"]
"""Who reads: an additional guest neither calls nor is called, and is told nobody's number."""


class Pair(msgspec.Struct, frozen=True):
    """The two people that a booking brings together."""

    host: Person
    guest: Person

    @classmethod
    def of(cls, booking: Booking, host: Host) -> Self:
        return cls(Person.of(host.name, host.email), Person.of(booking.contact.name, booking.contact.email))

    @property
    def organizer(self) -> str:
        """Who writes and organizes in the host's name: the same words in every language, for people to know us by."""
        return f"{self.host.name} via TimeTuna"

    def seen_by(self, party: Party) -> tuple[Person, Person]:
        """The reader and the other one."""
        return (self.guest, self.host) if party == "guest" else (self.host, self.guest)


def is_address(email: str) -> bool:
    """Whether any server can be told this address: ASCII, nothing quoted, nothing that a header reads as encoded."""
    return _ADDRESS.fullmatch(email) is not None and "=?" not in email


def is_plain_address(email: str) -> bool:
    """Whether programs that look for links see nothing but an address in it."""
    return is_address(email) and _PLAIN.match(email) is not None


def title_of(text: str) -> str:
    return one_line(text, 150) or "Meeting"
