"""Settings → Profile: who the host is, and the address that mail goes to."""

from typing import Any

from litestar import get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_429_TOO_MANY_REQUESTS

from adapters.http.retry_after import retry_after
from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.language import language_cookie
from adapters.http.web.settings.activity import activity_of
from adapters.http.web.settings.identity import identity_of
from adapters.http.web.templating import shown
from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked, spoken
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.waits import try_again_words
from application.accounts.profile import ProfileEdit
from application.actor import HostActor
from application.app import App
from domain.errors import InvalidInput, TooManyRequests
from domain.host import Host
from domain.picture import LARGEST_PICTURE

_DONE = {
    "saved": marked("Saved."),
    "confirmed": marked("Your email address is confirmed."),
    "asked": marked("We’ve emailed the new address. It changes once you confirm it there."),
    "session-ended": marked("Session ended."),
    "passkey-added": marked("Passkey added. You can sign in with it now."),
    "passkey-removed": marked("Passkey removed."),
    "photo-saved": marked("Photo saved."),
    "photo-removed": marked("Photo removed."),
    "logo-saved": marked("Logo saved."),
    "logo-removed": marked("Logo removed."),
    "sent": marked(
        "We’ve resent the email. Check your inbox and your spam folder. If you once stopped our emails, allow them "
        "again by the link in any of them."
    ),
}

_FIELDS = ("name", "handle", "timezone", "language")


@get("/settings/profile")
async def profile(
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    settings: NamedDependency[HttpSettings],
    done: FromQuery[str | None] = None,
    activity: FromQuery[str | None] = None,
) -> Template:
    return await profile_page(app, host, actor, settings, done=_DONE.get(done or ""), whole=activity == "all")


@post("/settings/profile")
async def save_profile(
    request: Visit,
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    settings: NamedDependency[HttpSettings],
) -> Template | Redirect:
    form = await form_of(request)
    typed = {field: form.text(field) for field in _FIELDS}
    # Their browser tells the region, and the page whether hours are counted to 12.
    typed["language"] = settings.languages.of(typed["language"], spoken().reader_tag).reader_tag
    try:
        await app.edit_profile(actor, ProfileEdit(**typed))
    except InvalidInput as refusal:
        errors = Errors.of(refusal)
        return await profile_page(app, host, actor, settings, HTTP_400_BAD_REQUEST, typed=typed, errors=errors)
    except TooManyRequests as refusal:
        words = _("You’ve changed your handle too often today.")
        errors = Errors({"handle": joined(words, try_again_words(refusal.retry_after))})
        page = await profile_page(app, host, actor, settings, HTTP_429_TOO_MANY_REQUESTS, typed=typed, errors=errors)
        page.headers.update(retry_after(refusal))
        return page
    return _done("saved", [language_cookie(typed["language"], settings)])


@post("/settings/email")
async def change_email(
    request: Visit,
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    settings: NamedDependency[HttpSettings],
) -> Template | Redirect:
    form = await form_of(request)
    email = form.text("email")
    try:
        await app.change_email(actor, email, form.text("password"))
    except InvalidInput as refusal:
        errors = Errors.of(refusal)
        return await profile_page(app, host, actor, settings, HTTP_400_BAD_REQUEST, email=email, email_errors=errors)
    except TooManyRequests as refusal:
        words = _("Too many tries in a short time. Nothing changed.")
        errors = Errors({"email": joined(words, try_again_words(refusal.retry_after))})
        page = await profile_page(
            app, host, actor, settings, HTTP_429_TOO_MANY_REQUESTS, email=email, email_errors=errors
        )
        page.headers.update(retry_after(refusal))
        return page
    return _done("asked")


@post("/settings/email/confirmation")
async def send_confirmation(app: NamedDependency[App], actor: NamedDependency[HostActor]) -> Redirect:
    await app.send_confirmation(actor)
    return _done("sent")


async def is_unconfirmed(app: App, actor: HostActor) -> bool:
    """Whether the host has yet to prove that mail reaches them."""
    return (await app.show_profile(actor)).email_confirmed_at is None


async def profile_page(
    app: App,
    host: Host,
    actor: HostActor,
    settings: HttpSettings,
    status_code: int = 200,
    /,
    *,
    whole: bool = False,
    **changes: Any,
) -> Template:
    """The page as it is, with what is changed on it; `whole` lists all that happened."""
    context: dict[str, Any] = {
        "typed": {field: getattr(host, field) for field in _FIELDS},
        "errors": Errors(),
        "email": "",
        "email_errors": Errors(),
        "picture_errors": Errors(),
        "done": None,
        **changes,
    }
    return shown(
        "settings/profile.html",
        status_code,
        me=host,
        unconfirmed=await is_unconfirmed(app, actor),
        prefix=f"{settings.public_url}/",
        languages=settings.languages,
        largest_picture=LARGEST_PICTURE // 1024**2,
        activity=await activity_of(app, actor, whole=whole),
        passkeys=await app.list_passkeys(actor) if app.offers_passkeys else None,
        identity=await identity_of(app, actor),
        **context,
    )


def _done(what: str, cookies: list[Cookie] | None = None) -> Redirect:
    return Redirect(f"/settings/profile?done={what}", status_code=HTTP_303_SEE_OTHER, cookies=cookies)
