"""The page that a guest's link leads to."""

import asyncio
import re
from datetime import timedelta

import msgspec

from adapters.http.web.live import LOOK_AGAIN, fragment, next_fragment
from application.book import BookingRequest, GuestDetails
from application.ports.provider import NotPermitted, TryLater
from application.ports.views import BookingView
from domain.booking import Booking
from domain.conference import Failed, Failure, NoConference, Ready
from domain.ids import BookingId, GuestToken
from domain.slot import Slot
from tests.http.serving import Server
from tests.http_web.visiting import Visitor
from tests.support.builders import (
    TOMORROW_AT_TEN,
    a_booking,
    a_page,
    an_event_type,
    ana,
    ana_with_a_number,
    at_the_harbour,
    phone_by_host,
    zoom,
)

WATCHED_FROM = 3
"""The look for this test, the one before watching, then the first one that is watched."""

LONG_LINK = "https://us06web.zoom.us/j/81234567890?pwd=aWQ0c2VjcmV0LXBhc3Njb2RlLWluLWEtbGluaw.1"


async def a_booked_time(server: Server, **changes: object) -> Booking:
    """A booking of a page with Zoom and phone; where it is online, it waits for its link."""
    host = await server.memory.host()
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host))
    booking = msgspec.structs.replace(a_booking(page), **changes)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking)
    return booking


async def now(server: Server, booking: Booking) -> Booking:
    view = await server.memory.store.views.booking_for(GuestToken(booking.token))
    assert view
    return view.booking


async def a_booking_over_zoom_alone(server: Server) -> Booking:
    """Taken by the use-case, so that its meeting is owed."""
    host = await server.memory.host()
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))
    guest = GuestDetails(ana.name, ana.email, ana.timezone)
    submit = await server.memory.app.book(
        host.handle, page.slug, "intro", BookingRequest(TOMORROW_AT_TEN, "zoom", guest)
    )
    return submit.booking.booking


async def test_the_link_is_there_with_the_id_as_zoom_groups_it_and_the_passcode(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready(LONG_LINK, "81234567890", "tuna42", "zoom"))

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert f'href="{LONG_LINK}" rel="noreferrer">' in guest.html
    assert "Join Zoom meeting" in guest.text
    assert LONG_LINK in guest.text
    assert "812 3456 7890" in guest.text
    assert "tuna42" in guest.text


async def test_a_link_that_is_no_web_address_is_not_for_clicking(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready("javascript:alert(1)", None, None, "zoom"))

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert 'href="javascript' not in guest.html
    assert "javascript:alert(1)" in guest.text


async def test_times_are_told_in_the_guests_zone_and_the_hosts_where_they_differ(server: Server) -> None:
    booking = await a_booked_time(server)

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "Tuesday, 3 March 2026, 07:00 – 07:30 America/Sao_Paulo (UTC-03:00)" in guest.text
    assert "For Hanne Höst: Tuesday, 3 March 2026, 11:00 – 11:30, Europe/Berlin (UTC+01:00)" in guest.text


async def test_a_link_that_is_being_made_says_so(server: Server) -> None:
    booking = await a_booked_time(server)

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "Your Zoom link is being created…" in guest.text
    assert f'<noscript><p><a href="/b/{booking.token}">Reload' in guest.html


async def test_an_open_page_is_woken_by_the_change(server: Server) -> None:
    booking = await a_booked_time(server)
    views = server.memory.store.views
    looks = 0

    async def link_comes() -> None:
        async with server.memory.store.begin() as uow:
            locked = await uow.bookings.lock(booking.id)
            assert locked
            uow.bookings.save(msgspec.structs.replace(locked, conference=Ready(LONG_LINK, "81234567890", "x", "zoom")))

    async def look() -> BookingView:
        nonlocal looks
        looks += 1
        view = await views.booking_for(GuestToken(booking.token))
        assert view
        if looks == WATCHED_FROM:
            await link_comes()
        return view

    seen = fragment(await look()).seen
    async with asyncio.timeout(LOOK_AGAIN / 2):
        found = await next_fragment(look, server.memory.store.changes, seen)

    assert found
    assert LONG_LINK in found.html
    assert not found.waiting


async def test_a_page_that_shows_something_old_is_answered_at_once(server: Server) -> None:
    booking = await a_booked_time(server)

    answer = await server.client().get(f"/b/{booking.token}/live?seen=old")

    assert 200 == answer.status_code
    assert "being created" in answer.text


async def test_a_fallback_says_what_was_asked_for_what_is_used_and_why(server: Server) -> None:
    host = await server.memory.host()
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host, meeting_types=(zoom, at_the_harbour)))
    server.memory.providers["zoom"].fail("create", NotPermitted("The Zoom account may not create meetings."))
    guest = Visitor(server)
    path = f"/{host.handle}/{page.slug}/intro"
    form = f"{path}?start=2026-03-03T10:00:00Z&timezone=Europe/Paris"
    await guest.opens(form)
    fields = {"start": "2026-03-03T10:00:00Z", "timezone": "Europe/Paris", "key": guest.value("key")}
    await guest.sends(
        path,
        {**fields, "name": "Ana", "email": "ana@guests.example", "meeting_type": "zoom"},
        page=form,
    )
    await server.memory.work_off()

    await guest.follows()

    assert "You asked for a Zoom meeting. It will be a meeting in person instead." in guest.text
    assert "may not create meetings" in guest.text
    assert at_the_harbour.address in guest.text


async def test_a_booking_without_any_way_left_says_that_the_host_will_send_the_link(server: Server) -> None:
    booking = await a_booking_over_zoom_alone(server)
    server.memory.providers["zoom"].fail("create", NotPermitted("No."))
    await server.memory.work_off()

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "Hanne Höst will send the link." in guest.text


async def test_a_link_that_is_late_says_that_it_follows(server: Server) -> None:
    booking = await a_booking_over_zoom_alone(server)
    server.memory.providers["zoom"].fail("create", TryLater("Zoom is busy."))
    await server.memory.work_off()

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "takes a little longer" in guest.text
    assert "Your booking stands, and the link follows" in guest.text


async def test_where_the_host_calls_the_page_says_which_number(server: Server) -> None:
    booking = await a_booked_time(
        server, guest=ana_with_a_number, meeting_type=phone_by_host, conference=NoConference()
    )

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "Hanne Höst calls you at +55 11 5550 1234" in guest.text


async def test_cancelling_asks_first_and_a_get_changes_nothing(server: Server) -> None:
    booking = await a_booked_time(server)

    guest = await Visitor(server).opens(f"/b/{booking.token}/cancel")

    assert "Cancel this booking?" in guest.text
    assert "Yes, cancel booking" in guest.text
    assert "confirmed" == (await now(server, booking)).status


async def test_a_guest_cancels_with_a_reason(server: Server) -> None:
    booking = await a_booked_time(server)

    guest = await Visitor(server).sends(f"/b/{booking.token}/cancel", {"reason": "I am ill"})
    await guest.follows()

    assert "This booking is cancelled" in guest.text
    assert "I am ill" in guest.text
    assert "cancelled" == (await now(server, booking)).status


async def test_a_cancelled_booking_says_who_when_and_why_and_leads_back_to_the_page(server: Server) -> None:
    booking = await a_booked_time(server)
    await server.memory.app.cancel(booking.id, "host", "A strike")

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    when = "Monday, 2 March 2026, 05:00 (America/Sao_Paulo)"
    assert f"Hanne Höst cancelled this booking on {when}. Reason: A strike" in guest.text
    assert re.search(r'href="/host-\d+/page-\d+/intro">Book again</a>', guest.html)
    assert "Reschedule" not in guest.text


async def test_a_guest_moves_with_a_reason_that_the_host_reads(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready(LONG_LINK, "81234567890", "x", "zoom"), announced=True)
    path = f"/b/{booking.token}/reschedule"
    form = f"{path}?start=2026-03-03T11:00:00Z"

    guest = await Visitor(server).opens(form)
    assert "The join link stays the same." in guest.text
    assert "Zoom goes on showing" not in guest.text
    await guest.sends(path, {"start": "2026-03-03T11:00:00Z", "reason": "My train"}, page=form)
    await guest.follows()

    assert "You moved it from Tuesday, 3 March 2026, 07:00. Reason: My train" in guest.text
    assert "My train" == (await now(server, booking)).move_reason


async def test_a_link_that_the_host_adds_reaches_the_open_page(server: Server) -> None:
    booking = await a_booked_time(server, conference=Failed(Failure("not-permitted", "No.")), announced=True)
    guest = await Visitor(server).opens(f"/b/{booking.token}")
    assert 'data-waiting="yes"' in guest.html

    await server.memory.app.set_join_link(booking.id, "https://meet.example/hanne")
    answer = await server.client().get(f"/b/{booking.token}/live?seen=old")

    assert "https://meet.example/hanne" in answer.text
    assert 'data-waiting="no"' in answer.text


async def test_cancelling_again_only_shows_that_it_is_cancelled(server: Server) -> None:
    booking = await a_booked_time(server)
    guest = await Visitor(server).opens(f"/b/{booking.token}/cancel")
    token = guest.value("_csrf_token")

    for _ in range(2):
        guest.answer = await guest.client.post(f"/b/{booking.token}/cancel", data={"_csrf_token": token})
        await guest.follows()
        assert "This booking is cancelled" in guest.text


async def test_a_guest_moves_the_booking_and_the_own_time_is_no_obstacle(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(
        a_page(host, an_event_type(duration=timedelta(hours=1)), meeting_types=(at_the_harbour,))
    )
    booking = a_booking(page, meeting_type=at_the_harbour)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking)
    half_past_ten = "2026-03-03T10:30:00Z"

    guest = await Visitor(server).opens(f"/b/{booking.token}/reschedule?date=2026-03-03")
    assert half_past_ten in guest.starts
    form = f"/b/{booking.token}/reschedule?start={half_past_ten}"
    await guest.sends(f"/b/{booking.token}/reschedule", {"start": half_past_ten, "timezone": "Europe/Paris"}, page=form)
    await guest.follows()

    assert "07:30 – 08:30" in guest.text
    assert TOMORROW_AT_TEN + timedelta(minutes=30) == (await now(server, booking)).slot.start


async def test_a_time_taken_meanwhile_offers_others_and_moves_nothing(server: Server) -> None:
    booking = await a_booked_time(server)
    later = Slot.lasting(timedelta(minutes=30), TOMORROW_AT_TEN + timedelta(hours=1))
    other = msgspec.structs.replace(booking, id=BookingId("other"), token=GuestToken("other"), slot=later)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(other)

    path = f"/b/{booking.token}/reschedule"
    guest = await Visitor(server).sends(
        path,
        {"start": "2026-03-03T11:00:00Z", "timezone": "Europe/Paris"},
        page=f"{path}?start=2026-03-03T11:00:00Z",
    )

    assert 409 == guest.status
    assert "Somebody has just booked this time" in guest.text
    assert f"{path}?start=2026-03-03T10:30:00Z" in guest.html
    assert TOMORROW_AT_TEN == (await now(server, booking)).slot.start


async def test_a_past_meeting_can_neither_be_moved_nor_cancelled(server: Server) -> None:
    booking = await a_booked_time(server)
    server.memory.clock.advance(timedelta(days=3))

    guest = await Visitor(server).opens(f"/b/{booking.token}")
    assert "This meeting is over It was on Tuesday, 3 March 2026." in guest.text
    assert "Book again" in guest.text
    assert "Cancel booking" not in guest.text
    for path in ("cancel", "reschedule"):
        assert f"/b/{booking.token}" == (await guest.opens(f"/b/{booking.token}/{path}")).location


async def test_the_calendar_file_carries_the_link(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready(LONG_LINK, "81234567890", "x", "zoom"))

    answer = await server.client().get(f"/b/{booking.token}/invite.ics")

    assert answer.headers["content-type"].startswith("text/calendar")
    assert "attachment" in answer.headers["content-disposition"]
    assert LONG_LINK in answer.text


async def test_an_unknown_link_is_not_found(server: Server) -> None:
    assert 404 == (await Visitor(server).opens("/b/nobody")).status
