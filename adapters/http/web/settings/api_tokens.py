"""Settings → API tokens: make one, see it once, take it back."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_429_TOO_MANY_REQUESTS

from adapters.http.clients import limit_sign_ins
from adapters.http.retry_after import retry_after
from adapters.http.settings import HttpSettings
from adapters.http.web.accounts.sign_in import too_many_tries
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.settings.identity import identity_of
from adapters.http.web.settings.shown_once import NEW_TOKEN
from adapters.http.web.settings.token_form import TokenForm, expiry_choices, scope_choices
from adapters.http.web.templating import shown
from application.actor import HostActor
from application.app import App
from domain.errors import InvalidInput, TooManyRequests
from domain.host import Host
from domain.ids import ApiTokenId

NOTHING_TYPED = TokenForm()


@get("/settings/api-tokens")
async def api_tokens(
    request: Visit,
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    settings: NamedDependency[HttpSettings],
    revoked: FromQuery[str] = "",
) -> Template:
    token = NEW_TOKEN.brought(request, settings, host)
    page = await _tokens(app, host, actor, token=token, revoked=bool(revoked))
    if token:
        page.cookies.append(NEW_TOKEN.forgotten(settings))
    return page


@post("/settings/api-tokens", guards=[limit_sign_ins])
async def make_api_token(
    request: Visit,
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    settings: NamedDependency[HttpSettings],
) -> Template | Redirect:
    form, errors = await form_of(request), Errors()
    typed = TokenForm.typed(form)
    wanted, password = typed.wanted(app.now(), host.timezone, errors), form.text("password")
    try:
        if errors:
            await app.issue_api_token.check(actor, wanted, password)
            return await _tokens(app, host, actor, HTTP_400_BAD_REQUEST, typed=typed, errors=errors)
        issued = await app.issue_api_token(actor, wanted, password)
    except InvalidInput as refusal:
        errors = Errors({**Errors.of(refusal), **errors})
        return await _tokens(app, host, actor, HTTP_400_BAD_REQUEST, typed=typed, errors=errors)
    except TooManyRequests as refusal:
        errors = Errors({"password": too_many_tries(refusal)})
        page = await _tokens(app, host, actor, HTTP_429_TOO_MANY_REQUESTS, typed=typed, errors=errors)
        page.headers.update(retry_after(refusal))
        return page
    cookies = [NEW_TOKEN.kept(settings, host, issued.secret)]
    return Redirect("/settings/api-tokens", status_code=HTTP_303_SEE_OTHER, cookies=cookies)


@post("/settings/api-tokens/{token_id:str}/revoke")
async def revoke_api_token(
    app: NamedDependency[App], actor: NamedDependency[HostActor], token_id: FromPath[str]
) -> Redirect:
    await app.revoke_api_token(actor, ApiTokenId(token_id))
    return Redirect("/settings/api-tokens?revoked=1", status_code=HTTP_303_SEE_OTHER)


async def _tokens(
    app: App,
    host: Host,
    actor: HostActor,
    status_code: int = 200,
    *,
    typed: TokenForm = NOTHING_TYPED,
    errors: Errors | None = None,
    token: str | None = None,
    revoked: bool = False,
) -> Template:
    return shown(
        "settings/api_tokens.html",
        status_code,
        me=host,
        now=app.now(),
        tokens=await app.list_api_tokens(actor),
        typed=typed,
        scopes=scope_choices(),
        expiries=expiry_choices(),
        errors=errors or Errors(),
        token=token,
        revoked=revoked,
        identity=await identity_of(app, actor),
    )
