"""Guests bring others along, who are mailed for themselves and may leave."""

from collections import Counter
from datetime import timedelta

import pytest

from application.actor import HostActor
from application.booking.book import BookingRequest, GuestDetails
from application.booking.book_for_guest import BookingForGuest
from domain.additional_guest import AdditionalGuest
from domain.booking import Booking
from domain.budgets import GUESTS_BROUGHT_ALONG, mails_to_guest
from domain.errors import BookingClosed, InvalidInput, NotFound, TooManyRequests
from domain.faults import Fault, NoGuestsAlong, NotAnEmail, TooMany
from domain.ids import LeaveToken
from tests.support.booked import THURSDAY_AT_TEN, Booked
from tests.support.builders import A_DAY, A_NETWORK, HALF_AN_HOUR, a_host, a_page, ana, bob, eve, phone_by_guest
from tests.support.read_mail import Read, read

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


async def with_both() -> tuple[Booked, Booking]:
    """Bob and Eve come along, and have been told."""
    world = await a_world()
    booking = await books(world, bob.email, eve.email)
    await world.work_off()
    return Booked(world.memory, world.host, world.page, booking.id), booking


def mails_to(world: Booked, place: int) -> list[Read]:
    return [read(each) for each in world.memory.mailer.mails_to(place)]


def token_of(world: Booked, place: int) -> LeaveToken:
    """What the link in their mails ends in."""
    invitee = world.memory.mailer.mails_to(place)[-1].invitee
    assert invitee is not None
    return invitee.leave


async def test_each_is_told_for_themselves_what_the_guest_is_told_and_by_a_link_of_their_own() -> None:
    world, booking = await with_both()
    await world.moves(LATER + HALF_AN_HOUR)
    await world.work_off()

    for place, guest in enumerate((bob, eve)):
        mails = world.memory.mailer.mails_to(place)
        assert ["confirmed", "rescheduled"] == [each.kind for each in mails]
        [invited, moved] = mails_to(world, place)
        assert f"To: {guest.email}\r\n".encode() in invited.raw
        assert "Invitation: Intro call with Hanne Höst" in invited.subject
        assert "Ana Brito invited you to a meeting" in invited.text
        assert f"/leave/{token_of(world, place)}" in invited.text
        assert f"/b/{booking.token}" not in invited.text + invited.ics
        assert "SEQUENCE:1" in moved.ics
    assert token_of(world, 0) != token_of(world, 1)
    assert 6 == (await world.tags()).count("mail_accepted") - 2


async def test_who_leaves_hears_no_more_the_host_hears_of_it_and_the_others_hear_nothing() -> None:
    world, booking = await with_both()
    before = Counter({place: len(mails_to(world, place)) for place in (0, 1)})

    left = await world.app.leave_booking.leave(token_of(world, 0))
    again = await world.app.leave_booking.leave(token_of(world, 0))
    await world.work_off()

    assert left.guest == again.guest
    assert left.guest.left_at is not None
    assert 1 == (await world.tags()).count("guest_left")
    assert booking.revision == (await world.now()).revision
    farewell = mails_to(world, 0)[-1]
    assert "You’ve left this meeting" in farewell.text
    assert "METHOD:CANCEL" in farewell.ics
    assert "SEQUENCE:1" in farewell.ics
    [notice] = world.memory.mailer.notices
    assert read(notice).subject.endswith(" can’t come: Intro call with Ana Brito")
    assert before[1] == len(mails_to(world, 1))

    await world.moves(LATER + HALF_AN_HOUR)
    await world.work_off()
    assert before[0] + 1 == len(mails_to(world, 0))
    assert before[1] + 1 == len(mails_to(world, 1))


async def test_nobody_leaves_a_cancelled_meeting_and_an_unknown_link_stands_for_nothing() -> None:
    world, booking = await with_both()
    await world.app.cancel(await world.memory.by_host(booking.id), "")
    await world.work_off()

    with pytest.raises(BookingClosed):
        await world.app.leave_booking.leave(token_of(world, 0))
    with pytest.raises(NotFound):
        await world.app.leave_booking.look(LeaveToken("unknown"))
    assert "METHOD:CANCEL" in mails_to(world, 0)[-1].ics

    await world.app.erase_guest(HostActor(world.host.id), booking.id)
    with pytest.raises(NotFound):
        await world.app.leave_booking.look(token_of(world, 0))


async def test_a_link_that_was_looked_up_before_its_guest_was_erased_stands_for_nothing_either() -> None:
    world, booking = await with_both()
    await world.app.cancel(await world.memory.by_host(booking.id), "")
    await world.app.erase_guest(HostActor(world.host.id), booking.id)
    async with world.memory.store.begin() as uow:
        uow.leave_tokens.link_to_leave(LeaveToken("still known"), booking.id, 0)

    with pytest.raises(NotFound):
        await world.app.leave_booking.leave(LeaveToken("still known"))


async def test_those_who_havent_left_are_reminded() -> None:
    world, booking = await with_both()
    await world.app.leave_booking.leave(token_of(world, 0))

    world.memory.clock.set(booking.slot.start - A_DAY)
    await world.work_off()

    assert ["confirmed", "left"] == [each.kind for each in world.memory.mailer.mails_to(0)]
    assert ["confirmed", "reminder"] == [each.kind for each in world.memory.mailer.mails_to(1)]


async def test_who_wants_no_mail_gets_none_and_the_host_sees_it() -> None:
    world, booking = await with_both()
    [first] = world.memory.mailer.mails_to(1)
    assert first.unsubscribe is not None
    await world.app.unsubscribe(first.unsubscribe)

    await world.app.resend(await world.memory.by_host(booking.id))
    await world.work_off(after=timedelta(minutes=2))

    assert (2, 1) == (len(mails_to(world, 0)), len(mails_to(world, 1)))
    assert (1,) == (await world.now()).unreached
    assert [booking.id] == await world.listed("needs_attention")
