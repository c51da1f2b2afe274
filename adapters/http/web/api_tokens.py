"""Settings → API tokens: make one, see it once, take it back."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_201_CREATED, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.clients import limit_sign_ins
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.templating import shown
from application.app import App
from application.language import said
from domain.errors import InvalidInput, NotFound
from domain.host import Host


@get("/settings/api-tokens")
async def api_tokens(app: NamedDependency[App], host: NamedDependency[Host], revoked: FromQuery[str] = "") -> Template:
    return await _tokens(app, host, revoked=bool(revoked))


@post("/settings/api-tokens", guards=[limit_sign_ins], status_code=HTTP_201_CREATED)
async def make_api_token(request: Visit, app: NamedDependency[App], host: NamedDependency[Host]) -> Template:
    name = (await form_of(request)).text("name")
    try:
        token = await app.issue_api_token(host.id, name)
    except InvalidInput as refusal:
        errors = Errors({refusal.field: said(refusal.message)})
        return await _tokens(app, host, HTTP_400_BAD_REQUEST, name=name, errors=errors)
    # Shown in this very answer, because nothing keeps it for a page that comes after.
    return await _tokens(app, host, HTTP_201_CREATED, token=token)


@post("/settings/api-tokens/{token_id:str}/revoke")
async def revoke_api_token(app: NamedDependency[App], host: NamedDependency[Host], token_id: FromPath[str]) -> Redirect:
    if not await app.ports.api_tokens.revoke(host.id, token_id):
        raise NotFound("There is no such API token. It may have been revoked already.")
    return Redirect("/settings/api-tokens?revoked=1", status_code=HTTP_303_SEE_OTHER)


async def _tokens(
    app: App,
    host: Host,
    status_code: int = 200,
    *,
    name: str = "",
    errors: Errors | None = None,
    token: str | None = None,
    revoked: bool = False,
) -> Template:
    return shown(
        "settings/api_tokens.html",
        status_code,
        me=host,
        tokens=await app.ports.api_tokens.of(host.id),
        name=name,
        errors=errors or Errors(),
        token=token,
        revoked=revoked,
    )
