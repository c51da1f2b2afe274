"""What a passkey is, and what to do when a device is lost."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from adapters.http.web.templating import shown
from domain.host import Host


@get("/help/passkeys")
async def help_with_passkeys(visitor: NamedDependency[Host | None]) -> Template:
    return shown("help/passkeys.html", me=visitor)
