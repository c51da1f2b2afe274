"""Provider connections: what every store promises about them and their grants."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from application.jobs import Due, KeepConnectionJob
from application.ports.oauth import Grant
from domain.connection import Blocked, Connected, ConnectionState, NeedsReconnect, ProviderAccount, ProviderConnection
from domain.host import Host
from domain.ids import HostId
from domain.provider import PROVIDERS, Provider
from domain.provider_problem import GrantEnded, MeetingsNotAllowed
from tests.support.builders import NOW, a_connection, a_host, an_account
from tests.support.processes import PATIENCE
from tests.support.store import Store, a_unit_that_fails, keep
from tests.support.stored_connections import a_grant, put

A_DAY = timedelta(days=1)
ZOOM: frozenset[Provider] = frozenset({"zoom"})


@pytest.mark.parametrize(
    "state",
    [Connected(), NeedsReconnect(GrantEnded("zoom")), Blocked(MeetingsNotAllowed("zoom"))],
    ids=lambda each: type(each).__name__,
)
async def test_a_connection_and_its_grant_come_back_as_stored(store: Store, host: Host, state: ConnectionState) -> None:
    connection = msgspec.structs.replace(
        a_connection(
            host,
            account=ProviderAccount("KDcuGIm1QgePTO8WbOqwIQ", "q6gBJVO5TzexKYTb_I2rpg", "zoë@zoom.example", "王 小明"),
            state=state,
            connected_at=datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC),
        ),
        last_meeting_at=datetime(2026, 3, 1, 1, 2, 3, 4, tzinfo=UTC),
        refreshed_at=datetime(2026, 3, 1, 2, 3, 4, 5, tzinfo=UTC),
        limited_until=datetime(2026, 3, 2, tzinfo=UTC),
        meetings_on=date(2026, 3, 1),
        meetings_made=17,
    )
    grant = a_grant(expires_at=datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC))

    await put(store, connection, grant)

    assert (connection, grant) == await found(store, host)
    assert [connection] == await store.views.connections(host.id)


async def test_where_nothing_is_connected_there_is_none(store: Store, host: Host) -> None:
    async with store.begin() as uow:
        assert await uow.connections.get(host.id, "zoom") is None
        assert await uow.connections.lock(host.id, "zoom") is None
        assert await uow.connections.grant(host.id, "zoom") is None
        assert await uow.connections.get(HostId("nobody"), "zoom") is None
    assert [] == await store.views.connections(host.id)


async def test_connecting_again_replaces_connection_and_grant(store: Store, host: Host) -> None:
    again = a_connection(host, account=an_account("another login"), connected_at=NOW + timedelta(days=1))
    await put(store, a_connection(host, state=NeedsReconnect(GrantEnded("zoom"))), a_grant("first"))

    await put(store, again, a_grant("second"))

    assert (again, a_grant("second")) == await found(store, host)
    assert [again] == await store.views.connections(host.id)


async def test_of_ten_that_connect_at_once_one_connection_is_left_with_its_own_grant(store: Store, host: Host) -> None:
    async def connect(number: int) -> None:
        await put(store, a_connection(host, account=an_account(f"login-{number}")), a_grant(f"login-{number}"))

    await asyncio.gather(*map(connect, range(10)))

    [connection] = await store.views.connections(host.id)
    assert (connection, a_grant(connection.account.user_id)) == await found(store, host)


async def test_a_host_has_one_connection_to_each_provider(store: Store, host: Host) -> None:
    for provider in PROVIDERS:
        await put(store, a_connection(host, provider), a_grant(provider))

    assert [a_grant(provider) for provider in PROVIDERS] == [
        grant for provider in PROVIDERS for _, grant in [await found(store, host, provider) or (None, None)]
    ]
    assert sorted(PROVIDERS) == sorted(each.provider for each in await store.views.connections(host.id))


async def test_another_hosts_connection_is_none(store: Store, host: Host) -> None:
    stranger = a_host()
    await keep(store, stranger)
    await put(store, a_connection(host), a_grant())

    assert await found(store, stranger) is None
    assert [] == await store.views.connections(stranger.id)


async def test_a_new_state_leaves_the_grant_alone(store: Store, host: Host) -> None:
    connection = a_connection(host)
    await put(store, connection, a_grant())
    made_a_meeting = connection.made_a_meeting(NOW)

    async with store.begin() as uow:
        uow.connections.save(made_a_meeting)

    assert (made_a_meeting, a_grant()) == await found(store, host)


async def test_a_removed_connection_is_gone_with_its_grant(store: Store, host: Host) -> None:
    await put(store, a_connection(host), a_grant())
    await put(store, a_connection(host, "google"), a_grant("google"))

    await remove(store, host)

    assert await found(store, host) is None
    assert ["google"] == [each.provider for each in await store.views.connections(host.id)]


async def test_removing_what_is_not_connected_changes_nothing(store: Store, host: Host) -> None:
    await remove(store, host)

    assert await found(store, host) is None


async def test_saving_a_connection_that_was_removed_does_not_bring_it_back(store: Store, host: Host) -> None:
    connection = a_connection(host)
    await put(store, connection, a_grant())
    await remove(store, host)

    async with store.begin() as uow:
        uow.connections.save(connection.made_a_meeting(NOW))

    assert await found(store, host) is None


async def test_nothing_of_a_connection_changes_in_a_unit_that_fails(store: Store, host: Host) -> None:
    connection = a_connection(host)
    await put(store, connection, a_grant())

    async with a_unit_that_fails(store) as uow:
        uow.connections.put(connection, a_grant("second"))
        uow.connections.save(connection.grant_died(GrantEnded("zoom"), NOW).connection)
        uow.connections.remove(host.id, "zoom")

    assert (connection, a_grant()) == await found(store, host)


async def test_ten_refreshers_that_lock_the_connection_refresh_it_once(store: Store, host: Host) -> None:
    connection = a_connection(host)
    await put(store, connection, a_grant("expired"))
    refreshed: list[Grant] = []

    async def refresh_if_needed() -> None:
        async with store.begin() as uow:
            locked = await uow.connections.lock(host.id, "zoom")
            assert locked is not None
            await uow.hosts.get(host.id)
            if await uow.connections.grant(host.id, "zoom") == a_grant("expired"):
                refreshed.append(a_grant("fresh"))
                uow.connections.put(connection, a_grant("fresh"))

    await asyncio.gather(*(refresh_if_needed() for _ in range(10)))

    assert [a_grant("fresh")] == refreshed


async def test_a_removal_waits_for_the_refresher_and_is_not_undone_by_it(store: Store, host: Host) -> None:
    connection = a_connection(host)
    await put(store, connection, a_grant())

    async with store.begin() as uow:
        await uow.connections.lock(host.id, "zoom")
        removing = asyncio.create_task(remove(store, host))
        for _ in range(10):
            await store.views.connections(host.id)
        uow.connections.put(connection, a_grant("fresh"))
    await removing

    assert await found(store, host) is None


async def test_the_hosts_on_an_account_are_listed(store: Store, host: Host) -> None:
    shared = an_account("KDcuGIm1QgePTO8WbOqwIQ")
    await put(store, a_connection(host, account=shared), a_grant())
    hosts = [host.id]
    elsewhere: list[tuple[ProviderAccount, Provider]] = [
        (shared, "zoom"),
        (shared, "zoom"),
        (shared, "google"),
        (an_account("kdcugim1qgepto8wboqwiq"), "zoom"),
    ]
    for account, provider in elsewhere:
        other = a_host()
        await keep(store, other)
        await put(store, a_connection(other, provider, account=account), a_grant())
        if (account, provider) == (shared, "zoom"):
            hosts.append(other.id)

    async with store.begin() as uow:
        assert sorted(hosts) == await uow.connections.hosts_on("zoom", shared.user_id)


async def test_the_older_of_two_connections_to_one_account_is_superseded(store: Store, host: Host) -> None:
    shared, newcomer = an_account("shared"), a_host()
    await keep(store, newcomer)
    older = a_connection(host, account=shared)
    newer = a_connection(newcomer, account=shared, connected_at=NOW + A_DAY)
    await put(store, older, a_grant())
    assert frozenset() == await store.views.superseded(host.id)

    await put(store, newer, a_grant())

    async with store.begin() as uow:
        assert (True, False) == (await uow.connections.superseded(older), await uow.connections.superseded(newer))
    assert frozenset({"zoom"}) == await store.views.superseded(host.id)
    assert frozenset() == await store.views.superseded(newcomer.id)


async def test_another_account_or_provider_supersedes_nothing(store: Store, host: Host) -> None:
    mine = a_connection(host, account=an_account("Shared"))
    await put(store, mine, a_grant())
    elsewhere: list[tuple[str, Provider]] = [("shared", "zoom"), ("Shared", "google")]
    for user_id, provider in elsewhere:
        other = a_host()
        await keep(store, other)
        later = a_connection(other, provider, account=an_account(user_id), connected_at=NOW + A_DAY)
        await put(store, later, a_grant())

    async with store.begin() as uow:
        assert not await uow.connections.superseded(mine)
    assert frozenset() == await store.views.superseded(host.id)


async def test_all_connections_to_an_account_can_be_locked_at_once(store: Store, host: Host) -> None:
    shared, other = an_account("shared"), a_host()
    await keep(store, other)
    connections = [a_connection(each, account=shared) for each in (host, other)]
    for connection in connections:
        await put(store, connection, a_grant())
    await put(store, a_connection(host, "google", account=shared), a_grant())

    async with store.begin() as uow:
        found = await uow.connections.lock_on("zoom", "shared", shared.account_id)
        nobody = await uow.connections.lock_on("zoom", "shared", "another account")

    assert (connections, False) == (sorted(found.locked, key=lambda each: each.host_id), found.busy)
    assert ((), False) == (nobody.locked, nobody.busy)


async def test_what_somebody_else_holds_is_left_out_without_waiting(store: Store, host: Host) -> None:
    shared, other = an_account("shared"), a_host()
    await keep(store, other)
    for each in (host, other):
        await put(store, a_connection(each, account=shared), a_grant())

    async with store.begin() as refresher:
        await refresher.connections.lock(host.id, "zoom")
        async with asyncio.timeout(PATIENCE), store.begin() as uow:
            found = await uow.connections.lock_on("zoom", "shared", shared.account_id)

    assert ([other.id], True) == ([each.host_id for each in found.locked], found.busy)


async def test_a_notice_is_heard_for_the_first_time_once(store: Store) -> None:
    async def hear(key: str) -> bool:
        async with store.begin() as uow:
            return await uow.connections.first_heard(key, NOW)

    heard = await asyncio.gather(*(hear("a removal") for _ in range(10)))

    assert 1 == sum(heard)
    assert await hear("another removal")


async def test_a_notice_heard_in_a_unit_that_fails_can_come_again(store: Store) -> None:
    async with a_unit_that_fails(store) as uow:
        assert await uow.connections.first_heard("a removal", NOW)

    async with store.begin() as uow:
        assert await uow.connections.first_heard("a removal", NOW)


async def test_idle_connections_are_those_longest_without_new_tokens(store: Store) -> None:
    hosts = [a_host() for _ in range(5)]
    await keep(store, *hosts)
    just_connected, refreshed, idle, idlest, dead = hosts
    await put(store, a_connection(just_connected, connected_at=NOW + timedelta(seconds=1)), a_grant())
    await put(store, a_connection(refreshed).was_refreshed(NOW + A_DAY), a_grant())
    await put(store, a_connection(idle, connected_at=NOW - 3 * A_DAY).was_refreshed(NOW), a_grant())
    await put(store, a_connection(idlest, connected_at=NOW - 2 * A_DAY), a_grant())
    await put(store, a_connection(dead, state=NeedsReconnect(GrantEnded("zoom")), connected_at=NOW - A_DAY), a_grant())

    await put(store, a_connection(dead, "google", connected_at=NOW - A_DAY), a_grant())

    assert [(idlest.id, "zoom"), (idle.id, "zoom")] == await store.views.idle_connections(ZOOM, NOW, 10)
    assert [(idlest.id, "zoom")] == await store.views.idle_connections(ZOOM, NOW, 1)


async def test_what_is_being_kept_alive_already_is_not_idle(store: Store, host: Host) -> None:
    await put(store, a_connection(host), a_grant())

    await keep(store, Due(KeepConnectionJob(host.id, "zoom"), NOW))

    assert [] == await store.views.idle_connections(ZOOM, NOW, 10)


async def test_a_connection_stays_idle_while_another_one_is_kept_alive(store: Store, host: Host) -> None:
    await put(store, a_connection(host), a_grant())

    others = KeepConnectionJob(host.id, "google"), KeepConnectionJob(HostId("another"), "zoom")
    await keep(store, *(Due(each, NOW) for each in others))

    assert [(host.id, "zoom")] == await store.views.idle_connections(ZOOM, NOW, 10)


async def remove(store: Store, host: Host) -> None:
    async with store.begin() as uow:
        uow.connections.remove(host.id, "zoom")


async def found(store: Store, host: Host, provider: Provider = "zoom") -> tuple[ProviderConnection, Grant] | None:
    async with store.begin() as uow:
        connection = await uow.connections.get(host.id, provider)
        grant = await uow.connections.grant(host.id, provider)
    return None if connection is None or grant is None else (connection, grant)
