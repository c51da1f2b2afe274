"""Signing up, signing in, signing out."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_429_TOO_MANY_REQUESTS

from adapters.http.clients import limit_sign_ins
from adapters.http.sessions import clear_cookie, close_session, session_cookie
from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Errors, Visit, form_of, local_path
from adapters.http.web.templating import shown
from application.accounts import NewHost
from application.app import App
from domain.errors import InvalidInput, TooManyRequests, Unauthorized
from domain.host import Host

HOME = "/dashboard"


@get("/")
async def landing(visitor: NamedDependency[Host | None]) -> Template:
    return shown("landing.html", me=visitor)


@get("/signup")
async def sign_up_page(visitor: NamedDependency[Host | None]) -> Template | Redirect:
    return _to(HOME) if visitor else _sign_up(NewHost("", "", "", "UTC"), Errors())


@post("/signup", guards=[limit_sign_ins])
async def sign_up(
    request: Visit, app: NamedDependency[App], settings: NamedDependency[HttpSettings]
) -> Template | Redirect:
    form = await form_of(request)
    password = form.text("password")
    new = NewHost(form.text("email"), form.text("name"), form.text("handle"), form.text("timezone"), password)
    try:
        await app.sign_up(new)
    except InvalidInput as refusal:
        return _sign_up(new, Errors({refusal.field: refusal.message}), HTTP_400_BAD_REQUEST)
    await close_session(request)
    return _signed_in(await app.sign_in(new.email, password), settings, HOME)


@get("/signin")
async def sign_in_page(
    visitor: NamedDependency[Host | None], next: FromQuery[str | None] = None
) -> Template | Redirect:
    onward = local_path(next)
    return _to(onward or HOME) if visitor else _sign_in(onward, "")


@post("/signin", guards=[limit_sign_ins])
async def sign_in(
    request: Visit, app: NamedDependency[App], settings: NamedDependency[HttpSettings]
) -> Template | Redirect:
    form = await form_of(request)
    onward = local_path(form.text("next"))
    try:
        token = await app.sign_in(form.text("email"), form.text("password"))
    except Unauthorized as refusal:
        return _sign_in(onward, form.text("email"), refusal.words, HTTP_400_BAD_REQUEST)
    except TooManyRequests as refusal:
        return _sign_in(onward, form.text("email"), refusal.words, HTTP_429_TOO_MANY_REQUESTS)
    await close_session(request)
    return _signed_in(token, settings, onward or HOME)


@post("/signout")
async def sign_out(request: Visit, settings: NamedDependency[HttpSettings]) -> Redirect:
    await close_session(request)
    return Redirect("/", status_code=HTTP_303_SEE_OTHER, cookies=[clear_cookie(settings)])


def _sign_up(new: NewHost, errors: Errors, status_code: int = 200) -> Template:
    return shown("accounts/signup.html", status_code, new=new, errors=errors)


def _sign_in(onward: str | None, email: str, refusal: str | None = None, status_code: int = 200) -> Template:
    # On the way back from a provider the reason is in the address to go on to.
    from_provider = bool(onward and onward.startswith("/settings/providers?"))
    return shown(
        "accounts/signin.html", status_code, onward=onward, email=email, refusal=refusal, from_provider=from_provider
    )


def _signed_in(token: str, settings: HttpSettings, onward: str) -> Redirect:
    return Redirect(onward, status_code=HTTP_303_SEE_OTHER, cookies=[session_cookie(token, settings)])


def _to(path: str) -> Redirect:
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
