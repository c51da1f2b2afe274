"""What a host can do on a booking's page when Zoom has failed, and after the booking."""

import html
from datetime import timedelta

import msgspec
import pytest

from application.actor import HostActor
from application.booking.book import BookingRequest, GuestDetails
from application.ports.provider import NotConnected, NotPermitted, OurFault, TryLater
from domain.booking import Booking
from domain.conference import Failed, Failure, NoConference, Pending, Ready
from domain.connection import Blocked, NeedsReconnect
from domain.host import Host
from domain.ids import BookingId, GuestToken
from domain.meeting_type import MeetingType, name_of
from domain.provider_problem import (
    AppDisabled,
    AppNotAllowed,
    InvitationPending,
    MeetingsNotAllowed,
    OutOfOrder,
    RateLimited,
    UserUnknown,
)
from domain.slot import Slot
from tests.support.builders import (
    A_NETWORK,
    TOMORROW_AT_TEN,
    a_booking,
    a_page,
    ana,
    ana_with_a_number,
    at_the_harbour,
    phone_by_host,
    zoom,
)
from tests.support.serving import Server
from tests.support.visiting import Visitor, a_signed_in_host

LINK = "https://us06web.zoom.us/j/81234567890?pwd=abc.1"
OWN_LINK = "https://meet.example/hanne"
READY = Ready(LINK, "81234567890", "tuna42", "zoom", TOMORROW_AT_TEN + timedelta(minutes=30))
FAILED = Failed(Failure("not-permitted", AppNotAllowed("zoom")))
AN_HOUR_LATER = "2026-03-03T11:00:00Z"

Types = tuple[MeetingType, ...]
ZOOM_ALONE: Types = (zoom,)


class Case:
    """A host's booking, and the host in front of its page."""

    def __init__(self, server: Server, host: Host, visitor: Visitor, booking: Booking) -> None:
        self.server = server
        self.host = host
        self.visitor = visitor
        self.id = booking.id
        self.path = f"/bookings/{booking.id}"
        self.token = booking.token

    async def opens(self) -> Visitor:
        return await self.visitor.opens(self.path)

    async def presses(self, action: str, **fields: str) -> Visitor:
        """Send one of the page's forms, and read the page after it."""
        await self.visitor.sends(f"{self.path}/{action}", {**fields}, page=self.path)
        return await self.visitor.follows()

    async def now(self) -> Booking:
        view = await self.server.memory.store.views.booking(self.host.id, self.id)
        assert view
        return view.booking


async def a_case(server: Server, *, types: Types = (zoom, phone_by_host, at_the_harbour), **changes: object) -> Case:
    """With Zoom connected."""
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host, meeting_types=types))
    booking = msgspec.structs.replace(a_booking(page), announced=True, **changes)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking)
    return Case(server, host, visitor, booking)


async def a_booking_that_zoom_refused(server: Server, error: Exception, types: Types = ZOOM_ALONE) -> Case:
    """Taken and worked off by the use cases."""
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host, meeting_types=types))
    assert isinstance(error, NotConnected | NotPermitted | OurFault | TryLater)
    server.memory.providers["zoom"].fail("create", error)
    guest = GuestDetails(ana.name, ana.email, ana.timezone)
    submit = await server.memory.app.book(
        host.handle, page.slug, "intro", BookingRequest(TOMORROW_AT_TEN, "zoom", guest), network=A_NETWORK
    )
    await server.memory.work_off()
    return Case(server, host, visitor, submit.booking.booking)


async def test_action_needed_names_guest_time_and_reason(server: Server) -> None:
    case = await a_case(server, conference=FAILED)

    text = (await case.opens()).text

    assert "Action needed: no join link" in text
    assert (
        "Ana Brito expects a Zoom link from you for Tuesday, 3 March 2026, 11:00 (Central European Time – Berlin)"
        in text
    )
    assert "The reason: Your Zoom administrator doesn’t allow this app." in text


async def test_all_host_actions_are_on_one_page(server: Server) -> None:
    case = await a_booking_that_zoom_refused(server, NotConnected(UserUnknown("zoom")), (zoom, phone_by_host))

    text = (await case.opens()).text
    for button in ("Reconnect Zoom", "Try again", "Add join link", "Use another meeting type"):
        assert button in text, button


async def test_what_to_check_comes_in_the_order_of_the_help(server: Server) -> None:
    case = await a_case(server, conference=FAILED)

    text = (await case.opens()).text

    places = [text.index(words) for words in ("Is Zoom still connected?", "Can your Zoom", "Is “Talk to me” set to")]
    assert sorted(places) == places
    assert "Yes, as hanne@zoom.example" in text
    assert "Zoom looks ready to use again." in text


async def test_a_page_that_has_zoom_among_its_choices_is_right(server: Server) -> None:
    case = await a_case(server, types=(phone_by_host, zoom), conference=FAILED)

    visitor = await case.opens()

    assert "Yes, Zoom is one of the choices there." in visitor.text
    assert 'class="wrong"' not in visitor.html


async def test_a_zoom_that_is_busy_is_what_the_check_finds(server: Server) -> None:
    case = await a_booking_that_zoom_refused(server, TryLater(OutOfOrder("zoom")))

    visitor = await case.opens()

    assert 1 == visitor.html.count('<li class="wrong">')
    assert "create the last meeting?" in visitor.text
    assert "We’ll keep trying until the meeting starts." in visitor.text
    assert "looks ready to use again" not in visitor.text


async def test_a_host_is_not_told_to_do_nothing_where_the_administrator_has_to(server: Server) -> None:
    case = await a_booking_that_zoom_refused(server, OurFault(AppDisabled("zoom")))

    visitor = await case.opens()

    assert "Ask your administrator. You can also add your own join link." in visitor.text
    assert "Nothing to do" not in visitor.text


async def test_a_page_without_zoom_is_found_by_the_check(server: Server) -> None:
    case = await a_case(server, types=(phone_by_host,), meeting_type=zoom, conference=FAILED)

    visitor = await case.opens()

    assert "No, Zoom is turned off there." in visitor.text
    assert '/edit#booking">Open its Booking tab' in visitor.html


async def test_a_dead_connection_leads_to_reconnect_with_one_button(server: Server) -> None:
    case = await a_booking_that_zoom_refused(server, NotConnected(UserUnknown("zoom")))

    visitor = await case.opens()
    assert "Zoom doesn’t know this user any more." in visitor.text
    await visitor.sends("/settings/providers/zoom/connect", page=case.path)

    assert visitor.location.startswith("https://zoom.example/")


async def test_a_disconnected_account_leads_to_connect(server: Server) -> None:
    case = await a_case(server, conference=FAILED)
    await server.memory.app.disconnect_provider(HostActor(case.host.id), "zoom")

    visitor = await case.opens()

    assert "No Zoom account is connected." in visitor.text
    assert ">Connect Zoom</button>" in visitor.html


async def test_a_blocked_account_says_what_to_ask_the_administrator(server: Server) -> None:
    case = await a_booking_that_zoom_refused(server, NotPermitted(MeetingsNotAllowed("zoom")))

    visitor = await case.opens()

    assert "Zoom doesn’t let this account create meetings." in visitor.text
    assert "Ask your Zoom administrator to allow the TimeTuna app" in visitor.text
    assert "Reconnect Zoom</button>" not in visitor.html


async def test_trying_again_creates_the_meeting(server: Server) -> None:
    case = await a_booking_that_zoom_refused(server, NotPermitted(MeetingsNotAllowed("zoom")))

    await case.presses("retry")
    assert ["Trying again. The link appears here as soon as it’s ready."] == case.visitor.said
    assert f'data-url="{case.path}/live' in case.visitor.html
    await server.memory.work_off()
    await case.visitor.opens(f"{case.path}?done=retried")

    assert ["Meeting created. We’ve emailed you both."] == case.visitor.said
    assert isinstance((await case.now()).conference, Ready)


async def test_trying_again_in_vain_says_so(server: Server) -> None:
    case = await a_booking_that_zoom_refused(server, NotPermitted(MeetingsNotAllowed("zoom")))
    server.memory.providers["zoom"].fail("create", NotPermitted(InvitationPending("zoom")))

    await case.presses("retry")
    await server.memory.work_off()
    await case.visitor.opens(f"{case.path}?done=retried")

    assert ["We tried again, but it still doesn’t work."] == case.visitor.said
    assert "The reason: This Zoom user hasn’t accepted the invitation" in case.visitor.text


async def test_a_late_link_can_be_tried_again_now(server: Server) -> None:
    case = await a_booking_that_zoom_refused(server, TryLater(RateLimited("zoom")))

    await case.opens()
    assert "The Zoom link is late" in case.visitor.text
    assert "Your connection is kept. We’ll keep trying until the meeting starts" in case.visitor.text
    await case.presses("retry")
    await server.memory.work_off()

    assert isinstance((await case.now()).conference, Ready)


async def test_a_pasted_link_is_used_on_every_side(server: Server) -> None:
    case = await a_case(server, conference=FAILED)

    await case.presses("join-link", join_url=f" {OWN_LINK} ")

    assert "Join link saved. We’ve emailed you both" in case.visitor.said[0]
    assert "Online, with a link that you added" in case.visitor.text
    assert "Action needed" not in case.visitor.text
    assert OWN_LINK in (await Visitor(server).opens(f"/b/{case.token}")).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("http://meet.example/hanne", "Paste a link that begins with https://."),
        ("javascript:alert(1)", "Paste a link that begins with https://."),
        ("", "Paste a link that begins with https://."),
        ("https://", "This link can’t be read."),
    ],
)
async def test_a_refused_link_is_kept_with_the_reason_at_the_field(server: Server, typed: str, words: str) -> None:
    case = await a_case(server, conference=FAILED)

    await case.visitor.sends(f"{case.path}/join-link", {"join_url": typed}, page=case.path)

    assert 400 == case.visitor.status
    assert typed == case.visitor.value("join_url")
    assert words in case.visitor.said[0]
    assert 'id="join_url-error"' in case.visitor.html
    assert FAILED == (await case.now()).conference


async def test_replacing_a_link_says_what_stays_at_zoom(server: Server) -> None:
    case = await a_case(server, conference=READY)

    await case.opens()
    assert "Replace join link" in case.visitor.text
    assert "The Zoom meeting (meeting ID 812 3456 7890) stays in your Zoom account." in case.visitor.text
    await case.presses("join-link", join_url=OWN_LINK)

    assert OWN_LINK in case.visitor.text
    assert LINK not in case.visitor.text


async def test_only_types_that_can_be_used_are_offered(server: Server) -> None:
    without_a_number = await a_case(server, conference=FAILED)
    with_a_number = await a_case(server, conference=FAILED, guest=ana_with_a_number)

    assert "Switch to Phone call" not in (await without_a_number.opens()).text
    assert "Switch to In person" in without_a_number.visitor.text
    assert "Switch to Phone call" in (await with_a_number.opens()).text


async def test_switching_to_another_type_is_told(server: Server) -> None:
    case = await a_case(server, conference=FAILED)

    await case.presses("meeting-type", meeting_type="in_person")

    assert ["It is a meeting in person now. We’ll email Ana Brito."] == case.visitor.said
    assert at_the_harbour.address in case.visitor.text
    assert at_the_harbour.address in (await Visitor(server).opens(f"/b/{case.token}")).text


async def test_a_type_that_can_no_longer_be_used_is_refused_with_the_reason(server: Server) -> None:
    case = await a_case(server, conference=FAILED)

    await case.visitor.sends(f"{case.path}/meeting-type", {"meeting_type": "phone"}, page=case.path)

    assert 409 == case.visitor.status
    assert "A phone call needs the guest’s number. Nothing changed." in case.visitor.said[0]
    assert zoom == (await case.now()).meeting_type


async def test_a_type_that_nobody_knows_changes_nothing(server: Server) -> None:
    case = await a_case(server, conference=FAILED)

    await case.presses("meeting-type", meeting_type="carrier_pigeon")

    assert [] == case.visitor.said
    assert zoom == (await case.now()).meeting_type


async def test_without_another_usable_type_the_page_says_so(server: Server) -> None:
    case = await a_case(server, types=(zoom,), conference=FAILED)

    assert "None of this page’s other meeting types can be used" in (await case.opens()).text


async def test_after_a_fallback_the_page_says_why_and_zoom_can_be_used_after_all(server: Server) -> None:
    case = await a_booking_that_zoom_refused(server, NotConnected(UserUnknown("zoom")), (zoom, at_the_harbour))

    await case.opens()
    assert "Ana Brito asked for a Zoom meeting. It will be a meeting in person instead." in case.visitor.text
    assert "Why it isn’t on Zoom" in case.visitor.text
    assert ">Reconnect Zoom</button>" in case.visitor.html
    await server.memory.connect(case.host)
    await case.opens()
    assert "Switch back to Zoom" in case.visitor.text
    await case.presses("meeting-type", meeting_type="zoom")
    await server.memory.work_off()

    assert isinstance((await case.now()).conference, Ready)


async def test_mails_are_sent_again(server: Server) -> None:
    case = await a_case(server, conference=READY)
    await server.memory.work_off()
    before = len(server.memory.mailer.mails_to("guest"))

    await case.presses("resend")
    await server.memory.work_off()

    assert ["We’ve resent the emails to Ana Brito and to you."] == case.visitor.said
    assert before + 1 == len(server.memory.mailer.mails_to("guest"))


async def test_mail_that_could_not_be_delivered_is_shown(server: Server) -> None:
    case = await a_case(server, conference=READY, unreached=("guest",))

    await case.opens()

    assert "Action needed: email not delivered" in case.visitor.text
    assert "We couldn’t deliver the email to Ana Brito (ana@guests.example)" in case.visitor.text
    assert "Action needed: email not delivered" in (await case.visitor.opens("/bookings?show=needs_attention")).text


async def test_the_host_moves_a_booking_with_the_guests_picker(server: Server) -> None:
    case = await a_case(server, conference=READY)
    path = f"{case.path}/reschedule"

    await case.visitor.opens(f"{path}?date=2026-03-03")
    assert AN_HOUR_LATER in case.visitor.starts
    assert "Times in Central European Time – Berlin" in case.visitor.text
    await case.visitor.opens(f"{path}?start={AN_HOUR_LATER}")
    assert "We’ll email Ana Brito" in case.visitor.text
    assert "Zoom keeps showing the old time" in case.visitor.text
    await case.visitor.sends(
        path,
        {"start": AN_HOUR_LATER, "timezone": "Europe/Berlin", "reason": "The dentist"},
        page=f"{path}?start={AN_HOUR_LATER}",
    )
    await case.visitor.follows()

    assert ["Rescheduled. We’ve emailed Ana Brito."] == case.visitor.said
    assert "You rescheduled it from Tuesday, 3 March 2026, 11:00. Reason: The dentist" in case.visitor.text
    assert "Zoom still shows this meeting (meeting ID 812 3456 7890) on Tuesday, 3 March 2026, 11:00" in (
        case.visitor.text
    )
    guest = await Visitor(server).opens(f"/b/{case.token}")
    assert "Hanne Höst rescheduled it from Tuesday, 3 March 2026, 07:00. Reason: The dentist" in guest.text


async def test_a_move_too_far_for_the_link_says_that_a_new_one_comes(server: Server) -> None:
    case = await a_case(server, conference=READY)

    await case.visitor.opens(f"{case.path}/reschedule?start=2026-04-14T10:00:00Z")

    assert "That’s too far ahead for the join link, so we’ll create a new one." in case.visitor.text
    assert "(meeting ID 812 3456 7890) stays in your Zoom account" in case.visitor.text


async def test_a_time_that_is_gone_comes_back_with_others(server: Server) -> None:
    case = await a_case(server, conference=READY)
    booking = await case.now()
    taken = Slot.lasting(timedelta(minutes=30), TOMORROW_AT_TEN + timedelta(hours=1))
    async with server.memory.store.begin() as uow:
        uow.bookings.add(msgspec.structs.replace(booking, id=BookingId("other"), token=GuestToken("other"), slot=taken))
    path = f"{case.path}/reschedule"

    await case.visitor.sends(path, {"start": AN_HOUR_LATER}, page=f"{path}?start={AN_HOUR_LATER}")

    assert 409 == case.visitor.status
    assert "This booking keeps its time until then" in case.visitor.text
    assert f"{path}?start=2026-03-03T10:30:00Z" in case.visitor.html


async def test_cancelling_tells_who_when_why_and_what_stays_at_zoom(server: Server) -> None:
    case = await a_case(server, conference=READY)

    await case.visitor.sends(f"{case.path}/cancel", {"reason": "Sorry"})
    await case.visitor.follows()

    assert "The booking is cancelled. We’ve emailed Ana Brito." in case.visitor.said[0]
    assert "(meeting ID 812 3456 7890) stays in your Zoom account" in case.visitor.said[0]
    assert (
        "You cancelled this booking on Monday, 2 March 2026, 09:00 (Central European Time – Berlin). Reason: Sorry"
        in (case.visitor.text)
    )
    assert "Book again" in case.visitor.text
    assert "stays in your Zoom account" in (await case.opens()).text


@pytest.mark.parametrize("action", ["retry", "join-link", "meeting-type", "resend", "reschedule"])
async def test_a_closed_booking_explains_itself_whatever_is_pressed(server: Server, action: str) -> None:
    case = await a_case(server, conference=FAILED)
    await case.opens()
    fields = {"join_url": OWN_LINK, "meeting_type": "in_person", "start": AN_HOUR_LATER}
    await server.memory.app.cancel(await server.memory.as_guest(case.id), "Ill")
    before = await case.now()

    case.visitor.answer = await case.visitor.client.post(f"{case.path}/{action}", data=fields)
    await case.visitor.follows()

    assert ["Nothing was changed for this booking: it is cancelled."] == case.visitor.said
    assert "Ana Brito cancelled this booking on" in case.visitor.text
    assert "Book again" in case.visitor.text
    assert "Try again" not in case.visitor.text
    assert before == await case.now()


async def test_a_past_booking_offers_nothing_but_to_book_again(server: Server) -> None:
    case = await a_case(server, conference=FAILED)
    server.memory.clock.advance(timedelta(days=3))

    await case.opens()

    assert "This meeting is over, so nothing can be changed any more." in case.visitor.text
    assert "Book again" in case.visitor.text
    for gone in ("Cancel booking", "Reschedule", "Resend emails", "Try again", "Add join link"):
        assert gone not in case.visitor.text, gone


async def test_what_is_said_after_a_button_needs_to_be_true(server: Server) -> None:
    case = await a_case(server, conference=FAILED)

    for done in ("linked", "moved", "cancelled", "<b>hi</b>"):
        await case.visitor.opens(f"{case.path}?done={done}")
        assert [] == case.visitor.said, done


@pytest.mark.parametrize("action", ["retry", "join-link", "meeting-type", "resend", "reschedule", "cancel"])
async def test_another_hosts_booking_cannot_be_touched(server: Server, action: str) -> None:
    case = await a_case(server, conference=FAILED)
    _, stranger = await a_signed_in_host(server)

    await stranger.sends(f"{case.path}/{action}", {"join_url": OWN_LINK}, page="/settings/profile")

    assert 404 == stranger.status
    assert FAILED == (await case.now()).conference


async def test_a_get_changes_nothing(server: Server) -> None:
    case = await a_case(server, conference=FAILED)
    before = await case.now()

    for action in ("retry", "join-link", "meeting-type", "resend", "reschedule", "cancel"):
        await case.visitor.opens(f"{case.path}/{action}")

    assert before == await case.now()


async def test_the_open_page_learns_of_its_link(server: Server) -> None:
    case = await a_case(server, conference=Pending("zoom"))

    answer = await case.visitor.client.get(f"{case.path}/live?seen=old")

    assert 200 == answer.status_code
    assert 'data-waiting="yes"' in answer.text
    assert 303 == (await server.client().get(f"{case.path}/live?seen=old")).status_code


async def test_a_booking_that_needs_no_link_is_not_asked_for_one(server: Server) -> None:
    case = await a_case(server, meeting_type=at_the_harbour, requested="in_person", conference=NoConference())

    await case.opens()

    assert "join link" not in case.visitor.text
    assert "Switch to Zoom" in case.visitor.text
    assert "in_person" == name_of((await case.now()).meeting_type)


@pytest.mark.parametrize(
    ("state", "words", "button"),
    [
        (
            NeedsReconnect(UserUnknown("zoom")),
            "Zoom needs reconnecting. Zoom doesn’t know this user any more.",
            "Reconnect Zoom",
        ),
        (
            Blocked(MeetingsNotAllowed("zoom")),
            "Zoom doesn’t let you create meetings. Zoom doesn’t let this account create meetings.",
            "How to fix it",
        ),
    ],
)
async def test_a_banner_leads_to_the_row_while_something_needs_the_host(
    server: Server, state: NeedsReconnect | Blocked, words: str, button: str
) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host, state=state)

    for path in ("/dashboard", "/bookings"):
        await visitor.opens(path)
        assert words in visitor.text, path
        assert f'href="/settings/providers#row-zoom">{button}</a>' in visitor.html, path


async def test_a_page_set_to_an_account_that_is_gone_is_told_by_the_banner(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.page(a_page(host, meeting_types=(zoom, phone_by_host)))

    await visitor.opens("/bookings")

    assert "No Zoom account is connected. “Talk to me” is set to Zoom." in visitor.text


async def test_no_banner_where_all_is_well(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    await server.memory.page(a_page(host, meeting_types=(zoom,)))

    assert "banner" not in (await visitor.opens("/dashboard")).html


async def test_the_host_can_join_from_the_booking_and_from_the_dashboard(server: Server) -> None:
    case = await a_case(server, conference=READY)

    for path in (case.path, "/dashboard"):
        await case.visitor.opens(path)
        assert "Join Zoom" in case.visitor.html
        assert f'href="{html.escape(LINK)}"' in case.visitor.html


async def test_the_dashboard_says_which_booking_has_no_link_and_which_meeting_type_is_not_connected(
    server: Server,
) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, meeting_types=(zoom, at_the_harbour)))
    async with server.memory.store.begin() as uow:
        uow.bookings.add(msgspec.structs.replace(a_booking(page), conference=FAILED, announced=True))

    await visitor.opens("/dashboard")

    agenda = visitor.html.partition('id="upcoming"')[2]
    assert "Action needed: no join link" in agenda
    assert "Join Zoom" not in agenda
    assert "<s>Zoom</s> (not connected)" in visitor.html
    assert "<s>In person</s>" not in visitor.html
