"""Calendars of each kind that entries can be written to, with a host who uses them by hand."""

from typing import Protocol

import msgspec

from adapters.memory.calendar_reader import MemoryCalendarReader
from adapters.memory.calendar_writer import MemoryCalendarWriter
from application.ports.calendar_reader import CaldavLogin, CalendarAccess, RemoteCalendar
from application.ports.calendar_writer import CalendarWriter
from domain.calendar_entry import EntryContent
from domain.slot import Slot


class Shown(msgspec.Struct, frozen=True):
    """An entry as the host sees it; `note` is something that only the host has put there."""

    content: EntryContent
    is_busy: bool = True
    people: tuple[str, ...] = ()
    note: str = ""


class EntryWorld(Protocol):
    """One calendar, empty at first.

    Attributes:
        keeps_deleted_ids: the id of a deleted entry can't be used again.
    """

    keeps_deleted_ids: bool

    @property
    def writer(self) -> CalendarWriter: ...
    @property
    def access(self) -> CalendarAccess: ...
    @property
    def calendar(self) -> str: ...

    async def shown(self) -> list[Shown]:
        """All that the calendar holds."""
        ...

    async def move(self, entry_id: str, slot: Slot) -> None: ...

    async def note(self, entry_id: str, note: str) -> None: ...

    async def delete(self, entry_id: str) -> None: ...

    async def lock_out(self) -> None:
        """Let nobody in any more."""
        ...

    def mailed(self) -> list[str]:
        """What the calendar has mailed to anybody."""
        ...


class MemoryEntries:
    def __init__(self, *, keeps_deleted_ids: bool) -> None:
        self.keeps_deleted_ids = keeps_deleted_ids
        self._reader = MemoryCalendarReader()
        self._reader.hold("anna", RemoteCalendar("work", "Work", writable=True))
        self.writer = MemoryCalendarWriter(self._reader, keeps_deleted_ids=keeps_deleted_ids)
        self.access = CaldavLogin("https://dav.example/", "anna", "geheim")
        self.calendar = "work"

    async def shown(self) -> list[Shown]:
        return [Shown(each.content, note=each.color) for each in self.writer.entries("anna", "work").values()]

    async def move(self, entry_id: str, slot: Slot) -> None:
        self.writer.move("anna", "work", entry_id, slot)

    async def note(self, entry_id: str, note: str) -> None:
        self.writer.paint("anna", "work", entry_id, note)

    async def delete(self, entry_id: str) -> None:
        self.writer.delete("anna", "work", entry_id)

    async def lock_out(self) -> None:
        self._reader.lock_out("anna")

    def mailed(self) -> list[str]:
        return []
