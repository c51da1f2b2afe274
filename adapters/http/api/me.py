"""The calls about the host's own account."""

from litestar import get, patch
from litestar.di import NamedDependency
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.reading import ApiRequest, read_body
from adapters.http.request_context import app_of
from application.accounts.profile import ProfileEdit
from application.actor import HostActor
from domain.host import HANDLE_KEPT_FOR, Host


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
        description="What is left out stays. A new time zone counts for future bookings only. After a new handle the "
        f"addresses under the former one lead on for {HANDLE_KEPT_FOR.days} days. A new email address is asked by "
        "mail, and counts once you have confirmed it, signed in; until then the answer shows the present one. The "
        "present address is told by mail.",
        body=ProfileEdit,
        result=Host,
        gives="Your account as it is now.",
        problems=("invalid-input", "too-many-requests"),
    ),
)
async def change_me(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    edit = await read_body(request, ProfileEdit)
    return answer(await app_of(request).edit_profile(actor, edit))
