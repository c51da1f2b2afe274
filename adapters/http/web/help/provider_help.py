"""Help with a provider; a signed-in host also sees how their own account is doing."""

from functools import partial

from adapters.http.settings import HttpSettings
from adapters.http.web.bookings.diagnosis import of_host
from adapters.http.web.help.help_page import Context, HelpPage
from adapters.http.web.provider_status import provider_overviews
from adapters.http.web.templating import HERE
from adapters.presentation.providers import words_of
from application.actor import HostActor
from application.app import App
from domain.host import Host
from domain.provider import PROVIDERS, Provider


def _page(provider: Provider) -> HelpPage:
    name = words_of(provider).help
    return HelpPage(f"/help/{name}", _template(name), partial(_context, provider), partial(_diagnosis, provider))


def _template(name: str) -> str:
    """The provider's own page; what all providers have in common is told where there is none."""
    own = f"help/{name}.html"
    return own if (HERE / "templates" / own).exists() else "help/provider.html"


def _context(provider: Provider, _settings: HttpSettings) -> Context:
    others = [words_of(each) for each in PROVIDERS if each != provider]
    return {"provider": provider, "about": words_of(provider), "others": others, "diagnosis": None}


async def _diagnosis(provider: Provider, app: App, host: Host) -> Context:
    pages = await app.list_pages(HostActor(host.id))
    return {"diagnosis": of_host(pages, (await provider_overviews(app, host))[provider], host)}


PROVIDER_HELP = tuple(_page(each) for each in PROVIDERS)
