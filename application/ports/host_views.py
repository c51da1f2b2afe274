"""Views of what belongs to a host."""

from typing import Protocol

from application.ports.booking_views import HostBookingViews
from application.ports.calendars import HostCalendars
from domain.booking_page import BookingPage
from domain.connection import ProviderConnection
from domain.ids import HostId, PageId
from domain.provider import Provider
from domain.schedule import Schedule


class HostPages(Protocol):
    """Shows a host's pages, with everything that only the host may see."""

    async def pages(self, host_id: HostId, /) -> list[BookingPage]: ...

    async def page(self, host_id: HostId, page_id: PageId, /) -> BookingPage | None: ...


class HostSchedules(Protocol):
    async def schedules(self, host_id: HostId, /) -> list[Schedule]:
        """Those of a host, by name."""
        ...


class HostConnections(Protocol):
    """Shows a host's connections, without opening their grants."""

    async def connections(self, host_id: HostId, /) -> list[ProviderConnection]: ...

    async def superseded(self, host_id: HostId, /) -> frozenset[Provider]:
        """Where another host has connected the same account later; the provider may have ended this one."""
        ...


class HostViews(HostPages, HostSchedules, HostConnections, HostCalendars, HostBookingViews, Protocol):
    """All of it, for use cases that go through an account."""
