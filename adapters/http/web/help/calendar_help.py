"""Help with calendars that everybody can read."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from adapters.http.indexing import INDEXED
from adapters.http.web.templating import shown
from adapters.presentation.caldav_services import caldav_services
from domain.host import Host


@get("/help/calendars", opt=INDEXED)
async def help_with_calendars(visitor: NamedDependency[Host | None]) -> Template:
    return shown("help/calendars.html", me=visitor, services=caldav_services())
