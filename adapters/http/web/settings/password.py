"""Settings → Password: change it, and sign out everywhere."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_429_TOO_MANY_REQUESTS

from adapters.http.clients import limit_sign_ins
from adapters.http.retry_after import retry_after
from adapters.http.sessions import browser_cookies, clear_cookie
from adapters.http.settings import HttpSettings
from adapters.http.web.accounts.sign_in import too_many_tries
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.templating import shown
from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked
from application.actor import HostActor
from application.app import App
from domain.errors import InvalidInput, TooManyRequests
from domain.host import Host

_SAVED = {
    "not-me": marked(
        "You’re signed out everywhere else, all your API tokens and passkeys are gone, and your webhooks are paused. "
        "Now choose a new password."
    ),
    "1": marked("Your new password is set. You were signed out everywhere else."),
    "revoked": marked(
        "Your new password is set. You were signed out everywhere else, all your API tokens are revoked, and your "
        "webhooks are paused."
    ),
}


@get("/settings/password")
async def password_page(host: NamedDependency[Host], saved: FromQuery[str] = "") -> Template:
    return _password(host, Errors(), saved=_(_SAVED[saved]) if saved in _SAVED else None)


@post("/settings/password", guards=[limit_sign_ins])
async def change_password(
    request: Visit,
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    settings: NamedDependency[HttpSettings],
) -> Template | Redirect:
    form = await form_of(request)
    revoke = bool(form.text("revoke_tokens"))
    try:
        browser = await app.change_password(
            actor, form.text("current_password"), form.text("password"), revoke_tokens=revoke
        )
    except InvalidInput as refusal:
        return _password(host, Errors.of(refusal), HTTP_400_BAD_REQUEST, revoke=revoke)
    except TooManyRequests as refusal:
        errors = Errors({"current_password": too_many_tries(refusal)})
        page = _password(host, errors, HTTP_429_TOO_MANY_REQUESTS, revoke=revoke)
        page.headers.update(retry_after(refusal))
        return page
    cookies = browser_cookies(browser, settings)
    saved = "revoked" if revoke else "1"
    return Redirect(f"/settings/password?saved={saved}", status_code=HTTP_303_SEE_OTHER, cookies=cookies)


@post("/settings/sign-out-everywhere")
async def sign_out_everywhere(
    app: NamedDependency[App], actor: NamedDependency[HostActor], settings: NamedDependency[HttpSettings]
) -> Redirect:
    await app.sign_out_everywhere(actor)
    return Redirect("/signin?done=everywhere", status_code=HTTP_303_SEE_OTHER, cookies=[clear_cookie(settings)])


def _password(
    host: Host, errors: Errors, status_code: int = 200, *, saved: str | None = None, revoke: bool = False
) -> Template:
    return shown("settings/password.html", status_code, me=host, errors=errors, saved=saved, revoke=revoke)
