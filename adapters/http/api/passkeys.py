"""The calls about passkeys. Adding one needs the browser that is to have it."""

from datetime import datetime

import msgspec
from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_204_NO_CONTENT

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.reading import ApiRequest, known, read_body
from adapters.http.clients import limit_sign_ins
from adapters.http.request_context import app_of
from application.actor import HostActor
from domain.errors import InvalidInput
from domain.faults import Fault
from domain.ids import PasskeyId


class PasskeyOut(msgspec.Struct, frozen=True):
    """What you can sign in with instead of your password."""

    id: PasskeyId
    name: str
    added_at: datetime
    last_used_at: datetime | None


class PasskeyName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What you call a passkey."""

    name: str


class PasswordAgain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Your password, to make sure that it's you."""

    password: str


@get(
    "/passkeys",
    opt=call(id="listPasskeys", summary="List your passkeys", scopes=("account:read",), result=list[PasskeyOut]),
)
async def list_passkeys(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    found = await app_of(request).list_passkeys(actor)
    return answer([PasskeyOut(each.id, each.name, each.added_at, each.last_used_at) for each in found])


@patch(
    "/passkeys/{passkey_id:str}",
    status_code=HTTP_204_NO_CONTENT,
    opt=call(
        id="renamePasskey",
        summary="Rename a passkey",
        scopes=("account:write",),
        body=PasskeyName,
        status=204,
        problems=("not-found",),
    ),
)
async def rename_passkey(request: ApiRequest, actor: NamedDependency[HostActor], passkey_id: FromPath[str]) -> None:
    known(passkey_id)
    name = (await read_body(request, PasskeyName)).name
    try:
        await app_of(request).rename_passkey(actor, PasskeyId(passkey_id), name)
    except InvalidInput as refusal:
        # Forms have other names beside it.
        raise InvalidInput(*(Fault("name", each.problem) for each in refusal.faults)) from refusal


@post(
    "/passkeys/{passkey_id:str}/remove",
    guards=[limit_sign_ins],
    status_code=HTTP_204_NO_CONTENT,
    opt=call(
        id="removePasskey",
        summary="Remove a passkey",
        description="Nobody can sign in with it any more. We email you.",
        scopes=("account:write",),
        body=PasswordAgain,
        status=204,
        problems=("not-found", "too-many-requests", "overloaded"),
    ),
)
async def remove_passkey(request: ApiRequest, actor: NamedDependency[HostActor], passkey_id: FromPath[str]) -> None:
    known(passkey_id)
    password = (await read_body(request, PasswordAgain)).password
    await app_of(request).remove_passkey(actor, PasskeyId(passkey_id), password)
