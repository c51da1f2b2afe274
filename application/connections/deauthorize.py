"""Forget an account that was disconnected from the provider's side, for every host who relies on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import msgspec

from application.booking.waiting_bookings import decide_anew
from application.connections.tell_connection import telling
from application.ports.clock import Clock
from application.ports.notifications import AppRemoved, ProviderNotifications
from application.ports.owed import Claim, Work
from application.ports.storage import Begin, LockedConnections, UnitOfWork
from domain.connection import ProviderConnection
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
    notifications: Mapping[Provider, ProviderNotifications]
    clock: Clock

    async def __call__(self, provider: Provider, removed: AppRemoved) -> Cleared:
        """Do it once for each removal; one that is older than a connection leaves that connection alone."""
        if removed.client_id != self.notifications[provider].client_id:
            return Cleared(Heard.ANOTHER_APP)
        async with self.begin() as uow:
            notice = f"{provider} removed {removed.user_id} at {removed.removed_at.isoformat()}"
            if not await uow.connections.first_heard(notice, self.clock()):
                return Cleared(Heard.HEARD_BEFORE)
            found = await _locked(uow, provider, removed)
            ended = await self._clear(uow, found, removed)
            if found.busy:
                uow.owed.owe(Work("deauthorize", _written(provider, removed), self.clock() + SOON))
        if not found.locked and not found.busy:
            return Cleared(Heard.NOT_CONNECTED)
        outcome = Heard.CLEARED if ended or found.busy else Heard.OLDER_THAN_CONNECTION
        return Cleared(outcome, ended, later=found.busy)

    async def again(self, claim: Claim) -> None:
        """The job: see to those who were held when the notice came."""
        provider, removed = _read(claim.subject)
        async with self.begin() as uow:
            if not await uow.owed.take(claim):
                return
            found = await _locked(uow, provider, removed)
            await self._clear(uow, found, removed)
            if found.busy:
                uow.owed.postpone(claim, self.clock() + SOON)
            else:
                uow.owed.settle(claim)

    async def _clear(self, uow: UnitOfWork, found: LockedConnections, removed: AppRemoved) -> tuple[HostId, ...]:
        ended: list[ProviderConnection] = [each for each in found.locked if each.is_ended_by(removed.removed_at)]
        for each in ended:
            uow.connections.remove(each.host_id, each.provider)
            await decide_anew(uow, each.host_id, each.provider, self.clock())
            uow.owed.owe(telling("removed", each, self.clock()))
        return tuple(each.host_id for each in ended)


async def _locked(uow: UnitOfWork, provider: Provider, removed: AppRemoved) -> LockedConnections:
    return await uow.connections.lock_on(provider, removed.user_id, removed.account_id)


def _written(provider: Provider, removed: AppRemoved) -> str:
    """The work's subject. JSON, because nobody promises which characters a provider's ids hold."""
    return msgspec.json.encode((provider, removed)).decode()


def _read(subject: str) -> tuple[Provider, AppRemoved]:
    return msgspec.json.decode(subject, type=tuple[Provider, AppRemoved])
