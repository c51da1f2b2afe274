"""API tokens in memory."""

from datetime import datetime, timedelta

import msgspec

from adapters.memory.state import State, Tables, is_open
from adapters.memory.transaction import MemoryTransaction
from domain.api_token import ApiToken
from domain.ids import ApiTokenId, HostId

_TO_THE_HOUR = timedelta(hours=1)


class MemoryApiTokens:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, token: ApiToken, secret: str) -> None:
        def change(tables: Tables) -> None:
            tables.api_tokens[secret] = token

        self._transaction.stage(change)

    async def of(self, host_id: HostId, /) -> tuple[ApiToken, ...]:
        theirs = [each for each in (await self._transaction.read()).api_tokens.values() if each.host_id == host_id]
        return tuple(sorted(theirs, key=lambda each: (each.created_at, each.id), reverse=True))

    def remove(self, host_id: HostId, token_id: ApiTokenId) -> None:
        def change(tables: Tables) -> None:
            tables.api_tokens = {
                secret: each
                for secret, each in tables.api_tokens.items()
                if (each.host_id, each.id) != (host_id, token_id)
            }

        self._transaction.stage(change)


class MemoryBearerTokens:
    def __init__(self, state: State) -> None:
        self._state = state

    async def find(self, secret: str, now: datetime, /) -> ApiToken | None:
        tokens = self._state.tables.api_tokens
        found = tokens.get(secret)
        if found is None or not is_open(self._state, found.host_id):
            return None
        if not found.has_expired(now) and (found.last_used_at is None or found.last_used_at <= now - _TO_THE_HOUR):
            tokens[secret] = msgspec.structs.replace(found, last_used_at=now)
        return found
