"""Prove that it is the host who knows the password, and change it."""

from dataclasses import dataclass

from application.accounts.ask_for_mail import ask, mail_to, withdraw_confirmations
from application.accounts.new_password import CheckPassword
from application.actor import HostActor
from application.ports.account_storage import Account
from application.ports.accounts import Passwords, Sessions
from application.ports.clock import Clock, Ids
from application.ports.storage import Begin
from application.spend_budget import SpendBudget
from domain.budgets import SIGN_IN_FAILURES, Bucket
from domain.errors import Checks, NotFound, Unauthorized
from domain.faults import Mismatch, Required
from domain.host import Host
from domain.ids import HostId
from domain.origin import Origin
from domain.password import is_too_long
from domain.person import LONGEST_EMAIL
from domain.text import one_line


@dataclass(frozen=True)
class ProvePassword:
    begin: Begin
    passwords: Passwords
    spend: SpendBudget

    async def __call__(self, email: str, password: str) -> Account:
        """Return the account whose address and password these are.

        Raises:
            Unauthorized: the same words, after the same work, whether the address or the password is wrong.
            TooManyRequests: ten failures for this address within a quarter of an hour.
            Overloaded: too many wait to be told apart; this try doesn't count.
        """
        # Nobody's address has control characters, and no store has to cope with them.
        email = one_line(email, LONGEST_EMAIL)
        # First, so that who is turned away for want of a place has not lost one of their tries.
        with self.passwords.queued():
            # Counted before the password is looked at, or tries that are made at once would all get through.
            await self.spend(_failures(email))
            async with self.begin() as uow:
                account = await uow.accounts.find(email)
            known = await self.passwords.matches(
                "" if is_too_long(password) else password, None if account is None else account.password_hash
            )
        if account is None or not known:
            raise Unauthorized("wrong-password")
        await self.forget_failures(email)
        return account

    async def of(self, host_id: HostId, password: str, field: str, checks: Checks) -> Host:
        """Return the host, and check that it is their password. Raises NotFound and TooManyRequests."""
        async with self.begin() as uow:
            host = await uow.hosts.get(host_id)
        if host is None:
            raise account_gone()
        if not password:
            checks.note(field, Required())
            return host
        try:
            await self(host.email, password)
        except Unauthorized:
            checks.note(field, Mismatch())
        return host

    async def forget_failures(self, email: str) -> None:
        await self.spend.forget(_failures(email))


@dataclass(frozen=True)
class SignIn:
    prove: ProvePassword
    sessions: Sessions
    clock: Clock

    async def __call__(self, email: str, password: str, origin: Origin | None = None) -> str:
        """Open a session for who knows the password, and return its token. Raises like `ProvePassword`."""
        account = await self.prove(email, password)
        return await self.at_once(account.host, origin)

    async def at_once(self, host: Host, origin: Origin | None = None) -> str:
        """Open a session for who has just signed up."""
        return await self.sessions.open(host.id, self.clock(), origin)


@dataclass(frozen=True)
class SignOutEverywhere:
    begin: Begin

    async def __call__(self, actor: HostActor) -> None:
        """Raises Forbidden."""
        host_id = actor.require("account:write")
        async with self.begin() as uow:
            uow.accounts.end_sessions(host_id)


@dataclass(frozen=True)
class ChangePassword:
    begin: Begin
    check_password: CheckPassword
    passwords: Passwords
    prove: ProvePassword
    sessions: Sessions
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, current: str, new: str, *, revoke_tokens: bool = False) -> str:
        """Set a new password, end every session of the host, and return the token of a new one.

        API tokens are kept, unless they are to be revoked as well. A link that would change the address is worthless
        too: maybe it wasn't the host who had asked for it.

        Raises:
            Forbidden
            InvalidInput: `password` or `current_password`.
            TooManyRequests: the present password was wrong too often.
        """
        host_id = actor.require("account:write")
        checks = Checks()
        host = await self.prove.of(host_id, current, "current_password", checks)
        checks.run(None, self.check_password, new, host.email, host.name, host.handle)
        checks.done()
        with self.passwords.queued():
            password_hash = await self.passwords.hash(new)
        now = self.clock()
        async with self.begin() as uow:
            host = await uow.hosts.lock(host_id)
            account = await uow.accounts.get(host_id)
            if host is None or account is None or account.closed_at is not None:
                raise account_gone()
            uow.accounts.set_password(host.id, password_hash)
            uow.accounts.end_sessions(host.id)
            if revoke_tokens:
                uow.accounts.revoke_api_tokens(host.id)
            uow.mail_tokens.forget(host.id, "reset")
            withdraw_confirmations(uow, host.id)
            ask(uow, mail_to(host, "password_changed", self.ids.new_id(), now))
        return await self.sessions.open(host.id, now, actor.origin)


def account_gone() -> NotFound:
    return NotFound("account")


def _failures(email: str) -> Bucket:
    return SIGN_IN_FAILURES.of(email.lower())
