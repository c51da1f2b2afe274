"""Bookings' entries in the calendars of memory, and a host who edits them there."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from adapters.http_client.notes import marks_of, with_notes
from adapters.memory.calendar_reader import MemoryCalendarReader
from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable
from application.ports.calendar_writer import CalendarUnwritable, EntryGone, EntryUidSpent
from domain.booking import Booking
from domain.calendar_entry import EntryChange, EntryContent, RemoteEntry, entry_title
from domain.conference import Ready
from domain.host import Host
from domain.slot import Slot

T = TypeVar("T")


class HeldEntry(msgspec.Struct, frozen=True):
    """An entry with what only the host has put there."""

    content: EntryContent
    marks: str = ""
    revision: int = 1
    color: str = ""


class MemoryCalendarWriter:
    """Writes entries that the reader of the same accounts finds.

    writer = MemoryCalendarWriter(reader, keeps_deleted_ids=True)
    writer.fail(CalendarUnwritable(ServerBusy()), times=2)
    writer.move("anna", "work", entry_id, slot)

    Args:
        keeps_deleted_ids: the id of a deleted entry can't be used again.
    """

    def __init__(self, reader: MemoryCalendarReader, *, keeps_deleted_ids: bool = False) -> None:
        self._reader = reader
        self._keeps_deleted_ids = keeps_deleted_ids
        self._entries: dict[tuple[str, str], dict[str, HeldEntry]] = {}
        self._spent: set[str] = set()
        self._errors: list[CalendarUnwritable] = []
        self._lost: list[CalendarUnwritable] = []
        self.calls: list[str] = []

    def fail(self, error: CalendarUnwritable, times: int = 1) -> None:
        """Let the next calls do nothing."""
        self._errors.extend([error] * times)

    def lose_answers(self, error: CalendarUnwritable, times: int = 1) -> None:
        """Let the next calls do what they should, and fail."""
        self._lost.extend([error] * times)

    def entries(self, account: str, calendar: str) -> dict[str, HeldEntry]:
        return dict(self._entries.get((account, calendar), {}))

    def move(self, account: str, calendar: str, entry_id: str, slot: Slot) -> None:
        held = self._entries[account, calendar][entry_id]
        content = msgspec.structs.replace(held.content, slot=slot)
        self._keep((account, calendar), entry_id, msgspec.structs.replace(held, content=content))

    def paint(self, account: str, calendar: str, entry_id: str, color: str) -> None:
        held = self._entries[account, calendar][entry_id]
        self._keep((account, calendar), entry_id, msgspec.structs.replace(held, color=color))

    def write_around(self, account: str, calendar: str, entry_id: str, above: str, below: str) -> None:
        held = self._entries[account, calendar][entry_id]
        description = f"{above}\n\n{held.content.description}\n\n{below}"
        content = msgspec.structs.replace(held.content, description=description)
        self._keep((account, calendar), entry_id, msgspec.structs.replace(held, content=content))

    def delete(self, account: str, calendar: str, entry_id: str) -> None:
        del self._entries[account, calendar][entry_id]
        self._spent.add(entry_id)
        self._reader.hold_entry(account, calendar, entry_id, None)

    async def put(
        self, access: CalendarAccess, calendar: str, uid: str, content: EntryContent, _tried: Sequence[Slot], /
    ) -> RemoteEntry:
        place = await self._begin("put", access, calendar)
        held = self._entries.get(place, {}).get(uid)
        if held is None and self._keeps_deleted_ids and uid in self._spent:
            raise EntryUidSpent
        kept = HeldEntry(content, marks_of(content.description)) if held is None else _changed(held, content)
        return self._answer(self._keep(place, uid, kept))

    async def patch(self, access: CalendarAccess, calendar: str, entry_id: str, change: EntryChange, /) -> RemoteEntry:
        place = await self._begin("patch", access, calendar)
        held = self._entries.get(place, {}).get(entry_id)
        if held is None:
            raise EntryGone
        named = {field: value for field, value in msgspec.structs.asdict(change).items() if value is not None}
        content = msgspec.structs.replace(held.content, **named)
        if change.description is not None:
            held = _changed(held, content)
        else:
            held = msgspec.structs.replace(held, content=content)
        return self._answer(self._keep(place, entry_id, held))

    async def remove(
        self, access: CalendarAccess, calendar: str, uid: str, entry_id: str | None, _tried: Sequence[Slot], /
    ) -> None:
        account, _ = place = await self._begin("remove", access, calendar)
        if (entry_id or uid) in self._entries.get(place, {}):
            self.delete(account, calendar, entry_id or uid)
        self._answer(None)

    async def seen(
        self, access: CalendarAccess, calendar: str, entries: Mapping[str, Slot], /
    ) -> Mapping[str, RemoteEntry]:
        place = await self._begin("seen", access, calendar)
        held = self._entries.get(place, {})
        return {each: _remote(each, held[each]) for each in entries if each in held}

    async def _begin(self, call: str, access: CalendarAccess, calendar: str) -> tuple[str, str]:
        self.calls.append(call)
        try:
            place = await self._reader.place(access, calendar)
        except CalendarUnreadable as unreadable:
            raise CalendarUnwritable(unreadable.problem, unreadable.not_before) from unreadable
        if self._errors:
            raise self._errors.pop(0)
        return place

    def _answer(self, answer: T) -> T:
        if self._lost:
            raise self._lost.pop(0)
        return answer

    def _keep(self, place: tuple[str, str], entry_id: str, held: HeldEntry) -> RemoteEntry:
        revision = self._entries[place][entry_id].revision + 1 if entry_id in self._entries.get(place, {}) else 1
        kept = msgspec.structs.replace(held, revision=revision)
        self._entries.setdefault(place, {})[entry_id] = kept
        self._reader.hold_entry(*place, entry_id, kept.content.slot)
        return _remote(entry_id, kept)


def _changed(held: HeldEntry, content: EntryContent) -> HeldEntry:
    description = with_notes(held.content.description, held.marks, content.description)
    return msgspec.structs.replace(
        held,
        content=msgspec.structs.replace(content, description=description),
        marks=marks_of(content.description),
    )


def _remote(entry_id: str, held: HeldEntry) -> RemoteEntry:
    return RemoteEntry(entry_id, f"{held.revision}", held.content.slot)


class MemoryEntryTexts:
    """Says the little that a test may look for."""

    def content(self, booking: Booking, host: Host, /) -> EntryContent:
        link = booking.conference.join_url if isinstance(booking.conference, Ready) else ""
        return EntryContent(booking.slot, entry_title(booking.guest.name, booking.title), link, f"{link}\n{host.name}")
