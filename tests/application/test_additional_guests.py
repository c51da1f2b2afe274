"""Guests bring others along, who are mailed for themselves and may leave."""

import pytest

from application.actor import HostActor
from application.booking.book import BookingRequest, GuestDetails
from application.booking.book_for_guest import BookingForGuest
from domain.additional_guest import AdditionalGuest
from domain.booking import Booking
from domain.budgets import GUESTS_BROUGHT_ALONG, mails_to_guest
from domain.errors import InvalidInput, TooManyRequests
from domain.faults import Fault, NoGuestsAlong, NotAnEmail, TooMany
from tests.application.booked import THURSDAY_AT_TEN, Booked
from tests.support.builders import A_NETWORK, HALF_AN_HOUR, a_host, a_page, ana, bob, eve, phone_by_guest

DETAILS = GuestDetails(ana.name, ana.email, ana.timezone)
LATER = THURSDAY_AT_TEN + HALF_AN_HOUR
MANY = tuple(f"guest{number}@guests.example" for number in range(11))


async def a_world(*, allowed: bool = True) -> Booked:
    host = a_host()
    page = a_page(host, meeting_types=(phone_by_guest,), additional_guests_allowed=allowed)
    return await Booked.on(host=host, page=page)


async def books(world: Booked, *emails: str) -> Booking:
    request = BookingRequest(LATER, "phone", DETAILS, additional_guests=emails)
    page = world.page
    submit = await world.app.book(world.host.handle, page.slug, page.event_types[0].slug, request, network=A_NETWORK)
    return submit.booking.booking


async def test_each_address_is_cleaned_and_brought_along_once() -> None:
    world = await a_world()

    booking = await books(world, " mailto:bob@guests.example", "BOB@guests.example", ana.email, "eve@guests.example")

    assert (bob, eve) == booking.additional_guests
    assert () == (await books_nobody_but(world.host.email)).additional_guests


async def books_nobody_but(email: str) -> Booking:
    host = a_host(email=email)
    world = await Booked.on(host=host, page=a_page(host, meeting_types=(phone_by_guest,)))
    return await books(world, email)


@pytest.mark.parametrize(
    ("emails", "fault"),
    [
        (("bob@guests.example", "nobody"), Fault("additional_guests.1", NotAnEmail("no-at-sign"))),
        (MANY, Fault("additional_guests", TooMany(10))),
    ],
)
async def test_what_is_wrong_with_them_is_named(emails: tuple[str, ...], fault: Fault) -> None:
    with pytest.raises(InvalidInput) as refused:
        await books(await a_world(), *emails)

    assert (fault,) == refused.value.faults


async def test_where_guests_come_alone_their_host_may_still_bring_others() -> None:
    world = await a_world(allowed=False)
    with pytest.raises(InvalidInput) as refused:
        await books(world, bob.email)
    assert (Fault("additional_guests", NoGuestsAlong()),) == refused.value.faults

    request = BookingForGuest(LATER, "phone", DETAILS, additional_guests=(bob.email,))
    ids = world.page.id, world.page.event_types[0].id
    submit = await world.app.book_for_guest(HostActor(world.host.id), *ids, request, network=A_NETWORK)

    assert (bob,) == submit.booking.booking.additional_guests


async def test_a_network_brings_so_many_along_in_a_day_and_then_nothing_is_booked() -> None:
    world = await a_world()
    limiter = world.memory.ports.limiter
    assert limiter is not None
    for _ in range(GUESTS_BROUGHT_ALONG.most - 1):
        await limiter.count([GUESTS_BROUGHT_ALONG.of(A_NETWORK)], world.memory.clock())

    with pytest.raises(TooManyRequests) as refused:
        await books(world, bob.email, eve.email)

    assert "guests" == refused.value.counted
    # Neither the time nor the last one that there was room for has gone.
    assert (bob,) == (await books(world, bob.email)).additional_guests


async def test_a_mail_to_an_additional_guest_counts_like_one_to_a_guest() -> None:
    world = await a_world()
    limiter = world.memory.ports.limiter
    assert limiter is not None
    for bucket in mails_to_guest(world.host.id, bob.email):
        while await limiter.count([bucket], world.memory.clock()) is None:
            pass

    with pytest.raises(TooManyRequests):
        await books(world, eve.email, bob.email)

    assert (AdditionalGuest("eve@guests.example"),) == (await books(world, eve.email)).additional_guests
