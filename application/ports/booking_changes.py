"""Who looks at a booking is told that it has changed."""

import asyncio
from contextlib import AbstractContextManager
from typing import Protocol

from domain.ids import BookingId


class BookingChanges(Protocol):
    """Tells those who look at a booking that it has changed, from whichever process changed it."""

    def watching(self, booking_id: BookingId, /) -> AbstractContextManager[asyncio.Event]:
        """Watch a booking: the event is set once the booking has been saved after the watch began.

        A message may get lost, so whoever waits MUST look again after some seconds.
        """
        ...
