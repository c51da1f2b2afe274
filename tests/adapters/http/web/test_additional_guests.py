"""Whom a guest brings along: typed in forms, shown to guest and host, and able to leave."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import msgspec

from domain.additional_guest import MOST_ADDITIONAL_GUESTS
from domain.booking import Booking, Guest
from domain.ids import LeaveToken
from tests.adapters.http.web.booking_form import an_open_page, at, books
from tests.support.builders import NOW, AdditionalGuest, a_booking, a_page, bob, eve, phone_by_guest
from tests.support.editor import an_edited_page, as_shown, saved, sends
from tests.support.serving import TUESDAY_AT_TEN, Server
from tests.support.store import keep
from tests.support.visiting import Visitor, a_signed_in_host

BOB, EVE = bob.email, eve.email
TYPED = f"Bob <{BOB}>,\r\n{EVE}"
TOKEN = LeaveToken("lets-bob-leave-the-meeting")


def typed_in(visitor: Visitor) -> str:
    """What the field holds, whose disclosure is open."""
    found = re.search(r'<details class="add-guests" open>.*?<textarea[^>]*>(.*?)</textarea>', visitor.html, re.DOTALL)
    assert found, "no open field"
    return unescape(found[1])


async def an_invitation(server: Server) -> Booking:
    """One that the token belongs to."""
    page = await server.memory.page(a_page(await server.memory.host()))
    booking = msgspec.structs.replace(a_booking(page, additional_guests=(bob, eve)), announced=True)
    await keep(server.memory.store, booking)
    async with server.memory.store.begin() as uow:
        uow.leave_tokens.link_to_leave(TOKEN, booking.id, 0)
    return booking


async def now(server: Server, booking: Booking) -> Booking:
    async with server.memory.store.begin() as uow:
        found = await uow.bookings.get(booking.id)
    assert found
    return found


async def test_a_guest_adds_others_who_are_named_on_the_page_of_the_booking(server: Server) -> None:
    _, _, path = await an_open_page(server)
    assert '<details class="add-guests">' in (await Visitor(server).opens(at(path))).html

    guest = await books(server, path, additional_guests=TYPED)
    await guest.follows()

    assert f"Also invited {BOB} {EVE}" in guest.text


async def test_what_is_wrong_with_an_address_is_told_beside_the_field_and_all_of_them_stay(server: Server) -> None:
    _, _, path = await an_open_page(server)
    typed = f"{BOB}, eve@, tom"

    guest = await books(server, path, additional_guests=typed)

    assert 400 == guest.status
    assert typed == typed_in(guest)
    assert 'href="#additional-guests"' in guest.html
    [error] = re.findall(r'id="additional-guests-error">([^<]+)<', guest.html)
    assert re.fullmatch(r"eve@: [^:]+\. tom: [^:]+\.", error), error
    assert BOB not in error


async def test_a_form_that_has_lost_its_time_hears_of_the_guests_as_well(server: Server) -> None:
    _, _, path = await an_open_page(server)
    typed = ", ".join(f"guest-{number}@guests.example" for number in range(MOST_ADDITIONAL_GUESTS + 1))

    guest = await books(server, path, start="", additional_guests=typed)

    assert 400 == guest.status
    assert typed == typed_in(guest)
    assert 'href="#start"' in guest.html
    assert 'href="#additional-guests"' in guest.html


async def test_they_stay_typed_where_somebody_else_has_taken_the_time(server: Server) -> None:
    _, _, path = await an_open_page(server)
    await books(server, path)

    guest = await books(server, path, email="zoe@guests.example", additional_guests=TYPED)

    assert 409 == guest.status
    assert TYPED == typed_in(guest)


async def test_a_page_that_takes_none_has_no_field_and_a_form_from_before_says_so(server: Server) -> None:
    _, _, path = await an_open_page(server, additional_guests_allowed=False)
    form = await Visitor(server).opens(f"{at(path)}&guests={BOB}")
    assert "additional_guests" not in form.html

    guest = await books(server, path, additional_guests=BOB)

    assert 400 == guest.status
    assert BOB == typed_in(guest)


async def test_a_link_fills_them_in_as_far_as_they_can_be_used(server: Server) -> None:
    host, page, path = await an_open_page(server)
    query = f"guests={quote(f'{BOB},nobody,{EVE}')}"

    guest = await Visitor(server).opens(f"/{host.handle}/{page.slug}?{query}&slot={TUESDAY_AT_TEN}&timezone=UTC")

    assert f"{BOB}, {EVE}" == typed_in(guest)
    framed = await Visitor(server).opens(f"/embed{path}?{query}&start={TUESDAY_AT_TEN}&timezone=UTC")
    assert f"{BOB}, {EVE}" == typed_in(framed)


async def test_a_host_adds_others_when_booking_for_a_guest(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = msgspec.structs.replace(a_page(host, meeting_types=(phone_by_guest,)), additional_guests_allowed=False)
    await server.memory.page(page)
    fields = {"at": "2026-03-07T23:10", "meeting_type": "phone", "name": "Ana", "timezone": "UTC"}

    await visitor.sends(f"/pages/{page.id}/book", {**fields, "email": "", "additional_guests": f"{BOB}, eve@"})
    assert 400 == visitor.status
    assert f"{BOB}, eve@" == typed_in(visitor)
    await visitor.sends(f"/pages/{page.id}/book", {**fields, "email": "ana@guests.example", "additional_guests": BOB})
    await visitor.follows()

    assert f"Also invited {BOB}" in visitor.text


async def test_the_tab_share_writes_them_into_a_link_and_says_what_cant_be_used(server: Server) -> None:
    _, visitor, page = await an_edited_page(server)
    fields = {**as_shown(page), "do": "link", "link.guests": f"{BOB}, nobody"}

    visitor.answer = await visitor.client.post(f"/pages/{page.id}/edit", data=fields)

    assert f"?guests={quote(BOB)}" in visitor.html
    assert "This can’t be used in a link. Check it." in visitor.text


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


async def test_a_host_finds_a_booking_by_somebody_who_was_brought_along_and_sees_whom(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    booking = a_booking(await server.memory.page(a_page(host)), additional_guests=(bob, eve))
    await keep(server.memory.store, booking)

    await visitor.opens("/bookings?search=EVE@")

    assert f"{booking.title} · ana@guests.example {EVE}" in visitor.text
    assert BOB not in visitor.text


async def test_a_click_on_an_address_adds_no_recipients_of_a_stranger(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    posing = "bob?bcc=spy%40evil.example&x=@guests.example"
    guest = Guest("Ana Brito", posing, "Europe/Lisbon")
    page = await server.memory.page(a_page(host))
    booking = msgspec.structs.replace(a_booking(page, additional_guests=(AdditionalGuest(posing),)), guest=guest)
    await keep(server.memory.store, booking)

    await visitor.opens(f"/bookings/{booking.id}")

    assert 2 == visitor.html.count('href="mailto:bob%3Fbcc%3Dspy%2540evil.example%26x%3D@guests.example"')
    assert "mailto:bob?" not in visitor.html


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
