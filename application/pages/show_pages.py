"""Read a host's booking pages."""

from dataclasses import dataclass

from application.actor import HostActor
from application.pages.edit_pages import event_type_of, no_page
from application.ports.host_views import HostPages
from domain.booking_page import BookingPage, EventType
from domain.ids import EventTypeId, PageId


@dataclass(frozen=True)
class ListPages:
    pages: HostPages

    async def __call__(self, actor: HostActor) -> list[BookingPage]:
        """Raises Forbidden."""
        return await self.pages.pages(actor.require("pages:read"))


@dataclass(frozen=True)
class ShowPage:
    pages: HostPages

    async def __call__(self, actor: HostActor, page_id: PageId) -> BookingPage:
        """Raises Forbidden, and NotFound for another host's page too."""
        page = await self.pages.page(actor.require("pages:read"), page_id)
        if page is None:
            raise no_page()
        return page


@dataclass(frozen=True)
class ShowEventType:
    show_page: ShowPage

    async def __call__(self, actor: HostActor, page_id: PageId, event_type_id: EventTypeId) -> EventType:
        """Raises Forbidden or NotFound."""
        return event_type_of(await self.show_page(actor, page_id), event_type_id)
