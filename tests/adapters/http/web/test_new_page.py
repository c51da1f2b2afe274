"""A page is created on three short screens, without scripts."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlparse

from application.actor import HostActor
from application.schedules.edit_schedules import ScheduleEdit
from domain.availability import Hours
from domain.booking_page import LONGEST_TITLE, MOST_PAGES, BookingPage
from domain.host import Host
from domain.meeting_type import LONGEST_PLACE, InPerson, name_of
from tests.support.builders import NOW, a_page, an_account
from tests.support.serving import Server
from tests.support.visiting import Fields, Visitor, a_signed_in_host

TITLE, MEETING, HOURS = "/pages/new", "/pages/new/meeting", "/pages/new/hours"
BY_PHONE: Fields = {"order": ["zoom", "phone", "in_person"], "on": ["phone"], "caller": "host"}
WORKDAYS: Fields = {"day": ["mon", "tue", "wed", "thu", "fri"], "start": "09:00", "end": "17:00"}


async def only_page(server: Server, host: Host) -> BookingPage:
    [page] = await server.memory.store.views.pages(host.id)
    return page


async def creates(visitor: Visitor, title: str) -> Visitor:
    await visitor.sends(TITLE, {"title": title, "length": "30"})
    await visitor.sends(MEETING, BY_PHONE)
    return await visitor.sends(HOURS, WORKDAYS)


def backups(visitor: Visitor) -> list[str]:
    """What the form on the page sends as backups if nothing is changed."""
    fields = re.findall(r"<input [^>]*>", visitor.html)
    proposed = [each for each in fields if 'name="backup"' in each and ('"hidden"' in each or " checked" in each)]
    return [value for each in proposed for value in re.findall(r'value="(\w+)"', each)]


async def test_three_screens_end_on_a_live_page(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)

    await visitor.sends(TITLE, {"title": "Überblick & Fragen", "length": "other", "other_length": "20"})
    await visitor.follows()
    await visitor.sends(MEETING, {**BY_PHONE, "on": ["in_person"], "address": "Harbour 1"})
    await visitor.follows()
    await visitor.sends(HOURS, {"day": ["mon", "tue"], "start": "18:00", "end": "00:00", "timezone": "Asia/Tokyo"})
    await visitor.follows()

    assert "Your page is live" in visitor.text
    page = await only_page(server, host)
    assert f'data-copy="http://timetuna.example/{host.handle}/uberblick-fragen"' in visitor.html
    assert ("Überblick & Fragen", timedelta(minutes=20)) == (page.event_types[0].title, page.event_types[0].duration)
    assert (InPerson("Harbour 1", backup=False),) == page.meeting_types
    assert ((Hours("18:00", "24:00"),), ()) == (page.availability.weekly.tue, page.availability.weekly.wed)
    assert "Asia/Tokyo" in (await visitor.opens("/settings/profile")).html
    guest = await Visitor(server).opens(f"/{host.handle}/uberblick-fragen")
    assert "20 minutes" in guest.text
    assert min(guest.starts) >= f"{NOW + timedelta(hours=4):%Y-%m-%dT%H:%M}"


async def test_reloading_and_going_back_loses_nothing(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)

    await visitor.sends(TITLE, {"title": "Talk", "length": "45"})
    await visitor.sends(MEETING, {**BY_PHONE, "on": ["phone", "in_person"], "address": "Harbour 1", "back": "1"})
    assert TITLE == visitor.location

    assert "Talk" == (await visitor.opens(TITLE)).value("title")
    assert 'value="45" checked' in visitor.html
    assert "Harbour 1" == (await visitor.opens(MEETING)).value("address")
    assert "Harbour 1" == (await visitor.opens(MEETING)).value("address")


async def test_going_back_with_more_than_fits_says_so_instead_of_losing_it(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    await visitor.sends(TITLE, {"title": "T" * LONGEST_TITLE, "length": "45"})
    longest, too_long = "✉️" * (LONGEST_PLACE // 2), "Harbour " * 1000

    await visitor.sends(MEETING, {**BY_PHONE, "address": longest, "back": "1"})
    assert longest == (await visitor.opens(MEETING)).value("address")
    await visitor.sends(MEETING, {**BY_PHONE, "address": too_long, "back": "1"})

    assert (400, too_long) == (visitor.status, visitor.value("address"))
    assert 'href="#address"' in visitor.html


async def test_what_is_missing_is_told_on_its_screen_at_an_address_of_its_own(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)

    assert TITLE == (await visitor.opens(HOURS)).location
    await visitor.sends(TITLE, {"title": " ", "length": "30"})
    await visitor.follows()
    # In the summary and at the field.
    assert 2 == visitor.text.count("Enter a title.")
    await visitor.sends(TITLE, {"title": "Talk", "length": "30"})
    await visitor.sends(MEETING, {**BY_PHONE, "on": ["zoom"]})
    await visitor.follows()
    assert "Turn on at least one way to meet." in visitor.text
    await visitor.sends(MEETING, BY_PHONE)
    await visitor.sends(HOURS, {"start": "09:00", "end": "25:00"})
    await visitor.follows()
    assert "Choose at least one day." in visitor.text
    assert "25:00" == visitor.value("end")


async def test_a_provider_is_connected_on_the_way_and_is_on_afterwards(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await visitor.sends(TITLE, {"title": "Talk", "length": "30"})

    await visitor.follows()
    await visitor.sends(MEETING, {**BY_PHONE, "backup": backups(visitor), "connect": "zoom"})
    state = parse_qs(urlparse(visitor.location).query)["state"][0]
    code = server.memory.providers["zoom"].consent(visitor.location, an_account())
    await visitor.opens(f"/integrations/zoom/callback?state={state}&code={code}")
    assert f"{MEETING}?connected=zoom" == visitor.location
    await visitor.follows()

    assert ["Zoom is connected as hanne@zoom.example."] == visitor.said
    assert "Connect Zoom" not in visitor.text
    assert 'name="on" value="zoom" checked' in visitor.html
    assert {"zoom", "google_meet", "microsoft_teams", "phone"} == set(backups(visitor))
    await visitor.sends(MEETING, {**BY_PHONE, "on": ["zoom", "phone"]})
    await visitor.sends(HOURS, WORKDAYS)
    assert ["zoom", "phone"] == [name_of(each) for each in (await only_page(server, host)).meeting_types]


async def test_titles_in_any_script_make_addresses_of_their_own(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)

    for title in ("Тест", "会議", "会議", "🐟", "!!!", "!!!"):
        await creates(visitor, title)

    pages = await server.memory.store.views.pages(host.id)
    assert ["test", "huiyi", "huiyi-2", "fish", "meeting", "meeting-2"] == [each.slug for each in pages]


async def test_a_page_that_takes_no_bookings_yet_says_what_is_missing_instead_of_being_there(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, meeting_types=()))

    await visitor.opens(f"/pages/{page.id}/created")

    assert "Almost there" in visitor.text
    assert "Turn on at least one way to meet to accept bookings." in visitor.text
    assert f'href="/pages/{page.id}/edit#meeting_types">Fix</a>' in visitor.html
    assert "data-copy" not in visitor.html


async def test_a_draft_belongs_to_the_host_who_typed_it(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    await visitor.sends(TITLE, {"title": "Mine", "length": "30"})
    _, other = await a_signed_in_host(server)
    other.client.cookies.update(
        {each.name: each.value or "" for each in visitor.client.cookies.jar if each.name == "timetuna_new_page"}
    )

    assert "" == (await other.opens(TITLE)).value("title")


async def test_a_host_with_schedules_chooses_one_or_hours_of_the_pages_own(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    shared = await server.memory.app.create_schedule(HostActor(host.id), ScheduleEdit("Mornings"))

    await visitor.sends(TITLE, {"title": "Talk", "length": "30"})
    await visitor.sends(MEETING, BY_PHONE)
    await visitor.follows()
    assert f'name="schedule" value="{shared.id}" aria-describedby="schedule-{shared.id}" checked' in visitor.html
    # Hidden fields of the page's own hours come along.
    await visitor.sends(HOURS, {"schedule": shared.id, "start": "", "end": ""})
    assert shared.id == (await only_page(server, host)).schedule_id

    await visitor.sends(TITLE, {"title": "Gone", "length": "30"})
    await visitor.sends(MEETING, BY_PHONE)
    await visitor.sends(HOURS, {"schedule": "gone", **WORKDAYS})
    assert "This is not one of your schedules." in visitor.text
    await visitor.sends(HOURS, {"schedule": "", **WORKDAYS})
    assert [None, shared.id] == sorted(
        (each.schedule_id for each in await server.memory.store.views.pages(host.id)), key=str
    )


async def test_one_page_too_many_is_refused_in_words_with_what_was_typed(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    for number in range(MOST_PAGES):
        await server.memory.page(a_page(host, slug=f"page-{number}"))

    await creates(visitor, "One more")

    assert (400, "One more") == (visitor.status, visitor.value("title"))
    assert "You have too many pages." in visitor.text
