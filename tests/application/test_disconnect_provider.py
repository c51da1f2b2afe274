"""Disconnecting: the tokens go at once, and the provider is told if that hurts nobody."""

from datetime import timedelta

import pytest

from application.actor import HostActor
from application.jobs import CreateMeetingJob, Due
from application.ports.calendar_reader import SignedIn
from application.ports.provider import NotConnected, OurFault, ProviderError, TryLater
from domain.calendar import CalendarConnection
from domain.conference import Ready
from domain.disconnecting import FallsBack, StopsBookings
from domain.events import ConnectionGone, MeetingRetried
from domain.fallback import MeetingFailed
from domain.host import Host
from domain.ids import CalendarConnectionId
from domain.provider_problem import GrantEnded, Misconfigured, RateLimited
from tests.support.builders import TOMORROW_AT_TEN, a_booking, a_page, an_account, at_the_harbour, phone_by_host, zoom
from tests.support.connecting import connection_of, connects
from tests.support.memory_app import MemoryApp

SHARED = an_account("shared")
LINK = Ready("https://zoom.example/j/1", "1", None, "zoom")


@pytest.fixture
def memory() -> MemoryApp:
    return MemoryApp()


async def test_the_tokens_go_and_the_provider_is_told(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)

    await memory.app.disconnect_provider(HostActor(host.id), "zoom")

    assert await connection_of(memory, host) is None
    assert [SHARED] == memory.providers["zoom"].revoked


async def test_a_grant_that_can_not_be_opened_any_more_is_deleted_all_the_same(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)
    memory.store.lose_keys()

    await memory.app.disconnect_provider(HostActor(host.id), "zoom")

    assert await connection_of(memory, host) is None
    assert [] == memory.providers["zoom"].revoked


@pytest.mark.parametrize(
    ("whose", "kept"), [("the same host's", "kept-for-calendars"), ("another host's", "kept-for-others")]
)
async def test_the_provider_is_not_told_where_that_would_end_calendars_of_the_same_login(
    memory: MemoryApp, whose: str, kept: str
) -> None:
    host, other = await memory.host(), await memory.host()
    await connects(memory, host, SHARED, "google")
    await connect_calendars(memory, host if whose == "the same host's" else other, SHARED.user_id)

    foreseen = await memory.app.preview_disconnect(HostActor(host.id), "google")
    revoked = await memory.app.disconnect_provider(HostActor(host.id), "google")

    assert (kept, kept) == (foreseen.revoked, revoked)
    assert await connection_of(memory, host, "google") is None
    assert [] == memory.providers["google"].revoked


async def test_calendars_of_another_login_keep_nobody_from_telling_the_provider(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED, "google")
    await connect_calendars(memory, host, "another login")

    assert "project" == await memory.app.disconnect_provider(HostActor(host.id), "google")

    assert [SHARED] == memory.providers["google"].revoked


async def connect_calendars(memory: MemoryApp, host: Host, login: str) -> None:
    async with memory.store.begin() as uow:
        connection = CalendarConnection(
            CalendarConnectionId("k1"), host.id, "google", "anna@example.com", memory.clock(), login=login
        )
        uow.calendar_connections.add(connection, SignedIn(memory.calendar_accounts["google"].grant_to(SHARED)))


async def test_an_expired_access_token_is_renewed_to_be_revoked_and_not_kept(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)
    memory.clock.advance(timedelta(hours=2))

    await memory.app.disconnect_provider(HostActor(host.id), "zoom")

    assert await connection_of(memory, host) is None
    assert [SHARED] == memory.providers["zoom"].revoked


@pytest.mark.parametrize(
    "error", [TryLater(RateLimited("zoom")), OurFault(Misconfigured("zoom")), NotConnected(GrantEnded("zoom"))]
)
@pytest.mark.parametrize("hours", [0, 2])
async def test_a_revoke_that_fails_is_of_no_consequence(memory: MemoryApp, error: ProviderError, hours: int) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)
    memory.clock.advance(timedelta(hours=hours))
    memory.providers["zoom"].fail("revoke", error)
    memory.providers["zoom"].fail("refresh", error)

    await memory.app.disconnect_provider(HostActor(host.id), "zoom")

    assert await connection_of(memory, host) is None


async def test_nothing_is_revoked_while_another_host_relies_on_the_login(memory: MemoryApp) -> None:
    first, last = await memory.host(), await memory.host()
    for host in (first, last):
        await connects(memory, host, SHARED)

    await memory.app.disconnect_provider(HostActor(first.id), "zoom")
    assert [] == memory.providers["zoom"].revoked
    assert await connection_of(memory, last) is not None

    await memory.app.disconnect_provider(HostActor(last.id), "zoom")
    assert [SHARED] == memory.providers["zoom"].revoked


async def test_disconnecting_what_is_not_connected_is_fine(memory: MemoryApp) -> None:
    host = await memory.host()

    await memory.app.disconnect_provider(HostActor(host.id), "zoom")

    assert [] == memory.providers["zoom"].revoked


async def test_the_preview_says_what_becomes_of_pages_and_bookings_and_changes_nothing(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)
    stops = await memory.page(a_page(host, meeting_types=(zoom,)))
    falls_back = await memory.page(a_page(host, meeting_types=(zoom, phone_by_host)))
    await memory.page(a_page(host, meeting_types=(at_the_harbour,)))
    async with memory.store.begin() as uow:
        for hours in range(3):
            uow.bookings.add(a_booking(stops, TOMORROW_AT_TEN + timedelta(hours=hours), conference=LINK))
        uow.bookings.add(a_booking(stops, TOMORROW_AT_TEN + timedelta(hours=4)))

    preview = await memory.app.preview_disconnect(HostActor(host.id), "zoom")

    assert (FallsBack(falls_back, ("phone",)),) == preview.fall_back
    assert (StopsBookings(stops, (stops.event_types[0].title,)),) == preview.stop
    assert 3 == preview.bookings_keeping_links
    assert await connection_of(memory, host) is not None


async def test_a_booking_that_waits_for_its_link_is_decided_at_once(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)
    page = await memory.page(a_page(host, meeting_types=(zoom, at_the_harbour)))
    waiting = a_booking(page, TOMORROW_AT_TEN)
    async with memory.store.begin() as uow:
        uow.bookings.add(waiting)
        uow.outbox.enqueue(Due(CreateMeetingJob(waiting.id), memory.clock() + timedelta(hours=9)))

    await memory.app.disconnect_provider(HostActor(host.id), "zoom")
    await memory.work_off()

    async with memory.store.begin() as uow:
        decided = await uow.bookings.get(waiting.id)
    assert decided is not None
    assert at_the_harbour == decided.meeting_type
    assert isinstance(decided.fallback, MeetingFailed)
    assert "not-connected" == decided.fallback.failure.type
    view = await memory.app.show_booking(HostActor(host.id), waiting.id)
    assert [ConnectionGone("zoom")] == [e.event.cause for e in view.timeline if isinstance(e.event, MeetingRetried)]
