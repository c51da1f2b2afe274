"""What providers do differently: the use cases go by what the port says, for whichever provider says it."""

from datetime import timedelta

import msgspec
import pytest

from adapters.presentation.sentences.timeline import left_behind_words, timeline_words
from adapters.presentation.times import instant
from application.actor import HostActor
from application.ports.provider import TryLater
from domain.booking import Booking
from domain.conference import Ready
from domain.connection import NeedsReconnect
from domain.host import Host
from domain.meeting_type import MADE_BY
from domain.provider import PROVIDERS, Provider
from domain.provider_problem import GrantEnded, RateLimited, TimedOut
from tests.support.builders import a_page, an_account, at_the_harbour, phone_by_host
from tests.support.connecting import books_on, connection_of, connects
from tests.support.memory_app import MemoryApp

LOST = TryLater(TimedOut("zoom"), left_behind=True)
LATER = timedelta(hours=1)


@pytest.fixture
def memory() -> MemoryApp:
    return MemoryApp()


def says(memory: MemoryApp, provider: Provider, **can: object) -> None:
    """Let the provider's client say something else about itself."""
    client = memory.providers[provider]
    client.capabilities = msgspec.structs.replace(client.capabilities, **can)


async def books(memory: MemoryApp, host: Host, provider: Provider) -> Booking:
    page = await memory.page(a_page(host, meeting_types=(MADE_BY[provider], at_the_harbour)))
    return await books_on(memory, page)


async def timeline(memory: MemoryApp, booking: Booking) -> list[str]:
    view = await memory.store.views.booking(booking.host_id, booking.id)
    assert view is not None
    return [timeline_words(entry, instant) for entry in view.timeline]


async def now(memory: MemoryApp, booking: Booking) -> Booking:
    async with memory.store.begin() as uow:
        found = await uow.bookings.get(booking.id)
    assert found is not None
    return found


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_one_lost_answer_leaves_something_behind_only_where_a_repeat_makes_another_meeting(
    memory: MemoryApp, provider: Provider
) -> None:
    host = await memory.host()
    await memory.connect(host, provider)
    client = memory.providers[provider]
    client.fail("create", LOST)

    booking = await books(memory, host, provider)
    memory.clock.advance(LATER)
    await memory.work_off()

    again = client.idempotent_creation
    assert isinstance((await now(memory, booking)).conference, Ready)
    assert (1 if again else 2) == len(client.meetings)
    assert again != any(left_behind_words() in each for each in await timeline(memory, booking))


async def test_a_repeat_that_makes_no_second_meeting_is_tried_as_often_as_any_other(memory: MemoryApp) -> None:
    host = await memory.host()
    await memory.connect(host, "microsoft")
    memory.providers["microsoft"].fail("create", LOST, times=4)

    booking = await books(memory, host, "microsoft")
    for _ in range(4):
        memory.clock.advance(LATER)
        await memory.work_off()

    assert isinstance((await now(memory, booking)).conference, Ready)
    assert 1 == len(memory.providers["microsoft"].meetings)


@pytest.mark.parametrize("provider", ["zoom", "google"])
async def test_where_a_repeat_may_make_a_second_meeting_it_is_tried_once(memory: MemoryApp, provider: Provider) -> None:
    host = await memory.host()
    await memory.connect(host, provider)
    memory.providers[provider].fail("create", LOST, times=4)

    booking = await books(memory, host, provider)
    for _ in range(4):
        memory.clock.advance(LATER)
        await memory.work_off()

    assert at_the_harbour == (await now(memory, booking)).meeting_type
    assert 2 == memory.providers[provider].calls["create"]


async def test_who_gives_up_after_a_lost_answer_says_that_a_meeting_may_be_there_all_the_same(
    memory: MemoryApp,
) -> None:
    host = await memory.host()
    await memory.connect(host, "microsoft")
    memory.providers["microsoft"].fail("create", LOST)
    memory.providers["microsoft"].fail("create", TryLater(RateLimited("microsoft")), times=50)

    booking = await books(memory, host, "microsoft")
    for _ in range(40):
        memory.clock.advance(LATER)
        await memory.work_off()

    told = await timeline(memory, booking)
    assert at_the_harbour == (await now(memory, booking)).meeting_type
    assert 1 == len([each for each in told if left_behind_words() in each])
    assert "Fell back" in next(each for each in told if left_behind_words() in each)


@pytest.mark.parametrize(
    ("revocation", "told", "told_while_shared"),
    [(None, 0, 0), ("grant", 1, 1), ("login", 1, 0), ("project", 1, 0)],
)
async def test_a_provider_is_told_where_it_can_be_and_where_that_ends_nobody_elses_connection(
    memory: MemoryApp, revocation: str | None, told: int, told_while_shared: int
) -> None:
    says(memory, "google", revocation=revocation)
    first, last, alone = await memory.host(), await memory.host(), await memory.host()
    for host in (first, last):
        await connects(memory, host, an_account("shared"), "google")
    await connects(memory, alone, an_account("alone"), "google")
    client = memory.providers["google"]

    await memory.app.disconnect_provider(HostActor(first.id), "google")
    assert told_while_shared == client.calls["revoke"]
    await memory.app.disconnect_provider(HostActor(alone.id), "google")
    assert told_while_shared + told == client.calls["revoke"]
    assert await connection_of(memory, first, "google") is None


@pytest.mark.parametrize("needed", [True, False])
async def test_an_old_grant_is_renewed_to_be_revoked_only_where_that_takes_an_access_token(
    memory: MemoryApp, needed: bool
) -> None:
    says(memory, "google", revokes_access_tokens=needed)
    host = await memory.host()
    await memory.connect(host, "google")
    memory.clock.advance(timedelta(hours=2))

    await memory.app.disconnect_provider(HostActor(host.id), "google")

    assert (int(needed), 1) == (
        memory.providers["google"].calls["refresh"],
        memory.providers["google"].calls["revoke"],
    )


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_the_lost_answer_of_a_refresh_is_asked_for_at_once_only_where_the_old_token_may_be_spent(
    memory: MemoryApp, provider: Provider
) -> None:
    host = await memory.host()
    await memory.connect(host, provider)
    client = memory.providers[provider]
    memory.clock.advance(timedelta(hours=2))
    client.fail("refresh", LOST)

    booking = await books(memory, host, provider)
    assert (2 if client.capabilities.rotation == "strict" else 1) == client.calls["refresh"]
    memory.clock.advance(LATER)
    await memory.work_off()

    held = await connection_of(memory, host, provider)
    assert held is not None
    if client.capabilities.rotation == "strict":
        assert isinstance(held.state, NeedsReconnect)
    else:
        assert isinstance((await now(memory, booking)).conference, Ready)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_login_that_two_hosts_connect_is_doubted_only_where_it_holds_one_grant(
    memory: MemoryApp, provider: Provider
) -> None:
    first, last = await memory.host(), await memory.host()
    for host in (first, last):
        await connects(memory, host, an_account("shared"), provider)
        memory.clock.advance(timedelta(minutes=1))

    shown = await memory.app.show_connections(HostActor(first.id))

    assert memory.providers[provider].capabilities.one_grant_per_login == shown[provider].may_have_ended


async def test_the_preview_says_what_ends_at_the_provider(memory: MemoryApp) -> None:
    host = await memory.host()
    revoked: list[str] = []
    for provider in PROVIDERS:
        await memory.connect(host, provider)
        revoked.append((await memory.app.preview_disconnect(HostActor(host.id), provider)).revoked)

    assert ["login", "project", "nothing"] == revoked


async def test_the_preview_says_that_a_shared_login_is_kept_for_the_other_host(memory: MemoryApp) -> None:
    first, last = await memory.host(), await memory.host()
    for host in (first, last):
        await connects(memory, host, an_account("shared"), "google")

    assert "kept-for-others" == (await memory.app.preview_disconnect(HostActor(first.id), "google")).revoked


async def test_the_preview_counts_the_bookings_that_wait_for_a_link(memory: MemoryApp) -> None:
    host = await memory.host()
    await memory.connect(host, "google")
    memory.providers["google"].fail("create", TryLater(RateLimited("google")), times=2)
    page = await memory.page(a_page(host, meeting_types=(MADE_BY["google"], phone_by_host)))
    await books_on(memory, page)

    preview = await memory.app.preview_disconnect(HostActor(host.id), "google")

    assert (0, 1, False) == (preview.bookings_keeping_links, preview.bookings_waiting, preview.already)


async def test_the_preview_of_a_dead_connection_tells_of_the_pages_that_have_fallen_back(memory: MemoryApp) -> None:
    host = await memory.host()
    await memory.connect(host, "google", NeedsReconnect(GrantEnded("google")))
    page = await memory.page(a_page(host, meeting_types=(MADE_BY["google"], at_the_harbour)))

    preview = await memory.app.preview_disconnect(HostActor(host.id), "google")

    assert ([page], True) == ([each.page for each in preview.fall_back], preview.already)
