"""A booking's event in the host's calendar, over the API."""

from datetime import timedelta

import httpx

from domain.ids import BookingId
from domain.slot import Slot
from tests.support.booked import THURSDAY_AT_TEN
from tests.support.builders import HALF_AN_HOUR
from tests.support.serving import API, Json, Server, problem
from tests.support.writing_world import POLL, WritingWorld

THERE = Slot.lasting(HALF_AN_HOUR, THURSDAY_AT_TEN + timedelta(hours=3))


async def a_booking_in_a_calendar() -> tuple[WritingWorld, BookingId, httpx.AsyncClient]:
    world = await WritingWorld().begun()
    return world, await world.books(), await Server(world.memory).host_client(world.host)


async def shown(client: httpx.AsyncClient, booking: BookingId) -> Json:
    return (await client.get(f"{API}/bookings/{booking}")).json()


def entry(state: str, moved_to: Json = None) -> Json:
    return {"calendar_id": "work", "state": state, "problem": None, "moved_to": moved_to}


async def test_a_booking_tells_of_its_event_also_in_lists() -> None:
    _, booking, client = await a_booking_in_a_calendar()

    assert entry("written") == (await shown(client, booking))["calendar_entry"]
    (listed,) = (await client.get(f"{API}/bookings")).json()["items"]
    assert entry("written") == listed["calendar_entry"]


async def test_an_event_that_was_moved_is_put_back_or_followed() -> None:
    world, booking, client = await a_booking_in_a_calendar()
    world.host_moves(world.ids[0], THERE)
    await world.passes(POLL)

    before = await shown(client, booking)
    attention = (await client.get(f"{API}/bookings?status=needs_attention")).json()["items"]
    accepted = await client.post(f"{API}/bookings/{booking}/calendar-entry/accept")
    again = await client.post(f"{API}/bookings/{booking}/calendar-entry/restore")

    there = {"start": "2026-03-05T13:00:00Z", "end": "2026-03-05T13:30:00Z"}
    assert entry("moved_in_calendar", there) == before["calendar_entry"]
    assert [booking] == [each["id"] for each in attention]
    assert (200, there["start"]) == (accepted.status_code, accepted.json()["start"])
    assert (409, "booking-closed") == (again.status_code, problem(again))


async def test_an_event_that_was_deleted_is_put_back() -> None:
    world, booking, client = await a_booking_in_a_calendar()
    world.host_deletes(world.ids[0])
    await world.passes(POLL)
    await world.passes(POLL)

    before = await shown(client, booking)
    restored = await client.post(f"{API}/bookings/{booking}/calendar-entry/restore")
    await world.passes()

    assert entry("deleted_in_calendar") == before["calendar_entry"]
    assert (200, entry("pending")) == (restored.status_code, restored.json()["calendar_entry"])
    assert entry("written") == (await shown(client, booking))["calendar_entry"]
