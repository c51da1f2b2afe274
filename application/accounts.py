"""Accounts of hosts: signing up, signing in, signing out, and the profile."""

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from application.people import email_address, person_name, time_zone
from application.ports.accounts import ApiTokens, Passwords, RateLimiter, Sessions
from application.ports.clock import Clock, Ids
from application.ports.storage import Begin, Taken
from domain.errors import InvalidInput, NotFound, TooManyRequests, Unauthorized
from domain.host import Host, handle
from domain.ids import HostId
from domain.text import one_line

SESSION_LASTS = timedelta(days=30)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200
LONGEST_EMAIL = 254
FAILURES, FAILURES_WINDOW = 10, timedelta(minutes=15)


class NewHost(msgspec.Struct, frozen=True):
    """What somebody types to sign up; without a password the account is for the API only."""

    email: str
    name: str
    handle: str
    timezone: str
    password: str | None = None


@dataclass(frozen=True)
class SignUp:
    begin: Begin
    passwords: Passwords
    ids: Ids

    async def __call__(self, new: NewHost) -> Host:
        """Make an account.

        Raises:
            InvalidInput: names the field, an address or a handle that is taken included.
        """
        time_zone(new.timezone, "timezone")
        host = Host(
            id=HostId(self.ids.new_id()),
            email=email_address(new.email, "email"),
            name=person_name(new.name, "name"),
            handle=handle(new.handle.strip().lower()),
            timezone=new.timezone,
        )
        password_hash = None if new.password is None else await self.passwords.hash(_password(new.password))
        try:
            async with self.begin() as uow:
                uow.hosts.add(host, password_hash)
        except Taken as taken:
            raise InvalidInput(taken.field, _TAKEN[taken.field]) from taken
        return host


@dataclass(frozen=True)
class SignIn:
    begin: Begin
    passwords: Passwords
    sessions: Sessions
    limiter: RateLimiter
    clock: Clock

    async def __call__(self, email: str, password: str) -> str:
        """Open a session for who knows the password, and return its token.

        Raises:
            Unauthorized: the same words whether the address or the password is wrong.
            TooManyRequests: ten failures for this account within a quarter of an hour.
        """
        now = self.clock()
        # Nobody's address has control characters, and no store has to cope with them.
        email = one_line(email, LONGEST_EMAIL)
        key = f"sign-in-failures:{email.lower()}"
        if wait := await self.limiter.wait(key, FAILURES, FAILURES_WINDOW, now):
            raise TooManyRequests(wait)
        async with self.begin() as uow:
            found = await uow.hosts.find(email)
        host, password_hash = found or (None, None)
        known = await self.passwords.matches(password[:LONGEST_PASSWORD], password_hash)
        if host is None or not known:
            await self.limiter.hit(key, FAILURES, FAILURES_WINDOW, now)
            raise Unauthorized("Email or password is wrong. Please check both and try again.")
        return await self.sessions.open(host.id, now + SESSION_LASTS)


class ProfileEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a host changes about themselves; what is left out stays."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    email: str | msgspec.UnsetType = msgspec.UNSET
    handle: str | msgspec.UnsetType = msgspec.UNSET
    timezone: str | msgspec.UnsetType = msgspec.UNSET


@dataclass(frozen=True)
class EditProfile:
    begin: Begin

    async def __call__(self, host_id: HostId, edit: ProfileEdit) -> Host:
        """Change the profile; a new time zone counts for future bookings only.

        Raises:
            InvalidInput: names the field.
            NotFound: the account is gone.
        """
        try:
            async with self.begin() as uow:
                host = await uow.hosts.lock(host_id)
                if host is None:
                    raise NotFound("This account no longer exists.")
                host = _edited(host, edit)
                uow.hosts.save(host)
        except Taken as taken:
            raise InvalidInput(taken.field, _TAKEN[taken.field]) from taken
        return host


@dataclass(frozen=True)
class IssueApiToken:
    tokens: ApiTokens
    clock: Clock

    async def __call__(self, host_id: HostId, name: str) -> str:
        return await self.tokens.issue(host_id, name, self.clock())


_TAKEN = {
    "email": "There is an account with this email address already. Sign in instead.",
    "handle": "This handle is taken. Please choose another one.",
}


def _edited(host: Host, edit: ProfileEdit) -> Host:
    changes: dict[str, str] = {}
    if isinstance(edit.name, str):
        changes["name"] = person_name(edit.name, "name")
    if isinstance(edit.email, str):
        changes["email"] = email_address(edit.email, "email")
    if isinstance(edit.handle, str):
        changes["handle"] = handle(edit.handle.strip().lower())
    if isinstance(edit.timezone, str):
        time_zone(edit.timezone, "timezone")
        changes["timezone"] = edit.timezone
    return msgspec.structs.replace(host, **changes)


def _password(text: str) -> str:
    if len(text) < SHORTEST_PASSWORD:
        raise InvalidInput("password", f"Use at least {SHORTEST_PASSWORD} characters.")
    if len(text) > LONGEST_PASSWORD:
        raise InvalidInput("password", f"Use at most {LONGEST_PASSWORD} characters.")
    return text
