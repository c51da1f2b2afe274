"""Hosts, who publish booking pages, and the rules for handles and slugs."""

import re
from collections.abc import Collection
from datetime import timedelta
from itertools import count

import msgspec

from domain.errors import InvalidInput, NotFound
from domain.faults import InvalidValue, Malformed, Required, Reserved
from domain.ids import HostId
from domain.person import check_person
from domain.picture import PictureDigest
from domain.reserved_handles import RESERVED_HANDLES
from domain.zones import check_zone

HANDLE_KEPT_FOR = timedelta(days=90)
"""So long a former handle leads to its host, and nobody else can take it."""

LONGEST_SLUG = 48
_SLUG = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{LONGEST_SLUG - 2}}}[a-z0-9])?")


class Host(msgspec.Struct, frozen=True):
    """`timezone` is an IANA name; the host's weekly hours and new meetings are in it.

    Attributes:
        language: the BCP 47 tag of the language that mails are in.
        photo, logo: what guests see beside the name.
    """

    id: HostId
    email: str
    name: str
    handle: str
    timezone: str
    language: str = "en"
    photo: PictureDigest | None = None
    logo: PictureDigest | None = None

    def __post_init__(self) -> None:
        check_person(self.name, self.email)
        check_slug(self.handle, "handle")
        if self.handle in RESERVED_HANDLES:
            raise InvalidValue(Reserved(self.handle), "handle")
        check_zone(self.timezone)


def slug(text: str, field: str = "slug") -> str:
    """Check a part of a public address.

    Raises:
        InvalidInput: anything but lowercase letters, digits and inner hyphens, at most `LONGEST_SLUG` of them.
    """
    if not text:
        raise InvalidInput.at(field, Required())
    if not _SLUG.fullmatch(text):
        raise InvalidInput.at(field, Malformed("slug"))
    return text


def check_slug(text: str, member: str = "slug") -> None:
    """The same for a type that checks itself. Raises InvalidValue."""
    if not _SLUG.fullmatch(text):
        raise InvalidValue(Malformed("slug"), member)


def free_slug(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, or `wanted-2` and so on where that is taken; never longer than a slug may be."""
    if wanted not in taken:
        return wanted
    numbered = (f"{cut_slug(wanted, LONGEST_SLUG - 4)}-{number}" for number in count(2))
    return next(each for each in numbered if each not in taken)


def cut_slug(text: str, most: int = LONGEST_SLUG) -> str:
    """The beginning of a slug that is too long."""
    return text[:most].strip("-")


def handle(text: str) -> str:
    """Check a host's handle, the first part of every public address.

    Raises:
        InvalidInput: not a slug, or a word that the product itself needs.
    """
    if slug(text, "handle") in RESERVED_HANDLES:
        raise InvalidInput.at("handle", Reserved(text))
    return text


def no_page_of(handle: str) -> NotFound:
    """The refusal where no page is: below a handle that nobody can have, no booking page was meant."""
    return NotFound("address" if handle.lower() in RESERVED_HANDLES else "booking-page")
