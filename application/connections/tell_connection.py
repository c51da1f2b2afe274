"""Tell a host by mail that an account has to be connected again, or was removed from the provider's side."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import msgspec

from application.ports.clock import Clock
from application.ports.mail import Mailer, MailError, Notice, RecipientRefused
from application.ports.notices import ConnectionNeedsHost, ConnectionRemoved
from application.ports.owed import Claim, Work
from application.ports.storage import Begin
from domain.connection import Blocked, NeedsReconnect, ProviderConnection
from domain.host import Host
from domain.ids import HostId
from domain.provider import Provider
from domain.retry import next_try_at

_INSTANT = "%Y%m%dT%H%M%S"
What = Literal["trouble", "removed"]


class _About(msgspec.Struct, frozen=True):
    what: What
    provider: Provider
    host_id: HostId
    at: str


def telling(what: What, connection: ProviderConnection, now: datetime) -> Work:
    """The mail as owed work: with its instant, so that a repeat of the mail is the same mail."""
    return Work("tell_connection", f"{what}/{connection.provider}/{connection.host_id}/{now:{_INSTANT}}", now)


@dataclass(frozen=True)
class TellConnection:
    begin: Begin
    mailer: Mailer
    clock: Clock
    jitter: Callable[[], float]

    async def __call__(self, claim: Claim) -> None:
        async with self.begin() as uow:
            if not await uow.owed.take(claim):
                return
        notice = await self._notice(_about(claim.subject))
        try:
            if notice is not None:
                await self.mailer.send(notice)
        except RecipientRefused:
            pass
        except MailError:
            async with self.begin() as uow:
                uow.owed.postpone(claim, next_try_at(claim.attempts + 1, self.clock(), jitter=self.jitter()))
            return
        async with self.begin() as uow:
            uow.owed.settle(claim)

    async def _notice(self, about: _About) -> Notice | None:
        """What to say now; nothing if the host was faster and has connected again."""
        async with self.begin() as uow:
            host = await uow.hosts.get(about.host_id)
            found = await uow.connections.get(about.host_id, about.provider)
        if host is None:
            return None
        if about.what == "removed":
            return _notice(about, host, ConnectionRemoved(about.provider))
        match found.state if found else None:
            case NeedsReconnect() | Blocked() as state:
                return _notice(about, host, ConnectionNeedsHost(about.provider, state))
            case _:
                return None


def _notice(about: _About, host: Host, facts: ConnectionRemoved | ConnectionNeedsHost) -> Notice:
    return Notice(
        id=f"connection.{about.what}.{about.provider}.{about.host_id}.{about.at}",
        at=datetime.strptime(about.at, _INSTANT).replace(tzinfo=UTC),
        to=host,
        about=facts,
    )


def _about(subject: str) -> _About:
    what, provider, host_id, at = subject.split("/")
    return msgspec.convert({"what": what, "provider": provider, "host_id": host_id, "at": at}, _About)
