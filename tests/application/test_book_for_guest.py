"""A host books a time for a guest: whatever the page offers, and never over another booking."""

import asyncio
from datetime import datetime, timedelta

import pytest

from application.actor import HostActor
from application.booking.book import GuestDetails, Submit
from application.booking.book_for_guest import BookingForGuest
from application.pages.page_edits import EventTypeEdit, QuestionEdit
from domain.booking import Booking
from domain.budgets import BOOKED_BY_HOST, mails_to_guest
from domain.errors import Forbidden, HostBusy, IdempotencyKeyReused, InvalidInput, SlotTaken, TooManyRequests
from domain.faults import Fault, TimeOver
from domain.ids import HostId
from tests.support.builders import A_NETWORK, NOW, ana
from tests.support.calendar_world import HOUR, TEN, CalendarWorld, busy

SATURDAY_NIGHT = datetime.fromisoformat("2026-03-07T23:10:00Z")


async def books(world: CalendarWorld, start: datetime, *, despite: bool = False) -> Booking:
    return (await submits(world, start, despite=despite)).booking.booking


async def submits(world: CalendarWorld, start: datetime, key: str | None = None, *, despite: bool = False) -> Submit:
    guest = GuestDetails(ana.name, ana.email, ana.timezone)
    request = BookingForGuest(start, "phone", guest, despite_calendars=despite)
    page, event_type = world.page, world.page.event_types[0]
    return await world.memory.app.book_for_guest(
        world.actor, page.id, event_type.id, request, network=A_NETWORK, key=key
    )


async def test_a_time_that_no_guest_is_offered_is_confirmed_and_its_guest_gets_the_usual_mail() -> None:
    world = await CalendarWorld.with_page(confirm_guest_email=True)

    booking = await books(world, SATURDAY_NIGHT)
    await world.memory.work_off()

    assert ("confirmed", SATURDAY_NIGHT) == (booking.status, booking.slot.start)
    [mail] = world.memory.mailer.mails_to("guest")
    assert booking.id == mail.booking.id


async def test_another_booking_is_never_booked_over_and_free_times_are_named() -> None:
    world = await CalendarWorld.with_page()
    await books(world, TEN)

    with pytest.raises(SlotTaken) as refused:
        await books(world, TEN + timedelta(minutes=10), despite=True)

    assert 3 == len(refused.value.alternatives)


async def test_a_submit_that_comes_twice_books_once() -> None:
    world = await CalendarWorld.with_page()
    once = await submits(world, TEN, "a-key")

    again = await submits(world, TEN, "a-key")

    assert (False, True) == (once.replayed, again.replayed)
    assert once.booking.booking.id == again.booking.booking.id


async def test_submits_at_once_with_one_key_book_once() -> None:
    world = await CalendarWorld.with_page()

    found = await asyncio.gather(*(submits(world, TEN, "a-key") for _ in range(5)))

    assert 1 == len({each.booking.booking.id for each in found})
    assert 1 == [each.replayed for each in found].count(False)


async def test_a_key_of_another_submit_is_refused() -> None:
    world = await CalendarWorld.with_page()
    await submits(world, TEN, "a-key")

    with pytest.raises(IdempotencyKeyReused):
        await submits(world, TEN + HOUR, "a-key")


async def test_a_busy_calendar_is_booked_over_only_on_purpose() -> None:
    world = await CalendarWorld.with_page()
    await world.connect()
    world.publish(busy(TEN, HOUR))
    await world.passes(timedelta(minutes=2))

    with pytest.raises(HostBusy):
        await books(world, TEN)

    assert TEN == (await books(world, TEN, despite=True)).slot.start


async def test_nothing_is_booked_in_the_past() -> None:
    world = await CalendarWorld.with_page()

    with pytest.raises(InvalidInput) as refused:
        await books(world, NOW - HOUR)

    assert (Fault("start", TimeOver()),) == refused.value.faults


async def test_required_answers_are_for_guests() -> None:
    world = await CalendarWorld.with_page()
    question = QuestionEdit("why", "Why?", required=True)
    event_type = world.page.event_types[0].id
    await world.memory.app.change_event_type(
        world.actor, world.page.id, event_type, EventTypeEdit(questions=(question,))
    )

    assert () == (await books(world, TEN)).answers


async def test_the_budget_for_mails_to_a_guest_holds() -> None:
    world = await CalendarWorld.with_page()
    limiter = world.memory.ports.limiter
    assert limiter is not None
    for bucket in mails_to_guest(world.host.id, ana.email):
        while await limiter.count([bucket], world.memory.clock()) is None:
            pass

    with pytest.raises(TooManyRequests):
        await books(world, TEN)

    assert TEN in await world.starts()


async def test_a_host_books_for_so_many_a_day_from_whatever_network_and_guests_go_on_booking() -> None:
    world = await CalendarWorld.with_page()
    limiter = world.memory.ports.limiter
    assert limiter is not None
    await limiter.count_several(BOOKED_BY_HOST.of(world.host.id), BOOKED_BY_HOST.most - 1, world.memory.clock())
    await books(world, SATURDAY_NIGHT)

    with pytest.raises(TooManyRequests) as refused:
        await books(world, TEN)

    assert "booked-for" == refused.value.counted
    assert TEN == (await world.books(TEN)).slot.start


async def test_a_token_needs_the_scope_for_bookings() -> None:
    world = await CalendarWorld.with_page()
    world.actor = HostActor(HostId(world.host.id), frozenset({"bookings:read"}))

    with pytest.raises(Forbidden):
        await books(world, TEN)
