"""Notification of those who look at something that has changed."""

import asyncio
from contextlib import AbstractContextManager
from typing import Protocol

from domain.ids import BookingId, SupportThreadId

Watched = BookingId | SupportThreadId


class Changes(Protocol):
    """Tells those who look at something that it has changed, from whichever process changed it."""

    def watching(self, watched: Watched, /) -> AbstractContextManager[asyncio.Event]:
        """Watch one thing: the event is set once it has been saved after the watch began.

        A message may get lost, so whoever waits MUST look again after some seconds.
        """
        ...
