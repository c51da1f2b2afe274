"""What a booking's pages say is true of it: who hears of a cancellation, and when what happened."""

from datetime import timedelta

import msgspec
import pytest

from adapters.http.web.booking_words import moving_words
from adapters.http.web.manage.messages import message_for
from domain.additional_guest import AdditionalGuest
from domain.booking import Move
from tests.support.booked import THURSDAY_AT_TEN, Booked
from tests.support.builders import A_DAY, a_booking, a_host, a_page, altered, at_the_harbour, bob, zoom
from tests.support.serving import TUESDAY_AT_TEN, Server
from tests.support.visiting import Visitor, a_signed_in_host


@pytest.mark.parametrize(("guests", "told"), [((), "you both"), ((bob,), "everyone who is invited")])
def test_whoever_is_invited_is_promised_the_mail_about_a_new_time_too(
    guests: tuple[AdditionalGuest, ...], told: str
) -> None:
    booking = altered(a_booking(a_page(a_host())), additional_guests=guests, announced=True)
    moved = altered(booking, move=Move("guest", booking.slot.start - A_DAY))

    message = message_for("moved", moved, is_open=True)

    assert f"We’ll email {told} and move the calendar event." == moving_words(booking, "guest")
    assert message
    assert f"Rescheduled. We’ve emailed {told}." == message.text


@pytest.mark.parametrize(
    ("held", "when"), [(False, "right after booking."), (True, "right after you confirm your booking by email.")]
)
async def test_a_page_that_has_addresses_confirmed_promises_the_link_only_then(
    server: Server, held: bool, when: str
) -> None:
    host = await server.memory.host()
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host, confirm_guest_email=held))

    guest = await Visitor(server).opens(f"/{host.handle}/{page.slug}/intro?start={TUESDAY_AT_TEN}")

    assert f"You get the link {when}" in guest.text


async def test_a_cancel_page_promises_no_mail_about_what_nobody_was_told_of() -> None:
    booked = await Booked.on(zoom)
    booking = await booked.now()

    guest = await Visitor(Server(booked.memory)).opens(f"/b/{booking.token}/cancel")
    assert "We haven’t sent an email about this booking yet, so we won’t send one now." in guest.text
    assert "We’ll email" not in guest.text

    await booked.work_off()
    await guest.opens(f"/b/{booking.token}/cancel")
    assert "We’ll email you both" in guest.text


async def test_a_host_is_promised_no_mail_either() -> None:
    server = Server()
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    waiting, told = a_booking(page), a_booking(page, THURSDAY_AT_TEN)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(waiting)
        uow.bookings.add(msgspec.structs.replace(told, announced=True))

    await visitor.opens(f"/bookings/{waiting.id}/cancel")
    assert "We haven’t sent an email about this booking yet, so we won’t send one now." in visitor.text
    await visitor.opens(f"/bookings/{told.id}/cancel")
    assert "We’ll email Ana Brito." in visitor.text


@pytest.mark.parametrize("reason", ["Ill", "9999-99-99T99:99:99Z", "0001-01-01T00:00:00Z", "{name} %s"])
async def test_a_timeline_tells_of_a_move_in_the_hosts_own_zone(reason: str) -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.app.reschedule(
        await booked.memory.as_guest(booked.booking_id), THURSDAY_AT_TEN + timedelta(hours=1), reason
    )
    host = await Visitor(Server(booked.memory)).signs_in(booked.host)

    await host.opens(f"/bookings/{booked.booking_id}")

    moved = "Rescheduled by the guest from Thursday, 5 March 2026, 11:00 to Thursday, 5 March 2026, 12:00."
    assert f"{moved} Reason: {reason}" in host.text
