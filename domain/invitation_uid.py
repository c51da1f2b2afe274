"""The UID of a booking's event: each copy of its invitation keeps it, in whichever calendar a mail program puts it."""

from collections.abc import Iterable

from domain.ids import BookingId


def invitation_uid(booking_id: BookingId, domain: str) -> str:
    """Globally unique, as RFC 5545 wants it.

    Args:
        domain: of the address that sends the invitations.
    """
    return f"{booking_id}@{domain}"


def invitation_uids(booking_ids: Iterable[BookingId], domain: str) -> frozenset[str]:
    """The UIDs of bookings' events, in lower case.

    Args:
        domain: of the address that sends the invitations; empty where there is none.
    """
    return frozenset(invitation_uid(each, domain).lower() for each in booking_ids) if domain else frozenset()
