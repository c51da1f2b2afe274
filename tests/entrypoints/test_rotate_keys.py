"""`timetuna rotate-keys`, as an operator types it."""

from base64 import b64encode
from pathlib import Path

from adapters.postgres.connections import grant_identity
from adapters.postgres.unit_of_work import PostgresStore
from adapters.vault.tokens import TokenVault
from application.ports.oauth import Grant
from domain.host import Host
from tests.support.builders import NOW, a_connection, a_host
from tests.support.postgres import KEY, StoreInPostgres
from tests.support.processes import Running, start_timetuna
from tests.support.store import keep
from tests.support.ways_in import WAYS_IN, keep_ways_in, opened_ways_in

NEW_KEY = bytes(range(32, 64))


def setting(*keys: bytes) -> str:
    return ",".join(b64encode(each).decode() for each in keys)


async def rotate(folder: Path, database_url: str, *keys: bytes) -> Running:
    environ = {"PATH": "/usr/bin:/bin", "TIMETUNA_DATABASE_URL": database_url, "TIMETUNA_SECRET_KEYS": setting(*keys)}
    running = await start_timetuna(folder / "rotate.log", "rotate-keys", environ=environ)
    await running.process.wait()
    return running


async def a_connected_host(store: StoreInPostgres) -> Host:
    host = a_host()
    await keep(store, host)
    async with store.begin() as uow:
        uow.connections.put(a_connection(host), Grant("access", "refresh", NOW, frozenset({"scope"})))
    await keep_ways_in(store.begin, host)
    return host


async def test_what_an_older_key_sealed_is_sealed_with_the_first(
    tmp_path: Path, database_url: str, postgres_store: StoreInPostgres
) -> None:
    host = await a_connected_host(postgres_store)

    ended = await rotate(tmp_path, database_url, NEW_KEY, KEY)

    sealed = await postgres_store.pool.fetchval("select sealed_grant from provider_connections")
    assert 0 == ended.process.returncode, ended.says()
    told = "Sealed 1 stored connection(s), 3 calendar(s), 0 webhook(s) and 0 guest link(s) again, with the key"
    assert f"{told} {TokenVault([NEW_KEY]).key_id}.\n" == ended.says()
    assert b"refresh" in TokenVault([NEW_KEY]).open(sealed, grant_identity(host.id, "zoom"))
    by_new_key = PostgresStore(postgres_store.pool, TokenVault([NEW_KEY]))
    assert WAYS_IN == await opened_ways_in(by_new_key.begin, host)


async def test_a_missing_key_is_named_in_one_line(
    tmp_path: Path, database_url: str, postgres_store: StoreInPostgres
) -> None:
    await a_connected_host(postgres_store)

    ended = await rotate(tmp_path, database_url, NEW_KEY)

    assert 1 == ended.process.returncode
    [line] = ended.says().splitlines()
    assert "4 could not be opened" in line
    assert f"The key {TokenVault([KEY]).key_id} sealed this" in line
    assert "Add the missing key to TIMETUNA_SECRET_KEYS" in line
    assert setting(NEW_KEY) not in line


async def test_without_keys_it_says_so(tmp_path: Path, database_url: str) -> None:
    ended = await rotate(tmp_path, database_url)

    assert 1 == ended.process.returncode
    assert ended.says().startswith("TIMETUNA_SECRET_KEYS is not set: ")
