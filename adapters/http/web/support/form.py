"""The form by which anybody reaches whoever runs this server; no account is needed."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.status_codes import (
    HTTP_303_SEE_OTHER,
    HTTP_400_BAD_REQUEST,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from adapters.http.capabilities import masked
from adapters.http.clients import client_network
from adapters.http.web.forms import Errors, Visit, form_with_files
from adapters.http.web.templating import shown
from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked, spoken
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.waits import try_again_words
from application.app import App
from application.support.ask_support import (
    LARGEST_SCREENSHOT,
    SupportMessage,
    SupportNotSetUp,
)
from domain.errors import InvalidInput, TooManyRequests
from domain.host import Host

# A picture that is too large comes in all the same, so that what was typed beside it isn't lost.
LARGEST_WITH_PICTURE = 12_000_000

SCREENSHOT_AGAIN = marked("Choose the screenshot once more: browsers forget files.")

_NOTHING = SupportMessage("", "", "")


@get("/support")
async def support_page(app: NamedDependency[App], visitor: NamedDependency[Host | None]) -> Template:
    typed = SupportMessage(visitor.email, "", "") if visitor else _NOTHING
    return _form(app, visitor, typed, Errors())


@post("/support", request_max_body_size=LARGEST_WITH_PICTURE)
async def ask_support(
    request: Visit, app: NamedDependency[App], visitor: NamedDependency[Host | None]
) -> Template | Redirect:
    async with form_with_files(request) as form:
        screenshot = await form.file("screenshot")
        typed = SupportMessage(
            form.text("email"),
            masked(form.text("page_url")),
            masked(form.text("message")),
            screenshot or None,
            spoken().reader_tag,
        )
    try:
        asked = await app.ask_support(typed, client_network(request))
    except InvalidInput as refusal:
        errors = Errors.of(refusal)
        if screenshot:
            errors.setdefault("screenshot", _(SCREENSHOT_AGAIN))
        return _form(app, visitor, typed, errors, HTTP_400_BAD_REQUEST)
    except TooManyRequests as refusal:
        return _form(app, visitor, typed, Errors(), HTTP_429_TOO_MANY_REQUESTS, many_messages(refusal))
    except SupportNotSetUp:
        return _form(app, visitor, typed, Errors(), HTTP_503_SERVICE_UNAVAILABLE)
    sent = "mailed" if asked.with_receipt else "yes"
    return Redirect(f"/support/{asked.token}?sent={sent}", status_code=HTTP_303_SEE_OTHER)


def many_messages(refusal: TooManyRequests) -> str:
    words = _("Too many messages came from your network. Yours is still below.")
    return joined(words, try_again_words(refusal.retry_after))


def _form(
    app: App, visitor: Host | None, typed: SupportMessage, errors: Errors, status_code: int = 200, refused: str = ""
) -> Template:
    return shown(
        "support/form.html",
        status_code,
        me=visitor,
        typed=typed,
        errors=errors,
        refused=refused,
        is_set_up=app.ask_support.is_set_up,
        largest=LARGEST_SCREENSHOT,
    )
