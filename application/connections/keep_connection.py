"""Keep connections alive that nobody uses: a refresh token that isn't used ends by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from application.actor import System
from application.connections.grants import UseGrant
from application.effects import carry_out, connection_idle
from application.job_runner import Backoff, Done, Outcome, Outside, Record, recorded
from application.jobs import KeepConnectionJob
from application.ports.clock import Clock
from application.ports.idle_connections import IdleConnections
from application.ports.oauth import OAuthClient
from application.ports.provider import NotConnected, NotPermitted, ProviderError
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.connection import KEEP_AFTER
from domain.ids import HostId
from domain.provider import Provider

BATCH = 50
EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class ScheduleRefreshes:
    """Enqueue a refresh of the connections that were idle the longest; to be called once in `EVERY`.

    At most `BATCH` at a time, spread over the time until the next ones: ten thousand hosts who connected in one week
    don't come back in one minute.
    """

    begin: Begin
    connections: IdleConnections
    configured: frozenset[Provider]
    clock: Clock
    jitter: Callable[[], float]

    async def __call__(self, _actor: System) -> int:
        """Returns how many were found."""
        now = self.clock()
        idle = await self.connections.idle_connections(self.configured, now - KEEP_AFTER, BATCH)
        if idle:
            async with self.begin() as uow:
                carry_out(uow, *(connection_idle(*each, self._spread()) for each in idle))
        return len(idle)

    def _spread(self) -> datetime:
        return self.clock() + EVERY * self.jitter()


@dataclass(frozen=True)
class KeepConnection:
    """Refresh one connection, if it is still idle by now."""

    providers: Mapping[Provider, OAuthClient]
    use_grant: UseGrant
    clock: Clock
    backoff: Backoff

    async def __call__(self, uow: UnitOfWork, job: KeepConnectionJob, attempts: int, /) -> Outcome | Outside:
        found = await uow.connections.get(job.host_id, job.provider)
        client = self.providers.get(job.provider)
        if client is None or found is None or not found.is_idle(self.clock()):
            return Done()
        return Outside(partial(self._call, job.host_id, client, attempts))

    async def _call(self, host_id: HostId, client: OAuthClient, attempts: int) -> Record:
        try:
            # Tokens this old have expired, so using them is renewing them.
            await self.use_grant(System(), host_id, client)
        except (NotConnected, NotPermitted):
            # Noted on the connection, and told to the host.
            return recorded(Done())
        except ProviderError:
            return recorded(self.backoff(attempts))
        return recorded(Done())
