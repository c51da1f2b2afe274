"""The address to which a host sends guests once they have booked."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from domain.booking import Booking
from domain.booking_page import EventType


def redirect_address(booked: EventType, booking: Booking) -> str | None:
    """The event type's address with what was booked, and nothing about who has; its own query comes first."""
    if booked.redirect_url is None:
        return None
    parts = urlsplit(booked.redirect_url)
    start = f"{booking.slot.start:%Y-%m-%dT%H:%M:%SZ}"
    added = urlencode({"booking_id": booking.id, "start": start, "event_type": booked.slug})
    return urlunsplit(parts._replace(query=f"{parts.query}&{added}" if parts.query else added))
