"""Links to a booking page that are good for so many bookings."""

from datetime import datetime

import msgspec

from domain.errors import LinkEnded
from domain.faults import InvalidValue, OutOfRange
from domain.ids import BookingLinkId, HostId, PageId
from domain.limits import Limits

LINK_USES = Limits(1, 1000)
MOST_LINKS = 1000
"""Of a page."""


class BookingLink(msgspec.Struct, frozen=True):
    """A link to a page, by which so many bookings can be made until then.

    Attributes:
        expires_at: None for one that goes on until it is used up.
    """

    id: BookingLinkId
    host_id: HostId
    page_id: PageId
    uses: int
    created_at: datetime
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.uses not in LINK_USES:
            raise InvalidValue(OutOfRange(LINK_USES.least, LINK_USES.most), "uses")
        if self.expires_at is not None and self.expires_at <= self.created_at:
            raise ValueError("a link expires after it was made")


class UsedLink(msgspec.Struct, frozen=True):
    """A link, and how many bookings were made by it that aren't cancelled: these give their use back."""

    link: BookingLink
    used: int


def usable(found: UsedLink | None, now: datetime) -> BookingLink:
    """The link that was found. Raises LinkEnded where there is none, or it is good for nothing any more."""
    if found is None:
        raise LinkEnded("removed")
    if found.link.expires_at is not None and found.link.expires_at <= now:
        raise LinkEnded("expired")
    if found.used >= found.link.uses:
        raise LinkEnded("used")
    return found.link
