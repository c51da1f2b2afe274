"""Connections in PostgreSQL whose grants this server can't open."""

import pytest

from adapters.postgres.unit_of_work import PostgresStore
from adapters.vault.tokens import TokenVault
from application.ports.oauth import Grant
from application.ports.vault import Unopenable
from domain.connection import Connected
from tests.support.builders import NOW, a_connection, a_host
from tests.support.postgres import StoreInPostgres
from tests.support.store import keep

GRANT = Grant("access", "refresh", NOW, frozenset({"scope"}))


async def test_the_state_of_a_connection_is_read_changed_and_removed_without_opening_its_grant(
    postgres_store: StoreInPostgres,
) -> None:
    host = a_host()
    connection = a_connection(host)
    await keep(postgres_store, host)
    async with postgres_store.begin() as uow:
        uow.connections.put(connection, GRANT)
    without_the_key = PostgresStore(postgres_store.pool, TokenVault([b"l" * 32]))

    assert [connection] == await postgres_store.views.connections(host.id)
    async with without_the_key.begin() as uow:
        assert connection == await uow.connections.get(host.id, "zoom")
        assert connection == await uow.connections.lock(host.id, "zoom")
        uow.connections.save(connection.made_a_meeting(NOW))
        with pytest.raises(Unopenable):
            await uow.connections.grant(host.id, "zoom")

    async with postgres_store.begin() as uow:
        found = await uow.connections.get(host.id, "zoom")
        assert found is not None
        assert (Connected(), NOW) == (found.state, found.last_meeting_at)
        assert GRANT == await uow.connections.grant(host.id, "zoom")
    async with without_the_key.begin() as uow:
        uow.connections.remove(host.id, "zoom")
    assert [] == await postgres_store.views.connections(host.id)
