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
from application.booking.offering import statuses_of
from domain.connection import ProviderConnection, ProviderStatus
from domain.errors import NotFound
from domain.host import Host
from domain.provider import PROVIDERS, Provider, provider_named


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
    opt=call(id="listProviders", summary="List providers and what is connected", result=list[ProviderOut]),
)
async def list_providers(request: ApiRequest, host: NamedDependency[Host]) -> ASGIResponse:
    app = app_of(request)
    connections = await app.ports.views.connections(host.id)
    status = statuses_of(app.configured, connections)
    stored = {each.provider: each for each in connections}
    return answer([_shown(each, status[each], stored.get(each)) for each in PROVIDERS])


@delete(
    "/providers/{provider:str}",
    opt=call(
        id="disconnectProvider",
        summary="Disconnect a provider",
        description="Deletes the stored tokens at once. Links of confirmed bookings stay as they are. Disconnecting "
        "what isn't connected is fine.",
        status=204,
        problems=("not-found",),
    ),
)
async def disconnect(request: ApiRequest, host: NamedDependency[Host], provider: FromPath[str]) -> None:
    known = provider_named(provider)
    if known is None:
        raise NotFound("provider")
    await app_of(request).disconnect_provider(host.id, known)


def _shown(provider: Provider, status: ProviderStatus, stored: ProviderConnection | None) -> ProviderOut:
    if stored is None:
        return ProviderOut(provider, status, None, None, None)
    account = AccountOut(stored.account.email, stored.account.name)
    return ProviderOut(provider, status, account, stored.connected_at, stored.last_meeting_at)
