"""Turning a provider on for pages."""

from application.actor import HostActor
from application.pages.page_edits import PageEdit
from domain.booking_page import BookingPage
from domain.host import Host
from domain.ids import PageId
from domain.meeting_type import MeetingTypeName, name_of
from tests.support.builders import a_host, a_page, at_the_harbour, phone_by_host, zoom
from tests.support.memory_app import MemoryApp


async def names_on(memory: MemoryApp, host: Host, page: BookingPage) -> list[MeetingTypeName]:
    return [name_of(each) for each in (await memory.app.show_page(HostActor(host.id), page.id)).meeting_types]


async def test_its_meetings_come_first_and_what_was_saved_meanwhile_stays() -> None:
    memory = MemoryApp()
    host = await memory.host()
    page = await memory.page(a_page(host, meeting_types=(at_the_harbour,)))
    await memory.app.change_page(HostActor(host.id), page.id, PageEdit(meeting_types=(phone_by_host, at_the_harbour)))

    await memory.app.use_provider_on_pages(HostActor(host.id), "zoom", [page.id])

    assert ["zoom", "phone", "in_person"] == await names_on(memory, host, page)


async def test_a_page_that_has_them_keeps_its_order_and_its_version() -> None:
    memory = MemoryApp()
    host = await memory.host()
    page = await memory.page(a_page(host, meeting_types=(at_the_harbour, zoom)))

    await memory.app.use_provider_on_pages(HostActor(host.id), "zoom", [page.id])

    assert page == await memory.app.show_page(HostActor(host.id), page.id)


async def test_a_page_that_is_gone_or_another_hosts_is_left_out() -> None:
    memory = MemoryApp()
    host, other = await memory.host(), await memory.host(a_host())
    theirs = await memory.page(a_page(other, meeting_types=(at_the_harbour,)))
    mine = await memory.page(a_page(host, meeting_types=(at_the_harbour,)))

    await memory.app.use_provider_on_pages(HostActor(host.id), "zoom", [PageId("gone"), theirs.id, mine.id])

    assert ["in_person"] == await names_on(memory, other, theirs)
    assert ["zoom", "in_person"] == await names_on(memory, host, mine)
