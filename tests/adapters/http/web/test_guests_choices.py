"""What a guest has chosen or wants to choose is kept, marked and never decided by the page."""

import re
from datetime import timedelta

import msgspec
import pytest

from adapters.http.web.manage.messages import mail_to_come
from application.actor import HostActor
from domain.booking import Booking
from domain.conference import Failure, NoConference, Pending
from domain.provider_problem import RateLimited
from tests.support.builders import (
    TOMORROW_AT_TEN,
    a_booking,
    a_host,
    a_page,
    altered,
    at_the_harbour,
    phone_by_host,
    zoom,
)
from tests.support.serving import API, TUESDAY_AT_TEN, Server
from tests.support.visiting import Fields, Visitor

ANA: Fields = {"name": "Ana Brito", "email": "ana@guests.example", "meeting_type": "zoom", "timezone": "UTC"}
A_MINUTE = timedelta(minutes=1)


async def an_address(server: Server, *meeting_types: object) -> str:
    host = await server.memory.host()
    await server.memory.connect(host)
    page = await server.memory.page(msgspec.structs.replace(a_page(host), meeting_types=meeting_types or (zoom,)))
    return f"/{host.handle}/{page.slug}/intro"


async def a_booked_time(server: Server, after: timedelta = timedelta()) -> Booking:
    """Of a page that offers a harbour alone; Tuesday at ten, or later."""
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(at_the_harbour,)))
    booking = a_booking(page, meeting_type=at_the_harbour, conference=NoConference(), start=TOMORROW_AT_TEN + after)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking)
    return booking


async def whose_time_is_taken(server: Server, path: str) -> Visitor:
    """A guest who is told that somebody else was faster."""
    guest = await Visitor(server).opens(f"{path}?start={TUESDAY_AT_TEN}&timezone=UTC")
    fields: Fields = {**ANA, "start": TUESDAY_AT_TEN, "key": guest.value("key")}
    await Visitor(server).client.post(path, data={**fields, "key": "faster", "name": "Bela"})
    guest.answer = await guest.client.post(path, data=fields)
    assert 409 == guest.status
    return guest


async def moves(guest: Visitor, path: str, start: str) -> Visitor:
    """Open the question about a new time, then say yes."""
    form = f"{path}?start={start}"
    await guest.opens(form)
    before = guest.value("before")
    return await guest.sends(path, {"start": start, "timezone": "UTC", "before": before}, page=form)


async def test_another_time_zone_keeps_the_chosen_day(server: Server) -> None:
    path = await an_address(server)

    guest = await Visitor(server).opens(f"{path}?date=2026-03-04&timezone=Europe/Paris")
    month, day = guest.value("month"), guest.value("date")
    await guest.opens(f"{path}?month={month}&date={day}&timezone=Asia/Tokyo")

    assert '<h2 id="times-of" tabindex="-1">Wednesday, 4 March 2026</h2>' in guest.html
    assert "Times in Japan Time – Tokyo" in guest.text


async def test_another_time_zone_goes_on_with_the_first_free_day_where_none_was_chosen(server: Server) -> None:
    guest = await Visitor(server).opens(f"{await an_address(server)}?timezone=Europe/Paris")

    assert 'name="date"' not in guest.html


async def test_none_of_the_other_times_is_chosen_for_the_guest(server: Server) -> None:
    guest = await whose_time_is_taken(server, await an_address(server))

    assert ["2026-03-03T09:00:00Z", "2026-03-03T09:30:00Z", "2026-03-03T10:30:00Z"] == guest.starts
    offered = re.findall(r'<input type="radio" name="start"[^>]*>', guest.html)
    assert 3 == len([each for each in offered if "required" in each and "checked" not in each])


async def test_a_guest_who_confirms_without_choosing_is_asked_to_and_sees_the_times_again(server: Server) -> None:
    path = await an_address(server)
    guest = await whose_time_is_taken(server, path)

    fields: Fields = {**ANA, "key": guest.value("key"), "wanted": guest.value("wanted")}
    guest.answer = await guest.client.post(path, data=fields)

    assert 400 == guest.status
    assert "Choose a time." in guest.text
    assert ["2026-03-03T09:00:00Z", "2026-03-03T09:30:00Z", "2026-03-03T10:30:00Z"] == guest.starts
    assert "Ana Brito" == guest.value("name")


@pytest.mark.parametrize("wanted", ["nonsense", "1970-01-01T00:00:00Z", "9989-12-31T00:00:00Z"])
async def test_a_form_with_an_odd_time_in_it_is_answered_kindly(server: Server, wanted: str) -> None:
    guest = Visitor(server)

    guest.answer = await guest.client.post(await an_address(server), data={**ANA, "wanted": wanted})

    assert 400 == guest.status
    assert "Choose a time." in guest.text


async def test_a_move_starts_on_the_day_of_the_booking_with_its_time_marked(server: Server) -> None:
    booking = await a_booked_time(server, timedelta(days=7))

    guest = await Visitor(server).opens(f"/b/{booking.token}/reschedule?timezone=UTC")

    assert '<h2 id="times-of" tabindex="-1">Tuesday, 10 March 2026</h2>' in guest.html
    assert "10:00 now" in guest.text
    assert "2026-03-10T10:00:00Z" not in guest.starts
    assert "2026-03-10T10:30:00Z" in guest.starts
    assert 'name="date"' not in guest.html


async def test_a_move_starts_on_the_next_free_day_where_the_bookings_own_has_none(server: Server) -> None:
    booking = await a_booked_time(server, timedelta(days=4))

    guest = await Visitor(server).opens(f"/b/{booking.token}/reschedule?timezone=UTC")

    assert '<h2 id="times-of" tabindex="-1">Monday, 9 March 2026</h2>' in guest.html


async def test_the_time_that_a_booking_has_is_no_new_one(server: Server) -> None:
    booking = await a_booked_time(server)
    path = f"/b/{booking.token}/reschedule"

    guest = await Visitor(server).opens(f"{path}?start={TUESDAY_AT_TEN}")
    assert "That’s already its time" in guest.text
    assert "Reschedule booking" not in guest.text
    await guest.sends(path, {"start": TUESDAY_AT_TEN, "timezone": "UTC"}, page=f"{path}?start=2026-03-03T11:00:00Z")
    await server.memory.work_off()

    assert 200 == guest.status
    assert "That’s already its time, so nothing changed." in guest.text
    assert [] == server.memory.mailer.sent


async def test_a_move_is_confirmed_even_if_its_form_was_sent_twice(server: Server) -> None:
    booking = await a_booked_time(server)
    path, later = f"/b/{booking.token}/reschedule", "2026-03-03T11:00:00Z"

    guest = await moves(Visitor(server), path, later)
    assert f"/b/{booking.token}?done=moved" == guest.location
    again: Fields = {"start": later, "timezone": "UTC", "before": TUESDAY_AT_TEN}
    await guest.sends(path, again, page=f"{path}?start=2026-03-03T12:00:00Z")
    await guest.follows()

    assert ["Rescheduled. We’ve emailed you both."] == guest.said


@pytest.mark.parametrize(
    ("wait", "told"),
    [
        (timedelta(seconds=5), "within 1 minute."),
        (timedelta(seconds=60), "within 1 minute."),
        (timedelta(seconds=61), "within 2 minutes."),
        (timedelta(), "in a moment"),
    ],
)
def test_the_mail_is_promised_for_when_it_leaves(wait: timedelta, told: str) -> None:
    waiting = altered(a_booking(a_page(a_host())), conference=Pending("zoom"))
    late = altered(
        a_booking(a_page(a_host())),
        conference=Pending("zoom", attempts=1, failure=Failure("try-later", RateLimited("zoom"))),
    )

    assert told in mail_to_come(waiting, wait)
    assert told in mail_to_come(late, wait)


def test_a_mail_that_waits_for_no_link_leaves_in_a_moment() -> None:
    booking = altered(a_booking(a_page(a_host())), meeting_type=at_the_harbour, conference=NoConference())

    assert "We’ll email all of this to you in a moment." == mail_to_come(booking, A_MINUTE)


@pytest.mark.parametrize("gone", ["before the page is read", "for good"])
async def test_where_nothing_can_be_booked_any_more_the_guest_is_told_whom_to_turn_to(
    server: Server, gone: str
) -> None:
    host = await server.memory.host()
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))
    path = f"/{host.handle}/{page.slug}/intro"
    guest = await Visitor(server).opens(f"{path}?start={TUESDAY_AT_TEN}")
    await server.memory.app.disconnect_provider(HostActor(host.id), "zoom")
    if gone == "for good":
        await server.memory.page(msgspec.structs.replace(page, meeting_types=()))

    guest.answer = await guest.client.post(path, data={**ANA, "start": TUESDAY_AT_TEN, "key": guest.value("key")})

    assert 409 == guest.status
    told = "This page is not taking bookings right now. Contact Hanne Höst another way."
    assert told in guest.text
    assert "account" not in guest.text
    assert "Confirm booking" not in guest.text
    assert "Ana Brito" == guest.value("name")


async def test_the_api_still_names_the_reason(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))
    body = {
        "start": TUESDAY_AT_TEN,
        "meeting_type": "zoom",
        "guest": {"name": "Ana", "email": "ana@guests.example", "timezone": "UTC"},
    }

    answer = await server.client().post(f"{API}/public/{host.handle}/{page.slug}/intro/bookings", json=body)

    assert 409 == answer.status_code
    assert "No Zoom account is connected." in answer.json()["detail"]


async def test_the_number_is_marked_optional_where_another_way_can_be_chosen(server: Server) -> None:
    choice, alone = await an_address(server, zoom, phone_by_host), await an_address(server, phone_by_host)

    one_of_two = await Visitor(server).opens(f"{choice}?start={TUESDAY_AT_TEN}")
    the_only_one = await Visitor(server).opens(f"{alone}?start={TUESDAY_AT_TEN}")

    assert "Phone number (optional) For a phone call, or in case the online meeting fails." in one_of_two.text
    assert "Phone number Hanne Höst will call you at this number." in the_only_one.text


async def test_a_guests_pages_offer_no_help_for_hosts(server: Server) -> None:
    path = await an_address(server)
    booking = await a_booked_time(server)

    for address in (path, f"{path}?start={TUESDAY_AT_TEN}", f"/b/{booking.token}", f"/b/{booking.token}/cancel"):
        guest = await Visitor(server).opens(address)
        assert 'href="/support"' in guest.html, address
        assert "/help/" not in guest.html, address
        assert "/api/docs" not in guest.html, address


async def test_the_zones_of_the_list_say_which_country_they_are_in(server: Server) -> None:
    guest = await Visitor(server).opens(await an_address(server))

    assert '<option value="America/New_York" data-in="US">Eastern Time – New York</option>' in guest.html
    assert '<option value="UTC">UTC</option>' in guest.html
