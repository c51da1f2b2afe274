"""The suppression list in PostgreSQL."""

from datetime import datetime

from adapters.postgres.digests import digest_of
from adapters.postgres.transaction import Transaction
from domain.mailbox import mailbox_of

_LINK = """
    insert into unsubscribe_links (digest, mailbox_digest, made_at) values ($1, $2, $3)
    on conflict (digest) do nothing
"""

_IS_SUPPRESSED = """
    select s.mailbox_digest is not null as suppressed
    from unsubscribe_links as l left join suppressed_mailboxes as s using (mailbox_digest)
    where l.digest = $1
"""

_SUPPRESS = """
    insert into suppressed_mailboxes (mailbox_digest, since)
    select mailbox_digest, $2 from unsubscribe_links where digest = $1
    on conflict (mailbox_digest) do nothing
"""

_LIFT = """
    delete from suppressed_mailboxes as s using unsubscribe_links as l
    where l.digest = $1 and s.mailbox_digest = l.mailbox_digest
"""


class PostgresSuppressions:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def holds(self, email: str, /) -> bool:
        sql = "select true from suppressed_mailboxes where mailbox_digest = $1"
        return await self._transaction.read(sql, digest_of(mailbox_of(email))) is not None

    def link(self, token: str, email: str, at: datetime, /) -> None:
        self._transaction.write(_LINK, digest_of(token), digest_of(mailbox_of(email)), at)

    async def is_suppressed(self, token: str, /) -> bool | None:
        row = await self._transaction.read(_IS_SUPPRESSED, digest_of(token))
        return None if row is None else row["suppressed"]

    def suppress(self, token: str, at: datetime, /) -> None:
        self._transaction.write(_SUPPRESS, digest_of(token), at)

    def lift(self, token: str, /) -> None:
        self._transaction.write(_LIFT, digest_of(token))
