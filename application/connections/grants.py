"""Use a host's grant, refreshed when it has to be, by one refresher at a time."""

from dataclasses import dataclass

from application.actor import System
from application.connections.connection_trouble import note_trouble
from application.decisions import note_connection
from application.ports.clock import Clock
from application.ports.conflicts import Busy
from application.ports.oauth import Grant, OAuthClient
from application.ports.provider import NotConnected, NotPermitted, OurFault, TryLater
from application.ports.unit_of_work import Begin, UnitOfWork
from application.ports.vault import Unopenable
from domain.connection import Blocked, Connected, NeedsReconnect, ProviderConnection
from domain.ids import HostId
from domain.provider import Provider
from domain.provider_problem import GrantUnreadable, NothingConnected, PermissionMissing, TimedOut


@dataclass(frozen=True)
class UseGrant:
    """Hand out a grant whose access token should work."""

    begin: Begin
    clock: Clock

    async def __call__(
        self, _actor: System, host_id: HostId, provider: OAuthClient, *, refused: Grant | None = None
    ) -> tuple[ProviderConnection, Grant]:
        """Read the grant, and refresh it if it is about to expire or is the one that was `refused`.

        The refresh is the one network call inside a transaction: the row's lock is what keeps every other process
        from spending the same refresh token, and the new pair is committed before anybody uses it. Providers whose
        refresh tokens live on would bear more refreshers; one is enough for them too.

        Raises:
            NotConnected: nothing is connected, or the grant turned out to be dead; the connection says so from then on.
            NotPermitted: the account was blocked before; asking again would only count against us.
            TryLater, OurFault
        """
        async with self.begin() as uow:
            connection = _permitted(await uow.connections.get(host_id, provider.provider), provider.provider)
            grant = await _opened(uow, connection)
        if self._is_good(grant, refused):
            return connection, grant
        async with self.begin() as uow:
            try:
                locked = await uow.connections.lock(host_id, provider.provider)
            except Busy as error:
                raise TryLater(TimedOut(provider.provider)) from error
            connection = _permitted(locked, provider.provider)
            grant = await _opened(uow, connection)
            if self._is_good(grant, refused):
                return connection, grant
            try:
                fresh = await _refresh(provider, grant)
            except NotConnected as error:
                problem = await note_trouble(uow, connection, error, provider.capabilities, self.clock())
            else:
                refreshed = connection.was_refreshed(self.clock())
                note_connection(uow, refreshed, fresh)
                return refreshed, fresh
        raise NotConnected(problem)

    def _is_good(self, grant: Grant, refused: Grant | None) -> bool:
        if refused is not None and grant.access_token == refused.access_token:
            return False
        return grant.works_at(self.clock())


async def _refresh(provider: OAuthClient, grant: Grant) -> Grant:
    try:
        fresh = await provider.refresh(grant)
    except TryLater as error:
        if not error.left_behind or provider.capabilities.rotation != "strict":
            raise
        # The answer got lost after the token may have been spent: the provider's grace, if any, is for the next moment.
        fresh = await provider.refresh(grant)
    if not provider.scopes <= fresh.scopes:
        raise NotConnected(PermissionMissing(provider.provider))
    return fresh


async def _opened(uow: UnitOfWork, connection: ProviderConnection) -> Grant:
    """Read the connection's grant.

    Raises:
        OurFault: this server lacks the key; giving it back mends that, and so does connecting again.
    """
    try:
        grant = await uow.connections.grant(connection.host_id, connection.provider)
    except Unopenable as error:
        raise OurFault(GrantUnreadable(connection.provider)) from error
    if grant is None:
        raise NotConnected(NothingConnected(connection.provider))
    return grant


def _permitted(found: ProviderConnection | None, provider: Provider) -> ProviderConnection:
    if found is None:
        raise NotConnected(NothingConnected(provider))
    match found.state:
        case Connected():
            return found
        case NeedsReconnect(problem):
            raise NotConnected(problem)
        case Blocked(problem):
            raise NotPermitted(problem)
