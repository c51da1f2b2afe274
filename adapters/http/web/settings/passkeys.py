"""Settings → Profile → Passkeys: add one, name it, take it away."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_429_TOO_MANY_REQUESTS

from adapters.http.clients import limit_sign_ins
from adapters.http.web.accounts.sign_in import too_many_tries
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.settings.identity import identity_of
from adapters.http.web.templating import shown
from adapters.presentation.sentences.refusals import refusal_sentence
from application.actor import HostActor
from application.app import App
from domain.errors import InvalidInput, NotFound, TooManyRequests, Unauthorized
from domain.host import Host
from domain.ids import PasskeyId

_NAME = "passkey_name"


@get("/settings/passkeys/new")
async def new_passkey_page(
    app: NamedDependency[App], host: NamedDependency[Host], actor: NamedDependency[HostActor]
) -> Template:
    return await _new(app, host, actor)


@post("/settings/passkeys/new", guards=[limit_sign_ins], status_code=200)
async def begin_adding_passkey(
    request: Visit, app: NamedDependency[App], host: NamedDependency[Host], actor: NamedDependency[HostActor]
) -> Template:
    """Answer with the page whose script has the passkey made."""
    form = await form_of(request)
    name = form.text(_NAME)
    try:
        wish = await app.begin_adding_passkey(actor, name, form.text("password"))
    except InvalidInput as refusal:
        return await _new(app, host, actor, HTTP_400_BAD_REQUEST, name=name, errors=Errors.of(refusal))
    except TooManyRequests as refusal:
        errors = Errors({"password": too_many_tries(refusal)})
        return await _new(app, host, actor, HTTP_429_TOO_MANY_REQUESTS, name=name, errors=errors)
    return shown("settings/passkey_create.html", me=host, wish=wish)


@post("/settings/passkeys", guards=[limit_sign_ins])
async def add_passkey(
    request: Visit, app: NamedDependency[App], host: NamedDependency[Host], actor: NamedDependency[HostActor]
) -> Template | Redirect:
    form = await form_of(request)
    name = form.text(_NAME)
    try:
        await app.add_passkey(actor, name, form.text("credential"))
    except InvalidInput as refusal:
        return await _new(app, host, actor, HTTP_400_BAD_REQUEST, name=name, errors=Errors.of(refusal))
    except Unauthorized as refusal:
        words = refusal_sentence(refusal)
        return await _new(app, host, actor, HTTP_400_BAD_REQUEST, name=name, refusal=words)
    return _done("passkey-added")


@get("/settings/passkeys/{passkey_id:str}")
async def passkey_page(
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    passkey_id: FromPath[PasskeyId],
) -> Template:
    return await _passkey(app, host, actor, passkey_id)


@post("/settings/passkeys/{passkey_id:str}/rename")
async def rename_passkey(
    request: Visit,
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    passkey_id: FromPath[PasskeyId],
) -> Template | Redirect:
    name = (await form_of(request)).text(_NAME)
    try:
        await app.rename_passkey(actor, passkey_id, name)
    except InvalidInput as refusal:
        errors = Errors.of(refusal)
        return await _passkey(app, host, actor, passkey_id, HTTP_400_BAD_REQUEST, name=name, errors=errors)
    return _done("saved")


@post("/settings/passkeys/{passkey_id:str}/remove", guards=[limit_sign_ins])
async def remove_passkey(
    request: Visit,
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    passkey_id: FromPath[PasskeyId],
) -> Template | Redirect:
    password = (await form_of(request)).text("password")
    try:
        await app.remove_passkey(actor, passkey_id, password)
    except InvalidInput as refusal:
        return await _passkey(app, host, actor, passkey_id, HTTP_400_BAD_REQUEST, errors=Errors.of(refusal))
    except TooManyRequests as refusal:
        errors = Errors({"password": too_many_tries(refusal)})
        return await _passkey(app, host, actor, passkey_id, HTTP_429_TOO_MANY_REQUESTS, errors=errors)
    return _done("passkey-removed")


async def _new(
    app: App,
    host: Host,
    actor: HostActor,
    status_code: int = 200,
    *,
    name: str = "",
    errors: Errors | None = None,
    refusal: str | None = None,
) -> Template:
    if not app.offers_passkeys:
        raise NotFound("passkey")
    return shown(
        "settings/passkey_new.html",
        status_code,
        me=host,
        name=name,
        errors=errors or Errors(),
        refusal=refusal,
        identity=await identity_of(app, actor),
    )


async def _passkey(
    app: App,
    host: Host,
    actor: HostActor,
    passkey_id: PasskeyId,
    status_code: int = 200,
    *,
    name: str | None = None,
    errors: Errors | None = None,
) -> Template:
    passkey = next((each for each in await app.list_passkeys(actor) if each.id == passkey_id), None)
    if passkey is None:
        raise NotFound("passkey")
    return shown(
        "settings/passkey.html",
        status_code,
        me=host,
        passkey=passkey,
        name=passkey.name if name is None else name,
        errors=errors or Errors(),
        identity=await identity_of(app, actor),
    )


def _done(what: str) -> Redirect:
    return Redirect(f"/settings/profile?done={what}", status_code=HTTP_303_SEE_OTHER)
