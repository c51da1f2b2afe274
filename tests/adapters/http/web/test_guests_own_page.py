"""The page that a guest's link leads to."""

import asyncio
import re
from datetime import timedelta
from functools import partial
from html import unescape
from urllib.parse import parse_qs

import msgspec
import pytest

from adapters.http.web import live
from adapters.http.web.brand import brand_style
from adapters.http.web.live import Fragment, guest_fragment, next_fragment
from application.actor import GuestActor
from application.booking.book import BookingRequest, GuestDetails
from application.ports.booking_views import BookingView
from application.ports.provider import NotPermitted, TryLater
from domain.booking import Booking
from domain.conference import Failed, Failure, NoConference, Pending, Ready
from domain.ids import BookingId, GuestToken
from domain.provider_problem import MeetingsNotAllowed, RateLimited, TimedOut
from domain.slot import Slot
from tests.support.builders import (
    A_NETWORK,
    TOMORROW_AT_TEN,
    a_booking,
    a_page,
    altered,
    an_event_type,
    ana,
    ana_with_a_number,
    at_the_harbour,
    phone_by_host,
    token_of,
    zoom,
)
from tests.support.processes import PATIENCE
from tests.support.serving import Server
from tests.support.visiting import Visitor

WATCHED_FROM = 3
"""The look for this test, the one before watching, then the first one that is watched."""

LONG_LINK = "https://us06web.zoom.us/j/81234567890?pwd=aWQ0c2VjcmV0LXBhc3Njb2RlLWluLWEtbGluaw.1"


async def a_booked_time(server: Server, **changes: object) -> Booking:
    """A booking of a page with Zoom and phone; where it is online, it waits for its link."""
    host = await server.memory.host()
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host))
    booking = altered(a_booking(page), **changes)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking)
    return booking


def live_of(guest: Visitor) -> str:
    """Where the open page asks for changes."""
    found = re.search(r'data-url="([^"]+)"', guest.html)
    assert found
    return found[1]


def announcement_of(guest: Visitor) -> str:
    """What a screen reader says of the change."""
    found = re.search(r'data-announcement="([^"]*)"', guest.html)
    assert found
    return found[1]


async def now(server: Server, booking: Booking) -> Booking:
    view = await server.memory.store.views.booking_for(token_of(booking))
    assert view
    return view.booking


async def a_booking_over_zoom_alone(server: Server) -> Booking:
    """Taken by the use case, so that its meeting is owed."""
    host = await server.memory.host()
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))
    guest = GuestDetails(ana.name, ana.email, ana.timezone)
    submit = await server.memory.app.book(
        host.handle, page.slug, "intro", BookingRequest(TOMORROW_AT_TEN, "zoom", guest), network=A_NETWORK
    )
    return submit.booking.booking


def as_it_stands(view: BookingView) -> Fragment:
    return guest_fragment(view, past=False)


async def test_the_link_is_there_with_the_id_as_zoom_groups_it_and_the_passcode(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready(LONG_LINK, "81234567890", "tuna42", "zoom"))

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert f'href="{LONG_LINK}" rel="noreferrer">' in guest.html
    assert "Join Zoom meeting" in guest.text
    assert LONG_LINK in guest.text
    assert "812 3456 7890" in guest.text
    assert "tuna42" in guest.text


async def test_times_are_told_in_the_guests_zone_and_the_hosts_where_they_differ(server: Server) -> None:
    booking = await a_booked_time(server)

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "Tuesday, 3 March 2026, 07:00 – 07:30 Brasilia Time – Sao Paulo (UTC-03:00)" in guest.text
    assert (
        "For Hanne Höst: Tuesday, 3 March 2026, 11:00 – 11:30, Central European Time – Berlin (UTC+01:00)" in guest.text
    )


async def test_a_link_that_is_being_made_says_so(server: Server) -> None:
    booking = await a_booked_time(server)

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "Your Zoom link is being created…" in guest.text
    assert f'<noscript><p><a href="/b/{booking.token}">Reload' in guest.html


async def test_without_scripts_nothing_is_said_to_come_by_itself(server: Server) -> None:
    booking = await a_booked_time(server)

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert re.search(r'<p class="with-script">[^<]*appears here automatically', guest.html)
    hiding = re.search(r'<noscript><link rel="stylesheet" href="([^"]+)">', guest.html)
    assert hiding
    assert ".with-script { display: none; }" in (await server.client().get(hiding[1])).text


async def test_an_open_page_is_woken_by_the_change(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds in ("HELD_FOR", "LOOK_AGAIN"):
        monkeypatch.setattr(live, seconds, 2 * PATIENCE)
    booking = await a_booked_time(server)
    views = server.memory.store.views
    looks = 0

    async def link_comes() -> None:
        async with server.memory.store.begin() as uow:
            locked = await uow.bookings.lock(booking.id)
            assert locked
            uow.bookings.save(altered(locked, conference=Ready(LONG_LINK, "81234567890", "x", "zoom")))

    async def look() -> BookingView:
        nonlocal looks
        looks += 1
        view = await views.booking_for(token_of(booking))
        assert view
        if looks == WATCHED_FROM:
            await link_comes()
        return view

    seen = as_it_stands(await look()).seen
    async with asyncio.timeout(PATIENCE):
        found = await next_fragment(
            look, partial(server.memory.app.watch_booking, GuestActor(token_of(booking))), seen, as_it_stands
        )

    assert found
    assert isinstance(found.view.booking.conference, Ready)
    assert not found.soon


async def test_a_page_that_shows_something_old_is_answered_at_once(server: Server) -> None:
    booking = await a_booked_time(server)

    answer = await server.client().get(f"/b/{booking.token}/live?seen=old")

    assert 200 == answer.status_code
    assert "being created" in answer.text


async def test_a_fallback_says_so_in_the_headline_and_why_and_lets_the_guest_disagree(server: Server) -> None:
    host = await server.memory.host()
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host, meeting_types=(zoom, at_the_harbour)))
    server.memory.providers["zoom"].fail("create", NotPermitted(MeetingsNotAllowed("zoom")))
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

    where = guest.location
    await guest.follows()

    assert "You asked for a Zoom meeting. It will be a meeting in person instead." in guest.text
    assert "The Zoom account isn’t allowed to create meetings." in guest.text
    assert at_the_harbour.address in guest.text
    assert '<h1 tabindex="-1">Booked, in person instead of Zoom</h1>' in guest.html
    assert 1 == guest.text.count("You asked for a Zoom meeting.")
    assert "OK Pick another time Cancel meeting" in guest.text
    await guest.opens(f"{where}?done=agreed")
    assert '<h1 tabindex="-1">Booked, in person instead of Zoom</h1>' in guest.html
    assert 1 == guest.text.count("You asked for a Zoom meeting.")
    assert "Pick another time" not in guest.text


async def test_a_booking_without_any_way_left_says_that_the_host_will_send_the_link(server: Server) -> None:
    booking = await a_booking_over_zoom_alone(server)
    server.memory.providers["zoom"].fail("create", NotPermitted(MeetingsNotAllowed("zoom")))
    await server.memory.work_off()

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "Hanne Höst will send the link." in guest.text


async def test_a_link_that_is_late_says_that_it_follows(server: Server) -> None:
    booking = await a_booking_over_zoom_alone(server)
    server.memory.providers["zoom"].fail("create", TryLater(RateLimited("zoom")))
    await server.memory.work_off()

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "taking a little longer" in guest.text
    assert "You’re booked. We’ll email the link." in guest.text


async def test_where_the_host_calls_the_page_says_which_number(server: Server) -> None:
    booking = await a_booked_time(
        server, guest=ana_with_a_number, meeting_type=phone_by_host, conference=NoConference()
    )

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "Hanne Höst calls you at +55 11 5550-1234" in guest.text


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
    await server.memory.app.cancel(await server.memory.by_host(booking.id), "A strike")

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    when = "Monday, 2 March 2026, 05:00 (Brasilia Time – Sao Paulo)"
    assert f"Hanne Höst cancelled this booking on {when}. Reason: A strike" in guest.text
    assert re.search(r'href="/host-\d+/page-\d+/intro">Book again</a>', guest.html)
    assert "Reschedule" not in guest.text


async def test_a_guest_moves_with_a_reason_that_the_host_reads(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready(LONG_LINK, "81234567890", "x", "zoom"), announced=True)
    path = f"/b/{booking.token}/reschedule"
    form = f"{path}?start=2026-03-03T11:00:00Z"

    guest = await Visitor(server).opens(form)
    assert "The join link stays the same." in guest.text
    assert "Zoom keeps showing" not in guest.text
    await guest.sends(path, {"start": "2026-03-03T11:00:00Z", "reason": "My train"}, page=form)
    await guest.follows()

    assert "You rescheduled it from Tuesday, 3 March 2026, 07:00. Reason: My train" in guest.text
    move = (await now(server, booking)).move
    assert move is not None
    assert "My train" == move.reason


async def test_a_link_that_the_host_adds_reaches_the_open_page(server: Server) -> None:
    booking = await a_booked_time(
        server, conference=Failed(Failure("not-permitted", MeetingsNotAllowed("zoom"))), announced=True
    )
    guest = await Visitor(server).opens(f"/b/{booking.token}")
    await server.memory.app.set_join_link(
        await server.memory.as_host(booking.id), booking.id, "https://meet.example/hanne"
    )
    await guest.opens(live_of(guest))

    assert "https://meet.example/hanne" in guest.html
    assert "Your link is ready: Join meeting." == announcement_of(guest)


async def test_a_link_that_the_host_replaces_reaches_the_open_page(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready(LONG_LINK, "81234567890", "x", "zoom"), announced=True)
    guest = await Visitor(server).opens(f"/b/{booking.token}")

    await server.memory.app.set_join_link(
        await server.memory.as_host(booking.id), booking.id, "https://meet.example/hanne"
    )
    await guest.opens(live_of(guest))

    assert "https://meet.example/hanne" in guest.html
    assert LONG_LINK not in guest.html
    assert "Your booking has a new join link: Join meeting." == announcement_of(guest)


async def test_a_move_by_the_host_reaches_the_open_page(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready(LONG_LINK, "81234567890", "x", "zoom"), announced=True)
    guest = await Visitor(server).opens(f"/b/{booking.token}")
    view = await server.memory.store.views.booking_for(token_of(booking))
    assert view

    await server.memory.app.reschedule(
        await server.memory.by_host(view.booking.id), TOMORROW_AT_TEN + timedelta(hours=2), "My flight"
    )
    await guest.opens(live_of(guest))

    assert "Tuesday, 3 March 2026, 09:00 – 09:30" in guest.text
    assert "Hanne Höst rescheduled it from Tuesday, 3 March 2026, 07:00. Reason: My flight" in guest.text
    assert "Your booking was rescheduled to Tuesday, 3 March 2026, 09:00." == announcement_of(guest)


async def test_a_cancellation_by_the_host_reaches_the_open_page_which_then_stops_asking(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready(LONG_LINK, "81234567890", "x", "zoom"), announced=True)
    guest = await Visitor(server).opens(f"/b/{booking.token}")
    assert 'data-waiting="yes"' in guest.html

    await server.memory.app.cancel(await server.memory.by_host(booking.id), "")
    await guest.opens(live_of(guest))

    assert "This booking is cancelled" in guest.text
    assert LONG_LINK not in guest.html
    assert announcement_of(guest).startswith("Hanne Höst cancelled this booking on Monday, 2 March 2026")
    assert 'data-waiting="no"' in guest.html


async def test_an_open_page_learns_that_the_meeting_is_over(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready(LONG_LINK, "81234567890", "x", "zoom"), announced=True)
    guest = await Visitor(server).opens(f"/b/{booking.token}")

    server.memory.clock.advance(timedelta(days=3))
    await guest.opens(live_of(guest))

    assert "This meeting is over" in guest.text


async def test_another_attempt_is_no_news(server: Server) -> None:
    tried = Pending("zoom", attempts=1, failure=Failure("try-later", RateLimited("zoom")))
    booking = await a_booked_time(server, conference=tried)
    view = await server.memory.store.views.booking_for(token_of(booking))
    assert view
    later = msgspec.structs.replace(tried, attempts=2, failure=Failure("try-later", TimedOut("zoom")))
    again = msgspec.structs.replace(view, booking=msgspec.structs.replace(view.booking, conference=later))

    assert as_it_stands(view).seen == as_it_stands(again).seen


async def test_cancelling_again_only_shows_that_it_is_cancelled(server: Server) -> None:
    booking = await a_booked_time(server)
    guest = await Visitor(server).opens(f"/b/{booking.token}/cancel")

    for _ in range(2):
        guest.answer = await guest.client.post(f"/b/{booking.token}/cancel")
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
    assert "This time is no longer free" in guest.text
    assert f"{path}?start=2026-03-03T10:30:00Z" in guest.html
    assert TOMORROW_AT_TEN == (await now(server, booking)).slot.start


async def test_a_past_meeting_can_neither_be_moved_nor_cancelled(server: Server) -> None:
    booking = await a_booked_time(server)
    server.memory.clock.advance(timedelta(days=3))

    guest = await Visitor(server).opens(f"/b/{booking.token}")
    assert "This meeting is over It was on Tuesday, 3 March 2026 and can’t be changed any more." in guest.text
    assert "Book again" in guest.text
    assert "Cancel booking" not in guest.text
    assert "Add to calendar" not in guest.text
    for path in ("cancel", "reschedule"):
        assert f"/b/{booking.token}" == (await guest.opens(f"/b/{booking.token}/{path}")).location


async def test_the_calendar_file_carries_the_link(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready(LONG_LINK, "81234567890", "x", "zoom"))

    answer = await server.client().get(f"/b/{booking.token}/invite.ics")

    assert "text/calendar; charset=utf-8" == answer.headers["content-type"]
    assert "attachment" in answer.headers["content-disposition"]
    assert LONG_LINK in answer.text


async def test_an_unknown_link_is_not_found(server: Server) -> None:
    assert 404 == (await Visitor(server).opens("/b/nobody")).status


async def test_the_booking_goes_into_a_calendar_on_the_web_with_all_that_matters(server: Server) -> None:
    booking = await a_booked_time(
        server, title="Tuna & time + 50 % “more”", conference=Ready(LONG_LINK, "81234567890", "x&y", "zoom")
    )

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    google = query_of(guest, "https://calendar.google.com/calendar/render")
    assert "TEMPLATE" == google["action"]
    assert "20260303T100000Z/20260303T103000Z" == google["dates"]
    for query, title, details in (
        (google, "text", "details"),
        (query_of(guest, "https://outlook.live.com/calendar/0/deeplink/compose"), "subject", "body"),
        (query_of(guest, "https://outlook.office.com/calendar/0/deeplink/compose"), "subject", "body"),
    ):
        assert "Tuna & time + 50 % “more” with Hanne Höst" == query[title]
        assert LONG_LINK == query["location"]
        assert f"Join: {LONG_LINK}\nMeeting ID: 812 3456 7890\nPasscode: x&y" == query[details]
        assert token_of(booking) not in f"{query}"


async def test_other_sites_learn_nothing_of_the_page_and_can_do_nothing_to_it(server: Server) -> None:
    booking = await a_booked_time(server, conference=Ready(LONG_LINK, "81234567890", "x", "zoom"))

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    outside = re.findall(r'<a [^>]*href="https://[^"]+"[^>]*>', guest.html)
    assert 5 == len(outside)
    assert [] == [link for link in outside if "noreferrer" not in link]
    assert [] == [link for link in outside if "_blank" in link and "noopener" not in link]


async def test_where_somebody_calls_the_calendar_says_who(server: Server) -> None:
    booking = await a_booked_time(
        server, guest=ana_with_a_number, meeting_type=phone_by_host, conference=NoConference()
    )

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    google = query_of(guest, "https://calendar.google.com/calendar/render")
    assert "Hanne Höst calls you at +55 11 5550-1234" == google["location"]


async def test_a_guest_has_the_own_mail_sent_again(server: Server) -> None:
    booking = await a_booked_time(server, meeting_type=at_the_harbour, conference=NoConference(), announced=True)
    await mailed_once(server, booking)

    guest = await Visitor(server).sends(f"/b/{booking.token}/mail", page=f"/b/{booking.token}")
    await guest.follows()
    await server.memory.work_off()

    assert ["We’ve resent the email to ana@guests.example."] == [said.partition(" Not there")[0] for said in guest.said]
    [again] = server.memory.mailer.mails_to("guest")
    assert (booking.id, booking.revision) == (again.booking.id, again.booking.revision)
    assert [] == server.memory.mailer.mails_to("host")


async def test_a_mail_is_sent_again_once_a_minute_and_three_times_an_hour(server: Server) -> None:
    booking = await a_booked_time(server, meeting_type=at_the_harbour, conference=NoConference(), announced=True)
    guest = Visitor(server)

    waits: list[int] = []
    for _ in range(4):
        await guest.sends(f"/b/{booking.token}/mail", page=f"/b/{booking.token}")
        waits.append(int(guest.answer.headers.get("Retry-After", 0)) // 60)
        server.memory.clock.advance(timedelta(minutes=1))

    assert [0, 0, 0, 57] == waits
    assert "Try again in 57 minutes." in guest.text
    assert "everything in the email is also on this page" in guest.text


async def test_a_mail_that_has_not_left_yet_can_not_be_asked_for_again(server: Server) -> None:
    booking = await a_booked_time(server)

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "Resend" not in guest.text


async def test_a_mail_is_not_sent_again_for_another_site(server: Server) -> None:
    booking = await a_booked_time(server, meeting_type=at_the_harbour, conference=NoConference(), announced=True)

    headers = {"Sec-Fetch-Site": "cross-site"}
    assert 403 == (await server.client().post(f"/b/{booking.token}/mail", headers=headers)).status_code


async def test_a_guest_whose_mail_bounces_is_told_to_keep_the_page(server: Server) -> None:
    booking = await a_booked_time(server, announced=True, unreached=("guest",))

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert "We couldn’t deliver the email to ana@guests.example. You’re still booked." in guest.text
    assert "calendar invite go to" not in guest.text


async def test_a_cancellation_before_the_first_mail_promises_none(server: Server) -> None:
    booking = await a_booked_time(server)

    guest = await Visitor(server).opens(f"/b/{booking.token}/cancel")

    assert "We’ll email" not in guest.text
    assert "so we won’t send one" in guest.text


async def test_another_time_can_be_booked_from_here(server: Server) -> None:
    booking = await a_booked_time(server)

    guest = await Visitor(server).opens(f"/b/{booking.token}")

    assert re.search(r'href="/host-\d+/page-\d+">Book another time</a>', guest.html)


async def test_the_page_wears_the_colour_of_what_was_booked(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(msgspec.structs.replace(a_page(host), brand_color="#ffd400"))
    booking = a_booking(page)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking)

    for path in ("", "/cancel", "/reschedule", "/reschedule?start=2026-03-03T11:00:00Z"):
        guest = await Visitor(server).opens(f"/b/{booking.token}{path}")
        found = re.search(r'<link rel="stylesheet" href="(/static/brand-[^"]+/ffd400\.css)">', guest.html)
        assert found, path
        styles = await server.client().get(found[1])
        assert "--brand: #ffd400;" in styles.text
        assert "--on-brand: #000000;" in styles.text
        assert "immutable" in styles.headers["cache-control"]
        assert "text/css; charset=utf-8" == styles.headers["content-type"]


async def test_there_are_styles_for_colours_only(server: Server) -> None:
    for name in ("red", "12345", "ffd400;}.css", "ffd400.css.css", "%0Affd400.css"):
        assert 404 == (await server.client().get(brand_style("#0a0a0a").replace("0a0a0a.css", name))).status_code


async def mailed_once(server: Server, booking: Booking) -> None:
    """The mail server has taken the mail for the guest."""
    async with server.memory.store.begin() as uow:
        uow.booking_mails.mailed(booking, "guest", server.memory.clock())


def query_of(guest: Visitor, address: str) -> dict[str, str]:
    """What a link to another site hands over, as that site reads it."""
    found = re.search(rf'href="{re.escape(address)}\?([^"]+)"', guest.html)
    assert found, address
    # Outlook takes a plus sign for itself.
    assert "+" not in found[1]
    return {name: values[0] for name, values in parse_qs(unescape(found[1]), strict_parsing=True).items()}
