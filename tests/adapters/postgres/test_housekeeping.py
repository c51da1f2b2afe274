import asyncio
from datetime import datetime, timedelta

from adapters.postgres.connections import grant_identity
from adapters.postgres.housekeeping import Resealed, reseal, sweep
from adapters.postgres.unit_of_work import PostgresStore
from adapters.vault.tokens import TokenVault
from application.ports.account_storage import MailToken
from application.ports.accounts import AuthorizationRequest, ForMeetings
from application.ports.calendar_reader import SignedIn
from application.ports.idempotency_keys import IdempotencyKey
from application.ports.oauth import Grant
from application.ports.passkeys import Challenge
from application.ports.unit_of_work import Begin
from domain.budgets import SIGN_INS
from domain.calendar import CalendarConnection
from domain.host import Host
from domain.ids import CalendarConnectionId
from domain.security_events import SignInFailed
from domain.session import LASTS, LASTS_UNUSED
from domain.webhook import WebhookSecrets
from tests.support.builders import NOW, a_booking, a_connection, a_host, a_page
from tests.support.postgres import KEY, StoreInPostgres
from tests.support.store import keep
from tests.support.stored_webhooks import a_webhook, an_event
from tests.support.ways_in import WAYS_IN, keep_ways_in, opened_ways_in

A_MINUTE = timedelta(minutes=1)
NEW_KEY = b"k" * 32
LOST_KEY = b"l" * 32


async def test_what_has_ended_is_swept_out_and_what_lasts_stays(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host()
    await keep(store, host)
    for opened_at in (NOW - LASTS, NOW - LASTS_UNUSED, NOW):
        await store.sessions.open(host.id, opened_at)
    for expires_at in (NOW - timedelta(days=1), NOW):
        await store.authorizations.remember(a_request(host, f"state {expires_at}", expires_at=expires_at))
    await store.rate_limiter.count([SIGN_INS.of("ended")], NOW - SIGN_INS.window)
    await store.rate_limiter.count([SIGN_INS.of("running")], NOW)
    for days in (6, 7):
        async with store.begin() as uow:
            await uow.connections.first_heard(f"{days} days ago", NOW - timedelta(days=days))

    for ends_at in (NOW, NOW + A_MINUTE):
        async with store.begin() as uow:
            uow.challenges.remember(Challenge(f"{ends_at}", "browser", "sign-in", None, ends_at))
            uow.mail_tokens.remember(f"{ends_at}", MailToken(host.id, "reset", host.email, ends_at))
            uow.hosts.leave_handle(host.id, f"{ends_at}", ends_at)

    await sweep(store.pool, NOW)

    counts = "select (select count(*) from sessions), (select count(*) from authorizations)"
    more = "(select count(*) from rate_limits), (select count(*) from heard_notices)"
    most = """
        (select count(*) from mail_tokens), (select count(*) from former_handles),
        (select count(*) from passkey_challenges)
    """
    [row] = await store.pool.fetch(f"{counts}, {more}, {most}")
    assert [1, 1, 1, 1, 1, 1, 1] == list(row)


async def test_security_events_are_kept_for_ninety_days(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host()
    await keep(store, host)
    for days in (89, 90):
        async with store.begin() as uow:
            uow.security_log.record(SignInFailed(host_id=host.id, at=NOW - timedelta(days=days)))

    await sweep(store.pool, NOW)

    assert [NOW - timedelta(days=89)] == [row[0] for row in await store.pool.fetch("select at from security_events")]


async def test_a_submit_can_be_repeated_for_a_week(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host()
    page = a_page(host)
    await keep(store, host, page)
    booking = a_booking(page)
    async with store.begin() as uow:
        uow.bookings.add(booking, key=IdempotencyKey("page", "key", "fingerprint"))
    [stored_at] = await store.pool.fetch("select stored_at from idempotency_keys")

    await sweep(store.pool, stored_at[0] + timedelta(days=6))
    assert await store.views.booking_by_key("page", "key") is not None
    await sweep(store.pool, stored_at[0] + timedelta(days=7))

    assert await store.views.booking_by_key("page", "key") is None


async def test_grants_and_ways_into_calendars_sealed_again_open_with_the_new_key_alone(
    postgres_store: StoreInPostgres,
) -> None:
    store, host = postgres_store, a_host()
    await keep(store, host)
    async with store.begin() as uow:
        uow.connections.put(a_connection(host), Grant("access", "refresh", NOW, frozenset({"scope"})))
    await keep_ways_in(store.begin, host)
    webhook, secrets = a_webhook(host), WebhookSecrets("whsec_present", "whsec_before")
    async with store.begin() as uow:
        uow.webhooks.add(webhook, secrets)

    resealed = await reseal(store.pool, TokenVault([NEW_KEY, KEY]))

    sealed = await store.pool.fetchval("select sealed_grant from provider_connections")
    assert Resealed(1, 3, 1, 0) == resealed
    assert b"refresh" in TokenVault([NEW_KEY]).open(sealed, grant_identity(host.id, "zoom"))
    alone = PostgresStore(store.pool, TokenVault([NEW_KEY]))
    assert WAYS_IN == await opened_ways_in(alone.begin, host)
    async with alone.begin() as uow:
        assert secrets == await uow.webhooks.secrets(webhook.id)


async def test_events_for_webhooks_are_kept_for_thirty_days(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host()
    await keep(store, host)
    async with store.begin() as uow:
        uow.webhook_events.record(an_event(host, "old"))
        uow.webhook_events.record(an_event(host, "young", seconds=1))

    await sweep(store.pool, NOW + timedelta(days=30))

    assert ["young"] == [row["id"] for row in await store.pool.fetch("select id from webhook_events")]


async def test_what_is_sealed_with_the_present_key_is_left_alone(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host()
    await keep(store, host)
    async with store.begin() as uow:
        uow.connections.put(a_connection(host), Grant("access", "refresh", NOW, frozenset({"scope"})))
    await keep_ways_in(store.begin, host)
    sealed = "select sealed_grant from provider_connections union all select sealed_access from calendar_connections"
    before = await store.pool.fetch(sealed)

    assert Resealed(0, 0, 0, 0) == await reseal(store.pool, TokenVault([KEY, NEW_KEY]))
    assert before == await store.pool.fetch(sealed)


async def test_a_lost_key_is_named_and_keeps_nothing_else_from_being_sealed_again(
    postgres_store: StoreInPostgres,
) -> None:
    store, hosts = postgres_store, [a_host(), a_host()]
    await keep(store, *hosts)
    sealed_by_lost = PostgresStore(store.pool, TokenVault([LOST_KEY]))
    for begin, host in zip((sealed_by_lost.begin, store.begin), hosts, strict=True):
        async with begin() as uow:
            uow.connections.put(a_connection(host), Grant("access", "refresh", NOW, frozenset({"scope"})))
        await keep_ways_in(begin, host)

    done = await reseal(store.pool, TokenVault([NEW_KEY, KEY]))

    assert (1, 3) == (done.grants, done.calendars)
    lost = (*done.lost_grants, *done.lost_calendars)
    assert [True] * 4 == [TokenVault([LOST_KEY]).key_id in each for each in lost]


async def test_grants_are_sealed_again_while_others_are_refreshed(postgres_store: StoreInPostgres) -> None:
    store, hosts = postgres_store, [a_host() for _ in range(20)]
    await keep(store, *hosts)

    async def put(begin: Begin, host: Host, token: str) -> None:
        async with begin() as uow:
            uow.connections.put(a_connection(host), Grant("access", token, NOW, frozenset({"scope"})))

    for host in hosts:
        await put(store.begin, host, "old")
    rotated = PostgresStore(store.pool, TokenVault([NEW_KEY, KEY]))

    await asyncio.gather(
        reseal(store.pool, TokenVault([NEW_KEY, KEY])),
        *(put(rotated.begin, host, "new") for host in hosts),
    )

    alone = PostgresStore(store.pool, TokenVault([NEW_KEY]))
    async with alone.begin() as uow:
        found = [await uow.connections.grant(host.id, "zoom") for host in hosts]
    assert {"new"} == {each.refresh_token for each in found if each}


async def test_ways_into_calendars_are_sealed_again_while_others_are_refreshed(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host()
    await keep(store, host)
    ids = [CalendarConnectionId(f"k{number}") for number in range(20)]

    def access(token: str) -> SignedIn:
        return SignedIn(Grant("access", token, NOW, frozenset()))

    async with store.begin() as uow:
        for each in ids:
            uow.calendar_connections.add(
                CalendarConnection(each, host.id, "google", "a@example.com", NOW, login=each), access("old")
            )
    rotated = PostgresStore(store.pool, TokenVault([NEW_KEY, KEY]))

    async def refresh(connection_id: CalendarConnectionId) -> None:
        async with rotated.begin() as uow:
            uow.calendar_connections.put_access(connection_id, access("new"))

    await asyncio.gather(reseal(store.pool, TokenVault([NEW_KEY, KEY])), *map(refresh, ids))

    alone = PostgresStore(store.pool, TokenVault([NEW_KEY]))
    async with alone.begin() as uow:
        assert [access("new")] * 20 == [await uow.calendar_connections.access(each) for each in ids]


def a_request(host: Host, state: str, *, expires_at: datetime) -> AuthorizationRequest:
    return AuthorizationRequest(state, ForMeetings("zoom"), host.id, "session", "verifier", expires_at)
