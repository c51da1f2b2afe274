"""Ask for a mail about an account; a job sends it."""

from dataclasses import dataclass
from datetime import datetime

from application.effects import account_mail_asked, carry_out
from application.ports.account_storage import AccountMail, AccountMailKind
from application.ports.accounts import Devices
from application.ports.clock import Clock, Ids
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from domain.budgets import (
    ACCOUNT_MAILS,
    ACCOUNT_MAILS_OF_DEVICE,
    ACCOUNT_MAILS_TO_MAILBOX,
    CONFIRMATIONS_OF_HOST,
    CONFIRMATIONS_TO_MAILBOX,
    Bucket,
)
from domain.host import Host
from domain.ids import HostId
from domain.mailbox import mailbox_of
from domain.origin import Origin, counted_network
from domain.security_events import AddressChangeAsked, ResetAsked


def ask(uow: UnitOfWork, mail: AccountMail) -> None:
    """Enqueue a mail together with what the unit changes."""
    uow.account_mails.ask(mail)
    carry_out(uow, account_mail_asked(mail.id, mail.asked_at))


def mail_to(host: Host, kind: AccountMailKind, mail_id: str, now: datetime, *, email: str | None = None) -> AccountMail:
    """A mail to a host, or to another address of theirs."""
    return AccountMail(
        id=mail_id,
        kind=kind,
        host_id=host.id,
        email=email or host.email,
        name=host.name,
        language=host.language,
        asked_at=now,
    )


def ask_new_address(uow: UnitOfWork, host: Host, email: str, origin: Origin | None, ids: Ids, now: datetime) -> None:
    """Ask another address whether it is the host's, and tell the present one; no address asked before counts then."""
    withdraw_confirmations(uow, host.id)
    uow.security_log.record(AddressChangeAsked(host_id=host.id, at=now, origin=origin))
    ask(uow, mail_to(host, "email_change_asked", ids.new_id(), now))
    ask(uow, mail_to(host, "confirm_change", ids.new_id(), now, email=email))


def withdraw_confirmations(uow: UnitOfWork, host_id: HostId) -> None:
    """Let no link count any more that makes another address the host's, one that is still to be mailed included."""
    uow.mail_tokens.forget(host_id, "confirm")
    uow.account_mails.withdraw(host_id, "confirm_change")


def confirmation_to(email: str, origin: Origin | None) -> tuple[Bucket, ...]:
    """What a mail counts for that asks to confirm an address: strangers leave its owner some of their own."""
    mailbox = mailbox_of(email)
    return ACCOUNT_MAILS.of("confirmation", mailbox, counted_network(origin)), CONFIRMATIONS_TO_MAILBOX.of(mailbox)


def confirmation_for(host_id: HostId, email: str, origin: Origin | None) -> tuple[Bucket, ...]:
    """The same for a host, whichever address it is."""
    return CONFIRMATIONS_OF_HOST.of(host_id), *confirmation_to(email, origin)


@dataclass(frozen=True)
class AskForMail:
    """Ask for a mail to an address without looking whether any account has it.

    So whoever asks learns nothing, not even from how long it takes; and nobody can fill another's mailbox. A browser
    that was signed in to the account has an allowance of its own, which strangers can't use up.
    """

    begin: Begin
    devices: Devices
    spend: SpendBudget
    clock: Clock
    ids: Ids

    async def __call__(
        self,
        kind: AccountMailKind,
        email: str,
        language: str = "en",
        origin: Origin | None = None,
        device: str = "",
    ) -> None:
        """Owe the mail where there is room for it; whether there was isn't told.

        Args:
            language: the BCP 47 tag of the asker's language.
            device: what the browser shows for having signed in before.
        """
        async with self.begin() as uow:
            await self.within(uow, kind, email, language, origin, device)

    async def within(
        self,
        uow: UnitOfWork,
        kind: AccountMailKind,
        email: str,
        language: str,
        origin: Origin | None,
        device: str = "",
    ) -> None:
        """Do the same together with what the unit changes."""
        # Strangers who ask for mails to an address leave its owner some of their own.
        mailbox, network = mailbox_of(email), counted_network(origin)
        buckets = ACCOUNT_MAILS.of(kind, mailbox, network), ACCOUNT_MAILS_TO_MAILBOX.of(kind, mailbox)
        if not (await self.spend.fits_within(uow, *buckets) or await self._fits_device(uow, email, device)):
            return
        mail = AccountMail(
            id=self.ids.new_id(),
            kind=kind,
            host_id=None,
            email=email,
            name="",
            language=language,
            asked_at=self.clock(),
        )
        ask(uow, mail)
        if kind == "reset":
            uow.security_log.record(ResetAsked(host_id=None, at=mail.asked_at, origin=origin))

    async def _fits_device(self, uow: UnitOfWork, email: str, device: str) -> bool:
        # The answer is the same either way, and looking takes one query whether any account has the address.
        account = await uow.accounts.find(email) if device else None
        known_device = account and self.devices.recognized(device, account, self.clock())
        if account is None or not known_device:
            return False
        return await self.spend.fits_within(uow, ACCOUNT_MAILS_OF_DEVICE.of(account.host.id, known_device))
