"""A booking's event in the host's calendar, on pages: where new ones go, and what the host did to one."""

from datetime import timedelta

import msgspec
import pytest

from application.booking.access import BookingById
from application.ports.calendar_writer import CalendarUnwritable
from domain.calendar import CalendarKind
from domain.calendar_problem import SignInEnded
from domain.ids import BookingId
from domain.slot import Slot
from tests.support.booked import THURSDAY_AT_TEN
from tests.support.builders import HALF_AN_HOUR
from tests.support.serving import Server
from tests.support.visiting import Visitor
from tests.support.writing_world import POLL, WritingWorld

HERE = Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN)
THERE = Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN + timedelta(hours=3))


async def a_booking_in_a_calendar(kind: CalendarKind = "google") -> tuple[WritingWorld, BookingId, Visitor]:
    world = await WritingWorld(kind).begun()
    visitor = await Visitor(Server(world.memory)).signs_in(world.host)
    return world, await world.books(), visitor


async def test_an_event_that_was_moved_can_be_followed() -> None:
    world, booking, visitor = await a_booking_in_a_calendar()
    world.host_moves(world.ids[0], THERE)
    await world.passes(POLL)

    page = await visitor.opens(f"/bookings/{booking}")
    assert "You moved this event in your calendar" in page.text
    assert "Move the event back" in page.text
    sent = await visitor.sends(f"/bookings/{booking}/calendar-entry/accept", {}, page=f"/bookings/{booking}")
    after = await sent.follows()

    assert "Rescheduled." in after.text
    assert THERE == (await world.booking(booking)).slot


async def test_an_event_that_was_deleted_can_be_put_back_or_accepted() -> None:
    world, booking, visitor = await a_booking_in_a_calendar()
    world.host_deletes(world.ids[0])
    await world.passes(POLL)
    await world.passes(POLL)

    page = await visitor.opens(f"/bookings/{booking}")
    assert "Cancel and tell the guest" in page.text
    assert "Action needed: deleted in your calendar" in page.text
    await visitor.sends(f"/bookings/{booking}/calendar-entry/restore", {}, page=f"/bookings/{booking}")
    await world.passes()

    assert "In your calendar" in (await visitor.opens(f"/bookings/{booking}")).text


async def test_the_editor_chooses_where_new_bookings_go() -> None:
    world, _, visitor = await a_booking_in_a_calendar()

    page = await visitor.opens(f"/pages/{world.page.id}/edit")

    assert "Ask me whether to cancel" in page.text
    assert 'name="writes_to" value="work" checked' in page.html


async def test_disconnecting_leaves_entries_and_says_how_many() -> None:
    world, booking, visitor = await a_booking_in_a_calendar()
    await world.books(THERE.start)
    cancelled = await world.books(THERE.start + timedelta(hours=1))
    await world.app.cancel(BookingById(world.actor, cancelled), "")
    await world.passes()
    path = f"/settings/calendar-connections/{world.connection.id}/disconnect"

    asked = (await visitor.opens(path)).text
    await visitor.sends(path)
    await world.app.reschedule(BookingById(world.actor, booking), THERE.start + timedelta(hours=2))
    await world.passes()

    assert "The events of 2 upcoming bookings stay in your calendar." in asked
    assert [HERE, THERE] == world.slots


async def test_a_cancelled_booking_says_that_its_event_could_not_be_removed() -> None:
    world, booking, visitor = await a_booking_in_a_calendar()
    world.writer.fail(CalendarUnwritable(SignInEnded()))
    await world.app.cancel(BookingById(world.actor, booking), "")
    await world.passes()

    page = await visitor.opens(f"/bookings/{booking}")

    assert "We couldn’t remove it, so it’s still in your calendar. We’re no longer allowed in." in page.text
    assert "The event is still in the host’s calendar: We’re no longer allowed in." in page.text


@pytest.mark.parametrize(("kind", "label"), [("google", "Open in Google Calendar"), ("microsoft", "Open in Outlook")])
async def test_a_booking_leads_to_its_event(kind: CalendarKind, label: str) -> None:
    world, booking, visitor = await a_booking_in_a_calendar(kind)
    await is_linked(world, booking, "https://calendar.example/event")

    connected = await visitor.opens(f"/bookings/{booking}")
    assert f'href="https://calendar.example/event" rel="noreferrer">{label}</a>' in connected.html
    await world.app.disconnect_calendars(world.actor, world.connection.id)
    disconnected = await visitor.opens(f"/bookings/{booking}")

    assert "Open in your calendar" in disconnected.text


async def is_linked(world: WritingWorld, booking_id: BookingId, link: str) -> None:
    async with world.memory.store.begin() as uow:
        booking = await uow.bookings.lock(booking_id)
        assert booking
        assert booking.entry
        assert booking.entry.written
        remote = msgspec.structs.replace(booking.entry.written.remote, link=link)
        written = msgspec.structs.replace(booking.entry.written, remote=remote)
        entry = msgspec.structs.replace(booking.entry, written=written)
        uow.bookings.save(msgspec.structs.replace(booking, entry=entry))
