"""The calls about the tokens of the API itself."""

from datetime import datetime

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.reading import ApiRequest, known, read_body
from adapters.http.request_context import app_of
from application.accounts.api_tokens import NewApiToken
from application.actor import HostActor
from domain.api_token import ApiToken, GrantedScope
from domain.ids import ApiTokenId


class ApiTokenOut(msgspec.Struct, frozen=True):
    """A token without its secret; `last_used_at` is right to the hour, and `expires_at` null where it never ends."""

    id: ApiTokenId
    name: str
    scopes: tuple[GrantedScope, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class ApiTokenWithSecret(ApiTokenOut, frozen=True):
    """A new token with its secret, which no other answer ever shows."""

    token: str


@get(
    "/tokens",
    opt=call(id="listTokens", summary="List your API tokens", scopes=("account:read",), result=list[ApiTokenOut]),
)
async def list_tokens(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    return answer([_shown(each) for each in await app_of(request).list_api_tokens(actor)])


@post(
    "/tokens",
    opt=call(
        id="createToken",
        summary="Create an API token",
        description="It can do no more than the token that you use, and lasts no longer. Without `expires_at` it "
        "expires together with that token, or never. `*` includes all scopes, future ones too. We email you. 60 an "
        "hour.",
        scopes=("account:write",),
        body=NewApiToken,
        status=201,
        result=ApiTokenWithSecret,
        problems=("too-many-requests",),
    ),
)
async def create_token(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    issued = await app_of(request).issue_api_token(actor, await read_body(request, NewApiToken))
    shown = msgspec.structs.asdict(_shown(issued.token))
    return answer(ApiTokenWithSecret(**shown, token=issued.secret), 201)


@delete(
    "/tokens/{token_id:str}",
    opt=call(
        id="revokeToken",
        summary="Revoke an API token",
        description="It stops working right away. You can revoke the one that you use.",
        scopes=("account:write",),
        status=204,
        problems=("not-found",),
    ),
)
async def revoke_token(request: ApiRequest, actor: NamedDependency[HostActor], token_id: FromPath[str]) -> None:
    known(token_id)
    await app_of(request).revoke_api_token(actor, ApiTokenId(token_id))


def _shown(token: ApiToken) -> ApiTokenOut:
    return ApiTokenOut(token.id, token.name, token.scopes, token.created_at, token.expires_at, token.last_used_at)
