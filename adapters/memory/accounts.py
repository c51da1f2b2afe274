"""Sessions, API tokens, trips to a provider, limits and passwords in memory."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from application.ports.accounts import Astray, Authorization
from domain.ids import HostId


class MemoryPasswords:
    """Quick, and no protection at all."""

    async def hash(self, password: str, /) -> str:
        return sha256(password.encode()).hexdigest()

    async def matches(self, password: str, password_hash: str | None, /) -> bool:
        return await self.hash(password) == password_hash


class MemorySessions:
    def __init__(self) -> None:
        self._sessions: dict[str, tuple[HostId, datetime]] = {}

    async def open(self, host_id: HostId, until: datetime, /) -> str:
        token = secrets.token_urlsafe()
        self._sessions[token] = (host_id, until)
        return token

    async def host_of(self, token: str, now: datetime, /) -> HostId | None:
        session = self._sessions.get(token)
        if session is None:
            return None
        host_id, until = session
        return host_id if now < until else None

    async def close(self, token: str, /) -> None:
        self._sessions.pop(token, None)


class MemoryApiTokens:
    def __init__(self) -> None:
        self._tokens: dict[str, HostId] = {}

    async def issue(self, host_id: HostId, name: str, now: datetime, /) -> str:  # noqa: ARG002 - nothing asks for them
        token = secrets.token_urlsafe()
        self._tokens[token] = host_id
        return token

    async def host_of(self, token: str, /) -> HostId | None:
        return self._tokens.get(token)


class MemoryAuthorizations:
    def __init__(self) -> None:
        self._trips: dict[str, Authorization] = {}
        self._used: set[str] = set()

    async def remember(self, authorization: Authorization, /) -> None:
        self._trips[authorization.state] = authorization

    async def take(self, state: str, session: str, /) -> Authorization | Astray:
        trip = self._trips.get(state)
        if trip is None:
            return Astray.UNKNOWN
        if trip.session != session:
            return Astray.ELSEWHERE
        if state in self._used:
            return Astray.USED
        self._used.add(state)
        return trip


class MemoryRateLimiter:
    """A window begins with the first try that no other window covers."""

    def __init__(self) -> None:
        self._windows: dict[str, tuple[datetime, int]] = {}

    async def hit(self, key: str, limit: int, window: timedelta, now: datetime, /) -> timedelta | None:
        began_at, tries = self._window(key, window, now)
        self._windows[key] = (began_at, tries + 1)
        return began_at + window - now if tries >= limit else None

    async def wait(self, key: str, limit: int, window: timedelta, now: datetime, /) -> timedelta | None:
        began_at, tries = self._window(key, window, now)
        return began_at + window - now if tries >= limit else None

    def _window(self, key: str, window: timedelta, now: datetime) -> tuple[datetime, int]:
        began_at, tries = self._windows.get(key, (now, 0))
        return (began_at, tries) if now < began_at + window else (now, 0)
