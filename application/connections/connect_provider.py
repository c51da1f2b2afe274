"""Connect a host's account at a provider for meetings: the authorization request, and every callback."""

from collections.abc import Mapping
from dataclasses import dataclass

from application.actor import HostActor
from application.connections.authorization import Authorize, Callback, CallbackOutcome
from application.connections.enter_account import EnterAccount, NotEntered
from application.decisions import apply_to_connection
from application.ports.accounts import ForMeetings
from application.ports.clock import Clock
from application.ports.oauth import AccountClient
from application.ports.unit_of_work import Begin
from domain.connection import connect
from domain.errors import NotFound
from domain.provider import Provider


@dataclass(frozen=True)
class StartConnecting:
    """Send a host to the provider, bound to this browser session."""

    providers: Mapping[Provider, AccountClient]
    authorize: Authorize

    async def __call__(self, actor: HostActor, session: str, provider: Provider) -> str:
        """Remember the authorization request and return where the browser goes.

        Raises:
            NotFound: this server has no settings for the provider.
            Forbidden
        """
        host_id = actor.require("account:write")
        if provider not in self.providers:
            raise NotFound("provider-settings")
        return await self.authorize.begin(host_id, session, ForMeetings(provider), self.providers[provider])


@dataclass(frozen=True)
class FinishConnecting:
    """Turn the callback from a provider into a connection, or into the reason why there is none."""

    begin: Begin
    providers: Mapping[Provider, AccountClient]
    enter: EnterAccount
    clock: Clock

    async def __call__(self, actor: HostActor, session: str, provider: Provider, callback: Callback) -> CallbackOutcome:
        """Connect, replacing what was connected before; anything but CONNECTED leaves everything as it was.

        Raises Forbidden.
        """
        host_id = actor.require("account:write")
        if provider not in self.providers:
            raise NotFound("provider-settings")
        client = self.providers[provider]
        entered = await self.enter(host_id, session, callback, client, lambda it: it == ForMeetings(provider))
        if isinstance(entered, NotEntered):
            return entered.outcome
        connected = connect(host_id, provider, entered.account, self.clock())
        async with self.begin() as uow:
            await apply_to_connection(uow, connected, entered.grant, origin=actor.origin)
        return CallbackOutcome.CONNECTED
