"""Overview of a host's providers and of those that need attention."""

from datetime import UTC, datetime

import msgspec

from adapters.presentation.language import gettext as _
from adapters.presentation.language import ngettext
from adapters.presentation.providers import words_of
from adapters.presentation.sentences.provider_problems import for_host
from application.actor import HostActor
from application.app import App
from application.booking.offering import statuses_of
from application.ports.oauth import GrantCapabilities
from domain.booking_page import BookingPage
from domain.connection import ProviderConnection, ProviderStatus
from domain.host import Host
from domain.meeting_type import provider_of
from domain.provider import PROVIDERS, Provider
from domain.provider_problem import ProviderProblem


class ProviderOverview(msgspec.Struct, frozen=True):
    """A provider as its host stands with it right now.

    Attributes:
        problem: why it can't be used until somebody acts.
        limited_until: when the passing limit that holds ends.
        may_have_ended: nothing has failed yet, but the same login was connected elsewhere since.
        can: what the provider does in its own way; None where this server has no settings for it.
    """

    provider: Provider
    status: ProviderStatus
    connection: ProviderConnection | None = None
    problem: ProviderProblem | None = None
    limited_until: datetime | None = None
    may_have_ended: bool = False
    can: GrantCapabilities | None = None

    @property
    def name(self) -> str:
        return words_of(self.provider).name

    @property
    def label(self) -> str:
        """What its meetings are called."""
        return words_of(self.provider).product


class Trouble(msgspec.Struct, frozen=True):
    """What a banner says; `button` leads to the provider's row."""

    provider: Provider
    title: str
    words: str
    button: str


async def provider_overviews(app: App, host: Host) -> dict[Provider, ProviderOverview]:
    shown = await app.show_connections(host.id)
    statuses = statuses_of(app.configured, [each.connection for each in shown.values()])
    found: dict[Provider, ProviderOverview] = {}
    for provider in PROVIDERS:
        health, client = shown.get(provider), app.ports.providers.get(provider)
        can = client.capabilities if client else None
        if health is None:
            found[provider] = ProviderOverview(provider, statuses[provider], can=can)
            continue
        found[provider] = ProviderOverview(
            provider,
            statuses[provider],
            health.connection,
            health.problem,
            health.limited_until,
            health.may_have_ended,
            can,
        )
    return found


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
            title, button = _("{name} doesn’t let you create meetings"), _("See what helps")
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
        "“{page}” is set to {product}. Until you connect {name}, other meeting types are used, if any.",
        "{number} of your pages are set to {product}. Until you connect {name}, other meeting types are used, if any.",
        len(pages),
    )
    return words.format(page=pages[0].title, number=len(pages), product=overview.label, name=overview.name)


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
