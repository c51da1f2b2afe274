"""The choice of a language at the foot of each page, for whoever wants another than the browser asks for."""

from litestar import post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from adapters.http.languages import COOKIE
from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Visit, form_of, local_path

_A_YEAR = 365 * 24 * 60 * 60


@post("/language")
async def choose_language(request: Visit, settings: NamedDependency[HttpSettings]) -> Redirect:
    """Remember the choice in this browser and go back to the page; what another site sends changes nothing.

    So the form needs no token, and a page without another form none of Litestar's cookies.
    """
    form = await form_of(request)
    cookies = [language_cookie(form.text("language"), settings)]
    return Redirect(local_path(form.text("back")) or "/", status_code=HTTP_303_SEE_OTHER, cookies=cookies)


def language_cookie(wanted: str, settings: HttpSettings) -> Cookie:
    """What makes this browser's pages speak a language from now on."""
    tag = settings.languages.of(wanted).tag
    return Cookie(COOKIE, value=tag, max_age=_A_YEAR, secure=settings.https, httponly=True, samesite="lax")
