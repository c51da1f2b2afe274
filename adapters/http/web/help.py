"""Help that everybody can read."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from adapters.http.web.templating import shown
from domain.host import Host


@get("/help/zoom")
async def help_with_zoom(visitor: NamedDependency[Host | None]) -> Template:
    return shown("help/zoom.html", me=visitor)
