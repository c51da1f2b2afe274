"""Settings → Profile → Photo and logo: choose them, and take them away."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_429_TOO_MANY_REQUESTS

from adapters.http.retry_after import retry_after
from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Errors, Visit, form_with_files
from adapters.http.web.settings.profile import profile_page
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.waits import try_again_words
from application.accounts.pictures import UPLOAD
from application.actor import HostActor
from application.app import App
from domain.errors import InvalidInput, TooManyRequests
from domain.host import Host
from domain.picture import picture_kind as kind_of

# One that is too large comes in all the same, so that the page can say so.
LARGEST_WITH_UPLOAD = 16_000_000


@post("/settings/pictures/{picture_kind:str}", request_max_body_size=LARGEST_WITH_UPLOAD)
async def set_picture(
    request: Visit,
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    settings: NamedDependency[HttpSettings],
    picture_kind: FromPath[str],
) -> Template | Redirect:
    kind = kind_of(picture_kind)
    async with form_with_files(request) as form:
        upload = await form.file(UPLOAD)
    try:
        await app.set_picture(actor, kind, upload)
    except InvalidInput as refusal:
        errors = Errors({kind: Errors.of(refusal)[UPLOAD]})
        return await profile_page(app, host, actor, settings, HTTP_400_BAD_REQUEST, picture_errors=errors)
    except TooManyRequests as refusal:
        words = joined(_("You’ve changed your pictures too often."), try_again_words(refusal.retry_after))
        page = await profile_page(
            app, host, actor, settings, HTTP_429_TOO_MANY_REQUESTS, picture_errors=Errors({kind: words})
        )
        page.headers.update(retry_after(refusal))
        return page
    return _done(f"{kind}-saved")


@post("/settings/pictures/{picture_kind:str}/remove")
async def remove_picture(
    app: NamedDependency[App], actor: NamedDependency[HostActor], picture_kind: FromPath[str]
) -> Redirect:
    kind = kind_of(picture_kind)
    await app.remove_picture(actor, kind)
    return _done(f"{kind}-removed")


def _done(what: str) -> Redirect:
    return Redirect(f"/settings/profile?done={what}", status_code=HTTP_303_SEE_OTHER)
