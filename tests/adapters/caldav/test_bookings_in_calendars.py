"""A booking's life in a calendar on a real CalDAV server, and what its host does to it there."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from adapters.caldav.reader import CaldavReader
from adapters.caldav.writer import CaldavWriter
from adapters.http_client.addresses import Reachable
from adapters.http_client.pinned import PinnedTransport
from adapters.mail.entry_texts import BookingEntryTexts
from application.app import App
from application.booking.access import BookingById
from application.pages.page_edits import CalendarsEdit, PageEdit
from domain.ids import BookingId
from tests.support.booked import THURSDAY_AT_TEN
from tests.support.caldav_servers import PASSWORD, USER
from tests.support.calendar_places import WorkOutHere
from tests.support.writing_world import POLL, WritingWorld


@pytest.fixture
async def client() -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(auth=(USER, PASSWORD)) as client:
        yield client


@pytest.fixture
async def calendar(radicale: str, client: httpx.AsyncClient) -> str:
    address = f"{radicale}{quote(USER)}/{uuid4()}/"
    (await client.request("MKCALENDAR", address)).raise_for_status()
    return address


@pytest.fixture
async def world(calendar: str) -> AsyncGenerator[WritingWorld]:
    """Its page writes to that calendar."""
    world = await WritingWorld("caldav").begun()
    transport, clock = PinnedTransport(Reachable(["127.0.0.0/8"])), world.memory.clock
    reader, writer = CaldavReader(transport, clock, WorkOutHere(), WorkOutHere()), CaldavWriter(transport, clock)
    ports = world.memory.ports
    world.memory.ports = replace(
        ports,
        calendar_readers={**ports.calendar_readers, "caldav": reader},
        calendar_askers={**ports.calendar_askers, "caldav": reader},
        calendar_writers={"caldav": writer},
        entry_texts=BookingEntryTexts("https://timetuna.example"),
    )
    world.app = world.memory.app = App(world.memory.ports)
    made = await world.app.connect_caldav(world.actor, calendar, USER, PASSWORD)
    calendars = CalendarsEdit(blocking=(made.calendars[0].id,), writes_to=made.calendars[0].id)
    await world.app.change_page(world.actor, world.page.id, PageEdit(calendars=calendars))
    yield world
    await reader.aclose()
    await writer.aclose()


async def the_file(world: WritingWorld, calendar: str, booking: BookingId) -> str:
    written = (await world.entry(booking)).written
    assert written
    return f"{calendar}{written.remote.id}.ics"


async def test_a_booking_is_written_moved_by_a_quarter_of_an_hour_and_removed(
    world: WritingWorld, calendar: str, client: httpx.AsyncClient
) -> None:
    booking = await world.books()
    file = await the_file(world, calendar, booking)
    assert "SUMMARY:Ana Brito – Intro call" in (await client.get(file)).text

    await world.passes(POLL)
    await world.app.reschedule(BookingById(world.actor, booking), THURSDAY_AT_TEN + timedelta(minutes=15))
    await world.passes(POLL)
    assert "DTSTART:20260305T101500Z" in (await client.get(file)).text

    await world.app.cancel(BookingById(world.actor, booking), "")
    await world.passes()
    assert (404, "removed") == ((await client.get(file)).status_code, await world.state(booking))


async def test_what_the_host_does_to_it_is_asked_about_and_taken_back(
    world: WritingWorld, calendar: str, client: httpx.AsyncClient
) -> None:
    booking = await world.books()
    file = await the_file(world, calendar, booking)
    moved = (await client.get(file)).text.replace("20260305T100000Z", "20260305T093000Z")
    (await client.put(file, content=moved, headers={"Content-Type": "text/calendar"})).raise_for_status()

    await world.passes(1.5 * POLL)
    assert "moved_in_calendar" == await world.state(booking)
    await world.app.restore_entry(BookingById(world.actor, booking))
    await world.passes(1.5 * POLL)
    assert "DTSTART:20260305T100000Z" in (await client.get(file)).text

    (await client.delete(file)).raise_for_status()
    await world.passes(1.5 * POLL)
    await world.passes(1.5 * POLL)
    assert "deleted_in_calendar" == await world.state(booking)
    await world.app.restore_entry(BookingById(world.actor, booking))
    await world.passes()
    assert 200 == (await client.get(await the_file(world, calendar, booking))).status_code
