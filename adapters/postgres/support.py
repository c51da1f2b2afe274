"""Support conversations, and the pictures of theirs that are still to be mailed."""

from datetime import datetime

import msgspec

from adapters.postgres.changes import CHANNEL
from adapters.postgres.digests import digest_of
from adapters.postgres.pool import Row
from adapters.postgres.tables import SUPPORT_THREADS
from adapters.postgres.transaction import Transaction, check_saved
from application.ports.support import Screenshot
from application.ports.vault import Unopenable, Vault
from domain.ids import SupportThreadId, SupportToken
from domain.support_thread import SupportThread

_ADD = f"""
    insert into support_threads ({SUPPORT_THREADS.columns}, token_digest, sealed_token)
    values ({SUPPORT_THREADS.placeholders(beside=2)})
"""

_SAVE = f"""
    with stored as (
        update support_threads
        set ({SUPPORT_THREADS.columns}) = ({SUPPORT_THREADS.placeholders()}), version = version + 1
        where id = $1 and version = ${SUPPORT_THREADS.after}
        returning id
    )
    select pg_notify('{CHANNEL}', id) from stored
"""

_KEEP_SCREENSHOT = "insert into support_screenshots (thread_id, number, content, kind) values ($1, $2, $3, $4)"

_SELECT = f"select {SUPPORT_THREADS.select} from support_threads as s"

_WAITING = f"{_SELECT} where s.waiting_since is not null and s.last_at > $1 order by s.waiting_since, s.id limit $2"


class PostgresSupportThreads:
    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    def add(self, thread: SupportThread, screenshot: Screenshot | None = None) -> None:
        if thread.token is None:
            raise ValueError("a new conversation has a token")
        sealed = self._vault.seal(thread.token.encode(), thread_identity(thread.id))
        self._transaction.write(_ADD, *SUPPORT_THREADS.args(thread), digest_of(thread.token), sealed)
        self._keep(screenshot, thread)

    async def get(self, thread_id: SupportThreadId, /) -> SupportThread | None:
        return self._read(await self._transaction.read(f"{_SELECT} where s.id = $1", thread_id))

    async def lock(self, thread_id: SupportThreadId, /) -> SupportThread | None:
        return self._read(await self._transaction.lock(f"{_SELECT} where s.id = $1 for no key update", thread_id))

    async def of_visitor(self, token: SupportToken, /) -> SupportThread | None:
        row = await self._transaction.read(f"{_SELECT} where s.token_digest = $1", digest_of(token))
        return self._read(row, token)

    async def lock_of_visitor(self, token: SupportToken, /) -> SupportThread | None:
        sql = f"{_SELECT} where s.token_digest = $1 for no key update"
        return self._read(await self._transaction.lock(sql, digest_of(token)), token)

    def save(self, thread: SupportThread, screenshot: Screenshot | None = None) -> None:
        self._transaction.write(_SAVE, *SUPPORT_THREADS.args(thread), thread.version, check=check_saved)
        self._keep(screenshot, thread)

    async def waiting(self, active_after: datetime, limit: int, /) -> tuple[SupportThread, ...]:
        rows = await self._transaction.read_all(_WAITING, active_after, limit)
        return tuple(thread for row in rows if (thread := self._read(row)))

    async def screenshot(self, thread_id: SupportThreadId, number: int, /) -> Screenshot | None:
        sql = "select content, kind from support_screenshots where thread_id = $1 and number = $2"
        row = await self._transaction.read(sql, thread_id, number)
        return None if row is None else Screenshot(row["content"], row["kind"])

    def drop_screenshot(self, thread_id: SupportThreadId, number: int) -> None:
        sql = "delete from support_screenshots where thread_id = $1 and number = $2"
        self._transaction.write(sql, thread_id, number)

    def _keep(self, screenshot: Screenshot | None, thread: SupportThread) -> None:
        if screenshot is not None:
            number = len(thread.messages) - 1
            self._transaction.write(_KEEP_SCREENSHOT, thread.id, number, screenshot.content, screenshot.kind)

    def _read(self, row: Row | None, token: SupportToken | None = None) -> SupportThread | None:
        """The `token` that a conversation was found by needs no opening."""
        if row is None:
            return None
        thread = SUPPORT_THREADS.read(row)
        return msgspec.structs.replace(thread, token=token or self._opened(row["s_sealed_token"], thread.id))

    def _opened(self, sealed: bytes, thread_id: SupportThreadId) -> SupportToken | None:
        try:
            return SupportToken(self._vault.open(sealed, thread_identity(thread_id)).decode())
        except Unopenable:
            return None


def thread_identity(thread_id: SupportThreadId) -> str:
    """The row that a sealed token belongs to; it can't be opened as another's."""
    return f"support_threads:{thread_id}"
