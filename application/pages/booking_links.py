"""Make, show and remove single-use links to a page."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.actor import HostActor
from application.pages.edit_pages import no_page
from application.ports.clock import Clock, Ids
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.booking_link import LINK_USES, MOST_LINKS, BookingLink, UsedLink, usable
from domain.booking_page import BookingPage
from domain.errors import Checks, InvalidInput, NotFound
from domain.faults import NoRoom, OutOfRange, TimeOver
from domain.ids import BookingLinkId, BookingLinkToken, HostId, PageId


class MadeLink(msgspec.Struct, frozen=True):
    """A new link and the path of its address, which is told this once."""

    link: BookingLink
    path: str


@dataclass(frozen=True)
class MakeBookingLink:
    begin: Begin
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, page_id: PageId, uses: int, expires_at: datetime | None) -> MadeLink:
        """Raises Forbidden, NotFound or InvalidInput."""
        host_id, now = actor.require("pages:write"), self.clock()
        checks = Checks()
        if uses not in LINK_USES:
            checks.note("uses", OutOfRange(LINK_USES.least, LINK_USES.most))
        if expires_at is not None and expires_at <= now:
            checks.note("expires_at", TimeOver())
        checks.done()
        async with self.begin() as uow:
            # Locked, so that requests at once count one another.
            page = await uow.pages.lock(host_id, page_id)
            host = await uow.hosts.get(host_id)
            if page is None or host is None:
                raise no_page()
            if len(await uow.booking_links.of_page(page_id, now)) >= MOST_LINKS:
                raise InvalidInput.at("uses", NoRoom("booking-links", MOST_LINKS))
            link = BookingLink(BookingLinkId(self.ids.new_id()), host_id, page_id, uses, now, expires_at)
            token = BookingLinkToken(self.ids.new_token())
            uow.booking_links.add(link, token)
        return MadeLink(link, f"/{host.handle}/{page.slug}?link={token}")


@dataclass(frozen=True)
class ListBookingLinks:
    begin: Begin
    clock: Clock

    async def __call__(self, actor: HostActor, page_id: PageId) -> list[UsedLink]:
        """The latest first. Raises Forbidden or NotFound."""
        host_id = actor.require("pages:read")
        async with self.begin() as uow:
            await _page(uow, host_id, page_id)
            return await uow.booking_links.of_page(page_id, self.clock())


@dataclass(frozen=True)
class RemoveBookingLink:
    begin: Begin
    clock: Clock

    async def __call__(self, actor: HostActor, page_id: PageId, link_id: BookingLinkId) -> None:
        """Bookings by it stay. Raises Forbidden or NotFound."""
        host_id = actor.require("pages:write")
        async with self.begin() as uow:
            await _page(uow, host_id, page_id)
            if all(each.link.id != link_id for each in await uow.booking_links.of_page(page_id, self.clock())):
                raise NotFound("single-use-link")
            uow.booking_links.remove(page_id, link_id)


@dataclass(frozen=True)
class CheckBookingLink:
    """Tell a guest at once that a link is good for nothing any more."""

    begin: Begin
    clock: Clock

    async def __call__(self, page_id: PageId, token: str) -> None:
        """Raises LinkEnded."""
        now = self.clock()
        async with self.begin() as uow:
            usable(await uow.booking_links.get(page_id, BookingLinkToken(token), now), now)


async def _page(uow: UnitOfWork, host_id: HostId, page_id: PageId) -> BookingPage:
    page = await uow.pages.get(page_id)
    if page is None or page.host_id != host_id:
        raise no_page()
    return page
