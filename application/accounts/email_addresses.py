"""Confirm a host's email address, or change it to one that is confirmed."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.accounts.ask_for_mail import ask, ask_new_address, confirmation_for, mail_to, withdraw_confirmations
from application.accounts.confirm_identity import ConfirmIdentity
from application.actor import HostActor
from application.people import email_address
from application.ports.clock import Clock, Ids
from application.ports.conflicts import Taken
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from domain.errors import Checks, InvalidInput, NotFound, Unauthorized
from domain.faults import AlreadyUsed, Unchanged
from domain.host import Host
from domain.security_events import AddressChanged


@dataclass(frozen=True)
class SendConfirmation:
    """Send the mail again that asks to confirm the address."""

    begin: Begin
    spend: SpendBudget
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor) -> None:
        """Raises Forbidden or TooManyRequests."""
        host_id, now = actor.require("account:write"), self.clock()
        async with self.begin() as uow:
            account = await uow.accounts.get(host_id)
        if account is None or account.email_confirmed_at is not None:
            return
        await self.spend(*confirmation_for(host_id, account.host.email, actor.origin))
        async with self.begin() as uow:
            ask(uow, mail_to(account.host, "confirm_sign_up", self.ids.new_id(), now))


@dataclass(frozen=True)
class ChangeEmail:
    """Ask the new address; the old one counts until it has answered."""

    begin: Begin
    confirm: ConfirmIdentity
    spend: SpendBudget
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, email: str, password: str) -> str:
        """Return the address that was asked, whether somebody else has it or not.

        Raises:
            Forbidden
            InvalidInput: `email` or `password`.
            TooManyRequests
        """
        actor.require("account:write")
        checks = Checks()
        email = checks.run("", email_address, email, "email")
        host = await self.confirm(actor, password, checks)
        if not _is_another(email, host):
            checks.note("email", Unchanged())
        checks.done()
        await self.spend(*confirmation_for(host.id, email, actor.origin))
        async with self.begin() as uow:
            ask_new_address(uow, host, email, actor.origin, self.ids, self.clock())
        return email


@dataclass(frozen=True)
class ConfirmEmail:
    begin: Begin
    clock: Clock
    ids: Ids

    async def address_of(self, token: str) -> str | None:
        """Which address the link confirms, while it is good; looking doesn't use it up."""
        async with self.begin() as uow:
            means = await uow.mail_tokens.find(token, "confirm", self.clock())
        return means.email if means else None

    async def __call__(self, token: str, by: HostActor | None = None) -> str:
        """Make the address that the link was sent to the host's own, once, and return it.

        An API token is enough to ask for another address, and whoever stole one reads mail there. So another address
        takes the host themselves, `by`, signed in. Whoever else presses the button may not be who signed up: no passkey
        of theirs outlives it, for a new password wouldn't end it.

        Raises:
            Unauthorized: the address is another one, and it isn't the host who is signed in; the link stays good.
            NotFound: the link was used, or is too old.
            InvalidInput: another account has the address by now.
        """
        now = self.clock()
        try:
            async with self.begin() as uow:
                means = await uow.mail_tokens.find(token, "confirm", now)
                host = await uow.hosts.lock(means.host_id) if means else None
                if means and host and _is_another(means.email, host) and (by is None or by.host_id != host.id):
                    raise Unauthorized("other-account")
                means = await uow.mail_tokens.take(token, "confirm", now)
                if means is None or host is None:
                    raise NotFound("mail-link")
                if _is_another(means.email, host):
                    uow.security_log.record(AddressChanged(host_id=host.id, at=now, origin=by and by.origin))
                    ask(uow, mail_to(host, "email_changed", self.ids.new_id(), now))
                    uow.mail_tokens.forget(host.id, "reset")
                elif by is None or by.host_id != host.id:
                    await self._remove_passkeys(uow, host, now)
                uow.hosts.save(msgspec.structs.replace(host, email=means.email))
                uow.accounts.confirm_email(host.id, now)
                withdraw_confirmations(uow, host.id)
        except Taken as taken:
            raise InvalidInput.at("email", AlreadyUsed()) from taken
        return means.email

    async def _remove_passkeys(self, uow: UnitOfWork, host: Host, now: datetime) -> None:
        account = await uow.accounts.get(host.id)
        if account and account.email_confirmed_at is None and await uow.passkeys.of(host.id):
            uow.passkeys.remove_all(host.id)
            ask(uow, mail_to(host, "passkey_removed", self.ids.new_id(), now))


def _is_another(email: str, host: Host) -> bool:
    return email.lower() != host.email.lower()
