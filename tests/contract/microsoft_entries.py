"""A calendar of Outlook that entries are written to, whose host edits them in the sandbox."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from adapters.sandbox.microsoft.accounts import MIA
from adapters.sandbox.microsoft.calendar_events import body_of
from adapters.sandbox.microsoft.mailboxes import GraphEvent, ShowAs
from domain.calendar_entry import EntryContent
from domain.slot import Slot
from tests.contract.entry_worlds import Shown, read_lines
from tests.support.microsoft_calendars import ConnectedCalendars, connected_calendars


class MicrosoftEntries:
    keeps_deleted_ids = False
    asks_who_comes = True

    def __init__(self, app: ConnectedCalendars) -> None:
        self.writer = app.writer
        self.access = app.access()
        self.calendar = app.main().id
        self._app = app

    async def shown(self) -> list[Shown]:
        return [_shown(each) for each in self._app.sandbox.mailboxes.events(self._app.main())]

    async def move(self, entry_id: str, slot: Slot) -> None:
        self._app.sandbox.mailboxes.change(self._event(entry_id), start=slot.start, end=slot.end)

    async def note(self, entry_id: str, note: str) -> None:
        event = self._event(entry_id)
        self._app.sandbox.mailboxes.change(event, properties={**event.properties, "categories": [note]})

    async def write_around(self, entry_id: str, above: str, below: str) -> None:
        event = self._event(entry_id)
        noted = body_of(event).replace("<body>", f"<body><p><b>{above}</b></p>").replace("</body>", f"{below}</body>")
        body = {"contentType": "html", "content": noted}
        self._app.sandbox.mailboxes.change(event, properties={**event.properties, "body": body})

    async def described(self) -> list[str]:
        [event] = self._app.sandbox.mailboxes.events(self._app.main())
        return read_lines(body_of(event))

    async def delete(self, entry_id: str) -> None:
        self._app.sandbox.mailboxes.remove(self._event(entry_id))

    async def lock_out(self) -> None:
        self._app.sandbox.remove(MIA)

    def mailed(self) -> list[str]:
        return self._app.sandbox.calendar_api.invited

    def _event(self, entry_id: str) -> GraphEvent:
        event = self._app.sandbox.mailboxes.event(MIA, entry_id)
        assert event is not None
        return event


def _shown(event: GraphEvent) -> Shown:
    properties: dict[str, Any] = event.properties
    return Shown(
        EntryContent(
            Slot(event.start, event.end),
            event.subject or "",
            properties["location"]["displayName"],
            properties["body"]["content"],
        ),
        is_busy=event.show_as == ShowAs.BUSY and not properties.get("isOnlineMeeting"),
        people=tuple(name for name in ("organizer", "attendees") if name in properties),
        note=properties.get("categories", [""])[0],
    )


@asynccontextmanager
async def microsoft_entries() -> AsyncGenerator[MicrosoftEntries]:
    async with connected_calendars() as app:
        yield MicrosoftEntries(app)
