"""Who publishes booking pages."""

import re

import msgspec

from domain.errors import InvalidInput
from domain.ids import HostId

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")

RESERVED_HANDLES = frozenset({
    "admin", "api", "b", "bookings", "dashboard", "demo", "docs", "healthz", "help", "integrations", "login", "logout",
    "mailbox", "metrics", "new", "pages", "problems", "readyz", "sandbox", "schema", "settings", "signin", "signout",
    "signup", "static", "support", "timetuna", "www",
})  # fmt: skip


class Host(msgspec.Struct, frozen=True):
    """`timezone` is an IANA name; the host's weekly hours and new meetings are in it."""

    id: HostId
    email: str
    name: str
    handle: str
    timezone: str


def slug(text: str, field: str = "slug") -> str:
    """Check a part of a public address.

    Raises:
        InvalidInput: anything but 1 to 48 small letters, digits and inner hyphens.
    """
    if not _SLUG.fullmatch(text):
        raise InvalidInput(field, "Use 1 to 48 small letters, digits and hyphens, with a letter or digit at both ends.")
    return text


def handle(text: str) -> str:
    """Check a host's handle, the first part of every public address.

    Raises:
        InvalidInput: not a slug, or a word that the product itself needs.
    """
    if slug(text, "handle") in RESERVED_HANDLES:
        raise InvalidInput("handle", f"“{text}” is reserved. Please choose another handle.")
    return text
