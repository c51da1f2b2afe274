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
class FindPresentHandle:
    pages: PublicPages
    clock: Clock

    async def __call__(self, former: str) -> str | None:
        """The handle of the host who had this one, while it still leads to them."""
        return await self.pages.present_handle(former, self.clock())
