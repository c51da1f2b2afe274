"""The UID of a booking's event: each copy of its invitation keeps it, in whichever calendar a mail program puts it."""

import re
from functools import lru_cache

from domain.ids import BookingId

_BOOKING_ID = "[0-9a-f]{32}"


def invitation_uid(booking_id: BookingId, domain: str) -> str:
    """Globally unique, as RFC 5545 wants it.

    Args:
        domain: of the address that sends the invitations.
    """
    return f"{booking_id}@{domain}"


def is_invitation(uid: str, domain: str) -> bool:
    """Whether an event is a copy of one of our invitations, and no event of its own.

    Args:
        domain: of the address that sends the invitations; empty where there is none.
    """
    return bool(domain) and _copies(domain).fullmatch(uid) is not None


@lru_cache(maxsize=16)
def _copies(domain: str) -> re.Pattern[str]:
    return re.compile(f"{_BOOKING_ID}@{re.escape(domain)}", re.IGNORECASE)
