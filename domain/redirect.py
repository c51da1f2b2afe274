"""Where guests go once they have booked, when their host has a page for that."""

from datetime import datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

from domain.ids import BookingId


def with_booking(url: str, booking_id: BookingId, start: datetime, event_type: str) -> str:
    """The address, told what was booked and nothing about who has; its own query comes first.

    Args:
        event_type: its slug.
    """
    parts = urlsplit(url)
    told = urlencode({"booking_id": booking_id, "start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "event_type": event_type})
    return urlunsplit(parts._replace(query=f"{parts.query}&{told}" if parts.query else told))
