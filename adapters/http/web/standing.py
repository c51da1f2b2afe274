"""How do a host's providers stand, and which of them needs the host?"""

import msgspec

from application.app import App
from application.offering import statuses_of
from domain.booking_page import BookingPage
from domain.connection import PROVIDER_NAMES, PROVIDERS, Provider, ProviderConnection, ProviderStatus
from domain.host import Host
from domain.meeting_type import label_of, names_of, provider_of


class Standing(msgspec.Struct, frozen=True):
    """A provider as its host stands with it right now.

    Attributes:
        problem: why it can't be used until somebody acts.
        limit: the passing limit that holds.
        doubt: why the connection may have ended although nothing has failed yet.
    """

    provider: Provider
    status: ProviderStatus
    connection: ProviderConnection | None = None
    problem: str | None = None
    limit: str | None = None
    doubt: str | None = None

    @property
    def name(self) -> str:
        return PROVIDER_NAMES[self.provider]

    @property
    def label(self) -> str:
        """What its meetings are called."""
        return label_of(names_of(self.provider)[0])


class Trouble(msgspec.Struct, frozen=True):
    """What a banner says; `button` leads to the provider's row."""

    provider: Provider
    title: str
    words: str
    button: str


async def standings(app: App, host: Host) -> dict[Provider, Standing]:
    shown = await app.show_connections(host.id)
    statuses = statuses_of(app.configured, [each.connection for each in shown.values()])
    now = app.ports.clock()
    found: dict[Provider, Standing] = {}
    for provider in PROVIDERS:
        health = shown.get(provider)
        if health is None:
            found[provider] = Standing(provider, statuses[provider])
            continue
        limit = health.connection.limit(now)
        doubts = (note for note in health.notes if note != limit)
        found[provider] = Standing(
            provider, statuses[provider], health.connection, health.problem, limit, next(doubts, None)
        )
    return found


async def troubles(app: App, host: Host) -> list[Trouble]:
    """What a banner has to say until it is mended."""
    pages = await app.ports.views.pages(host.id)
    found = (_trouble(each, pages) for each in (await standings(app, host)).values())
    return [each for each in found if each is not None]


def _trouble(standing: Standing, pages: list[BookingPage]) -> Trouble | None:
    name = standing.name
    match standing.status:
        case "needs_reconnect":
            words, title, button = standing.problem or "", f"{name} needs reconnecting", f"Reconnect {name}"
        case "blocked":
            words, title, button = standing.problem or "", f"{name} doesn’t let you create meetings", "See what helps"
        case "connected" if standing.doubt:
            words, title, button = standing.doubt, f"{name} may need reconnecting", f"Reconnect {name}"
        case "not_connected":
            set_to_it = [each for each in pages if is_set_to(each, standing.provider)]
            if not set_to_it:
                return None
            which = f"“{set_to_it[0].title}” is" if len(set_to_it) == 1 else f"{len(set_to_it)} of your pages are"
            words = f"{which} set to {standing.label}. Until you connect {name}, other meeting types are used, if any."
            title, button = f"No {name} account is connected", f"Connect {name}"
        case _:
            return None
    return Trouble(standing.provider, title, words, button)


def is_set_to(page: BookingPage, provider: Provider) -> bool:
    """Whether the provider's meetings come first on the page."""
    return bool(page.meeting_types) and provider_of(page.meeting_types[0]) == provider
