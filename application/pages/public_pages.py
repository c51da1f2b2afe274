"""Read pages as their visitors see them; nobody has to sign in for that."""

from dataclasses import dataclass

from application.ports.clock import Clock
from application.ports.public_pages import PublicPage, PublicPages


@dataclass(frozen=True)
class ShowPublicPage:
    pages: PublicPages

    async def __call__(self, handle: str, page: str) -> PublicPage | None:
        """A page with what its host has connected; None where there is no such page."""
        return await self.pages.public_page(handle, page)


@dataclass(frozen=True)
class ListPublicPages:
    pages: PublicPages

    async def __call__(self, handle: str) -> list[PublicPage]:
        """All pages of a host, in no order; none where there is no such host."""
        return await self.pages.public_pages(handle)


@dataclass(frozen=True)
class FindPresentPath:
    pages: PublicPages
    clock: Clock

    async def __call__(
        self, handle: str, page: str | None = None, event_type: str | None = None
    ) -> tuple[str, ...] | None:
        """The parts today of an address whose host, page or event type may have had another name.

        None where there is no such page.
        """
        now = self.clock()
        present = await self.pages.present_handle(handle, now) or handle
        if page is None:
            return (present,)
        slugs = await self.pages.present_slugs(present, page, event_type, now)
        return None if slugs is None else (present, *slugs)
