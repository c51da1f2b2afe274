"""Storage of what belongs to an account beside its host: proofs, mailed links, pending mails."""

from datetime import datetime

from adapters.postgres.digests import digest_of
from adapters.postgres.pool import Row
from adapters.postgres.tables import ACCOUNT_MAILS, HOSTS, MAIL_TOKENS
from adapters.postgres.transaction import Transaction
from application.jobs import MailBookingJob, tag_of
from application.ports.account_storage import Account, AccountMail, AccountMailKind, MailToken, Purpose
from domain.ids import HostId, SessionId

_ACCOUNT = f"select {HOSTS.select}, h.password_hash, h.email_confirmed_at, h.closed_at from hosts as h"

# Those that occupy their time and those that don't have an index each, and no index has both.
_THEIRS = "(bookings.host_id = $1 and status <> 'cancelled' or bookings.host_id = $1 and status = 'cancelled')"

# A job locks its booking before its row in the outbox.
_LOCK_THEIRS = f"select from bookings where {_THEIRS} order by id for update"

_CANCEL_THEIR_JOBS = f"""
    delete from outbox using bookings where {_THEIRS} and outbox.payload ->> 'booking_id' = bookings.id
"""

_KEEP_HANDLE = """
    insert into former_handles (handle, host_id, ends_at) select handle, null, $2 from hosts where id = $1
    on conflict (handle) do update set host_id = null, ends_at = excluded.ends_at
"""

_HAS_MAILS_TO_SEND = """
    select from outbox join bookings on bookings.id = outbox.payload ->> 'booking_id'
    where outbox.job = $2 and bookings.host_id = $1
    limit 1
"""


class PostgresAccounts:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, host_id: HostId, /) -> Account | None:
        return _account(await self._transaction.read(f"{_ACCOUNT} where h.id = $1", host_id))

    async def find(self, email: str, /) -> Account | None:
        if not email.isascii():
            return None
        return _account(await self._transaction.read(f"{_ACCOUNT} where lower(h.email) = lower($1)", email))

    def confirm_email(self, host_id: HostId, at: datetime | None) -> None:
        self._transaction.write("update hosts set email_confirmed_at = $2 where id = $1", host_id, at)

    def set_password(self, host_id: HostId, password_hash: str) -> None:
        self._transaction.write("update hosts set password_hash = $2 where id = $1", host_id, password_hash)

    def confirm_session(self, host_id: HostId, session_id: SessionId, at: datetime) -> None:
        sql = "update sessions set confirmed_at = $3 where id = $2 and host_id = $1"
        self._transaction.write(sql, host_id, session_id, at)

    def end_sessions(self, host_id: HostId, *, but: SessionId | None = None) -> None:
        self._transaction.write("delete from sessions where host_id = $1 and id is distinct from $2", host_id, but)

    async def end_session(self, host_id: HostId, session_id: SessionId, /) -> bool:
        sql = "delete from sessions where host_id = $1 and id = $2 returning true"
        return await self._transaction.lock(sql, host_id, session_id) is not None

    async def has_session(self, host_id: HostId, session_id: SessionId, /) -> bool:
        sql = "select true from sessions where host_id = $1 and id = $2"
        return await self._transaction.read(sql, host_id, session_id) is not None

    def revoke_api_tokens(self, host_id: HostId, *, made_before: datetime | None = None) -> None:
        self._transaction.write(
            "delete from api_tokens where host_id = $1 and created_at < coalesce($2::timestamptz, 'infinity')",
            host_id,
            made_before,
        )

    def close(self, host_id: HostId, at: datetime) -> None:
        self._transaction.write("update hosts set closed_at = $2, password_hash = null where id = $1", host_id, at)
        self.end_sessions(host_id)
        self.revoke_api_tokens(host_id)
        self._transaction.write("delete from mail_tokens where host_id = $1", host_id)

    async def has_mails_to_send(self, host_id: HostId, /) -> bool:
        return await self._transaction.read(_HAS_MAILS_TO_SEND, host_id, tag_of(MailBookingJob)) is not None

    def erase(self, host_id: HostId, handles_end_at: datetime) -> None:
        self._transaction.write(_LOCK_THEIRS, host_id)
        self._transaction.write(_CANCEL_THEIR_JOBS, host_id)
        self._transaction.write(f"delete from bookings where {_THEIRS}", host_id)
        self._transaction.write(_KEEP_HANDLE, host_id, handles_end_at)
        # What else refers to the host goes with the row.
        self._transaction.write("delete from hosts where id = $1", host_id)


class PostgresMailTokens:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def remember(self, token: str, means: MailToken) -> None:
        sql = f"""
            insert into mail_tokens ({MAIL_TOKENS.columns}, digest)
            values ({MAIL_TOKENS.placeholders(beside=1)})
        """
        self._transaction.write(sql, *MAIL_TOKENS.args(means), digest_of(token))

    async def find(self, token: str, purpose: Purpose, now: datetime, /) -> MailToken | None:
        sql = f"""
            select {MAIL_TOKENS.select} from mail_tokens as t
            where t.digest = $1 and t.purpose = $2 and t.expires_at > $3
        """
        row = await self._transaction.read(sql, digest_of(token), purpose, now)
        return None if row is None else MAIL_TOKENS.read(row)

    async def take(self, token: str, purpose: Purpose, now: datetime, /) -> MailToken | None:
        sql = f"""
            delete from mail_tokens as t where t.digest = $1 and t.purpose = $2 and t.expires_at > $3
            returning {MAIL_TOKENS.select}
        """
        row = await self._transaction.lock(sql, digest_of(token), purpose, now)
        return None if row is None else MAIL_TOKENS.read(row)

    def forget(self, host_id: HostId, purpose: Purpose) -> None:
        self._transaction.write("delete from mail_tokens where host_id = $1 and purpose = $2", host_id, purpose)


class PostgresAccountMails:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def ask(self, mail: AccountMail) -> None:
        sql = f"insert into account_mails ({ACCOUNT_MAILS.columns}) values ({ACCOUNT_MAILS.placeholders()})"
        self._transaction.write(sql, *ACCOUNT_MAILS.args(mail))

    async def get(self, mail_id: str, /) -> AccountMail | None:
        sql = f"select {ACCOUNT_MAILS.select} from account_mails as m where m.id = $1"
        row = await self._transaction.read(sql, mail_id)
        return None if row is None else ACCOUNT_MAILS.read(row)

    def forget(self, mail_id: str) -> None:
        self._transaction.write("delete from account_mails where id = $1", mail_id)

    def withdraw(self, host_id: HostId, kind: AccountMailKind) -> None:
        self._transaction.write("delete from account_mails where host_id = $1 and kind = $2", host_id, kind)


def _account(row: Row | None) -> Account | None:
    if row is None:
        return None
    return Account(HOSTS.read(row), row["password_hash"], row["email_confirmed_at"], row["closed_at"])
