"""Help that everybody can read; a signed-in host also sees how their own Zoom is doing."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from adapters.http.web.checkup import Checkup, of_host
from adapters.http.web.standing import standings
from adapters.http.web.templating import shown
from application.app import App
from domain.host import Host


@get("/help/zoom")
async def help_with_zoom(app: NamedDependency[App], visitor: NamedDependency[Host | None]) -> Template:
    return shown("help/zoom.html", me=visitor, checkup=await _checkup(app, visitor) if visitor else None)


async def _checkup(app: App, host: Host) -> Checkup:
    pages = await app.ports.views.pages(host.id)
    return of_host(pages, (await standings(app, host))["zoom"], host)
