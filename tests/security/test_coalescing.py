"""Several changes within a minute become one mail to each side."""

from datetime import timedelta

import pytest

from application.booking.book import BookingRequest, GuestDetails
from domain.booking import Booking
from domain.events import PARTIES, Party
from tests.support.builders import A_NETWORK, HALF_AN_HOUR, TOMORROW_AT_TEN, a_page, at_the_harbour
from tests.support.memory_app import MemoryApp

A_SECOND = timedelta(seconds=1)


async def booked(memory: MemoryApp) -> Booking:
    host = await memory.host()
    page = await memory.page(a_page(host, meeting_types=(at_the_harbour,)))
    request = BookingRequest(TOMORROW_AT_TEN, "in_person", GuestDetails("Ana", "ana@guests.example", "UTC"))
    submit = await memory.app.book(host.handle, page.slug, page.event_types[0].slug, request, network=A_NETWORK)
    await memory.work_off()
    return submit.booking.booking


async def moves(memory: MemoryApp, booking: Booking, times: int) -> None:
    """Move the booking on and on, a second apart; what is due by then is done."""
    for number in range(1, times + 1):
        memory.clock.advance(A_SECOND)
        to = TOMORROW_AT_TEN + number * HALF_AN_HOUR
        await memory.app.reschedule(await memory.as_guest(booking.id), to)
        await memory.work_off()


def kinds(memory: MemoryApp, party: Party) -> list[str]:
    return [mail.kind for mail in memory.mailer.mails_to(party)]


@pytest.mark.parametrize("party", PARTIES)
async def test_the_first_change_is_mailed_at_once_and_the_others_as_one(party: Party) -> None:
    memory = MemoryApp()
    booking = await booked(memory)

    await moves(memory, booking, 5)
    assert ["confirmed", "rescheduled"] == kinds(memory, party)

    memory.clock.advance(timedelta(seconds=54))
    await memory.work_off()
    assert ["confirmed", "rescheduled"] == kinds(memory, party)
    memory.clock.advance(A_SECOND)
    await memory.work_off()

    assert ["confirmed", "rescheduled", "rescheduled"] == kinds(memory, party)
    last = memory.mailer.mails_to(party)[-1]
    assert TOMORROW_AT_TEN + 5 * HALF_AN_HOUR == last.booking.slot.start


@pytest.mark.parametrize("party", PARTIES)
async def test_a_cancellation_leaves_at_once(party: Party) -> None:
    memory = MemoryApp()
    booking = await booked(memory)
    await moves(memory, booking, 3)

    await memory.app.cancel(await memory.as_guest(booking.id), "")
    await memory.work_off()
    memory.clock.advance(timedelta(minutes=2))
    await memory.work_off()

    assert ["confirmed", "rescheduled", "cancelled"] == kinds(memory, party)


async def test_changes_that_lie_apart_are_mailed_each_at_once() -> None:
    memory = MemoryApp()
    booking = await booked(memory)
    for number in range(1, 4):
        memory.clock.advance(timedelta(seconds=60))
        await memory.app.reschedule(await memory.as_guest(booking.id), TOMORROW_AT_TEN + number * HALF_AN_HOUR)
        await memory.work_off()

    assert ["confirmed", "rescheduled", "rescheduled", "rescheduled"] == kinds(memory, "guest")


async def test_without_limits_every_change_is_mailed_at_once() -> None:
    memory = MemoryApp()
    memory.limit_nothing()
    booking = await booked(memory)

    await moves(memory, booking, 5)

    assert ["confirmed", *["rescheduled"] * 5] == kinds(memory, "guest")
