"""Pages of help for people, the same as Markdown for programs, and `/llms.txt`, which leads there."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.response import Template

from adapters.http.indexing import INDEXED
from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Visit
from adapters.http.web.help.help_page import HelpPage
from adapters.http.web.help.help_pages import HELP_PAGES
from adapters.http.web.help.markdown import markdown_of
from adapters.http.web.templating import rendered, shown
from adapters.http.web_page import Layout
from adapters.presentation.language import ENGLISH, speaking
from application.app import App
from domain.host import Host

_BY_PATH = {each.path: each for each in HELP_PAGES}
_MARKDOWN = ".md"

_ABOUT = """# TimeTuna

> A meeting scheduler. Hosts publish booking pages, guests pick a time, and every booking gets its own meeting link.
"""
_PROGRAMS = """## For programs

- [API]({site}/api/openapi.json): OpenAPI 3.1. Calls of guests, below `/api/v1/public`, need no account.
- [MCP server]({site}/mcp): a host's bookings for AI assistants, by streamable HTTP with an API token.

A page at `{site}/HANDLE/PAGE` is at `{site}/api/v1/public/HANDLE/PAGE` for programs. It names event types.
GET `EVENT_TYPE/slots` below it lists free times, and POST `EVENT_TYPE/bookings` books one.
"""


@get(list(_BY_PATH), opt=INDEXED)
async def help_page(
    request: Visit,
    app: NamedDependency[App],
    settings: NamedDependency[HttpSettings],
    visitor: NamedDependency[Host | None],
) -> Template:
    page = _BY_PATH[request.url.path]
    context = {"me": visitor, **page.context(settings)}
    if visitor and page.for_host:
        context |= await page.for_host(app, visitor)
    return shown(page.template, **context)


@get([f"{path}{_MARKDOWN}" for path in _BY_PATH], sync_to_thread=False)
def help_in_markdown(request: Visit, settings: NamedDependency[HttpSettings]) -> Response[str]:
    page = _BY_PATH[request.url.path.removesuffix(_MARKDOWN)]
    return Response(_in_markdown(page, request, settings), media_type="text/markdown")


@get("/llms.txt", sync_to_thread=False)
def llms_txt(request: Visit, settings: NamedDependency[HttpSettings]) -> Response[str]:
    """What there is here for language models, as llmstxt.org lays it out."""
    with speaking(ENGLISH):
        pages = [(path, _in_markdown(page, request, settings).splitlines()) for path, page in _BY_PATH.items()]
    site = settings.public_url
    # A page begins with its heading, a blank line and what it is about.
    links = [f"- [{lines[0].removeprefix('# ')}]({site}{path}{_MARKDOWN}): {lines[2]}" for path, lines in pages]
    parts = [_ABOUT, "## Help\n", "\n".join(links), "", _PROGRAMS.format(site=site)]
    return Response("\n".join(parts), media_type="text/plain")


def _in_markdown(page: HelpPage, request: Visit, settings: HttpSettings) -> str:
    html = rendered(page.template, **{"layout": Layout.of(request), "me": None, **page.context(settings)})
    return markdown_of(html, settings.public_url)
