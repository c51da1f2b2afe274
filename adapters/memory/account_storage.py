"""Accounts, links in mails and mails about accounts in memory."""

from datetime import datetime

import msgspec

from adapters.memory.hosts import host_row
from adapters.memory.state import StoredHandle, StoredSession, Tables
from adapters.memory.transaction import MemoryTransaction
from adapters.memory.webhooks import forget_webhooks
from application.jobs import BookingJob, MailBookingJob
from application.ports.account_storage import Account, AccountMail, AccountMailKind, MailToken, Purpose
from domain.ids import HostId, SessionId


class MemoryAccounts:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def get(self, host_id: HostId, /) -> Account | None:
        return (await self._transaction.read()).hosts.get(host_id)

    async def find(self, email: str, /) -> Account | None:
        for stored in (await self._transaction.read()).hosts.values():
            if email.isascii() and stored.host.email.lower() == email.lower():
                return stored
        return None

    def confirm_email(self, host_id: HostId, at: datetime | None) -> None:
        self._change(host_id, email_confirmed_at=at)

    def set_password(self, host_id: HostId, password_hash: str) -> None:
        self._change(host_id, password_hash=password_hash)

    def confirm_session(self, host_id: HostId, session_id: SessionId, at: datetime) -> None:
        def change(tables: Tables) -> None:
            for token, stored in tables.sessions.items():
                if (stored.host_id, stored.session.id) == (host_id, session_id):
                    tables.sessions[token] = msgspec.structs.replace(stored, confirmed_at=at)

        self._transaction.stage(change)

    def end_sessions(self, host_id: HostId, *, but: SessionId | None = None) -> None:
        def change(tables: Tables) -> None:
            tables.sessions = {
                token: each
                for token, each in tables.sessions.items()
                if each.host_id != host_id or each.session.id == but
            }

        self._transaction.stage(change)

    async def end_session(self, host_id: HostId, session_id: SessionId, /) -> bool:
        def is_it(each: StoredSession) -> bool:
            return (each.host_id, each.session.id) == (host_id, session_id)

        def change(tables: Tables) -> None:
            tables.sessions = {token: each for token, each in tables.sessions.items() if not is_it(each)}

        self._transaction.stage(change)
        return any(map(is_it, (await self._transaction.read()).sessions.values()))

    async def has_session(self, host_id: HostId, session_id: SessionId, /) -> bool:
        sessions = (await self._transaction.read()).sessions.values()
        return any((each.host_id, each.session.id) == (host_id, session_id) for each in sessions)

    def revoke_api_tokens(self, host_id: HostId, *, made_before: datetime | None = None) -> None:
        def change(tables: Tables) -> None:
            tables.api_tokens = {
                token: each
                for token, each in tables.api_tokens.items()
                if each.host_id != host_id or (made_before and each.created_at >= made_before)
            }

        self._transaction.stage(change)

    def close(self, host_id: HostId, at: datetime) -> None:
        self._change(host_id, closed_at=at, password_hash=None)
        self.end_sessions(host_id)
        self.revoke_api_tokens(host_id)
        self._transaction.stage(lambda tables: _forget_mail_tokens(tables, host_id))

    async def has_mails_to_send(self, host_id: HostId, /) -> bool:
        tables = await self._transaction.read()
        theirs = {each.id for each in tables.bookings.values() if each.host_id == host_id}
        jobs = (stored.job for stored in tables.outbox.values())
        return any(isinstance(each, MailBookingJob) and each.booking_id in theirs for each in jobs)

    def erase(self, host_id: HostId, handles_end_at: datetime) -> None:
        def change(tables: Tables) -> None:
            stored = tables.hosts.pop(host_id, None)
            if stored is None:
                return
            for handle, left in list(tables.former_handles.items()):
                if left.host_id == host_id:
                    tables.former_handles[handle] = StoredHandle(None, left.ends_at)
            tables.former_handles[stored.host.handle] = StoredHandle(None, handles_end_at)
            _forget_mail_tokens(tables, host_id)
            _forget_bookings(tables, host_id)
            tables.schedules = {key: each for key, each in tables.schedules.items() if each.host_id != host_id}
            tables.pages = {key: each for key, each in tables.pages.items() if each.host_id != host_id}
            tables.connections = {key: each for key, each in tables.connections.items() if key[0] != host_id}
            tables.passkeys = {key: each for key, each in tables.passkeys.items() if each.host_id != host_id}
            tables.pictures = {key: each for key, each in tables.pictures.items() if key[0] != host_id}
            tables.security_events.pop(host_id, None)
            forget_webhooks(host_id, tables)

        self.end_sessions(host_id)
        self.revoke_api_tokens(host_id)
        self._transaction.stage(change, host_row(host_id))

    def _change(self, host_id: HostId, **changes: object) -> None:
        def change(tables: Tables) -> None:
            stored = tables.hosts.get(host_id)
            if stored is not None:
                tables.hosts[host_id] = msgspec.structs.replace(stored, **changes)

        self._transaction.stage(change, host_row(host_id))


class MemoryMailTokens:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def remember(self, token: str, means: MailToken) -> None:
        def change(tables: Tables) -> None:
            tables.mail_tokens[token] = means

        self._transaction.stage(change)

    async def find(self, token: str, purpose: Purpose, now: datetime, /) -> MailToken | None:
        found = (await self._transaction.read()).mail_tokens.get(token)
        return found if found is not None and found.purpose == purpose and found.expires_at > now else None

    async def take(self, token: str, purpose: Purpose, now: datetime, /) -> MailToken | None:
        await self._transaction.lock(("mail token", token))
        found = await self.find(token, purpose, now)

        def change(tables: Tables) -> None:
            tables.mail_tokens.pop(token, None)

        if found is not None:
            self._transaction.stage(change)
        return found

    def forget(self, host_id: HostId, purpose: Purpose) -> None:
        self._transaction.stage(lambda tables: _forget_mail_tokens(tables, host_id, purpose))


class MemoryAccountMails:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def ask(self, mail: AccountMail) -> None:
        def change(tables: Tables) -> None:
            tables.account_mails[mail.id] = mail

        self._transaction.stage(change)

    async def get(self, mail_id: str, /) -> AccountMail | None:
        return (await self._transaction.read()).account_mails.get(mail_id)

    def forget(self, mail_id: str) -> None:
        def change(tables: Tables) -> None:
            tables.account_mails.pop(mail_id, None)

        self._transaction.stage(change)

    def withdraw(self, host_id: HostId, kind: AccountMailKind) -> None:
        def change(tables: Tables) -> None:
            kept = {
                key: each for key, each in tables.account_mails.items() if (each.host_id, each.kind) != (host_id, kind)
            }
            tables.account_mails = kept

        self._transaction.stage(change)


def _forget_mail_tokens(tables: Tables, host_id: HostId, purpose: Purpose | None = None) -> None:
    for token, means in list(tables.mail_tokens.items()):
        if means.host_id == host_id and purpose in {None, means.purpose}:
            del tables.mail_tokens[token]


def _forget_bookings(tables: Tables, host_id: HostId) -> None:
    theirs = {each.id for each in tables.bookings.values() if each.host_id == host_id}
    tables.bookings = {key: each for key, each in tables.bookings.items() if key not in theirs}
    tables.timeline = {key: each for key, each in tables.timeline.items() if key not in theirs}
    tables.mailed = {key: each for key, each in tables.mailed.items() if key[0] not in theirs}
    tables.guest_tokens = {key: each for key, each in tables.guest_tokens.items() if each not in theirs}
    tables.keys = {key: each for key, each in tables.keys.items() if each[0] not in theirs}
    tables.outbox = {
        name: stored
        for name, stored in tables.outbox.items()
        if not (isinstance(stored.job, BookingJob) and stored.job.booking_id in theirs)
    }
