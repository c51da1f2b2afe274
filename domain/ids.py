"""Identifiers: opaque strings of types that can't be mixed up with one another."""

from typing import NewType

LONGEST_ID = 100
"""More than any id, token or slug of ours has; the ids themselves may come to be made in another way."""

HostId = NewType("HostId", str)
PageId = NewType("PageId", str)
EventTypeId = NewType("EventTypeId", str)
BookingId = NewType("BookingId", str)
ScheduleId = NewType("ScheduleId", str)
BookingLinkId = NewType("BookingLinkId", str)
SessionId = NewType("SessionId", str)
PasskeyId = NewType("PasskeyId", str)
ApiTokenId = NewType("ApiTokenId", str)

GuestToken = NewType("GuestToken", str)
"""The capability in a guest's `/b/{token}` link; whoever holds it may manage the booking.

Stores keep a digest of it to find the booking by, and a sealed copy for mails and for answers to repeats.
"""

LeaveToken = NewType("LeaveToken", str)
"""The capability in an additional guest's `/leave/{token}` link; stores keep a digest of it."""

BookingLinkToken = NewType("BookingLinkToken", str)
"""What the address of a single-use link ends in; stores keep a digest of it."""

SupportThreadId = NewType("SupportThreadId", str)
SupportToken = NewType("SupportToken", str)
"""The capability in a visitor's `/support/{token}` link; kept like a `GuestToken`."""

CalendarConnectionId = NewType("CalendarConnectionId", str)
CalendarId = NewType("CalendarId", str)
WatchId = NewType("WatchId", str)
WebhookId = NewType("WebhookId", str)
WebhookEventId = NewType("WebhookEventId", str)
WebhookDeliveryId = NewType("WebhookDeliveryId", str)
