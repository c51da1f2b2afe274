"""Settings → Profile."""

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.templating import shown
from application.accounts import ProfileEdit
from application.app import App
from domain.errors import InvalidInput
from domain.host import Host


@get("/settings/profile")
async def profile(
    host: NamedDependency[Host], settings: NamedDependency[HttpSettings], saved: FromQuery[str] = ""
) -> Template:
    typed = {"name": host.name, "email": host.email, "handle": host.handle, "timezone": host.timezone}
    return _profile(host, settings, typed, Errors(), saved=bool(saved))


@post("/settings/profile")
async def save_profile(
    request: Visit, app: NamedDependency[App], host: NamedDependency[Host], settings: NamedDependency[HttpSettings]
) -> Template | Redirect:
    form = await form_of(request)
    typed = {field: form.text(field) for field in ("name", "email", "handle", "timezone")}
    try:
        await app.edit_profile(host.id, ProfileEdit(**typed))
    except InvalidInput as refusal:
        errors = Errors({refusal.field: refusal.message})
        return _profile(host, settings, typed, errors, status_code=HTTP_400_BAD_REQUEST)
    return Redirect("/settings/profile?saved=1", status_code=HTTP_303_SEE_OTHER)


def _profile(
    host: Host,
    settings: HttpSettings,
    typed: dict[str, str],
    errors: Errors,
    *,
    saved: bool = False,
    status_code: int = 200,
) -> Template:
    return shown(
        "settings/profile.html",
        status_code,
        me=host,
        typed=typed,
        errors=errors,
        saved=saved,
        prefix=f"{settings.public_url}/",
    )
