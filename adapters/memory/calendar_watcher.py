"""Watches of calendars in memory, and the notices that come of them."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from application.ports.calendar_reader import CalendarAccess, CalendarReader, CalendarUnreadable
from application.ports.calendar_watcher import CalendarNotice, NewWatch, NoticeKind, Watch, WatchGone, WatchRefused
from application.ports.clock import Clock
from application.ports.notifications import AddressCheck, MalformedNotification
from domain.calendar_problem import CalendarGone

LIVES_FOR = timedelta(days=7)


class KeptWatch(msgspec.Struct, frozen=True):
    """A watch at the provider's side."""

    remote_id: str
    new: NewWatch
    watch: Watch


class MemoryCalendarWatcher:
    """Keeps watches of the calendars that a reader's accounts hold.

    watcher = MemoryCalendarWatcher(reader, clock)
    await watcher.watch(access, "work", new)
    notices = watcher.tell("work")

    Attributes:
        kept: by the id that the provider gave each.
        refuses: the reason by which it refuses every new watch.
    """

    def __init__(self, reader: CalendarReader, clock: Clock) -> None:
        self.kept: dict[str, KeptWatch] = {}
        self.refuses: str | None = None
        self._reader = reader
        self._clock = clock
        self._made = 0

    async def watch(self, access: CalendarAccess, remote_id: str, new: NewWatch, /) -> Watch:
        if remote_id not in {each.id for each in await self._reader.calendars(access)}:
            raise CalendarUnreadable(CalendarGone())
        if self.refuses is not None:
            raise WatchRefused(self.refuses)
        self._made += 1
        watch = Watch(new.id, f"remote-{self._made}", self._clock() + LIVES_FOR)
        self.kept[watch.remote] = KeptWatch(remote_id, new, watch)
        return watch

    async def renew(self, access: CalendarAccess, watch: Watch, /) -> Watch:
        await self._reader.calendars(access)
        if watch.remote not in self.kept:
            raise WatchGone
        renewed = msgspec.structs.replace(watch, expires_at=self._clock() + LIVES_FOR)
        self.kept[watch.remote] = msgspec.structs.replace(self.kept[watch.remote], watch=renewed)
        return renewed

    async def unwatch(self, access: CalendarAccess, watch: Watch, /) -> None:
        await self._reader.calendars(access)
        self.kept.pop(watch.remote, None)

    def tell(self, remote_id: str, kind: NoticeKind = "changed") -> list[CalendarNotice]:
        """What every watch of a calendar sends."""
        return [CalendarNotice(each.new.secret, kind) for each in self.kept.values() if each.remote_id == remote_id]


class MemoryCalendarNotices:
    """Reads notices that are sent as they are, in JSON."""

    def read(
        self, query: Mapping[str, str], _headers: Mapping[str, str], body: bytes, /
    ) -> AddressCheck | tuple[CalendarNotice, ...]:
        if "check" in query:
            return AddressCheck(query["check"].encode())
        try:
            return msgspec.json.decode(body, type=tuple[CalendarNotice, ...])
        except msgspec.DecodeError as error:
            raise MalformedNotification from error
