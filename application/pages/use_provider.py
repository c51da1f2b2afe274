"""Let pages use a provider's meetings."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from application.actor import HostActor
from application.pages.edit_pages import changed
from application.ports.unit_of_work import Begin
from domain.booking_page import BookingPage
from domain.errors import NotFound
from domain.ids import PageId
from domain.meeting_type import MADE_BY
from domain.provider import Provider


@dataclass(frozen=True)
class UseProviderOnPages:
    """Put the provider's meeting type first, and leave everything else as it is by then."""

    begin: Begin

    async def __call__(self, actor: HostActor, provider: Provider, page_ids: Collection[PageId]) -> None:
        """Change those pages that lack it; one that was removed meanwhile is left out. Raises Forbidden."""
        actor.require("pages:write")

        def use(page: BookingPage) -> BookingPage:
            if page.uses(provider):
                return page
            return msgspec.structs.replace(page, meeting_types=(MADE_BY[provider], *page.meeting_types))

        for page_id in page_ids:
            with suppress(NotFound):
                await changed(self.begin, actor, page_id, use)
