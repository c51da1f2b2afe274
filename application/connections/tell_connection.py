"""Tell a host by mail that an account has to be connected again, or was removed from the provider's side."""

from dataclasses import dataclass
from functools import partial

from application.deliver import deliver
from application.job_runner import Backoff, Done, Outside, Record, recorded
from application.jobs import TellConnectionJob
from application.ports.mail import Mailer, Notice
from application.ports.notices import ConnectionNeedsHost, ConnectionRemoved
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.connection import Blocked, NeedsReconnect
from domain.host import Host


@dataclass(frozen=True)
class TellConnection:
    begin: Begin
    mailer: Mailer
    backoff: Backoff

    async def __call__(self, _uow: UnitOfWork, job: TellConnectionJob, attempts: int, /) -> Outside:
        return Outside(partial(self._call, job, attempts))

    async def _call(self, job: TellConnectionJob, attempts: int) -> Record:
        notice = await self._notice(job)
        if notice is None:
            return recorded(Done())
        return await deliver(self.mailer, notice, recorded(Done()), self.backoff(attempts))

    async def _notice(self, about: TellConnectionJob) -> Notice | None:
        """What to say now; nothing if the host was faster and has connected again, or the address isn't confirmed."""
        async with self.begin() as uow:
            account = await uow.accounts.get(about.host_id)
            found = await uow.connections.get(about.host_id, about.provider)
        if account is None or account.email_confirmed_at is None:
            return None
        host = account.host
        if about.what == "removed":
            return _notice(about, host, ConnectionRemoved(about.provider))
        match found.state if found else None:
            case NeedsReconnect() | Blocked() as state:
                return _notice(about, host, ConnectionNeedsHost(about.provider, state))
            case _:
                return None


def _notice(about: TellConnectionJob, host: Host, facts: ConnectionRemoved | ConnectionNeedsHost) -> Notice:
    return Notice(
        id=f"connection.{about.what}.{about.provider}.{about.host_id}.{about.at:%Y%m%dT%H%M%S}",
        at=about.at.replace(microsecond=0),
        to=host,
        about=facts,
    )
