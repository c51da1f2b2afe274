"""Proof of identity in a form, as a stolen session isn't enough: the password, or a passkey on a page of its own."""

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.clients import limit_challenges, limit_sign_ins
from adapters.http.web.forms import Visit, form_of, local_path
from adapters.http.web.templating import shown
from adapters.presentation.sentences.refusals import refusal_sentence
from application.actor import HostActor
from application.app import App
from domain.errors import Unauthorized
from domain.host import Host

_PROFILE = "/settings/profile"


class Identity(msgspec.Struct, frozen=True):
    """What a form knows of its host.

    Attributes:
        confirmed: a passkey was used just now, so nothing is asked for.
        by_passkey: it could be.
    """

    confirmed: bool
    by_passkey: bool


async def identity_of(app: App, actor: HostActor) -> Identity:
    if app.confirm_identity.is_confirmed(actor):
        return Identity(confirmed=True, by_passkey=False)
    return Identity(confirmed=False, by_passkey=app.offers_passkeys and bool(await app.list_passkeys(actor)))


@get("/settings/confirm", guards=[limit_challenges])
async def confirm_page(
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    next: FromQuery[str | None] = None,
) -> Template:
    return await _confirm(app, host, actor, local_path(next))


@post("/settings/confirm", guards=[limit_sign_ins])
async def confirm(
    request: Visit, app: NamedDependency[App], host: NamedDependency[Host], actor: NamedDependency[HostActor]
) -> Template | Redirect:
    form = await form_of(request)
    onward = local_path(form.text("next"))
    try:
        await app.confirm_with_passkey(actor, form.text("credential"))
    except Unauthorized as refusal:
        return await _confirm(app, host, actor, onward, HTTP_400_BAD_REQUEST, refusal=refusal_sentence(refusal))
    return Redirect(onward or _PROFILE, status_code=HTTP_303_SEE_OTHER)


async def _confirm(
    app: App, host: Host, actor: HostActor, onward: str | None, status_code: int = 200, *, refusal: str | None = None
) -> Template:
    return shown(
        "settings/confirm.html",
        status_code,
        me=host,
        onward=onward or _PROFILE,
        options=await app.confirm_with_passkey.challenge(actor),
        refusal=refusal,
    )
