"""Sign browsers in, and out."""

from dataclasses import dataclass

import msgspec

from application.accounts.prove_password import ProvePassword
from application.actor import HostActor
from application.ports.account_storage import Account
from application.ports.accounts import Devices, Sessions
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin
from domain.errors import NotFound
from domain.ids import HostId, SessionId
from domain.origin import Origin
from domain.security_events import SessionEnded, SessionStarted, SignedOutEverywhere, SignInWay
from domain.session import Session


class SignedInBrowser(msgspec.Struct, frozen=True):
    """What a browser keeps: the token of its session, and what it shows later for having been signed in."""

    session: str
    device: str


@dataclass(frozen=True)
class StartSession:
    """Sign a browser in whose host has been proven in some way."""

    begin: Begin
    sessions: Sessions
    devices: Devices
    clock: Clock

    async def __call__(
        self, host_id: HostId, way: SignInWay, origin: Origin | None = None, device: str = ""
    ) -> SignedInBrowser:
        """Open a session, and record it. Raises NotFound where the account is gone."""
        now = self.clock()
        async with self.begin() as uow:
            account = await uow.accounts.get(host_id)
            if account is None:
                raise NotFound("account")
            uow.security_log.record(SessionStarted(host_id=host_id, at=now, origin=origin, way=way))
        return await self.silently(account, origin, device, confirmed=way == "passkey")

    async def silently(
        self, account: Account, origin: Origin | None, device: str = "", *, confirmed: bool = False
    ) -> SignedInBrowser:
        """Open a session in the place of one that the browser had.

        Args:
            confirmed: a passkey was used just now, so the password isn't asked for again for a while.
        """
        now = self.clock()
        token = await self.sessions.open(account.host.id, now, origin, confirmed=confirmed)
        return SignedInBrowser(token, self.devices.remembered(device, account, now))


@dataclass(frozen=True)
class SignIn:
    prove: ProvePassword
    start_session: StartSession

    async def __call__(
        self, email: str, password: str, origin: Origin | None = None, device: str = ""
    ) -> SignedInBrowser:
        """Open a session for who knows the password. Raises like `ProvePassword`."""
        account = await self.prove(email, password, origin, device)
        return await self.start_session(account.host.id, "password", origin, device)


@dataclass(frozen=True)
class ListSessions:
    sessions: Sessions
    clock: Clock

    async def __call__(self, actor: HostActor) -> tuple[Session, ...]:
        """Return the host's open sessions, the last active first. Raises Forbidden."""
        return await self.sessions.of(actor.require("account:read"), self.clock())


@dataclass(frozen=True)
class EndSession:
    begin: Begin
    clock: Clock

    async def __call__(self, actor: HostActor, session_id: SessionId) -> None:
        """Sign the host out of one browser at once; one that ended before is fine. Raises Forbidden."""
        host_id = actor.require("account:write")
        async with self.begin() as uow:
            if await uow.accounts.end_session(host_id, session_id):
                uow.security_log.record(SessionEnded(host_id=host_id, at=self.clock(), origin=actor.origin))


@dataclass(frozen=True)
class SignOutEverywhere:
    begin: Begin
    clock: Clock

    async def __call__(self, actor: HostActor) -> None:
        """Raises Forbidden."""
        host_id = actor.require("account:write")
        async with self.begin() as uow:
            uow.accounts.end_sessions(host_id)
            uow.security_log.record(SignedOutEverywhere(host_id=host_id, at=self.clock(), origin=actor.origin))
