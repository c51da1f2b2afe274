"""Hand a host a whole list of bookings, guests and all."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from application.actor import HostActor
from application.ports.booking_views import BookingFilter, BookingView, HostBookingViews
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin
from application.spend_budget import SpendBudget
from domain.budgets import DOWNLOADS
from domain.ids import HostId
from domain.origin import counted_network
from domain.security_events import DataExported

AT_ONCE = 200


@dataclass(frozen=True)
class ExportBookings:
    begin: Begin
    bookings: HostBookingViews
    spend: SpendBudget
    clock: Clock

    async def __call__(
        self, actor: HostActor, show: BookingFilter, *, search: str = ""
    ) -> AsyncIterator[Sequence[BookingView]]:
        """Record it, and return the list, which is read while it is iterated over, some bookings at once.

        Raises:
            Forbidden, TooManyRequests
        """
        host_id, now = actor.require("bookings:read"), self.clock()
        async with self.begin() as uow:
            await self.spend.within(uow, DOWNLOADS.of(counted_network(actor.origin)))
            exported = DataExported(host_id=host_id, at=now, origin=actor.origin, contents="bookings")
            uow.security_log.record(exported)
        return self._read(host_id, show, search.strip())

    async def _read(self, host_id: HostId, show: BookingFilter, search: str) -> AsyncIterator[Sequence[BookingView]]:
        now, cursor = self.clock(), None
        while True:
            page = await self.bookings.bookings(host_id, show, now=now, cursor=cursor, limit=AT_ONCE, search=search)
            yield page.items
            if (cursor := page.next) is None:
                return
