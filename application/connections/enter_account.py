"""Handle the callback from a provider, whatever its account is connected for."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from application.connections.authorization import Authorize, Authorized, Callback, CallbackOutcome, ended_by
from application.connections.revoking import FindRelying, Relying, revocation, revoke
from application.ports.accounts import AuthorizationPurpose
from application.ports.clock import Clock
from application.ports.oauth import AccountClient, Grant
from application.ports.provider import NotPermitted, ProviderError
from application.ports.unit_of_work import Begin
from domain.connection import ProviderAccount
from domain.ids import HostId

_NOBODY = Relying(frozenset(), frozenset())


class Entered(msgspec.Struct, frozen=True):
    """The provider lets us in, with all that it takes."""

    purpose: AuthorizationPurpose
    grant: Grant
    account: ProviderAccount


class NotEntered(msgspec.Struct, frozen=True):
    """There is nothing to connect; `scopes` were granted all the same."""

    outcome: CallbackOutcome
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class EnterAccount:
    """Take a callback, trade its code, and read whose account it is; what leads to no connection is given back."""

    authorize: Authorize
    give_back: "GiveBack"

    async def __call__(
        self,
        host_id: HostId,
        session: str,
        callback: Callback,
        client: AccountClient,
        is_meant: Callable[[AuthorizationPurpose], bool],
    ) -> Entered | NotEntered:
        """Return how to get in, or why there is no way.

        Args:
            is_meant: whether the request that the callback belongs to was made for this.
        """
        taken = await self.authorize.take(host_id, session, callback)
        if not isinstance(taken, Authorized):
            return NotEntered(taken)
        purpose = taken.request.purpose
        if not is_meant(purpose):
            return NotEntered(CallbackOutcome.UNKNOWN_STATE)
        try:
            grant = await client.exchange(taken.code, taken.request.code_verifier)
        except ProviderError as error:
            return NotEntered(ended_by(error))
        try:
            account = await client.account(grant)
        except NotPermitted as error:
            return await self._not_entered(host_id, client, grant, error.account or grant.account, ended_by(error))
        except ProviderError as error:
            return await self._not_entered(host_id, client, grant, grant.account, ended_by(error))
        if not client.scopes <= grant.scopes:
            return await self._not_entered(host_id, client, grant, account, CallbackOutcome.TOO_FEW_SCOPES)
        return Entered(purpose, grant, account)

    async def _not_entered(
        self,
        host_id: HostId,
        client: AccountClient,
        grant: Grant,
        account: ProviderAccount | None,
        outcome: CallbackOutcome,
    ) -> NotEntered:
        await self.give_back(host_id, client, grant, account)
        # Too few of them make other calls fail as well.
        is_enough = client.scopes <= grant.scopes
        return NotEntered(outcome if is_enough else CallbackOutcome.TOO_FEW_SCOPES, grant.scopes)


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
