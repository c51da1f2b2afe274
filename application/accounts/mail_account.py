"""Send a mail about an account: what it says is settled when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from application.ports.account_storage import Account, AccountMail, MailToken, Purpose
from application.ports.clock import Clock, Ids
from application.ports.mail import Mailer, MailError, Notice, RecipientRefused
from application.ports.owed import Claim
from application.ports.storage import Begin, UnitOfWork
from domain.host import Host
from domain.ids import HostId
from domain.retry import FIRST_REPEAT_OF_MAIL, next_try_at
from domain.words import Words, marked

RESET_GOOD_FOR = timedelta(hours=1)
CONFIRM_GOOD_FOR = timedelta(days=3)

_NOT_YOU = marked("If you didn’t ask for this, you can ignore this mail: nothing changes.")
_GOOD_FOR_3_DAYS = marked("The link is good for three days.")
_WE_DELETE = marked(
    "Your upcoming bookings are cancelled and your guests are told. Then everything that is stored about you, your "
    "pages and your bookings is erased, a few minutes from now."
)


class _Text(msgspec.Struct, frozen=True):
    subject: str
    paragraphs: tuple[str, ...]
    action: str
    path: str


@dataclass(frozen=True)
class MailAccount:
    """Each try makes a link of its own, because links are stored as digests only; all of them are good."""

    begin: Begin
    mailer: Mailer
    clock: Clock
    ids: Ids
    jitter: Callable[[], float]

    async def __call__(self, claim: Claim) -> None:
        async with self.begin() as uow:
            if not await uow.owed.take(claim):
                return
            mail = await uow.account_mails.get(claim.subject)
            if mail and mail.host_id:
                # What is withdrawn meanwhile must leave no link behind.
                await uow.hosts.lock(mail.host_id)
                mail = await uow.account_mails.get(claim.subject)
            notice = await self._notice(uow, mail, claim.attempts) if mail else None
        try:
            if notice is not None:
                await self.mailer.send(notice)
        except RecipientRefused:
            pass
        except MailError:
            now = self.clock()
            again_at = next_try_at(claim.attempts + 1, now, wish=now + FIRST_REPEAT_OF_MAIL, jitter=self.jitter())
            async with self.begin() as uow:
                uow.owed.postpone(claim, again_at)
            return
        async with self.begin() as uow:
            uow.account_mails.forget(claim.subject)
            uow.owed.settle(claim)

    async def _notice(self, uow: UnitOfWork, mail: AccountMail, attempt: int) -> Notice | None:
        """What to say now, and to whom; nothing where there is nobody to tell, or nothing to tell any more."""
        owner = await self._owner(uow, mail)
        text, to = await self._text(uow, mail, owner), _addressee(mail, owner)
        if text is None:
            return None
        return Notice(
            id=f"account.{mail.id}.{attempt}",
            at=mail.asked_at,
            to=to,
            subject=text.subject,
            paragraphs=text.paragraphs,
            action=text.action,
            path=text.path,
        )

    async def _owner(self, uow: UnitOfWork, mail: AccountMail) -> Account | None:
        """Whose account it is about; one that is being deleted is nobody's."""
        account = await (uow.accounts.get(mail.host_id) if mail.host_id else uow.accounts.find(mail.email))
        return None if account is None or account.closed_at else account

    async def _text(self, uow: UnitOfWork, mail: AccountMail, owner: Account | None) -> _Text | None:
        if mail.kind == "account_deleted":
            return _deleted()
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
                return _known_address()
            case "password_changed":
                return _password_changed()
            case "email_change_asked":
                return _email_change_asked()
            case "email_changed":
                return _email_changed(owner)

    def _confirm_sign_up(self, uow: UnitOfWork, mail: AccountMail, owner: Account) -> _Text | None:
        if owner.email_confirmed_at or owner.host.email != mail.email:
            return None
        return _Text(
            marked("Please confirm your email address"),
            (
                marked("Welcome to TimeTuna. Please confirm that mail reaches you at this address."),
                _GOOD_FOR_3_DAYS,
                marked("If you didn’t sign up, somebody has typed your address. You can ignore this mail."),
            ),
            marked("Confirm this address"),
            f"/confirm-email/{self._token(uow, 'confirm', owner.host, mail.email, CONFIRM_GOOD_FOR)}",
        )

    async def _confirm_change(self, uow: UnitOfWork, mail: AccountMail, owner: Account) -> _Text | None:
        """Whoever has the address already is told; who asked never learns that anybody has."""
        other = await uow.accounts.find(mail.email)
        if other is not None and other.host.id != owner.host.id:
            return _Text(
                marked("Somebody tried to use your email address"),
                (
                    marked(
                        "Somebody with another TimeTuna account wants to use this address for it. You have an account "
                        "with this address, and nothing was changed."
                    ),
                    marked("If it was you, change the address of your first account, or delete that account, before."),
                ),
                marked("Open your profile"),
                "/settings/profile",
            )
        return _Text(
            marked("Please confirm your new email address"),
            (
                marked("Please confirm that your TimeTuna account is to use this address from now on."),
                _GOOD_FOR_3_DAYS,
                _NOT_YOU,
            ),
            marked("Confirm this address"),
            f"/confirm-email/{self._token(uow, 'confirm', owner.host, mail.email, CONFIRM_GOOD_FOR)}",
        )

    def _reset(self, uow: UnitOfWork, mail: AccountMail, owner: Account) -> _Text | None:
        # Whoever still waits has asked again by now.
        if self.clock() >= mail.asked_at + RESET_GOOD_FOR:
            return None
        return _Text(
            marked("Set a new password"),
            (
                marked("Somebody, we hope it was you, has asked for a new password for your TimeTuna account."),
                marked("The link is good once, and for one hour."),
                marked("If it wasn’t you, you can ignore this mail: your password stays as it is."),
            ),
            marked("Set a new password"),
            f"/reset/{self._token(uow, 'reset', owner.host, owner.host.email, RESET_GOOD_FOR)}",
        )

    def _token(self, uow: UnitOfWork, purpose: Purpose, host: Host, email: str, good_for: timedelta) -> str:
        token = self.ids.new_token()
        uow.mail_tokens.remember(token, MailToken(host.id, purpose, email, self.clock() + good_for))
        return token


def _addressee(mail: AccountMail, owner: Account | None) -> Host:
    if owner is None:
        return Host(HostId(""), mail.email, mail.name, handle="", timezone="UTC", language=mail.language)
    # To the very address that was asked about; an owner's own spelling of it is theirs.
    email = owner.host.email if mail.host_id is None else mail.email
    return msgspec.structs.replace(owner.host, email=email)


def _known_address() -> _Text:
    return _Text(
        marked("You have an account already"),
        (
            marked("Somebody, maybe you, has tried to sign up with this address. You have a TimeTuna account with it."),
            marked("If it was you, sign in. Where the password is forgotten, you can set a new one from there."),
            marked("If it wasn’t you, you can ignore this mail: nothing was changed."),
        ),
        marked("Sign in"),
        "/signin",
    )


def _password_changed() -> _Text:
    return _Text(
        marked("Your password was changed"),
        (
            marked("The password of your TimeTuna account was changed, and you were signed out everywhere else."),
            marked(
                "If it wasn’t you, set a new password now. Then look at your API tokens under Settings, and revoke "
                "those that you don’t know."
            ),
        ),
        marked("Set a new password"),
        "/forgot",
    )


def _email_change_asked() -> _Text:
    return _Text(
        marked("Somebody asked for another email address"),
        (
            marked(
                "Somebody, we hope it was you, wants your TimeTuna account to use another email address. Until that "
                "address is confirmed by somebody who is signed in to your account, nothing changes."
            ),
            marked(
                "If it wasn’t you, set a new password now: the change is called off then. Then look at your API "
                "tokens, and revoke those that you don’t know."
            ),
        ),
        marked("Open your API tokens"),
        "/settings/api-tokens",
    )


def _email_changed(owner: Account) -> _Text:
    return _Text(
        marked("Your email address was changed"),
        (
            Words(marked("Your TimeTuna account now uses the address {email}."), email=owner.host.email),
            marked("If it wasn’t you, please write to those who run this server at once."),
        ),
        marked("Get help"),
        "/support",
    )


def _deleted() -> _Text:
    return _Text(
        marked("Your account is being deleted"),
        (marked("You have asked for your TimeTuna account to be deleted, and are signed out."), _WE_DELETE),
        marked("Open TimeTuna"),
        "/",
    )
