from datetime import datetime, timedelta

from adapters.postgres.connections import grant_identity
from adapters.postgres.housekeeping import reseal, sweep
from adapters.vault.tokens import TokenVault
from application.ports.accounts import Authorization
from application.ports.provider import Grant
from domain.host import Host
from tests.contract.store import keep
from tests.support.builders import NOW, a_connection, a_host
from tests.support.postgres import KEY, StoreInPostgres

A_MINUTE = timedelta(minutes=1)
NEW_KEY = b"k" * 32


async def test_what_has_ended_is_swept_out_and_what_lasts_stays(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host()
    await keep(store, host)
    for until in (NOW, NOW + A_MINUTE):
        await store.sessions.open(host.id, until)
    for expires_at in (NOW - timedelta(days=1), NOW):
        await store.authorizations.remember(a_trip(host, f"state {expires_at}", expires_at=expires_at))
    await store.rate_limiter.hit("ended", 1, A_MINUTE, NOW - A_MINUTE)
    await store.rate_limiter.hit("running", 1, A_MINUTE, NOW)

    await sweep(store.pool, NOW)

    counts = "select (select count(*) from sessions), (select count(*) from authorizations)"
    [row] = await store.pool.fetch(f"{counts}, (select count(*) from rate_limits)")
    assert [1, 1, 1] == list(row)


async def test_grants_sealed_again_open_with_the_new_key_alone(postgres_store: StoreInPostgres) -> None:
    store, host = postgres_store, a_host()
    await keep(store, host)
    async with store.begin() as uow:
        uow.connections.put(a_connection(host), Grant("access", "refresh", NOW, frozenset({"scope"})))

    resealed = await reseal(store.pool, TokenVault([NEW_KEY, KEY]))

    sealed = await store.pool.fetchval("select sealed_grant from provider_connections")
    assert 1 == resealed
    assert b"refresh" in TokenVault([NEW_KEY]).open(sealed, grant_identity(host.id, "zoom"))


def a_trip(host: Host, state: str, *, expires_at: datetime) -> Authorization:
    return Authorization(state, "zoom", host.id, "session", "verifier", expires_at)
