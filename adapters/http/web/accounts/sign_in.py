"""Signing up, signing in, signing out."""

from datetime import UTC, datetime, timedelta

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import (
    HTTP_303_SEE_OTHER,
    HTTP_400_BAD_REQUEST,
    HTTP_403_FORBIDDEN,
    HTTP_429_TOO_MANY_REQUESTS,
)

from adapters.http.clients import limit_sign_ins
from adapters.http.devices import device_of
from adapters.http.indexing import INDEXED
from adapters.http.origins import origin_of
from adapters.http.retry_after import retry_after
from adapters.http.sessions import browser_cookies, clear_cookie, close_session
from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Errors, Visit, form_of, local_path
from adapters.http.web.templating import shown
from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked, spoken
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.refusals import refusal_sentence
from adapters.presentation.sentences.waits import try_again_words
from application.accounts.sign_in import SignedInBrowser
from application.accounts.sign_up import NewHost, SignUpClosed
from application.app import App
from domain.errors import InvalidInput, TooManyRequests, Unauthorized
from domain.host import Host

HOME = "/dashboard"

_SAMPLES = [datetime(2026, 1, 1, 9, tzinfo=UTC) + n * timedelta(minutes=30) for n in range(6)]
"""Times of the illustration, of any day."""

_DONE = {
    "reset": marked("Your new password is set. Sign in with it. You’ve been signed out everywhere."),
    "ended": marked("You’re signed out."),
    "everywhere": marked("You’re signed out on all your devices. API tokens still work."),
    "confirmed": marked("Your email address is confirmed."),
    "deleted": marked(
        "Your account is being deleted. We’re cancelling your upcoming bookings, telling your guests, and "
        "then erasing everything."
    ),
}


@get("/", opt=INDEXED)
async def landing(visitor: NamedDependency[Host | None]) -> Template:
    return shown("accounts/landing.html", me=visitor, samples=_SAMPLES)


@get("/signup", opt=INDEXED)
async def sign_up_page(
    app: NamedDependency[App], visitor: NamedDependency[Host | None], settings: NamedDependency[HttpSettings]
) -> Template | Redirect:
    if visitor:
        return _to(HOME)
    if not app.sign_up.is_open:
        return _sign_up_closed()
    return _sign_up(NewHost("", "", "", "UTC"), settings, Errors())


@post("/signup", guards=[limit_sign_ins])
async def sign_up(
    request: Visit, app: NamedDependency[App], settings: NamedDependency[HttpSettings]
) -> Template | Redirect:
    form = await form_of(request)
    password = form.text("password")
    new = NewHost(
        form.text("email"), form.text("name"), form.text("handle"), form.text("timezone"), password, spoken().reader_tag
    )
    try:
        browser = await app.sign_up(new, origin_of(request), device_of(request))
    except TooManyRequests as refusal:
        page = _sign_up(new, settings, Errors({"email": refusal_sentence(refusal)}), HTTP_429_TOO_MANY_REQUESTS)
        page.headers.update(retry_after(refusal))
        return page
    except SignUpClosed:
        return _sign_up_closed(HTTP_403_FORBIDDEN)
    except InvalidInput as refusal:
        return _sign_up(new, settings, Errors.of(refusal), HTTP_400_BAD_REQUEST)
    await close_session(request)
    return signed_in(browser, settings, HOME) if browser else _to("/signup/check-mail")


@get("/signup/check-mail")
async def check_mail_page(visitor: NamedDependency[Host | None]) -> Template:
    return shown("accounts/check_mail.html", me=visitor)


@get("/signin")
async def sign_in_page(
    app: NamedDependency[App],
    visitor: NamedDependency[Host | None],
    next: FromQuery[str | None] = None,
    done: FromQuery[str | None] = None,
) -> Template | Redirect:
    onward = local_path(next)
    return _to(onward or HOME) if visitor else sign_in_form(app, onward, "", done=_DONE.get(done or ""))


@post("/signin", guards=[limit_sign_ins])
async def sign_in(
    request: Visit, app: NamedDependency[App], settings: NamedDependency[HttpSettings]
) -> Template | Redirect:
    form = await form_of(request)
    onward, email = local_path(form.text("next")), form.text("email")
    try:
        browser = await app.sign_in(email, form.text("password"), origin_of(request), device_of(request))
    except Unauthorized as refusal:
        return sign_in_form(app, onward, email, HTTP_400_BAD_REQUEST, refusal=refusal_sentence(refusal))
    except TooManyRequests as refusal:
        page = sign_in_form(app, onward, email, HTTP_429_TOO_MANY_REQUESTS, refusal=too_many_tries(refusal))
        page.headers.update(retry_after(refusal))
        return page
    await close_session(request)
    return signed_in(browser, settings, onward or HOME)


@post("/signout")
async def sign_out(request: Visit, settings: NamedDependency[HttpSettings]) -> Redirect:
    await close_session(request)
    return Redirect("/", status_code=HTTP_303_SEE_OTHER, cookies=[clear_cookie(settings)])


def too_many_tries(refusal: TooManyRequests) -> str:
    words = _("Too many wrong passwords. Wait a while before you try again.")
    return joined(words, try_again_words(refusal.retry_after))


def _sign_up(new: NewHost, settings: HttpSettings, errors: Errors, status_code: int = 200) -> Template:
    return shown("accounts/signup.html", status_code, new=new, errors=errors, prefix=f"{settings.public_url}/")


def _sign_up_closed(status_code: int = 200) -> Template:
    return shown("accounts/signup_closed.html", status_code)


def sign_in_form(
    app: App,
    onward: str | None,
    email: str,
    status_code: int = 200,
    *,
    refusal: str | None = None,
    done: str | None = None,
) -> Template:
    # On the way back from a provider the reason is in the address to go on to.
    from_provider = bool(onward and onward.startswith("/settings/providers?"))
    return shown(
        "accounts/signin.html",
        status_code,
        onward=onward,
        email=email,
        refusal=refusal,
        done=done,
        from_provider=from_provider,
        passkeys=app.offers_passkeys,
    )


def signed_in(browser: SignedInBrowser, settings: HttpSettings, onward: str) -> Redirect:
    return Redirect(onward, status_code=HTTP_303_SEE_OTHER, cookies=browser_cookies(browser, settings))


def _to(path: str) -> Redirect:
    return Redirect(path, status_code=HTTP_303_SEE_OTHER)
