"""Send a mail about an account: what it says is settled when it is sent."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import assert_never

import msgspec

from application.deliver import deliver
from application.job_runner import Backoff, Done, Outcome, Outside, Record
from application.jobs import MailAccountJob
from application.ports.account_storage import Account, AccountMail, AccountMailKind, MailToken, Purpose
from application.ports.clock import Clock, Ids
from application.ports.mail import Addressee, Mailer, Notice
from application.ports.notices import (
    About,
    AccountDeletedNotice,
    AddressWanted,
    AlreadySignedUp,
    ApiTokenMade,
    ConfirmNewAddress,
    ConfirmSignUp,
    EmailChangeAsked,
    EmailChanged,
    NewPasskey,
    PasskeyGone,
    PasswordChangedNotice,
    ResetPasswordLink,
    WebhooksDistrusted,
)
from application.ports.unit_of_work import UnitOfWork
from domain.host import Host
from domain.mailbox import mailbox_of
from domain.retry import FIRST_REPEAT_OF_MAIL

RESET_GOOD_FOR = timedelta(hours=1)
CONFIRM_GOOD_FOR = timedelta(days=3)

COUNTED_BY_MAILBOX: frozenset[AccountMailKind] = frozenset(
    ("confirm_sign_up", "confirm_change", "reset", "sign_up_with_known_address")
)
"""What may go to an address before anybody has confirmed it."""


@dataclass(frozen=True)
class MailAccount:
    """Each try makes a link of its own, because links are stored as digests only; all of them are good."""

    mailer: Mailer
    clock: Clock
    ids: Ids
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: MailAccountJob, attempts: int, /) -> Outcome | Outside:
        mail = await uow.account_mails.get(job.mail_id)
        if mail and mail.host_id:
            # What is withdrawn meanwhile must leave no link behind.
            await uow.hosts.lock(mail.host_id)
            mail = await uow.account_mails.get(job.mail_id)
        notice = await self._notice(uow, mail, attempts) if mail else None
        if notice is None:
            return await self._forget(uow, job.mail_id)
        return Outside(partial(self._call, notice, job.mail_id, attempts))

    async def _call(self, notice: Notice, mail_id: str, attempts: int) -> Record:
        again = self.backoff(attempts, at_least=FIRST_REPEAT_OF_MAIL)
        return await deliver(self.mailer, notice, partial(self._forget, mail_id=mail_id), again)

    async def _forget(self, uow: UnitOfWork, mail_id: str) -> Outcome:
        uow.account_mails.forget(mail_id)
        return Done()

    async def _notice(self, uow: UnitOfWork, mail: AccountMail, attempt: int) -> Notice | None:
        """What to say now, and to whom; nothing where there is nobody to tell, or nothing to tell any more."""
        owner = await self._owner(uow, mail)
        if await self._is_stopped(uow, mail, owner):
            return None
        about = await self._about(uow, mail, owner)
        if about is None:
            return None
        return Notice(id=f"account.{mail.id}.{attempt}", at=mail.asked_at, to=_addressee(mail, owner), about=about)

    async def _is_stopped(self, uow: UnitOfWork, mail: AccountMail, owner: Account | None) -> bool:
        """Whether it would go to an address that wants no mail; hosts still hear of their own accounts.

        An address is an account's own once it is confirmed: until then anybody may have typed it, and it gets only what
        is counted by mailbox, or whoever signed up would mail it by changing things.
        """
        if owner is None:
            return False
        email = owner.host.email if mail.host_id is None else mail.email
        if owner.email_confirmed_at and mailbox_of(email) == mailbox_of(owner.host.email):
            return False
        if not owner.email_confirmed_at and mail.kind not in COUNTED_BY_MAILBOX:
            return True
        return await uow.suppressions.holds(email)

    async def _owner(self, uow: UnitOfWork, mail: AccountMail) -> Account | None:
        """Whose account it is about; one that is being deleted is nobody's."""
        account = await (uow.accounts.get(mail.host_id) if mail.host_id else uow.accounts.find(mail.email))
        return None if account is None or account.closed_at else account

    async def _about(self, uow: UnitOfWork, mail: AccountMail, owner: Account | None) -> About | None:
        if mail.kind == "account_deleted":
            return AccountDeletedNotice()
        if mail.kind == "account_deleted_by_operator":
            return AccountDeletedNotice(by_operator=True)
        if owner is None:
            return None
        match mail.kind:
            case "confirm_sign_up":
                return self._confirm_sign_up(uow, mail, owner)
            case "confirm_change":
                return await self._confirm_change(uow, mail, owner)
            case "reset":
                return self._reset(uow, mail, owner)
            case "sign_up_with_known_address":
                return AlreadySignedUp()
            case "password_changed":
                return PasswordChangedNotice()
            case "api_token_made":
                return ApiTokenMade()
            case "passkey_added":
                return NewPasskey()
            case "passkey_removed":
                return PasskeyGone()
            case "webhooks_paused":
                return await self._webhooks_paused(uow, owner)
            case "email_change_asked":
                return EmailChangeAsked()
            case "email_changed":
                return EmailChanged(owner.host.email)
            case _:
                assert_never(mail.kind)

    def _confirm_sign_up(self, uow: UnitOfWork, mail: AccountMail, owner: Account) -> About | None:
        if owner.email_confirmed_at or owner.host.email != mail.email:
            return None
        return ConfirmSignUp(self._token(uow, "confirm", owner.host, mail.email, CONFIRM_GOOD_FOR))

    async def _confirm_change(self, uow: UnitOfWork, mail: AccountMail, owner: Account) -> About:
        """Return the mail to the new address: a link, or a notice to the other account that has it already.

        The host who asked never learns that there is one.
        """
        other = await uow.accounts.find(mail.email)
        if other is not None and other.host.id != owner.host.id:
            return AddressWanted()
        return ConfirmNewAddress(self._token(uow, "confirm", owner.host, mail.email, CONFIRM_GOOD_FOR))

    def _reset(self, uow: UnitOfWork, mail: AccountMail, owner: Account) -> About | None:
        # Whoever still waits has asked again by now.
        if self.clock() >= mail.asked_at + RESET_GOOD_FOR:
            return None
        return ResetPasswordLink(self._token(uow, "reset", owner.host, owner.host.email, RESET_GOOD_FOR))

    async def _webhooks_paused(self, uow: UnitOfWork, owner: Account) -> About | None:
        """Those that the host hasn't looked after by now."""
        webhooks = await uow.webhooks.of(owner.host.id)
        names = tuple(each.host_name for each in webhooks if each.pause == "distrusted")
        return WebhooksDistrusted(names) if names else None

    def _token(self, uow: UnitOfWork, purpose: Purpose, host: Host, email: str, good_for: timedelta) -> str:
        token = self.ids.new_token()
        uow.mail_tokens.remember(token, MailToken(host.id, purpose, email, self.clock() + good_for))
        return token


def _addressee(mail: AccountMail, owner: Account | None) -> Host | Addressee:
    if owner is None:
        return Addressee(mail.email, mail.name, mail.language)
    # To the very address that was asked about; an owner's own spelling of it is theirs.
    email = owner.host.email if mail.host_id is None else mail.email
    return msgspec.structs.replace(owner.host, email=email)
