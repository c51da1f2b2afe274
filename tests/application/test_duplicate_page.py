"""A copy of a page."""

import asyncio

import pytest
from msgspec.structs import replace

from application.actor import HostActor
from application.pages.page_edits import PageEdit
from domain.booking_page import MOST_PAGES, Question
from domain.errors import InvalidInput
from domain.faults import Fault, NoRoom
from tests.support.builders import a_page, a_schedule, an_event_type
from tests.support.memory_app import MemoryApp

ASKED = Question("topic", "What about?")


async def test_a_copy_has_everything_but_its_own_address_and_is_off() -> None:
    memory = MemoryApp()
    host = await memory.host()
    page = a_page(host, an_event_type(questions=(ASKED,)), an_event_type(slug="long"), slug="talk", description="Nets")
    schedule = a_schedule(host)
    async with memory.store.begin() as uow:
        uow.schedules.add(schedule)
    await memory.page(page := replace(page, schedule=schedule))

    copy = await memory.app.duplicate_page(HostActor(host.id), page.id)

    assert not {copy.id, *(each.id for each in copy.event_types)} & {page.id, *(each.id for each in page.event_types)}
    as_before = tuple(replace(each, id=old.id) for each, old in zip(copy.event_types, page.event_types, strict=True))
    assert page == replace(copy, id=page.id, slug="talk", active=True, event_types=as_before)
    assert copy == await memory.app.show_page(HostActor(host.id), copy.id)


async def test_copies_made_at_once_get_addresses_of_their_own_that_never_led_elsewhere_lately() -> None:
    memory = MemoryApp()
    host = await memory.host()
    actor = HostActor(host.id)
    page = await memory.page(a_page(host, slug="talk"))
    moved = await memory.page(a_page(host, slug="talk-2"))
    await memory.app.change_page(actor, moved.id, PageEdit(slug="other"))

    copies = await asyncio.gather(*(memory.app.duplicate_page(actor, page.id) for _ in range(3)))

    assert {"talk-3", "talk-4", "talk-5"} == {each.slug for each in copies}


async def test_copies_count_among_the_pages_that_there_may_be() -> None:
    memory = MemoryApp()
    host = await memory.host()
    pages = [await memory.page(a_page(host, slug=f"page-{number}")) for number in range(MOST_PAGES)]

    with pytest.raises(InvalidInput) as refused:
        await memory.app.duplicate_page(HostActor(host.id), pages[0].id)

    assert (Fault("title", NoRoom("booking-pages", MOST_PAGES)),) == refused.value.faults
