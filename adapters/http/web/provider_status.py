"""Overview of a host's providers and of those that need attention."""

from datetime import UTC

import msgspec

from adapters.presentation.language import gettext as _
from adapters.presentation.language import ngettext
from adapters.presentation.providers import words_of
from adapters.presentation.sentences.provider_problems import for_host
from application.actor import HostActor
from application.app import App
from application.connections.show_connections import ProviderState
from domain.booking_page import BookingPage
from domain.host import Host
from domain.meeting_type import provider_of
from domain.provider import Provider


class ProviderOverview(ProviderState, frozen=True):
    """A provider's state, with what its pages call it."""

    @property
    def name(self) -> str:
        return words_of(self.provider).name

    @property
    def product(self) -> str:
        """What its meetings are called."""
        return words_of(self.provider).product


class Trouble(msgspec.Struct, frozen=True):
    """What a banner says; `button` leads to the provider's row."""

    provider: Provider
    title: str
    words: str
    button: str


async def provider_overviews(app: App, host: Host) -> dict[Provider, ProviderOverview]:
    states = await app.show_connections(HostActor(host.id))
    return {each: ProviderOverview(**msgspec.structs.asdict(state)) for each, state in states.items()}


async def troubles(app: App, host: Host) -> list[Trouble]:
    """What a banner has to say until it is mended."""
    pages = await app.list_pages(HostActor(host.id))
    found = (_trouble(each, pages) for each in (await provider_overviews(app, host)).values())
    return [each for each in found if each is not None]


def _trouble(overview: ProviderOverview, pages: list[BookingPage]) -> Trouble | None:
    name = overview.name
    match overview.status:
        case "needs_reconnect":
            words = problem_words(overview)
            title, button = _("{name} needs reconnecting"), _("Reconnect {name}")
        case "blocked":
            words = problem_words(overview)
            title, button = _("{name} doesn’t let you create meetings"), _("How to fix it")
        case "connected" if overview.may_have_ended:
            words = doubt_words(overview)
            title, button = _("{name} may need reconnecting"), _("Reconnect {name}")
        case "not_connected":
            set_to_it = [each for each in pages if is_set_to(each, overview.provider)]
            if not set_to_it:
                return None
            words = _not_connected(overview, set_to_it)
            title, button = _("No {name} account is connected"), _("Connect {name}")
        case _:
            return None
    return Trouble(overview.provider, title.format(name=name), words, button.format(name=name))


def _not_connected(overview: ProviderOverview, pages: list[BookingPage]) -> str:
    words = ngettext(
        "“{page}” is set to {product}. Until you connect {name}, guests choose from your other options, if any.",
        "{number} of your pages are set to {product}. Until you connect {name}, guests choose from your other options, "
        "if any.",
        len(pages),
    )
    return words.format(page=pages[0].title, number=len(pages), product=overview.product, name=overview.name)


def problem_words(overview: ProviderOverview) -> str:
    """Why it can't be used; nothing where it can."""
    return for_host(overview.problem) if overview.problem else ""


def doubt_words(overview: ProviderOverview) -> str:
    """Why it may have ended although nothing has failed yet."""
    return _(
        "The same {name} login has since been connected by another TimeTuna account. {name} keeps only the latest "
        "connection of a login, so this one may have ended: reconnect {name} to use it here."
    ).format(name=overview.name)


def limit_words(overview: ProviderOverview) -> str:
    """When the limit ends; nothing where none holds."""
    if overview.limited_until is None:
        return ""
    return _("Daily limit reached (resets {time} UTC).").format(time=f"{overview.limited_until.astimezone(UTC):%H:%M}")


def is_set_to(page: BookingPage, provider: Provider) -> bool:
    """Whether the provider's meetings come first on the page."""
    return bool(page.meeting_types) and provider_of(page.meeting_types[0]) == provider
