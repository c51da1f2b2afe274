"""The calls about connected providers. Connecting itself needs a browser."""

from datetime import datetime

import msgspec
from litestar import delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.reading import ApiRequest
from adapters.http.request_context import app_of
from application.actor import HostActor
from application.connections.show_connections import ProviderState
from domain.connection import ProviderStatus
from domain.errors import NotFound
from domain.provider import Provider, provider_named


class AccountOut(msgspec.Struct, frozen=True):
    email: str
    name: str


class ProviderOut(msgspec.Struct, frozen=True):
    """A provider and the account that is connected there, if any."""

    provider: Provider
    status: ProviderStatus
    account: AccountOut | None
    connected_at: datetime | None
    last_meeting_at: datetime | None


@get(
    "/providers",
    opt=call(
        id="listProviders",
        summary="List providers and what is connected",
        scopes=("account:read",),
        result=list[ProviderOut],
    ),
)
async def list_providers(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    states = await app_of(request).show_connections(actor)
    return answer([_shown(each) for each in states.values()])


@delete(
    "/providers/{provider:str}",
    opt=call(
        id="disconnectProvider",
        summary="Disconnect a provider",
        scopes=("account:write",),
        description="Deletes the stored tokens right away. Confirmed bookings keep their links. You can disconnect "
        "what isn't connected: nothing happens.",
        status=204,
        problems=("not-found",),
    ),
)
async def disconnect(request: ApiRequest, actor: NamedDependency[HostActor], provider: FromPath[str]) -> None:
    known = provider_named(provider)
    if known is None:
        raise NotFound("provider")
    await app_of(request).disconnect_provider(actor, known)


def _shown(state: ProviderState) -> ProviderOut:
    connection = state.connection
    if connection is None:
        return ProviderOut(state.provider, state.status, None, None, None)
    account = AccountOut(connection.account.email, connection.account.name)
    return ProviderOut(state.provider, state.status, account, connection.connected_at, connection.last_meeting_at)
