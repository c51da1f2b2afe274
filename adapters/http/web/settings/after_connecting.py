"""The redirect of a host who has connected calendars."""

from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Visit
from adapters.http.web.settings import return_to_editor
from application.actor import HostActor
from application.app import App
from application.calendars.keep_account import ConnectedCalendars
from domain.host import Host


async def after_connecting(
    request: Visit, app: App, host: Host, settings: HttpSettings, connected: ConnectedCalendars, otherwise: str
) -> Redirect:
    """Lead back to the editor whose host wanted another calendar, or else to what was read."""
    way = await return_to_editor.editor_link(request, app, HostActor(host.id))
    if way is None or way.part != "calendars":
        return Redirect(otherwise, status_code=HTTP_303_SEE_OTHER)
    path = f"/pages/{way.page_id}/edit?connected={connected.connection.id}#{way.part}"
    to_editor = Redirect(path, status_code=HTTP_303_SEE_OTHER)
    to_editor.cookies.append(return_to_editor.forgotten(settings))
    return to_editor
