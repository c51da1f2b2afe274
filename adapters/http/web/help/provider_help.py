"""Help with a provider that everybody can read; a signed-in host also sees how their own account is doing."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from adapters.http.indexing import INDEXED
from adapters.http.web.bookings.diagnosis import Diagnosis, of_host
from adapters.http.web.forms import Visit
from adapters.http.web.provider_status import provider_overviews
from adapters.http.web.templating import HERE, shown
from adapters.presentation.providers import words_of
from application.actor import HostActor
from application.app import App
from domain.host import Host
from domain.provider import PROVIDERS, Provider

_BY_PATH: dict[str, Provider] = {f"/help/{words_of(each).help}": each for each in PROVIDERS}


@get(list(_BY_PATH), opt=INDEXED)
async def help_with_provider(
    request: Visit, app: NamedDependency[App], visitor: NamedDependency[Host | None]
) -> Template:
    provider = _BY_PATH[request.url.path]
    return shown(
        _template(provider),
        me=visitor,
        provider=provider,
        about=words_of(provider),
        others=[words_of(each) for each in PROVIDERS if each != provider],
        diagnosis=await _diagnosis(app, visitor, provider) if visitor else None,
    )


def _template(provider: Provider) -> str:
    """The provider's own page; what all providers have in common is told where there is none."""
    own = f"help/{words_of(provider).help}.html"
    return own if (HERE / "templates" / own).exists() else "help/provider.html"


async def _diagnosis(app: App, host: Host, provider: Provider) -> Diagnosis:
    pages = await app.list_pages(HostActor(host.id))
    return of_host(pages, (await provider_overviews(app, host))[provider], host)
