"""What a removal from the provider's side does, and what it leaves alone."""

from datetime import datetime, timedelta

import pytest

from adapters.memory.notifications import MemoryNotifications
from application.connections.deauthorize import Cleared, Heard
from application.connections.receive_notification import NotificationsNotSetUp
from application.jobs import DeauthorizeJob
from application.ports.mail import MailTryLater
from application.ports.notices import ConnectionRemoved
from application.ports.notifications import AddressCheck, AppRemoved, Forged
from domain.connection import ProviderAccount
from domain.mail_problem import ServerAnswered
from tests.support.builders import an_account
from tests.support.connecting import connection_of, connects
from tests.support.memory_app import MemoryApp

SHARED = an_account("_rvAnna", email="anna@zoom.example")
A_SECOND = timedelta(seconds=1)
ZOOM = MemoryNotifications("our-app", "the secret")


@pytest.fixture
def memory() -> MemoryApp:
    return MemoryApp(notifications={"zoom": ZOOM})


def removed(at: datetime, account: ProviderAccount = SHARED, client_id: str = "our-app") -> AppRemoved:
    return AppRemoved(client_id, account.user_id, account.account_id, at)


async def told(memory: MemoryApp, removal: AppRemoved) -> object:
    body, headers = ZOOM.removal(removal)
    return await memory.app.receive_notification("zoom", headers, body)


async def test_a_removal_that_is_not_signed_ends_no_connection_whoever_hands_it_over(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)
    body, _ = ZOOM.removal(removed(memory.clock()))

    with pytest.raises(Forged):
        await memory.app.receive_notification("zoom", {"Secret": "guessed"}, body)

    assert await connection_of(memory, host) is not None


async def test_the_names_of_headers_may_come_in_any_case(memory: MemoryApp) -> None:
    body, headers = ZOOM.check("prove it")

    answer = await memory.app.receive_notification("zoom", {name.title(): headers[name] for name in headers}, body)

    assert AddressCheck(b'{"challenge":"prove it"}') == answer


async def test_a_provider_without_settings_is_not_listened_to(memory: MemoryApp) -> None:
    body, headers = ZOOM.removal(removed(memory.clock()))

    with pytest.raises(NotificationsNotSetUp):
        await memory.app.receive_notification("google", headers, body)


async def test_every_host_on_the_account_is_cleared_and_told_once(memory: MemoryApp) -> None:
    anna, ben, carla = [await memory.host() for _ in range(3)]
    for host in (anna, ben):
        await connects(memory, host, SHARED)
    await connects(memory, carla, an_account("-KxBen"))

    cleared = await told(memory, removed(memory.clock()))
    await memory.work_off()

    assert Cleared(Heard.CLEARED, (anna.id, ben.id)) == cleared
    assert [None, None] == [await connection_of(memory, host) for host in (anna, ben)]
    assert await connection_of(memory, carla) is not None
    assert sorted([anna, ben], key=lambda host: host.email) == sorted(
        (notice.to for notice in memory.mailer.notices), key=lambda host: host.email
    )
    assert {ConnectionRemoved("zoom")} == {notice.about for notice in memory.mailer.notices}


async def test_another_apps_removal_changes_nothing(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)

    cleared = await told(memory, removed(memory.clock(), client_id="another-app"))
    await memory.work_off()

    assert Cleared(Heard.ANOTHER_APP) == cleared
    assert await connection_of(memory, host) is not None
    assert [] == memory.mailer.notices


@pytest.mark.parametrize("account", [an_account("_rvanna"), ProviderAccount("_rvAnna", "another", "", "")])
async def test_an_unknown_user_changes_nothing(memory: MemoryApp, account: ProviderAccount) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)

    assert Cleared(Heard.NOT_CONNECTED) == await told(memory, removed(memory.clock(), account))
    assert await connection_of(memory, host) is not None


async def test_a_notice_older_than_the_connection_changes_nothing(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)

    cleared = await told(memory, removed(memory.clock() - A_SECOND))
    await memory.work_off()

    assert Cleared(Heard.OLDER_THAN_CONNECTION) == cleared
    assert await connection_of(memory, host) is not None
    assert [] == memory.mailer.notices


async def test_a_late_notice_ends_the_older_of_two_connections_only(memory: MemoryApp) -> None:
    older, newer = await memory.host(), await memory.host()
    await connects(memory, older, SHARED)
    memory.clock.advance(A_SECOND)
    at = memory.clock()
    memory.clock.advance(A_SECOND)
    await connects(memory, newer, SHARED)

    assert Cleared(Heard.CLEARED, (older.id,)) == await told(memory, removed(at))
    assert await connection_of(memory, newer) is not None


async def test_a_replay_after_reconnecting_changes_nothing_even_if_our_clock_is_slow(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)
    by_zooms_clock = memory.clock() + timedelta(minutes=2)
    await told(memory, removed(by_zooms_clock))
    await connects(memory, host, SHARED)

    assert Cleared(Heard.HEARD_BEFORE) == await told(memory, removed(by_zooms_clock))
    await memory.work_off()

    assert await connection_of(memory, host) is not None
    assert 1 == len(memory.mailer.notices)


async def test_a_refresh_under_way_is_not_waited_for_and_its_tokens_go_as_soon_as_it_is_done(memory: MemoryApp) -> None:
    refreshing, idle = await memory.host(), await memory.host()
    for host in (refreshing, idle):
        await connects(memory, host, SHARED)

    async with memory.store.begin() as refresher:
        found = await refresher.connections.lock(refreshing.id, "zoom")
        grant = await refresher.connections.grant(refreshing.id, "zoom")
        assert found is not None
        assert grant is not None
        cleared = await told(memory, removed(memory.clock()))
        memory.clock.advance(A_SECOND)
        [lease] = [
            each for each in await memory.store.backlog.lease(9, A_SECOND * 60) if isinstance(each.job, DeauthorizeJob)
        ]
        await memory.app.run_job(lease)
        refresher.connections.put(found, grant)
    assert Cleared(Heard.CLEARED, (idle.id,), later=True) == cleared
    assert await connection_of(memory, refreshing) is not None

    memory.clock.advance(A_SECOND)
    await memory.work_off()

    assert await connection_of(memory, refreshing) is None
    # The mail to the other host was claimed above, and left.
    memory.clock.advance(A_SECOND * 60)
    await memory.work_off()
    assert {refreshing.email, idle.email} == {notice.to.email for notice in memory.mailer.notices}


async def test_removals_from_two_accounts_of_one_user_at_one_instant_are_both_heard(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)
    at = memory.clock()
    await told(memory, removed(at, ProviderAccount(SHARED.user_id, "another", "", "")))

    assert Cleared(Heard.CLEARED, (host.id,)) == await told(memory, removed(at))


async def test_whoever_has_connected_again_before_the_repeat_stays_connected(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)
    async with memory.store.begin() as refresher:
        await refresher.connections.lock(host.id, "zoom")
        await told(memory, removed(memory.clock()))
    memory.clock.advance(A_SECOND)

    await connects(memory, host, SHARED)
    await memory.work_off()

    assert await connection_of(memory, host) is not None
    assert [] == memory.mailer.notices


async def test_a_busy_mail_server_gets_the_same_mail_again(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)
    memory.mailer.refuse(MailTryLater(ServerAnswered(421, "later")))
    await told(memory, removed(memory.clock()))
    await memory.work_off()
    assert [] == memory.mailer.notices

    at = memory.clock()
    memory.clock.advance(timedelta(minutes=1))
    await memory.work_off()

    [notice] = memory.mailer.notices
    assert at == notice.at


async def test_a_host_can_connect_again_right_away(memory: MemoryApp) -> None:
    host = await memory.host()
    await connects(memory, host, SHARED)
    await told(memory, removed(memory.clock()))

    await connects(memory, host, SHARED)

    assert await connection_of(memory, host) is not None
