"""Whom a guest brings along: typed in forms, shown to guest and host, and able to leave."""

from datetime import timedelta

import msgspec

from domain.booking import Booking
from domain.ids import LeaveToken
from tests.adapters.http.api.serving import Server
from tests.adapters.http.web.test_editor_page import an_edited_page, saved, sends
from tests.adapters.http.web.visiting import Visitor, a_signed_in_host
from tests.contract.store import keep
from tests.support.builders import NOW, AdditionalGuest, a_booking, a_page, bob, eve

BOB, EVE = bob.email, eve.email
TOKEN = LeaveToken("lets-bob-leave-the-meeting")


async def an_invitation(server: Server) -> Booking:
    """One that the token belongs to."""
    page = await server.memory.page(a_page(await server.memory.host()))
    booking = msgspec.structs.replace(a_booking(page, additional_guests=(bob, eve)), announced=True)
    await keep(server.memory.store, booking)
    async with server.memory.store.begin() as uow:
        uow.bookings.link_to_leave(TOKEN, booking.id, 0)
    return booking


async def now(server: Server, booking: Booking) -> Booking:
    async with server.memory.store.begin() as uow:
        found = await uow.bookings.get(booking.id)
    assert found
    return found


async def test_guest_and_host_see_who_was_invited_who_cant_come_and_who_got_no_mail(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    guests = (msgspec.structs.replace(bob, left_at=NOW), eve, AdditionalGuest("tom@guests.example"))
    booking = msgspec.structs.replace(a_booking(page, additional_guests=guests), announced=True, unreached=(1,))
    await keep(server.memory.store, booking)

    guest = await Visitor(server).opens(f"/b/{booking.token}")
    assert f"Also invited {BOB} can’t come {EVE} Email not delivered tom@guests.example" in guest.text
    assert "We couldn’t deliver the email to" not in guest.text

    assert "Ana Brito +2 guests" in (await visitor.opens("/bookings")).text
    await visitor.opens(f"/bookings/{booking.id}")
    assert f"Also invited {BOB} can’t come {EVE} Email not delivered tom@guests.example" in visitor.text
    assert f'<a href="mailto:{EVE}">' in visitor.html
    assert f"We couldn’t deliver the email to {EVE}, so they may not know about this booking." in visitor.text
    assert "deliver the email to you" not in visitor.text


async def test_a_switch_of_the_editor_keeps_guests_from_inviting_others(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    await visitor.opens(f"/pages/{page.id}/edit")
    assert 'name="additional_guests_allowed" value="1"' in visitor.html

    await sends(visitor, page, additional_guests_allowed="")

    assert page.additional_guests_allowed
    assert not (await saved(server, page)).additional_guests_allowed


async def test_whoever_was_invited_leaves_by_a_button_alone(server: Server) -> None:
    booking = await an_invitation(server)

    visitor = await Visitor(server).opens(f"/leave/{TOKEN}")

    assert "Intro call with Hanne Höst" in visitor.text
    assert "Invited by Ana Brito" in visitor.text
    assert "noindex" == visitor.answer.headers["x-robots-tag"]
    assert "strict-origin" == visitor.answer.headers["referrer-policy"]
    assert bob == (await now(server, booking)).additional_guests[0]
    for _ in range(2):
        visitor.answer = await visitor.client.post(f"/leave/{TOKEN}")
        await visitor.follows()
        assert "You’ve left this meeting." in visitor.text
        assert 'action="/leave/' not in visitor.html
    assert {1: eve} == (await now(server, booking)).invited


async def test_a_cancelled_meeting_says_so_and_an_unknown_link_explains_itself(server: Server) -> None:
    booking = await an_invitation(server)
    guest = await Visitor(server).sends(f"/b/{booking.token}/cancel")

    guest.answer = await guest.client.post(f"/leave/{TOKEN}")
    await guest.follows()

    assert "This meeting is cancelled" in guest.text
    assert 404 == (await guest.opens("/leave/nobody-has-this-token")).status
    assert "whole link" in guest.text


async def test_a_meeting_that_is_over_can_be_left_no_more(server: Server) -> None:
    booking = await an_invitation(server)
    server.memory.clock.advance(timedelta(days=30))

    visitor = await Visitor(server).opens(f"/leave/{TOKEN}")

    assert "This meeting is over" in visitor.text
    assert 'action="/leave/' not in visitor.html
    assert bob == (await now(server, booking)).additional_guests[0]
