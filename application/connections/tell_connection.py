"""Tell a host by mail that an account has to be connected again, or was removed from the provider's side."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import msgspec

from application.ports.clock import Clock
from application.ports.mail import Mailer, MailError, Notice, RecipientRefused
from application.ports.owed import Claim, Work
from application.ports.storage import Begin
from application.provider_problems import for_host
from domain.connection import Blocked, NeedsReconnect, ProviderConnection
from domain.host import Host
from domain.ids import HostId
from domain.provider import PROVIDER_NAMES, Provider
from domain.provider_problem import ProviderProblem
from domain.retry import next_try_at
from domain.words import Words

_INSTANT = "%Y%m%dT%H%M%S"
_ACTION = Words("Open Connected providers")
_PATH = "/settings/providers"
_MEANWHILE = Words(
    "Bookings keep the links that they have. New bookings use your pages’ other meeting types; a page without another "
    "one takes no bookings until then."
)

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
            return _removed(about, host)
        match found.state if found else None:
            case NeedsReconnect(problem):
                name = PROVIDER_NAMES[about.provider]
                return _trouble(about, host, problem, Words("Action needed: please reconnect {name}", name=name))
            case Blocked(problem):
                name = PROVIDER_NAMES[about.provider]
                subject = Words("Action needed: {name} doesn’t let your account create meetings", name=name)
                return _trouble(about, host, problem, subject)
            case _:
                return None


def _trouble(about: _About, host: Host, problem: ProviderProblem, subject: str) -> Notice:
    return _notice(about, host, subject, for_host(problem), _MEANWHILE)


def _removed(about: _About, host: Host) -> Notice:
    name = PROVIDER_NAMES[about.provider]
    return _notice(
        about,
        host,
        Words("Action needed: {name} is no longer connected", name=name),
        Words(
            "{name} told us that TimeTuna was removed from your {name} account. The stored tokens are deleted.",
            name=name,
        ),
        _MEANWHILE,
        Words("To use {name} again, connect it under Connected providers.", name=name),
    )


def _notice(about: _About, host: Host, subject: str, *paragraphs: str) -> Notice:
    return Notice(
        id=f"connection.{about.what}.{about.provider}.{about.host_id}.{about.at}",
        at=datetime.strptime(about.at, _INSTANT).replace(tzinfo=UTC),
        to=host,
        subject=subject,
        paragraphs=paragraphs,
        action=_ACTION,
        path=_PATH,
    )


def _about(subject: str) -> _About:
    what, provider, host_id, at = subject.split("/")
    return msgspec.convert({"what": what, "provider": provider, "host_id": host_id, "at": at}, _About)
