"""Signing in with a passkey: a challenge for the page's script, and the answer that it sends as a form."""

from secrets import token_urlsafe

from litestar import post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Response, Template
from litestar.status_codes import HTTP_200_OK, HTTP_400_BAD_REQUEST

from adapters.http.clients import limit_challenges, limit_sign_ins
from adapters.http.devices import device_of
from adapters.http.origins import origin_of
from adapters.http.sessions import close_session
from adapters.http.settings import HttpSettings
from adapters.http.web.accounts.sign_in import HOME, sign_in_form, signed_in
from adapters.http.web.forms import Visit, form_of, local_path
from adapters.presentation.sentences.refusals import refusal_sentence
from application.accounts.prove_passkey import CHALLENGE_LASTS
from application.app import App
from domain.errors import Unauthorized

_SECRET_BYTES = 24


@post("/signin/passkey/options", guards=[limit_challenges], status_code=HTTP_200_OK)
async def passkey_options(
    request: Visit, app: NamedDependency[App], settings: NamedDependency[HttpSettings]
) -> Response[str]:
    # Another tab of this browser may be waiting for its answer.
    browser = _secret(request, settings) or token_urlsafe(_SECRET_BYTES)
    options = await app.sign_in_with_passkey.challenge(browser)
    return Response(options, media_type="application/json", cookies=[_cookie(settings, browser)])


@post("/signin/passkey", guards=[limit_sign_ins])
async def sign_in_with_passkey(
    request: Visit, app: NamedDependency[App], settings: NamedDependency[HttpSettings]
) -> Template | Redirect:
    form = await form_of(request)
    onward = local_path(form.text("next"))
    try:
        browser = await app.sign_in_with_passkey(
            _secret(request, settings), form.text("credential"), origin_of(request), device_of(request)
        )
    except Unauthorized as refusal:
        return sign_in_form(app, onward, "", HTTP_400_BAD_REQUEST, refusal=refusal_sentence(refusal))
    await close_session(request)
    return signed_in(browser, settings, onward or HOME)


def _secret(request: Visit, settings: HttpSettings) -> str:
    return request.cookies.get(_name(settings), "")


def _name(settings: HttpSettings) -> str:
    return "__Host-timetuna_passkey" if settings.https else "timetuna_passkey"


def _cookie(settings: HttpSettings, browser: str) -> Cookie:
    return Cookie(
        key=_name(settings),
        value=browser,
        max_age=int(CHALLENGE_LASTS.total_seconds()),
        path="/",
        secure=settings.https,
        httponly=True,
        samesite="strict",
    )
