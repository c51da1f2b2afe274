"""Whom a guest brings along, on the pages of guest and host."""

import msgspec

from tests.adapters.http.api.serving import Server
from tests.adapters.http.web.test_editor_page import an_edited_page, saved, sends
from tests.adapters.http.web.visiting import Visitor, a_signed_in_host
from tests.contract.store import keep
from tests.support.builders import NOW, AdditionalGuest, a_booking, a_page, bob, eve

BOB, EVE = bob.email, eve.email


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
