"""API tokens, authorization requests and passwords in memory."""

import secrets
from collections.abc import Collection
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count

import msgspec

from adapters.memory.state import State, StoredApiToken, is_open
from application.ports.accounts import ApiToken, AuthorizationRequest, InvalidState
from domain.ids import HostId

_TO_THE_HOUR = timedelta(hours=1)


class MemoryPasswords:
    """Quick, and no protection at all."""

    def queued(self) -> AbstractContextManager[None]:
        return nullcontext()

    async def hash(self, password: str, /) -> str:
        return sha256(password.encode()).hexdigest()

    async def matches(self, password: str, password_hash: str | None, /) -> bool:
        return await self.hash(password) == password_hash


class MemoryBlocklist:
    """A few for tests to choose from."""

    def covers(self, password: str, words: Collection[str], /) -> bool:
        folded = password.casefold()
        letters = set(folded)
        made_of = any(each.casefold() in folded and len(folded) <= 2 * len(each) for each in words)
        return folded in {"password1234", "qwertyuiop12", "123456789012"} or len(letters) == 1 or made_of


class MemoryApiTokens:
    def __init__(self, state: State) -> None:
        self._state = state
        self._ids = count(1)

    async def issue(self, host_id: HostId, name: str, now: datetime, /) -> str:
        token = secrets.token_urlsafe()
        shown = ApiToken(f"api-token-{next(self._ids):06}", name, now, None)
        self._state.tables.api_tokens[token] = StoredApiToken(host_id, shown)
        return token

    async def host_of(self, token: str, now: datetime, /) -> HostId | None:
        stored = self._state.tables.api_tokens.get(token)
        if stored is None or not is_open(self._state, stored.host_id):
            return None
        last = stored.shown.last_used_at
        if last is None or last <= now - _TO_THE_HOUR:
            shown = msgspec.structs.replace(stored.shown, last_used_at=now)
            self._state.tables.api_tokens[token] = StoredApiToken(stored.host_id, shown)
        return stored.host_id

    async def of(self, host_id: HostId, /) -> tuple[ApiToken, ...]:
        theirs = [each.shown for each in self._state.tables.api_tokens.values() if each.host_id == host_id]
        return tuple(sorted(theirs, key=lambda each: (each.created_at, each.id), reverse=True))

    async def revoke(self, host_id: HostId, token_id: str, /) -> bool:
        tokens = self._state.tables.api_tokens
        for token, each in tokens.items():
            if (each.host_id, each.shown.id) == (host_id, token_id):
                del tokens[token]
                return True
        return False


class MemoryAuthorizations:
    def __init__(self) -> None:
        self._requests: dict[str, AuthorizationRequest] = {}
        self._used: set[str] = set()

    async def remember(self, request: AuthorizationRequest, /) -> None:
        self._requests[request.state] = request

    async def take(self, state: str, session: str, /) -> AuthorizationRequest | InvalidState:
        request = self._requests.get(state)
        if request is None:
            return InvalidState.UNKNOWN
        if request.session != session:
            return InvalidState.ELSEWHERE
        if state in self._used:
            return InvalidState.USED
        self._used.add(state)
        return request
