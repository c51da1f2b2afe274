"""Change which of a host's pages a calendar blocks."""

from collections.abc import Callable, Collection, Iterable

import msgspec

from application.ports.unit_of_work import UnitOfWork
from domain.ids import CalendarId, HostId
from domain.page_calendars import MOST_CALENDARS, PageCalendars


async def block_on_all_pages(uow: UnitOfWork, host_id: HostId, calendar_ids: Iterable[CalendarId]) -> None:
    """Let calendars block on every page that the host has by now."""
    added = tuple(calendar_ids)

    def block(calendars: PageCalendars) -> PageCalendars:
        new = tuple(each for each in added if each not in calendars.blocking)
        return msgspec.structs.replace(calendars, blocking=(*calendars.blocking, *new)[:MOST_CALENDARS])

    await _on_all_pages(uow, host_id, block)


async def free_all_pages(uow: UnitOfWork, host_id: HostId, calendar_ids: Collection[CalendarId]) -> None:
    """Take calendars away from every page."""

    def free(calendars: PageCalendars) -> PageCalendars:
        return msgspec.structs.replace(
            calendars,
            blocking=tuple(each for each in calendars.blocking if each not in calendar_ids),
            writes_to=None if calendars.writes_to in calendar_ids else calendars.writes_to,
        )

    await _on_all_pages(uow, host_id, free)


async def _on_all_pages(uow: UnitOfWork, host_id: HostId, change: Callable[[PageCalendars], PageCalendars]) -> None:
    for page in await uow.pages.lock_all(host_id):
        after = msgspec.structs.replace(page, calendars=change(page.calendars))
        if after != page:
            uow.pages.save(after)
