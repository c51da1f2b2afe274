"""Help with webhooks that everybody can read."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from adapters.http.indexing import INDEXED
from adapters.http.web.settings.webhook_words import event_choices
from adapters.http.web.templating import shown
from adapters.http.web.webhook_snippets import snippets
from domain.host import Host


@get("/help/webhooks", opt=INDEXED)
async def help_with_webhooks(visitor: NamedDependency[Host | None]) -> Template:
    return shown("help/webhooks.html", me=visitor, snippets=snippets(), events=event_choices())
