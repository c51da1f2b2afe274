"""Connections as they are stored, with their grants."""

from datetime import datetime, timedelta

from application.ports.oauth import Grant
from domain.connection import ProviderConnection
from tests.support.builders import NOW
from tests.support.store import Store


def a_grant(name: str = "first", expires_at: datetime = NOW + timedelta(hours=1)) -> Grant:
    return Grant(
        access_token=f"{name}-access-token",
        refresh_token=f"{name}-refresh-tökén",
        expires_at=expires_at,
        scopes=frozenset({"user:read:user", "meeting:write:meeting"}),
    )


async def put(store: Store, connection: ProviderConnection, grant: Grant) -> None:
    async with store.begin() as uow:
        uow.connections.put(connection, grant)
