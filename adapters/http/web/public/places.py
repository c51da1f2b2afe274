"""View models of a public address: a page, an event type on it, and its meeting types."""

from collections.abc import Hashable

import msgspec

from adapters.http.web.booking_words import Offered
from adapters.http.web.public.way import Way
from application.app import App
from application.booking.offering import types_to_choose
from application.booking.open_event_type import Opened
from application.ports.public_pages import PublicPage
from domain.booking_page import EventType


class MeetingTypeChoice(msgspec.Struct, frozen=True):
    """An event type of a page, and how people can meet for it right now."""

    event_type: EventType
    offers: tuple[Offered, ...]


class Place(msgspec.Struct, frozen=True):
    """An event type at its address, on a guest's way."""

    opened: Opened
    choice: MeetingTypeChoice
    way: Way = Way()

    @classmethod
    def of(cls, app: App, opened: Opened, way: Way) -> "Place":
        return cls(opened, choice_of(app, opened.public, opened.offer.event_type), way)

    @property
    def public(self) -> PublicPage:
        return self.opened.public

    @property
    def path(self) -> str:
        return f"{self.home}/{self.choice.event_type.slug}"

    @property
    def home(self) -> str:
        """The address of its page."""
        return f"{self.way.begins}/{self.opened.offer.host.handle}/{self.opened.offer.page.slug}"

    @property
    def context(self) -> dict[str, Hashable]:
        """What the templates of every step need."""
        offer = self.opened.offer
        return {
            "owner": offer.host,
            "page": offer.page,
            "event_type": self.choice.event_type,
            "offers": self.choice.offers,
            "path": self.path,
            "home": self.home if len(offer.page.event_types) > 1 else None,
            **self.way.context,
        }


def choice_of(app: App, public: PublicPage, event_type: EventType) -> MeetingTypeChoice:
    usable = types_to_choose(public, event_type, app.configured, app.now())
    return MeetingTypeChoice(event_type, tuple(Offered.of(each, public, usable) for each in usable))


def choices_of(app: App, public: PublicPage) -> list[MeetingTypeChoice]:
    return [choice_of(app, public, each) for each in public.page.event_types]


def is_open(app: App, public: PublicPage) -> bool:
    """Whether anything on the page can be booked."""
    return any(choice.offers for choice in choices_of(app, public))
