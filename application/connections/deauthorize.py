"""Forget an account that was disconnected from the provider's side, for every host who relies on it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import msgspec

from application.actor import System
from application.decisions import apply_to_connection
from application.effects import carry_out, removal_met_refresh
from application.job_runner import Again, Done, Outcome
from application.jobs import DeauthorizeJob
from application.ports.clock import Clock
from application.ports.connections import LockedConnections
from application.ports.notifications import AppRemoved
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.ids import HostId
from domain.provider import Provider

SOON = timedelta(seconds=1)


class Heard(StrEnum):
    """What came of a removal that was told."""

    CLEARED = "cleared"
    ANOTHER_APP = "another-app"
    NOT_CONNECTED = "not-connected"
    OLDER_THAN_CONNECTION = "older-than-connection"
    HEARD_BEFORE = "heard-before"


class Cleared(msgspec.Struct, frozen=True):
    """`hosts` lost their connection; `later` is true where one is held by a refresh and follows in a moment."""

    outcome: Heard
    hosts: tuple[HostId, ...] = ()
    later: bool = False


@dataclass(frozen=True)
class Deauthorize:
    """Delete the tokens of all hosts on the account, and tell each of them.

    Never waits for a refresh under way, which may take many seconds: the provider gives us three.
    """

    begin: Begin
    clock: Clock

    async def __call__(self, _actor: System, provider: Provider, removed: AppRemoved) -> Cleared:
        """Do it once for each removal; one that is older than a connection leaves that connection alone."""
        job = DeauthorizeJob(provider, removed.user_id, removed.account_id, removed.removed_at)
        async with self.begin() as uow:
            if not await uow.connections.first_heard(job.key, self.clock()):
                return Cleared(Heard.HEARD_BEFORE)
            found, ended = await self._clear(uow, job)
            if found.busy:
                carry_out(uow, removal_met_refresh(job, self.clock() + SOON))
        if not found.locked and not found.busy:
            return Cleared(Heard.NOT_CONNECTED)
        outcome = Heard.CLEARED if ended or found.busy else Heard.OLDER_THAN_CONNECTION
        return Cleared(outcome, ended, later=found.busy)

    async def again(self, uow: UnitOfWork, job: DeauthorizeJob, _attempts: int, /) -> Outcome:
        """The job: see to those who were held when the notice came."""
        found, _ = await self._clear(uow, job)
        return Again(self.clock() + SOON) if found.busy else Done()

    async def _clear(self, uow: UnitOfWork, job: DeauthorizeJob) -> tuple[LockedConnections, tuple[HostId, ...]]:
        found = await uow.connections.lock_on(job.provider, job.user_id, job.account_id)
        ended = tuple(each for each in found.locked if each.is_ended_by(job.removed_at))
        for each in ended:
            await apply_to_connection(uow, each.was_revoked(self.clock()))
        return found, tuple(each.host_id for each in ended)
