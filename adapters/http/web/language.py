"""The choice of a language and of 12 or 24 hours, for whoever wants others than the browser asks for."""

from typing import get_args

from litestar import post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from adapters.http.languages import COOKIE, HOURS_COOKIE
from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Visit, form_of, local_path
from adapters.presentation.language import HourCycle

_A_YEAR = 365 * 24 * 60 * 60


@post("/language")
async def choose_language(request: Visit, settings: NamedDependency[HttpSettings]) -> Redirect:
    """Remember the choice in this browser and go back to the page; what another site sends changes nothing.

    So the form needs no token, and a page without another form none of Litestar's cookies.
    """
    form = await form_of(request)
    language, hours = form.text("language"), form.text("hours")
    cookies = [language_cookie(language, settings)] if language else []
    if hours in get_args(HourCycle):
        cookies.append(_cookie(HOURS_COOKIE, hours, settings))
    return Redirect(local_path(form.text("back")) or "/", status_code=HTTP_303_SEE_OTHER, cookies=cookies)


def language_cookie(wanted: str, settings: HttpSettings) -> Cookie:
    """What makes this browser's pages speak a language from now on."""
    return _cookie(COOKIE, settings.languages.of(wanted).tag, settings)


def _cookie(key: str, value: str, settings: HttpSettings) -> Cookie:
    return Cookie(key, value=value, max_age=_A_YEAR, secure=settings.https, httponly=True, samesite="lax")
