"""Who publishes booking pages."""

import re
from datetime import timedelta

import msgspec

from domain.errors import InvalidInput
from domain.faults import Malformed, Reserved
from domain.ids import HostId

HANDLE_KEPT_FOR = timedelta(days=90)
"""So long a former handle leads to its host, and nobody else can take it."""

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")

RESERVED_HANDLES = frozenset({
    "admin", "api", "b", "bookings", "brand", "confirm-email", "dashboard", "demo", "docs", "forgot", "healthz", "help",
    "integrations", "language", "login", "logout", "mailbox", "metrics", "new", "pages", "problems", "readyz", "reset",
    "sandbox", "schema", "settings", "signin", "signout", "signup", "static", "support", "timetuna", "www",
})  # fmt: skip


class Host(msgspec.Struct, frozen=True):
    """`timezone` is an IANA name; the host's weekly hours and new meetings are in it.

    Attributes:
        language: the BCP 47 tag of the language that mails are in.
    """

    id: HostId
    email: str
    name: str
    handle: str
    timezone: str
    language: str = "en"


def slug(text: str, field: str = "slug") -> str:
    """Check a part of a public address.

    Raises:
        InvalidInput: anything but 1 to 48 small letters, digits and inner hyphens.
    """
    if not _SLUG.fullmatch(text):
        raise InvalidInput.at(field, Malformed("slug"))
    return text


def handle(text: str) -> str:
    """Check a host's handle, the first part of every public address.

    Raises:
        InvalidInput: not a slug, or a word that the product itself needs.
    """
    if slug(text, "handle") in RESERVED_HANDLES:
        raise InvalidInput.at("handle", Reserved(text))
    return text
