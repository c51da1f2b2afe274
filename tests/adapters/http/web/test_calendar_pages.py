"""Calendars on pages: adding a feed, its rules, which page it blocks, and what a guest sees while it can't be read."""

from datetime import datetime, timedelta

import msgspec

from application.actor import HostActor
from application.calendars.timings import CalendarTimings
from application.pages.page_edits import CalendarsEdit, PageEdit
from domain.booking_page import BookingPage
from domain.busy import BusyTime
from domain.calendar import Calendar
from domain.calendar_problem import NotACalendar, ServerBusy
from domain.host import Host
from domain.slot import Slot
from tests.support.builders import a_page, phone_by_guest
from tests.support.editor import as_shown
from tests.support.serving import TUESDAY_AT_TEN, Server
from tests.support.visiting import Visitor, a_signed_in_host

FEED = "https://calendar.example/u9x7.ics"
TEN = datetime.fromisoformat(TUESDAY_AT_TEN)
BUSY = BusyTime(Slot.lasting(timedelta(hours=1), TEN))


async def signed_in(server: Server) -> tuple[Host, Visitor, BookingPage]:
    host, visitor = await a_signed_in_host(server)
    return host, visitor, await server.memory.page(a_page(host, meeting_types=(phone_by_guest,)))


async def the_calendar(server: Server, host: Host) -> Calendar:
    [calendar] = await server.memory.store.views.calendars(host.id)
    return calendar


async def connected(server: Server, host: Host, *times: BusyTime) -> Calendar:
    server.memory.feeds.publish(FEED, *times)
    await server.memory.app.connect_feed(HostActor(host.id), FEED, "Work")
    return await the_calendar(server, host)


async def test_a_feed_is_added_and_shows_the_next_busy_times(server: Server) -> None:
    _, visitor, page = await signed_in(server)
    server.memory.feeds.publish(FEED, BUSY)

    added = await visitor.sends("/settings/calendars/feed", {"url": FEED, "name": "Work"}, page="/settings/providers")
    shown = await added.follows()

    assert "Is this your calendar?" in shown.text
    assert "Tuesday, 3 March 2026, 11:00 – 12:00" in shown.text
    assert page.title in shown.text
    listed = await visitor.opens("/settings/providers")
    assert "Work" in listed.text
    assert "iCal feed" in listed.text
    assert "calendar.example" in listed.text
    assert "u9x7" not in listed.html


async def test_an_address_that_leads_to_no_calendar_comes_back_with_what_was_typed(server: Server) -> None:
    _, visitor, _ = await signed_in(server)
    server.memory.feeds.fail(FEED, NotACalendar())

    refused = await visitor.sends("/settings/calendars/feed", {"url": FEED, "name": "Work"}, page="/settings/providers")

    assert 400 == refused.status
    assert "This address doesn’t lead to a calendar." in refused.text
    assert f'value="{FEED}"' in refused.html
    assert 'value="Work"' in refused.html


async def test_rules_are_switches_in_plain_words(server: Server) -> None:
    host, visitor, _ = await signed_in(server)
    calendar = await connected(server, host)

    sent = await visitor.sends(f"/settings/calendars/{calendar.id}", {"unanswered": "1", "all_day": "busy"})

    rules = (await the_calendar(server, host)).rules
    assert ("free", "busy", "free", "free", "busy") == (
        rules.tentative,
        rules.unanswered,
        rules.out_of_office,
        rules.working_elsewhere,
        rules.all_day,
    )
    assert "Your pages follow these rules right away." in (await sent.follows()).text


async def test_reading_now_shows_why_a_calendar_cannot_be_read(server: Server) -> None:
    host, visitor, _ = await signed_in(server)
    calendar = await connected(server, host, BUSY)
    server.memory.feeds.fail(FEED, ServerBusy())

    read = await visitor.sends(
        f"/settings/calendar-connections/{calendar.connection_id}/read", page="/settings/providers"
    )

    shown = (await read.follows()).text
    assert "Can’t be read right now" in shown
    assert "Until then we use what we read last." in shown
    assert "Work can’t be read." in (await visitor.opens("/dashboard")).text


async def test_opening_the_dashboard_asks_for_a_reading_that_no_poll_would_make_yet(server: Server) -> None:
    host, visitor, _ = await signed_in(server)
    await connected(server, host)
    server.memory.clock.advance(CalendarTimings().feed_poll / 2)
    await server.memory.work_off()
    by_polls = len(server.memory.feeds.asked)

    await visitor.opens("/dashboard")
    while_it_opens = len(server.memory.feeds.asked)
    await server.memory.work_off()

    assert (by_polls, by_polls + 1) == (while_it_opens, len(server.memory.feeds.asked))


async def test_disconnecting_asks_first_and_names_the_pages(server: Server) -> None:
    host, visitor, page = await signed_in(server)
    calendar = await connected(server, host, BUSY)
    path = f"/settings/calendar-connections/{calendar.connection_id}/disconnect"

    asked = await visitor.opens(path)
    assert page.title in asked.text
    await visitor.sends(path)

    assert [] == await server.memory.store.views.calendars(host.id)


async def test_the_editor_has_a_tab_with_a_checkbox_for_each_calendar(server: Server) -> None:
    host, visitor, page = await signed_in(server)
    calendar = await connected(server, host, BUSY)
    path = f"/pages/{page.id}/edit"

    shown = (await visitor.opens(path)).html
    page = msgspec.structs.replace(page, version=page.version + 1)
    await visitor.sends(path, {**as_shown(page), "blocking": [], "when_unreadable": "trust_last"})

    assert f'name="blocking" value="{calendar.id}"' in shown
    assert f'href="/settings/calendars/{calendar.id}#rules"' in shown
    stored = await server.memory.store.views.page(host.id, page.id)
    assert stored is not None
    assert ((), "trust_last") == (stored.calendars.blocking, stored.calendars.when_unreadable)


async def test_the_dashboard_says_which_pages_a_calendar_closes(server: Server) -> None:
    host, visitor, page = await signed_in(server)
    await connected(server, host)
    trusting = PageEdit(calendars=CalendarsEdit(when_unreadable="trust_last"))

    assert "Taking bookings" in (await visitor.opens("/dashboard")).text
    server.memory.clock.advance(timedelta(hours=7))
    closed = (await visitor.opens("/dashboard")).text
    await server.memory.app.change_page(HostActor(host.id), page.id, trusting)
    open_again = (await visitor.opens("/dashboard")).text

    assert "Offers no times until its calendar can be read again" in closed
    assert "Taking bookings" not in closed
    assert "Taking bookings" in open_again


async def test_a_guest_is_kindly_told_that_times_cannot_be_shown(server: Server) -> None:
    host, _, page = await signed_in(server)
    await connected(server, host)
    server.memory.clock.advance(timedelta(hours=7))

    shown = await Visitor(server).opens(f"/{host.handle}/{page.slug}")

    assert "Times can’t be shown right now" in shown.text
    assert "data-start" not in shown.html


async def test_help_can_be_read_by_everybody(server: Server) -> None:
    assert "Help with calendars" in (await Visitor(server).opens("/help/calendars")).text
