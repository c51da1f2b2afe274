"""The calls about the host's own account."""

from datetime import datetime

import msgspec
from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from adapters.http.api.answering import answer
from adapters.http.api.data_file import data_file
from adapters.http.api.described import call
from adapters.http.api.page_json import BookingPageOut
from adapters.http.api.reading import ApiRequest, read_body
from adapters.http.clients import limit_sign_ins
from adapters.http.request_context import app_of
from application.accounts.export_data import READS
from application.accounts.profile import ProfileEdit
from application.actor import HostActor
from domain.host import HANDLE_KEPT_FOR, Host


class NewPasswordIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`password` is the new one. With `revoke_tokens` all API tokens end, and webhooks are paused."""

    current_password: str
    password: str
    revoke_tokens: bool = False


class ExportedData(msgspec.Struct, frozen=True):
    """Everything that is stored about you: also bookings, connections, calendars, webhooks, sessions and so on."""

    made_at: datetime
    account: Host
    booking_pages: list[BookingPageOut]


class DeletionIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Your handle and your password, to make sure; `cancel_bookings` where some are still to come."""

    handle: str
    password: str
    cancel_bookings: bool = False


@get(
    "/me",
    opt=call(id="getMe", summary="Read your account", scopes=("account:read",), result=Host, gives="Your account."),
)
async def get_me(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    return answer((await app_of(request).show_profile(actor)).host)


@patch(
    "/me",
    opt=call(
        id="changeMe",
        summary="Change your account",
        scopes=("account:write",),
        description="What you leave out stays the same. A new time zone applies to new bookings. Links with your old "
        f"handle work for {HANDLE_KEPT_FOR.days} days. We email a new address a link: it applies once you have "
        "confirmed it, signed in. Until then the response shows your current address, which gets an email too.",
        body=ProfileEdit,
        result=Host,
        gives="Your account as it is now.",
        problems=("invalid-input", "too-many-requests"),
    ),
)
async def change_me(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    edit = await read_body(request, ProfileEdit)
    return answer(await app_of(request).edit_profile(actor, edit))


@post(
    "/me/confirmation",
    status_code=HTTP_204_NO_CONTENT,
    opt=call(
        id="sendConfirmation",
        summary="Resend the email that confirms your address",
        description="Does nothing if your address is already confirmed.",
        scopes=("account:write",),
        status=204,
        problems=("too-many-requests",),
    ),
)
async def send_confirmation(request: ApiRequest, actor: NamedDependency[HostActor]) -> None:
    await app_of(request).send_confirmation(actor)


@post(
    "/me/password",
    guards=[limit_sign_ins],
    status_code=HTTP_204_NO_CONTENT,
    opt=call(
        id="changePassword",
        summary="Change your password",
        description="Signs you out of all browsers. We email you.",
        scopes=("account:write",),
        body=NewPasswordIn,
        status=204,
        problems=("too-many-requests", "overloaded"),
    ),
)
async def change_password(request: ApiRequest, actor: NamedDependency[HostActor]) -> None:
    asked = await read_body(request, NewPasswordIn)
    await app_of(request).change_password.everywhere(
        actor, asked.current_password, asked.password, revoke_tokens=asked.revoke_tokens
    )


@post(
    "/me/lock-others-out",
    status_code=HTTP_204_NO_CONTENT,
    opt=call(
        id="lockOthersOut",
        summary="Lock everyone else out of your account",
        description="If somebody else was in it: ends all sessions, revokes all API tokens, this one too, removes all "
        "passkeys and pauses all webhooks. Your password stays, so set a new one afterwards.",
        scopes=("account:write",),
        status=204,
    ),
)
async def lock_others_out(request: ApiRequest, actor: NamedDependency[HostActor]) -> None:
    await app_of(request).disown(actor)


@get(
    "/me/export",
    opt=call(
        id="exportData",
        summary="Download all your data",
        description="Everything we store about you, except passwords, tokens and other secrets. 20 an hour per "
        "network.",
        scopes=READS,
        result=ExportedData,
        problems=("too-many-requests",),
    ),
)
async def export_data(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    return ASGIResponse(body=data_file(await app_of(request).export_data(actor)))


@post(
    "/me/deletion",
    guards=[limit_sign_ins],
    status_code=HTTP_202_ACCEPTED,
    opt=call(
        id="deleteAccount",
        summary="Delete your account",
        description="Nobody can sign in any more, and your pages are gone right away. We cancel upcoming bookings and "
        "email their guests, then erase everything. We email you.",
        scopes=("account:write",),
        body=DeletionIn,
        status=202,
        problems=("too-many-requests", "overloaded"),
    ),
)
async def delete_account(request: ApiRequest, actor: NamedDependency[HostActor]) -> None:
    asked = await read_body(request, DeletionIn)
    await app_of(request).delete_account(actor, asked.handle, asked.password, cancel_bookings=asked.cancel_bookings)
