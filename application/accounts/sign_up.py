"""Make an account: by signing up, or as the operator."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.accounts.ask_for_mail import AskForMail, ask, confirmation_to, mail_to
from application.accounts.new_password import CheckPassword
from application.accounts.sign_in import SignedInBrowser, StartSession
from application.people import email_address, person_name, time_zone
from application.ports.accounts import Passwords
from application.ports.clock import Clock, Ids
from application.ports.conflicts import Taken
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from domain.budgets import KNOWN_ADDRESSES, SIGN_UPS, SIGN_UPS_A_DAY
from domain.errors import Checks, InvalidInput
from domain.faults import AlreadyUsed
from domain.host import Host, handle
from domain.ids import HostId
from domain.origin import Origin, counted_network


class NewHost(msgspec.Struct, frozen=True):
    """What somebody types to sign up; without a password the account is for the API only."""

    email: str
    name: str
    handle: str
    timezone: str
    password: str | None = None
    language: str = "en"


class SignUpClosed(Exception):
    """Accounts on this server come from its operator alone."""


@dataclass(frozen=True)
class CreateAccount:
    """For whoever vouches for the address, such as the operator."""

    begin: Begin
    check_password: CheckPassword
    passwords: Passwords
    clock: Clock
    ids: Ids

    async def __call__(self, new: NewHost) -> Host:
        """Make an account whose address needs no confirming.

        Raises:
            InvalidInput: names the field, an address or a handle that is taken included.
        """
        host, now = _checked(HostId(self.ids.new_id()), new, self.check_password), self.clock()
        password_hash = None if new.password is None else await self.passwords.hash(new.password)
        try:
            async with self.begin() as uow:
                await _add(uow, host, password_hash, now)
                uow.accounts.confirm_email(host.id, now)
        except Taken as taken:
            raise InvalidInput.at(taken.field, AlreadyUsed()) from taken
        return host


@dataclass(frozen=True)
class SignUp:
    """For everybody, so it tells nobody who has an account already."""

    begin: Begin
    check_password: CheckPassword
    passwords: Passwords
    ask_for_mail: AskForMail
    spend: SpendBudget
    start_session: StartSession
    clock: Clock
    ids: Ids
    is_open: bool

    async def __call__(self, new: NewHost, origin: Origin | None = None, device: str = "") -> SignedInBrowser | None:
        """Make an account, sign its browser in, and ask its owner by mail to confirm the address.

        Until that is confirmed its pages take no bookings.
        None where the address is in use: its owner is told by mail, and nothing else happens.

        Raises:
            SignUpClosed
            InvalidInput: all that is wrong with what was typed; that an address is in use is not among it.
            Overloaded: too many wait for their passwords to be hashed.
            TooManyRequests: too many mails to this mailbox, whether its address is in use or not, too many sign-ups
                from this network, or too many there with addresses that are in use. Nothing is made and nobody mailed.
        """
        if not self.is_open:
            raise SignUpClosed
        await self._check(new)
        host = await self._make(new, origin)
        return host and await self.start_session(host.id, "sign-up", origin, device)

    async def _make(self, new: NewHost, origin: Origin | None) -> Host | None:
        host, now = _checked(HostId(self.ids.new_id()), new, self.check_password), self.clock()
        with self.passwords.queued():
            password_hash = None if new.password is None else await self.passwords.hash(new.password)
        try:
            async with self.begin() as uow:
                await self._count(uow, host, origin)
                if await uow.accounts.find(host.email) is None:
                    await _add(uow, host, password_hash, now)
                    ask(uow, mail_to(host, "confirm_sign_up", self.ids.new_id(), now))
                    return host
                await self._tell_owner(uow, host, origin)
        except Taken as taken:
            if taken.field != "email":
                raise InvalidInput.at(taken.field, AlreadyUsed()) from taken
            # Somebody was faster by a moment.
            async with self.begin() as uow:
                await self._count(uow, host, origin)
                await self._tell_owner(uow, host, origin)
        return None

    async def _count(self, uow: UnitOfWork, host: Host, origin: Origin | None) -> None:
        """Count the sign-up, whether the address turns out to be in use or not.

        Others from the same network wait here for the end of the unit, and then find what it has counted.
        """
        network = counted_network(origin)
        mail = confirmation_to(host.email, origin)
        await self.spend.within(uow, SIGN_UPS.of(network), SIGN_UPS_A_DAY.of(network), *mail)
        await self.spend.check_within(uow, KNOWN_ADDRESSES.of(network))

    async def _tell_owner(self, uow: UnitOfWork, host: Host, origin: Origin | None) -> None:
        await self.spend.within(uow, KNOWN_ADDRESSES.of(counted_network(origin)))
        await self.ask_for_mail.within(uow, "sign_up_with_known_address", host.email, host.language, origin)

    async def _check(self, new: NewHost) -> None:
        checks = Checks()
        checks.run(None, _checked, HostId(""), new, self.check_password)
        if not any(each.field == "handle" for each in checks.faults):
            async with self.begin() as uow:
                free = await uow.hosts.is_free(_handle(new), self.clock())
            if not free:
                checks.note("handle", AlreadyUsed())
        checks.done()


async def _add(uow: UnitOfWork, host: Host, password_hash: str | None, now: datetime) -> None:
    if await uow.hosts.lock_handle(host.handle, now) is not None:
        raise Taken("handle")
    uow.hosts.add(host, password_hash)


def _checked(host_id: HostId, new: NewHost, check_password: CheckPassword) -> Host:
    """The host, checked in the order of the form. Raises InvalidInput."""
    checks = Checks()
    name = checks.run("", person_name, new.name, "name")
    email = checks.run("", email_address, new.email, "email")
    if new.password is not None:
        checks.run(None, check_password, new.password, new.email, new.name, new.handle)
    handle = checks.run("", _handle, new)
    checks.run(None, time_zone, new.timezone, "timezone")
    checks.done()
    return Host(id=host_id, email=email, name=name, handle=handle, timezone=new.timezone, language=new.language)


def _handle(new: NewHost) -> str:
    return handle(new.handle.strip().lower())
