"""Which of a host's pages a calendar blocks."""

from collections.abc import Callable, Collection, Iterable

import msgspec

from application.ports.host_views import HostPages
from application.ports.storage import Begin
from domain.booking_page import BookingPage
from domain.ids import CalendarId, HostId
from domain.page_calendars import MOST_CALENDARS, PageCalendars


async def block_on_all_pages(
    begin: Begin, pages: HostPages, host_id: HostId, calendar_ids: Iterable[CalendarId]
) -> None:
    """Let calendars block on every page that the host has by now."""
    added = tuple(calendar_ids)

    def block(calendars: PageCalendars) -> PageCalendars:
        new = tuple(each for each in added if each not in calendars.blocking)
        return msgspec.structs.replace(calendars, blocking=(*calendars.blocking, *new)[:MOST_CALENDARS])

    await _on_all_pages(begin, pages, host_id, block)


async def free_all_pages(begin: Begin, pages: HostPages, host_id: HostId, calendar_ids: Collection[CalendarId]) -> None:
    """Take calendars away from every page."""

    def free(calendars: PageCalendars) -> PageCalendars:
        return msgspec.structs.replace(
            calendars,
            blocking=tuple(each for each in calendars.blocking if each not in calendar_ids),
            writes_to=None if calendars.writes_to in calendar_ids else calendars.writes_to,
        )

    await _on_all_pages(begin, pages, host_id, free)


async def _on_all_pages(
    begin: Begin, pages: HostPages, host_id: HostId, change: Callable[[PageCalendars], PageCalendars]
) -> None:
    for page_id in [each.id for each in await pages.pages(host_id)]:
        async with begin() as uow:
            page = await uow.pages.lock(host_id, page_id)
            # One that was removed meanwhile is left out.
            if page is not None and (after := _changed(page, change)) != page:
                uow.pages.save(after)


def _changed(page: BookingPage, change: Callable[[PageCalendars], PageCalendars]) -> BookingPage:
    return msgspec.structs.replace(page, calendars=change(page.calendars))
