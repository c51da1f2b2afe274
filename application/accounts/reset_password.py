"""Get back into an account whose password is forgotten."""

from dataclasses import dataclass
from datetime import datetime

from application.accounts.ask_for_mail import ask, mail_to, withdraw_confirmations
from application.accounts.distrust_webhooks import distrust_webhooks
from application.accounts.new_password import CheckPassword
from application.accounts.prove_password import failures_from
from application.actor import System
from application.calendars.disconnect_calendars import DisconnectCalendars
from application.decisions import apply_to_connection
from application.ports.accounts import Passwords
from application.ports.clock import Clock, Ids
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from domain.errors import NotFound
from domain.ids import HostId
from domain.origin import Origin
from domain.provider import PROVIDERS
from domain.security_events import PasswordReset


@dataclass(frozen=True)
class ResetPassword:
    begin: Begin
    check_password: CheckPassword
    passwords: Passwords
    spend: SpendBudget
    disconnect_calendars: DisconnectCalendars
    clock: Clock
    ids: Ids

    async def is_good(self, token: str) -> bool:
        """Whether the link still leads anywhere; looking doesn't use it up."""
        async with self.begin() as uow:
            return await uow.mail_tokens.find(token, "reset", self.clock()) is not None

    async def __call__(
        self, token: str, password: str, *, revoke_tokens: bool = False, origin: Origin | None = None
    ) -> None:
        """Set the password, once, and sign the host out of every browser; out of the API and webhooks where they wish.

        Whoever reads mail at an address may not be who signed up with it: another one can have made an API token before
        the owner pressed the button of our mail, or a webhook. Where nobody ever did, they prove now that it is theirs,
        and whatever the other one could still get in with, or learn of guests by, ends.

        Raises:
            InvalidInput: `password`; the link stays good.
            NotFound: the link was used, or is too old.
        """
        async with self.begin() as uow:
            means = await uow.mail_tokens.find(token, "reset", self.clock())
            host = await uow.hosts.get(means.host_id) if means else None
        if host is None:
            raise _gone()
        self.check_password(password, host.email, host.name, host.handle)
        with self.passwords.queued():
            password_hash = await self.passwords.hash(password)
        async with self.begin() as uow:
            account = await uow.accounts.get(host.id)
        if account is not None and account.email_confirmed_at is None:
            # Entries about guests would be written there. The link stays good until this has succeeded.
            await self.disconnect_calendars.all_of(System(), host.id)
        now = self.clock()
        async with self.begin() as uow:
            means = await uow.mail_tokens.find(token, "reset", now)
            host = await uow.hosts.lock(means.host_id) if means else None
            means = await uow.mail_tokens.take(token, "reset", now)
            if means is None or host is None or means.email != host.email:
                raise _gone()
            account = await uow.accounts.get(host.id)
            if account is None or account.closed_at is not None:
                raise _gone()
            if account.email_confirmed_at is None:
                uow.accounts.confirm_email(host.id, now)
                uow.passkeys.remove_all(host.id)
                await _drop_connections(uow, host.id, now, origin)
            # Those made before the address was confirmed were made by somebody who hadn't shown that it is theirs.
            made_before = None if revoke_tokens else account.email_confirmed_at
            uow.accounts.revoke_api_tokens(host.id, made_before=made_before)
            await distrust_webhooks(uow, host, self.ids, now, made_before=made_before)
            uow.accounts.set_password(host.id, password_hash)
            uow.accounts.end_sessions(host.id)
            uow.mail_tokens.forget(host.id, "reset")
            withdraw_confirmations(uow, host.id)
            uow.security_log.record(PasswordReset(host_id=host.id, at=now, origin=origin))
            ask(uow, mail_to(host, "password_changed", self.ids.new_id(), now))
        await self.spend.forget(failures_from(host.email, origin))


async def _drop_connections(uow: UnitOfWork, host_id: HostId, now: datetime, origin: Origin | None) -> None:
    """Meetings made in somebody else's account are theirs to watch."""
    for provider in PROVIDERS:
        connection = await uow.connections.lock(host_id, provider)
        if connection is not None:
            await apply_to_connection(uow, connection.was_dropped(now), origin=origin)


def _gone() -> NotFound:
    return NotFound("mail-link")
