"""A host's bookings."""

import csv
from datetime import timedelta
from io import StringIO

import msgspec
import pytest

from adapters.http.web.bookings.csv_file import inert
from application.ports.calendar_reader import FeedAddress
from application.ports.calendars import StoredCalendar
from domain.booking import Booking, Overlap
from domain.calendar import Calendar, CalendarConnection
from domain.conference import Failed, Failure, Ready
from domain.events import Booked
from domain.host import Host
from domain.ids import CalendarConnectionId, CalendarId
from domain.provider_problem import AppNotAllowed
from domain.slot import Slot
from tests.support.builders import NOW, TOMORROW_AT_TEN, a_booking, a_host, a_page, altered, at_the_harbour
from tests.support.serving import Server
from tests.support.visiting import Visitor, a_signed_in_host

LINK = "https://us06web.zoom.us/j/81234567890?pwd=abc.1"


async def a_host_with(server: Server, **changes: object) -> tuple[Host, Visitor, Booking]:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    booking = altered(a_booking(page), **changes)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking, Booked(booking_id=booking.id, at=NOW, conference=booking.conference))
    return host, visitor, booking


async def test_the_list_shows_when_who_what_and_the_link(server: Server) -> None:
    _, visitor, booking = await a_host_with(server, conference=Ready(LINK, "81234567890", "x", "zoom"))

    await visitor.opens("/bookings")

    for words in ("Tuesday, 3 March 2026", "11:00 – 11:30", "Time – Berlin", "Ana Brito", "Intro call", "Zoom"):
        assert words in visitor.text, words
    assert f'href="{LINK}"' in visitor.html
    assert "Confirmed" not in visitor.text
    assert f"/b/{booking.token}" not in visitor.html


async def test_each_tab_shows_its_own(server: Server) -> None:
    failed = Failed(Failure("not-permitted", AppNotAllowed("zoom")))
    _, visitor, booking = await a_host_with(server, conference=failed)

    assert "Action needed: no join link" in (await visitor.opens("/bookings?show=needs_attention")).text
    assert "No past bookings yet" in (await visitor.opens("/bookings?show=past")).text
    await visitor.sends(f"/bookings/{booking.id}/cancel")
    assert "Ana Brito" in (await visitor.opens("/bookings?show=cancelled")).text
    assert "No upcoming bookings" in (await visitor.opens("/bookings?show=anything")).text


async def test_an_event_over_a_booking_is_shown_with_its_calendar_and_a_way_to_another_time(server: Server) -> None:
    event = Slot.lasting(timedelta(hours=2), TOMORROW_AT_TEN)
    overlaps = tuple(Overlap(CalendarId(each), event, NOW) for each in ("kept", "gone"))
    host, visitor, booking = await a_host_with(server, overlaps=overlaps)
    connection = CalendarConnection(CalendarConnectionId("k"), host.id, "ical_feed", "calendar.example", NOW)
    calendar = Calendar(
        id=CalendarId("kept"),
        connection_id=connection.id,
        host_id=host.id,
        kind="ical_feed",
        name="Family",
        timezone="UTC",
        host_timezone="UTC",
    )
    async with server.memory.store.begin() as uow:
        uow.calendar_connections.add(connection, FeedAddress("https://calendar.example/a.ics"))
        uow.calendars.add(StoredCalendar(calendar))

    assert "Action needed: overlaps an event" in (await visitor.opens("/bookings?show=needs_attention")).text
    await visitor.opens(f"/bookings/{booking.id}")

    time = "has an event at the same time: Tuesday, 3 March 2026, 11:00 – 13:00."
    assert f"Your calendar “Family” {time}" in visitor.text
    assert f"One of your calendars {time}" in visitor.text
    assert f'href="/bookings/{booking.id}/reschedule">Propose another time' in visitor.html


async def test_a_long_list_goes_on_on_another_page(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    async with server.memory.store.begin() as uow:
        for hour in range(30):
            uow.bookings.add(a_booking(page, TOMORROW_AT_TEN + timedelta(hours=hour), meeting_type=at_the_harbour))

    await visitor.opens("/bookings")
    assert 25 == visitor.text.count("Ana Brito")
    address = visitor.html.split('href="/bookings?show=upcoming&amp;cursor=')[1].split('"')[0]
    await visitor.opens(f"/bookings?show=upcoming&cursor={address}")

    assert 5 == visitor.text.count("Ana Brito")


async def test_a_list_is_exported_whole_for_spreadsheets(server: Server) -> None:
    guest = msgspec.structs.replace(a_booking(a_page(a_host())).guest, name='=HYPERLINK("https://evil.example")')
    host, visitor, _ = await a_host_with(server, guest=guest, conference=Ready(LINK, "81234567890", "x", "zoom"))
    page = await server.memory.page(a_page(host, title="Another"))
    async with server.memory.store.begin() as uow:
        for hour in range(1, 31):
            uow.bookings.add(a_booking(page, TOMORROW_AT_TEN + timedelta(hours=hour), meeting_type=at_the_harbour))

    await visitor.opens("/bookings")
    address = visitor.html.split('class="export" href="')[1].split('"')[0].replace("&amp;", "&")
    answer = await visitor.client.get(address)

    assert "text/csv; charset=utf-8" == answer.headers["content-type"]
    assert 'attachment; filename="timetuna-bookings-upcoming.csv"' == answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    head, first, *more = csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert ["Date", "Start", "End", "Time zone", "Event", "Guest"] == head[:6]
    assert ["2026-03-03", "11:00", "11:30", "Europe/Berlin", "Intro call", f"'{guest.name}"] == first[:6]
    assert LINK == first[head.index("Where")]
    assert 30 == len(more)


async def test_where_numbers_have_a_comma_spreadsheets_split_at_semicolons(server: Server) -> None:
    _, visitor, _ = await a_host_with(server)

    german = await visitor.client.get("/bookings/export.csv", headers={"accept-language": "de"})

    assert "Datum;Beginn;Ende;Zeitzone" in german.text.splitlines()[0]


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_what_a_guest_typed_is_never_worked_out_by_a_spreadsheet(typed: str) -> None:
    assert f"'{typed}" == inert(typed)
    assert "Zoë = Müller; Ana, Bo-Li" == inert("Zoë = Müller; Ana, Bo-Li")


@pytest.mark.parametrize("typed", ["Ana;{}", "Ana,{}", "Ana\t{}", "Ana; {}", 'Ana;"{}"', "Ana\n{}"])
def test_nor_by_one_that_splits_lines_at_another_sign(typed: str) -> None:
    assert typed.format("'=1+1") == inert(typed.format("=1+1"))


async def test_one_booking_shows_its_reason_and_what_happened(server: Server) -> None:
    failed = Failed(Failure("not-permitted", AppNotAllowed("zoom")))
    _, visitor, booking = await a_host_with(server, conference=failed)

    await visitor.opens(f"/bookings/{booking.id}")

    assert "Your Zoom administrator doesn’t allow this app." in visitor.text
    assert "The guest confirmed the booking." in visitor.text


async def test_cancelling_asks_first_and_says_what_stays_at_zoom(server: Server) -> None:
    _, visitor, booking = await a_host_with(server, conference=Ready(LINK, "81234567890", "x", "zoom"))

    await visitor.opens(f"/bookings/{booking.id}/cancel")
    assert "Yes, cancel booking" in visitor.text
    assert "stays in your Zoom account" in visitor.text
    await visitor.sends(f"/bookings/{booking.id}/cancel", {"reason": "Sorry"})
    await visitor.follows()

    assert "The booking is cancelled" in visitor.said[0]
    assert "meeting ID 812 3456 7890" in visitor.text
    assert "Sorry" in visitor.text
    assert LINK not in (await Visitor(server).opens(f"/b/{booking.token}")).text


async def test_another_hosts_booking_is_not_found(server: Server) -> None:
    _, _, booking = await a_host_with(server)
    _, stranger = await a_signed_in_host(server)

    assert 404 == (await stranger.opens(f"/bookings/{booking.id}")).status
    assert 404 == (await stranger.opens(f"/bookings/{booking.id}/cancel")).status


async def test_somebody_signed_out_is_sent_to_sign_in_and_back(server: Server) -> None:
    visitor = await Visitor(server).opens("/bookings?show=past")

    assert "/signin?next=%2Fbookings%3Fshow%3Dpast" == visitor.location
