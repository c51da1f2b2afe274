"""Booking pages in memory: a slug is unique under its host."""

from datetime import datetime, timedelta

import msgspec

from adapters.memory.locks import RowKey
from adapters.memory.state import FormerSlug, Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.conflicts import Conflict, Taken
from application.ports.schedules import ScheduleGone
from domain.booking_page import SLUG_KEPT_FOR, BookingPage
from domain.ids import HostId, PageId

_REFUSAL_NOTICE_INTERVAL = timedelta(hours=1)


class MemoryPages:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, page: BookingPage) -> None:
        def change(tables: Tables) -> None:
            _refuse_taken_slug(page, tables)
            tables.pages[page.id] = _with_schedule(page, tables)

        self._transaction.stage(change)

    async def get(self, page_id: PageId, /) -> BookingPage | None:
        return (await self._transaction.read()).pages.get(page_id)

    async def count(self, host_id: HostId, /) -> int:
        return sum(each.host_id == host_id for each in (await self._transaction.read()).pages.values())

    async def lock(self, host_id: HostId, page_id: PageId, /) -> BookingPage | None:
        await self._transaction.lock(_row(page_id))
        page = await self.get(page_id)
        if page is None or page.host_id != host_id:
            self._transaction.unlock(_row(page_id))
            return None
        return page

    async def lock_all(self, host_id: HostId, /) -> list[BookingPage]:
        pages = (await self._transaction.read()).pages.values()
        ids = sorted(each.id for each in pages if each.host_id == host_id)
        return [page for each in ids if (page := await self.lock(host_id, each)) is not None]

    def save(self, page: BookingPage) -> None:
        def change(tables: Tables) -> None:
            stored = tables.pages.get(page.id)
            if stored is None or stored.version != page.version:
                raise Conflict
            _refuse_taken_slug(page, tables)
            _leave_slugs(stored, page, self._transaction.state.clock() + SLUG_KEPT_FOR, tables)
            tables.pages[page.id] = msgspec.structs.replace(_with_schedule(page, tables), version=page.version + 1)

        self._transaction.stage(change, _row(page.id))

    def remove(self, host_id: HostId, page_id: PageId) -> None:
        def change(tables: Tables) -> None:
            page = tables.pages.get(page_id)
            if page is not None and page.host_id == host_id:
                del tables.pages[page_id]

        self._transaction.stage(change, _row(page_id))

    async def may_tell_refusal(self, page_id: PageId, now: datetime, /) -> bool:
        await self._transaction.lock(_row(page_id))
        tables = await self._transaction.read()
        notified_at = tables.refusals_notified.get(page_id)
        if page_id not in tables.pages or (notified_at is not None and now < notified_at + _REFUSAL_NOTICE_INTERVAL):
            return False

        def change(tables: Tables) -> None:
            tables.refusals_notified[page_id] = now

        self._transaction.stage(change)
        return True


def _row(page_id: PageId) -> RowKey:
    return ("page", page_id)


def _refuse_taken_slug(page: BookingPage, tables: Tables) -> None:
    for other in tables.pages.values():
        if other.id != page.id and (other.host_id, other.slug) == (page.host_id, page.slug):
            raise Taken("slug")


def _leave_slugs(before: BookingPage, after: BookingPage, ends_at: datetime, tables: Tables) -> None:
    if before.slug != after.slug:
        tables.former_slugs[before.host_id, before.slug] = FormerSlug(before.id, ends_at)
    slugs = {each.id: each.slug for each in after.event_types}
    for each in before.event_types:
        if slugs.get(each.id, each.slug) != each.slug:
            tables.former_slugs[before.id, each.slug] = FormerSlug(each.id, ends_at)


def _with_schedule(page: BookingPage, tables: Tables) -> BookingPage:
    if page.schedule is None:
        return page
    stored = tables.schedules.get(page.schedule.id)
    if stored is None or stored.host_id != page.host_id:
        raise ScheduleGone
    return msgspec.structs.replace(page, schedule=stored)
