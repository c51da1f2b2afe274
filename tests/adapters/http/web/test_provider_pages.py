"""Settings → Connected providers, and the ways back from a provider."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from adapters.presentation.providers import words_of
from application.connections.authorization import CallbackOutcome
from application.ports.provider import NeedsAdmin, NotPermitted, OurFault, PersonalAccount, ProviderError, TryLater
from domain.conference import Failed, Failure, Ready
from domain.connection import Blocked, NeedsReconnect, ProviderConnection
from domain.host import Host
from domain.meeting_type import name_of
from domain.provider import Provider
from domain.provider_problem import (
    ApprovalRequired,
    MeetingsNotAllowed,
    Misconfigured,
    PersonalAccountUnsupported,
    RateLimited,
    UserUnknown,
)
from tests.support.builders import (
    NOW,
    a_booking,
    a_host,
    a_page,
    an_account,
    an_event_type,
    at_the_harbour,
    phone_by_host,
    zoom,
)
from tests.support.connecting import state_of
from tests.support.memory_app import MemoryApp
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Visitor, a_signed_in_host
from tests.support.visiting_providers import ROW, comes_back, sets_out


async def hears(visitor: Visitor, code: str) -> Visitor:
    """Open the rows with a message of this code to be told."""
    visitor.client.cookies.set("timetuna_provider_message", code, path="/settings")
    return await visitor.opens(ROW)


async def is_connected(server: Server, host: Host) -> bool:
    return bool(await server.memory.store.views.connections(host.id))


async def changed(server: Server, host: Host, change: Callable[[ProviderConnection], ProviderConnection]) -> None:
    async with server.memory.store.begin() as uow:
        found = await uow.connections.lock(host.id, "zoom")
        assert found
        uow.connections.save(change(found))


async def connects(server: Server, visitor: Visitor) -> Visitor:
    address = await sets_out(visitor)
    code = server.memory.providers["zoom"].consent(address, an_account())
    return await comes_back(visitor, state=state_of(address), code=code)


async def test_connecting_ends_on_the_row_with_the_account(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await visitor.opens(ROW)
    assert "Connect Zoom" in visitor.text

    await connects(server, visitor)

    assert ["Zoom is connected as hanne@zoom.example."] == visitor.said
    assert "Disconnect Zoom" in visitor.text
    assert await is_connected(server, host)


async def test_after_connecting_zoom_can_be_turned_on_for_the_pages_without_it(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, title="Talk", meeting_types=(at_the_harbour,)))
    await server.memory.page(a_page(host, title="Has it", meeting_types=(zoom,)))

    await connects(server, visitor)
    assert "Turn on for “Talk”" in visitor.text
    assert "Turn on for “Has it”" not in visitor.text
    await visitor.sends(f"{ROW}/zoom/use", {"page": page.id}, page=f"{ROW}?zoom=connected")
    await visitor.follows()

    saved = await server.memory.store.views.page(host.id, page.id)
    assert saved
    assert ["zoom", "in_person"] == [name_of(each) for each in saved.meeting_types]
    assert "can use Zoom" in visitor.said[0]


async def test_saying_no_at_zoom_is_told(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    address = await sets_out(visitor)

    await comes_back(visitor, state=state_of(address), error="access_denied")

    assert "You didn’t allow access in Zoom" in visitor.said[0]
    assert '<p class="notice" role="status">You didn’t allow' in visitor.html
    assert not await is_connected(server, host)


async def test_who_has_no_booking_page_yet_makes_one_after_connecting(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)

    await connects(server, visitor)
    assert '<a class="button" href="/pages/new">Create a booking page</a>' in visitor.html
    assert "Copy a page’s link" not in (await visitor.opens("/bookings")).text
    assert "Create a booking page" in visitor.text

    await server.memory.page(a_page(host))
    assert "Copy a page’s link" in (await visitor.opens("/bookings")).text


async def test_a_blocked_account_can_be_changed_for_another(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host, state=Blocked(MeetingsNotAllowed("zoom")))

    await visitor.opens(ROW)

    assert "Use another Zoom account" in visitor.text


async def test_coming_back_twice_changes_nothing(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    address = await sets_out(visitor)
    code = server.memory.providers["zoom"].consent(address, an_account())
    await comes_back(visitor, state=state_of(address), code=code)

    await comes_back(visitor, state=state_of(address), code=code)

    assert "so nothing changed" in visitor.said[0]
    assert "Disconnect Zoom" in visitor.text


async def test_coming_back_late_is_told(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    address = await sets_out(visitor)
    server.memory.clock.advance(timedelta(minutes=11))

    await comes_back(visitor, state=state_of(address), code="x")

    assert "after more than ten minutes" in visitor.said[0]
    assert not await is_connected(server, host)


async def test_coming_back_in_another_browser_is_told(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    address = await sets_out(visitor)
    code = server.memory.providers["zoom"].consent(address, an_account())
    elsewhere = await Visitor(server).signs_in(host)

    await comes_back(elsewhere, state=state_of(address), code=code)

    assert "in another browser" in elsewhere.said[0]
    assert not await is_connected(server, host)


async def test_too_few_scopes_connect_nothing(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    address = await sets_out(visitor)
    code = server.memory.providers["zoom"].consent(address, an_account(), frozenset())

    await comes_back(visitor, state=state_of(address), code=code)

    assert "didn’t grant everything" in visitor.said[0]
    assert not await is_connected(server, host)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotPermitted(MeetingsNotAllowed("zoom")), "may not use TimeTuna"),
        (TryLater(RateLimited("zoom")), "is busy, can’t be reached or sent"),
        (OurFault(Misconfigured("zoom")), "refused this server’s settings"),
    ],
)
async def test_what_goes_wrong_at_zoom_has_its_own_words(
    server: Server, error: NotPermitted | TryLater | OurFault, words: str
) -> None:
    _, visitor = await a_signed_in_host(server)
    server.memory.providers["zoom"].fail("account", error)

    await connects(server, visitor)

    assert words in visitor.said[0]


async def test_every_way_back_has_a_text_of_its_own(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)

    texts = [(await hears(visitor, f"zoom.{code.value}")).said for code in CallbackOutcome]

    assert all(len(each) == 1 for each in texts)
    assert len(CallbackOutcome) == len({each[0] for each in texts})


@pytest.mark.parametrize("code", ["zoom.<b>hi</b>", "zoom.connected", "webex.declined", "", "."])
async def test_codes_that_nobody_can_have_sent_say_nothing(server: Server, code: str) -> None:
    _, visitor = await a_signed_in_host(server)

    assert [] == (await hears(visitor, code)).said


async def test_what_came_of_it_is_told_once_and_not_at_each_reload(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    address = await sets_out(visitor)
    await comes_back(visitor, state=state_of(address), error="access_denied")
    assert "You didn’t allow access in Zoom" in visitor.said[0]

    await visitor.opens(ROW)

    assert [] == visitor.said


async def test_who_was_signed_out_meanwhile_signs_in_and_reads_what_happened(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    address = await sets_out(visitor)
    stranger = Visitor(server)

    await comes_back(stranger, state=state_of(address), code="x")
    assert "nothing was connected" in stranger.said[0]
    onward = stranger.value("next")
    await stranger.sends("/signin", {"email": host.email, "password": "correct horse", "next": onward}, page="/signin")
    await stranger.follows()

    assert "You were signed out" in stranger.said[0]
    assert "Connect Zoom" in stranger.text


async def test_disconnecting_asks_first_and_names_what_it_touches(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    stops = await server.memory.page(a_page(host, title="Only Zoom", meeting_types=(zoom,)))
    await server.memory.page(a_page(host, title="Zoom or phone", meeting_types=(zoom, phone_by_host)))
    await server.memory.page(a_page(host, title="Harbour", meeting_types=(at_the_harbour,)))
    link = Ready("https://zoom.example/j/1", "1", None, "zoom")
    async with server.memory.store.begin() as uow:
        uow.bookings.add(a_booking(stops, conference=link))

    await visitor.opens(f"{ROW}/zoom/disconnect")

    assert "stop accepting bookings : Only Zoom" in visitor.text
    assert "offer only their other options : Zoom or phone" in visitor.text
    assert "Harbour" not in visitor.text
    assert "1 upcoming booking keeps its join link" in visitor.text
    assert await is_connected(server, host)

    await visitor.sends(f"{ROW}/zoom/disconnect")
    await visitor.follows()

    assert "Zoom is disconnected" in visitor.said[0]
    assert "Connect Zoom" in visitor.text
    assert not await is_connected(server, host)


async def test_a_dead_connection_says_why_and_offers_to_reconnect(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host, state=NeedsReconnect(UserUnknown("zoom")))

    await visitor.opens(ROW)

    assert "Zoom doesn’t know this user any more." in visitor.text
    assert "Reconnect Zoom" in visitor.text


async def test_a_connected_row_says_since_when_and_when_the_last_meeting_was_created(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)

    await visitor.opens(ROW)
    assert (
        "Connected since Monday, 2 March 2026, 09:00 (Central European Time – Berlin). No meeting created yet."
        in visitor.text
    )
    await changed(server, host, lambda connection: connection.made_a_meeting(NOW + timedelta(hours=1)))
    await visitor.opens(ROW)

    assert "Last meeting created Monday, 2 March 2026, 10:00." in visitor.text
    assert "Reconnect Zoom" not in visitor.text


async def test_a_blocked_row_says_what_to_ask_the_administrator(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host, state=Blocked(MeetingsNotAllowed("zoom")))

    await visitor.opens(ROW)

    assert "Zoom doesn’t let this account create meetings." in visitor.text
    assert "Ask your Zoom administrator to allow the TimeTuna app" in visitor.text
    assert ">Reconnect Zoom</button>" in visitor.html


async def test_a_row_at_its_daily_limit_says_when_that_passes(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    await changed(server, host, lambda connection: connection.reached_limit(midnight))

    await visitor.opens(ROW)
    assert "Daily limit reached (resets 00:00 UTC)." in visitor.text
    assert "Reconnect Zoom" not in visitor.text
    server.memory.clock.advance(timedelta(days=1))
    await visitor.opens(ROW)

    assert "Daily limit" not in visitor.text


async def test_the_row_that_lost_its_login_to_another_account_says_so(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await connects(server, visitor)
    server.memory.clock.advance(timedelta(minutes=1))
    _, other = await a_signed_in_host(server)
    await connects(server, other)

    await visitor.opens(ROW)

    assert "The same Zoom login has since been connected by another TimeTuna account." in visitor.text
    assert ">Reconnect Zoom</button>" in visitor.html
    assert "another TimeTuna account" not in (await other.opens(ROW)).text
    assert await is_connected(server, host)


async def test_reconnecting_says_that_waiting_bookings_are_tried_again(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))
    failed = Failed(Failure("not-connected", UserUnknown("zoom")))
    booking = msgspec.structs.replace(a_booking(page, conference=failed), announced=True)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking)

    await connects(server, visitor)
    assert "We’re creating the missing links of your upcoming bookings now." in visitor.text
    await server.memory.work_off()
    await visitor.opens(f"/bookings/{booking.id}")

    assert "Zoom is connected again, so we’re creating the meeting." in visitor.text
    assert "Action needed" not in visitor.text


async def test_the_preview_names_what_can_no_longer_be_booked_on_a_page(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    stops = an_event_type(slug="long", title="Long call", meeting_types=(zoom,))
    await server.memory.page(a_page(host, an_event_type(), stops, title="Mixed", meeting_types=(zoom, phone_by_host)))

    await visitor.opens(f"{ROW}/zoom/disconnect")

    assert "Mixed: Long call" in visitor.text


async def test_a_provider_without_settings_cannot_be_connected() -> None:
    server = Server(MemoryApp(configured=("zoom",)))
    _, visitor = await a_signed_in_host(server, a_host())

    await visitor.opens(ROW)
    assert "Google Meet is not set up on this server." in visitor.text
    assert "/settings/providers/google/connect" not in visitor.html
    await visitor.sends(f"{ROW}/google/connect", page=ROW)
    await visitor.follows()
    assert ["Google is not set up on this server."] == visitor.said


async def test_an_unknown_provider_is_not_found(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)

    assert 404 == (await visitor.opens(f"{ROW}/webex/disconnect")).status
    assert 404 == (await visitor.opens("/integrations/webex/callback")).status


@pytest.mark.parametrize(
    ("provider", "name", "product"),
    [("zoom", "Zoom", "Zoom"), ("google", "Google", "Google Meet"), ("microsoft", "Microsoft", "Microsoft Teams")],
)
async def test_each_provider_has_a_row_that_connects_and_disconnects(
    server: Server, provider: Provider, name: str, product: str
) -> None:
    _, visitor = await a_signed_in_host(server)
    await visitor.opens(ROW)
    assert f">Connect {name}</button>" in visitor.html
    assert f">{product}</h3>" in visitor.html
    assert f'href="/help/{words_of(provider).help}"' in visitor.html

    await visitor.sends(f"{ROW}/{provider}/connect", page=ROW)
    code = server.memory.providers[provider].consent(visitor.location, an_account())
    await comes_back(visitor, provider, state=state_of(visitor.location), code=code)
    assert [f"{name} is connected as hanne@zoom.example."] == visitor.said
    assert f">Disconnect {name}</button>" in visitor.html
    await visitor.sends(f"{ROW}/{provider}/disconnect")
    await visitor.follows()

    assert [f"{name} is disconnected. We’ve deleted our access."] == visitor.said
    assert f">Connect {name}</button>" in visitor.html


async def test_what_microsoft_demands_is_said_before_the_trip_there(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)

    await visitor.opens(ROW)

    assert "Connect a work or school account. Microsoft doesn’t create meetings for personal accounts" in visitor.text
    assert "In most organisations an administrator has to approve TimeTuna once." in visitor.text
    assert 1 == visitor.text.count("an administrator has to approve")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NeedsAdmin(ApprovalRequired("zoom")), "an administrator of your organisation has to allow TimeTuna first"),
        (PersonalAccount(PersonalAccountUnsupported("zoom")), "creates meetings only for work and school accounts"),
    ],
)
async def test_an_organisations_no_has_its_own_words(server: Server, error: ProviderError, words: str) -> None:
    host, visitor = await a_signed_in_host(server)
    server.memory.providers["microsoft"].fail("account", error)
    await visitor.sends(f"{ROW}/microsoft/connect", page=ROW)
    code = server.memory.providers["microsoft"].consent(visitor.location, an_account())

    await comes_back(visitor, "microsoft", state=state_of(visitor.location), code=code)

    assert words in visitor.said[0]
    assert not await is_connected(server, host)


async def test_a_no_at_microsoft_may_be_the_organisations_own(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)
    await visitor.sends(f"{ROW}/microsoft/connect", page=ROW)

    await comes_back(visitor, "microsoft", state=state_of(visitor.location), error="access_denied")

    assert "or an administrator has to approve TimeTuna first" in visitor.said[0]


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        ("zoom", "This also removes TimeTuna from your Zoom account."),
        ("google", "Google then ends everything you’ve allowed this server’s app"),
        ("microsoft", "TimeTuna stays on your Microsoft account’s list of apps"),
    ],
)
async def test_disconnecting_says_first_what_ends_at_the_provider(
    server: Server, provider: Provider, words: str
) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host, provider)

    await visitor.opens(f"{ROW}/{provider}/disconnect")

    assert words in visitor.text


async def test_disconnecting_says_first_what_becomes_of_bookings_that_wait_for_a_link(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))
    async with server.memory.store.begin() as uow:
        uow.bookings.add(a_booking(page))

    await visitor.opens(f"{ROW}/zoom/disconnect")

    assert "1 upcoming booking has no link yet." in visitor.text


async def test_disconnecting_what_has_died_names_the_pages_that_have_fallen_back(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host, state=NeedsReconnect(UserUnknown("zoom")))
    await server.memory.page(a_page(host, title="Zoom or phone", meeting_types=(zoom, phone_by_host)))

    await visitor.opens(f"{ROW}/zoom/disconnect")

    assert "These pages offer only their other options , because" in visitor.text
    assert "Zoom or phone: Phone call" in visitor.text


async def test_an_account_whose_provider_is_no_longer_set_up_can_still_be_disconnected() -> None:
    memory = MemoryApp()
    host = await memory.host(password=PASSWORD)
    await memory.connect(host, "google")
    memory.use_providers({"zoom": memory.providers["zoom"]})
    server = Server(memory)
    visitor = await Visitor(server).signs_in(host)

    await visitor.opens(ROW)
    assert "Google Meet is no longer set up on this server, so this account can’t be used." in visitor.text
    assert ">Reconnect Google</button>" not in visitor.html
    await visitor.sends(f"{ROW}/google/disconnect")
    await visitor.follows()

    assert not await is_connected(server, host)
