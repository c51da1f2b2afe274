"""Settings → Your data: take it along, or have it deleted."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST, HTTP_429_TOO_MANY_REQUESTS

from adapters.http.api.data_file import data_file
from adapters.http.clients import limit_sign_ins
from adapters.http.retry_after import retry_after
from adapters.http.sessions import clear_cookie
from adapters.http.settings import HttpSettings
from adapters.http.web.accounts.sign_in import too_many_tries
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.settings.identity import identity_of
from adapters.http.web.templating import shown
from application.actor import HostActor
from application.app import App
from domain.errors import InvalidInput, TooManyRequests
from domain.host import Host


@get("/settings/data")
async def data_page(
    app: NamedDependency[App], host: NamedDependency[Host], actor: NamedDependency[HostActor]
) -> Template:
    return await _data(app, host, actor, Errors())


@get("/settings/data/timetuna.json")
async def download(
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="timetuna-{host.handle}.json"'}
    return Response(data_file(await app.export_data(actor)), media_type="application/json", headers=headers)


@post("/settings/data/delete", guards=[limit_sign_ins])
async def delete_account(
    request: Visit,
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    settings: NamedDependency[HttpSettings],
) -> Template | Redirect:
    form = await form_of(request)
    typed, agreed = form.text("handle"), bool(form.text("cancel_bookings"))
    try:
        await app.delete_account(actor, typed, form.text("password"), cancel_bookings=agreed)
    except InvalidInput as refusal:
        return await _data(app, host, actor, Errors.of(refusal), HTTP_400_BAD_REQUEST, typed=typed, agreed=agreed)
    except TooManyRequests as refusal:
        errors = Errors({"password": too_many_tries(refusal)})
        page = await _data(app, host, actor, errors, HTTP_429_TOO_MANY_REQUESTS, typed=typed, agreed=agreed)
        page.headers.update(retry_after(refusal))
        return page
    return Redirect("/signin?done=deleted", status_code=HTTP_303_SEE_OTHER, cookies=[clear_cookie(settings)])


async def _data(
    app: App,
    host: Host,
    actor: HostActor,
    errors: Errors,
    status_code: int = 200,
    *,
    typed: str = "",
    agreed: bool = False,
) -> Template:
    coming = await app.delete_account.upcoming_bookings(actor)
    return shown(
        "settings/data.html",
        status_code,
        me=host,
        errors=errors,
        coming=coming,
        typed=typed,
        agreed=agreed,
        identity=await identity_of(app, actor),
    )
