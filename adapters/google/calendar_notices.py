"""Reads the messages of Google's channels: all that they say is in their headers.

Source: Google Calendar API v3, "Push notifications".
"""

from collections.abc import Mapping
from typing import Final

from application.ports.calendar_watcher import CalendarNotice
from application.ports.notifications import MalformedNotification

_LONGEST_SECRET: Final = 256


class GoogleCalendarNotices:
    """Google behind the port CalendarNotices."""

    def read(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes, /) -> tuple[CalendarNotice, ...]:
        del query, body
        state, secret = headers.get("x-goog-resource-state"), headers.get("x-goog-channel-token", "")
        if state is None:
            raise MalformedNotification
        # A channel's first message says that it is there, and nothing about the calendar.
        if state == "sync" or not secret or len(secret) > _LONGEST_SECRET:
            return ()
        return (CalendarNotice(secret, "changed"),)
