"""Connect a host's account at a provider for meetings: the authorization request, and every callback."""

from collections.abc import Mapping
from dataclasses import dataclass

from application.actor import HostActor
from application.connections.authorization import Authorize, Authorized, Callback, CallbackOutcome, ended_by
from application.connections.revoking import FindRelying, Relying, revocation, revoke
from application.decisions import apply_to_connection
from application.ports.accounts import ForMeetings
from application.ports.clock import Clock
from application.ports.oauth import AccountClient, Grant
from application.ports.provider import NotPermitted, ProviderError
from application.ports.storage import Begin
from domain.connection import ProviderAccount, connect
from domain.errors import NotFound
from domain.ids import HostId
from domain.origin import Origin
from domain.provider import Provider

_NOBODY = Relying(frozenset(), frozenset())


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
    authorize: Authorize
    give_back: "GiveBack"
    clock: Clock

    async def __call__(self, actor: HostActor, session: str, provider: Provider, callback: Callback) -> CallbackOutcome:
        """Connect, replacing what was connected before; anything but CONNECTED leaves everything as it was.

        Raises Forbidden.
        """
        host_id = actor.require("account:write")
        if provider not in self.providers:
            raise NotFound("provider-settings")
        taken = await self.authorize.take(host_id, session, callback)
        if not isinstance(taken, Authorized):
            return taken
        if taken.request.purpose != ForMeetings(provider):
            return CallbackOutcome.UNKNOWN_STATE
        return await self._connect(host_id, provider, taken, actor.origin)

    async def _connect(
        self, host_id: HostId, provider: Provider, authorized: Authorized, origin: Origin | None
    ) -> CallbackOutcome:
        client = self.providers[provider]
        try:
            grant = await client.exchange(authorized.code, authorized.request.code_verifier)
        except ProviderError as error:
            return ended_by(error)
        account = grant.account
        try:
            account = await client.account(grant)
        except NotPermitted as error:
            ended, account = ended_by(error), error.account or account
        except ProviderError as error:
            ended = ended_by(error)
        else:
            ended = CallbackOutcome.CONNECTED
        if not client.scopes <= grant.scopes:
            ended = CallbackOutcome.TOO_FEW_SCOPES
        if account is not None and ended is CallbackOutcome.CONNECTED:
            connected = connect(host_id, provider, account, self.clock())
            async with self.begin() as uow:
                await apply_to_connection(uow, connected, grant, origin=origin)
        else:
            await self.give_back(host_id, client, grant, account)
        return ended


@dataclass(frozen=True)
class GiveBack:
    """Take the app off an account that isn't connected, which may fail without consequence.

    Where that would end whatever the login has allowed, it is left alone unless the login is known and free; an older
    connection of this host's own counts, as it is to stay as it is.
    """

    begin: Begin
    find_relying: FindRelying
    clock: Clock

    async def __call__(
        self, host_id: HostId, client: AccountClient, grant: Grant, account: ProviderAccount | None
    ) -> None:
        relying = _NOBODY
        if client.capabilities.revocation != "grant":
            if account is None:
                return
            async with self.begin() as uow:
                relying = await self.find_relying(uow, client.provider, account.user_id)
        await revoke(client, grant, revocation(client, relying, host_id), self.clock())
