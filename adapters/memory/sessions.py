"""Browser sessions in memory."""

import secrets
from datetime import datetime

import msgspec

from adapters.memory.state import State, StoredSession, is_open
from application.ports.accounts import OpenSession
from domain.ids import HostId, SessionId
from domain.origin import Origin
from domain.session import NOTED_EVERY, Session


class MemorySessions:
    def __init__(self, state: State) -> None:
        self._state = state

    async def open(
        self, host_id: HostId, now: datetime, origin: Origin | None = None, /, *, confirmed: bool = False
    ) -> str:
        token = secrets.token_urlsafe()
        session = Session(SessionId(secrets.token_hex(16)), now, now, origin)
        self._state.tables.sessions[token] = StoredSession(host_id, session, now if confirmed else None)
        return token

    async def find(self, token: str, now: datetime, origin: Origin | None = None, /) -> OpenSession | None:
        stored = self._state.tables.sessions.get(token)
        if stored is None or stored.session.is_over(now) or not is_open(self._state, stored.host_id):
            return None
        session = stored.session
        if now >= session.last_active_at + NOTED_EVERY:
            noted = msgspec.structs.replace(session, last_active_at=now, origin=origin)
            self._state.tables.sessions[token] = msgspec.structs.replace(stored, session=noted)
        return OpenSession(session.id, self._state.tables.hosts[stored.host_id].host, stored.confirmed_at)

    async def of(self, host_id: HostId, now: datetime, /) -> tuple[Session, ...]:
        theirs = [each.session for each in self._state.tables.sessions.values() if each.host_id == host_id]
        lasting = (each for each in theirs if not each.is_over(now))
        return tuple(sorted(lasting, key=lambda each: (each.last_active_at, each.id), reverse=True))

    async def close(self, token: str, /) -> None:
        self._state.tables.sessions.pop(token, None)
