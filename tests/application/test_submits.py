"""What a host's program asks for under an idempotency key is done once, whatever has happened since."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta

import pytest

from application.actor import HostActor
from application.booking.access import BookingById
from domain.errors import BookingClosed, Forbidden, IdempotencyKeyReused
from tests.support.booked import THURSDAY_AT_TEN, Booked
from tests.support.builders import at_the_harbour

ELEVEN, NOON = (THURSDAY_AT_TEN + timedelta(hours=hours) for hours in (1, 2))


async def moves(booked: Booked, start: datetime, key: str) -> bool:
    actor = await booked.memory.as_host(booked.booking_id)

    def change(once: HostActor) -> Awaitable[object]:
        return booked.app.reschedule(BookingById(once, booked.booking_id), start)

    return await booked.app.change_once(actor, key, ["move", booked.booking_id, start], change)


async def cancels(booked: Booked, key: str) -> bool:
    actor = await booked.memory.as_host(booked.booking_id)

    def change(once: HostActor) -> Awaitable[object]:
        return booked.app.cancel(BookingById(once, booked.booking_id), "")

    return await booked.app.change_once(actor, key, ["cancel", booked.booking_id], change)


async def test_a_move_that_comes_again_after_another_one_moves_nothing_back() -> None:
    booked = await Booked.on(at_the_harbour)
    first = await moves(booked, ELEVEN, "first")
    await moves(booked, NOON, "second")

    again = await moves(booked, ELEVEN, "first")

    assert (False, True) == (first, again)
    assert NOON == (await booked.now()).slot.start


async def test_a_cancellation_that_comes_again_is_no_refusal() -> None:
    booked = await Booked.on(at_the_harbour)
    await cancels(booked, "a-key")

    assert await cancels(booked, "a-key")
    with pytest.raises(BookingClosed):
        await cancels(booked, "another-key")


async def test_cancellations_at_once_with_one_key_are_one() -> None:
    booked = await Booked.on(at_the_harbour)

    found = await asyncio.gather(*(cancels(booked, "a-key") for _ in range(5)))

    assert (1, 4) == (found.count(False), found.count(True))


async def test_a_key_of_another_change_is_refused_and_changes_nothing() -> None:
    booked = await Booked.on(at_the_harbour)
    await moves(booked, ELEVEN, "a-key")

    with pytest.raises(IdempotencyKeyReused):
        await cancels(booked, "a-key")

    assert "confirmed" == (await booked.now()).status


async def test_a_change_that_was_refused_can_be_asked_for_again_with_its_key() -> None:
    booked = await Booked.on(at_the_harbour)
    actor, wished = await booked.memory.as_host(booked.booking_id), ["cancel"]

    async def refused(_once: HostActor) -> None:
        raise Forbidden("bookings:write")

    async def done(once: HostActor) -> None:
        await booked.app.cancel(BookingById(once, booked.booking_id), "")

    with pytest.raises(Forbidden):
        await booked.app.change_once(actor, "a-key", wished, refused)

    assert not await booked.app.change_once(actor, "a-key", wished, done)
