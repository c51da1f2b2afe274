"""The pages behind the links in mails about an account, and the form that asks for a password reset.

Looking at such a page changes nothing: mail scanners follow links. Only its button does.
"""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_404_NOT_FOUND

from adapters.http.clients import limit_sign_ins
from adapters.http.devices import device_of
from adapters.http.origins import origin_of
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.templating import shown
from adapters.presentation.language import spoken
from adapters.presentation.sentences.refusals import refusal_sentence
from application.actor import HostActor
from application.app import App
from application.people import email_address
from domain.errors import InvalidInput, NotFound, Unauthorized
from domain.host import Host


@get("/forgot")
async def forgot_page(visitor: NamedDependency[Host | None]) -> Template:
    return shown("accounts/forgot.html", me=visitor, email=visitor.email if visitor else "", errors=Errors())


@post("/forgot", guards=[limit_sign_ins])
async def forgot(
    request: Visit, app: NamedDependency[App], visitor: NamedDependency[Host | None]
) -> Template | Redirect:
    """Answer the same, after the same work, whether any account has the address."""
    email = (await form_of(request)).text("email")
    try:
        address = email_address(email, "email")
    except InvalidInput as refusal:
        errors = Errors.of(refusal)
        return shown("accounts/forgot.html", HTTP_400_BAD_REQUEST, me=visitor, email=email, errors=errors)
    await app.ask_for_mail("reset", address, spoken().reader_tag, origin_of(request), device_of(request))
    return Redirect("/forgot/sent", status_code=HTTP_303_SEE_OTHER)


@get("/forgot/sent")
async def forgot_sent(visitor: NamedDependency[Host | None]) -> Template:
    return shown("accounts/forgot_sent.html", me=visitor)


@get("/reset/{token:str}", guards=[limit_sign_ins])
async def reset_page(
    app: NamedDependency[App], visitor: NamedDependency[Host | None], token: FromPath[str]
) -> Template:
    if not await app.reset_password.is_good(token):
        return _gone(visitor, "reset")
    return _reset(visitor, token, Errors())


@post("/reset/{token:str}", guards=[limit_sign_ins])
async def reset(
    request: Visit, app: NamedDependency[App], visitor: NamedDependency[Host | None], token: FromPath[str]
) -> Template | Redirect:
    form = await form_of(request)
    revoke = bool(form.text("revoke_tokens"))
    try:
        await app.reset_password(token, form.text("password"), revoke_tokens=revoke, origin=origin_of(request))
    except InvalidInput as refusal:
        return _reset(visitor, token, Errors.of(refusal), HTTP_400_BAD_REQUEST, revoke=revoke)
    except NotFound:
        return _gone(visitor, "reset")
    return Redirect("/signin?done=reset", status_code=HTTP_303_SEE_OTHER)


@get("/confirm-email/{token:str}", guards=[limit_sign_ins])
async def confirm_email_page(
    app: NamedDependency[App], visitor: NamedDependency[Host | None], token: FromPath[str]
) -> Template:
    email = await app.confirm_email.address_of(token)
    if email is None:
        return _gone(visitor, "confirm")
    return shown("accounts/confirm_email.html", me=visitor, token=token, email=email)


@post("/confirm-email/{token:str}", guards=[limit_sign_ins])
async def confirm_email(
    app: NamedDependency[App],
    visitor: NamedDependency[Host | None],
    visiting_actor: NamedDependency[HostActor | None],
    token: FromPath[str],
) -> Template | Redirect:
    before = await app.show_profile(visiting_actor) if visiting_actor else None
    try:
        await app.confirm_email(token, visiting_actor)
    except NotFound:
        return _gone(visitor, "confirm")
    except Unauthorized as refusal:
        if visiting_actor is not None:
            return _gone(visitor, "confirm", refusal_sentence(refusal))
        return Redirect(f"/signin?next=/confirm-email/{token}", status_code=HTTP_303_SEE_OTHER)
    except InvalidInput as refusal:
        return _gone(visitor, "confirm", refusal_sentence(refusal))
    onward = "/signin" if before is None else "/settings/profile" if before.email_confirmed_at else "/dashboard"
    return Redirect(f"{onward}?done=confirmed", status_code=HTTP_303_SEE_OTHER)


def _reset(
    visitor: Host | None, token: str, errors: Errors, status_code: int = 200, *, revoke: bool = False
) -> Template:
    return shown("accounts/reset.html", status_code, me=visitor, token=token, errors=errors, revoke=revoke)


def _gone(visitor: Host | None, purpose: str, reason: str | None = None) -> Template:
    return shown("accounts/link_gone.html", HTTP_404_NOT_FOUND, me=visitor, purpose=purpose, reason=reason)
