"""What a CalDAV server that sends invitations itself (RFC 6638) would make of the files that pass by."""

from typing import Any

import httpx
import icalendar

from adapters.http_client.addresses import Reachable
from adapters.http_client.pinned import PinnedTransport


class SchedulingProxy(PinnedTransport):
    """Passes requests on, and writes down whom such a server would mail."""

    def __init__(self) -> None:
        super().__init__(Reachable(["127.0.0.0/8"]))
        self.mailed: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            self.mailed += invited_by(await request.aread())
        return await super().handle_async_request(request)


def invited_by(file: bytes) -> list[str]:
    """Whoever comes along to an event that has an organizer, or to any event of a message with a method."""
    calendar = icalendar.Calendar.from_ical(file)
    events = [each for each in calendar.events if "METHOD" in calendar or "ORGANIZER" in each]
    return [str(person) for event in events for person in _attendees(event)]


def _attendees(event: icalendar.Component) -> list[Any]:
    found: Any = event.get("ATTENDEE", [])
    return found if isinstance(found, list) else [found]  # pyright: ignore[reportUnknownVariableType] - untyped there
