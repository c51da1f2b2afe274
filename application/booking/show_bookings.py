"""Read bookings, as their guest or their host."""

import asyncio
from contextlib import AbstractContextManager
from dataclasses import dataclass

from application.actor import GuestActor, HostActor
from application.booking.access import BookingAccess, read_permitted
from application.ports.booking_views import BookingFilter, BookingView, GuestBookingViews, HostBookingViews, Page
from application.ports.changes import Changes
from application.ports.clock import Clock
from application.ports.host_views import HostPages
from application.ports.mail import CalendarFiles
from application.ports.unit_of_work import Begin
from domain.booking import ErasedGuest
from domain.booking_page import EventType
from domain.errors import BookingClosed, NotFound, Unconfirmed
from domain.ids import BookingId


@dataclass(frozen=True)
class ShowBooking:
    bookings: HostBookingViews

    async def __call__(self, actor: HostActor, booking_id: BookingId) -> BookingView:
        """A booking with its timeline. Raises Forbidden, and NotFound for another host's booking too."""
        view = await self.bookings.booking(actor.require("bookings:read"), booking_id)
        if view is None:
            raise NotFound("booking")
        return view


@dataclass(frozen=True)
class ShowGuestBooking:
    bookings: GuestBookingViews
    pages: HostPages
    clock: Clock

    async def __call__(self, guest: GuestActor) -> BookingView:
        """The booking that the guest's link stands for, without its timeline.

        Raises:
            NotFound: there is none, or nobody has confirmed it in time.
        """
        view = await self.bookings.booking_for(guest.token)
        if view is None or view.booking.is_expired(self.clock()):
            raise NotFound("booking-link")
        return view

    async def sent_on_by(self, guest: GuestActor) -> EventType | None:
        """The booked event type, where its host sends guests elsewhere once they have booked. Raises NotFound."""
        view = await self(guest)
        booking = view.booking
        page = await self.pages.page(booking.host_id, booking.page_id)
        event_type = page.event_type_of(booking.event_type_id) if page else None
        if event_type is None or event_type.redirect_url is None or booking.status != "confirmed":
            return None
        return event_type

    async def brand_color(self, guest: GuestActor) -> str | None:
        """The color of the page that was booked; None is the product's own. Raises NotFound."""
        booking = (await self(guest)).booking
        page = await self.pages.page(booking.host_id, booking.page_id)
        return page.brand_color if page else None


@dataclass(frozen=True)
class DownloadInvite:
    show: ShowGuestBooking
    calendar_files: CalendarFiles

    async def __call__(self, guest: GuestActor) -> bytes:
        """The booking as an iCalendar file for its guest.

        Raises:
            NotFound: there is none, or the guest's details were erased.
            BookingClosed: it is only held.
        """
        view = await self.show(guest)
        if view.booking.held_until is not None:
            raise BookingClosed(Unconfirmed(view.booking.held_until))
        if isinstance(view.booking.guest, ErasedGuest):
            raise NotFound("booking-link")
        return self.calendar_files.download(view.booking, view.host)


@dataclass(frozen=True)
class ListBookings:
    bookings: HostBookingViews
    clock: Clock

    async def __call__(
        self, actor: HostActor, show: BookingFilter, *, cursor: str | None = None, limit: int, search: str = ""
    ) -> Page:
        """Some of a host's bookings. Raises Forbidden, or InvalidInput for a cursor that nobody made."""
        host_id = actor.require("bookings:read")
        return await self.bookings.bookings(
            host_id, show, now=self.clock(), cursor=cursor, limit=limit, search=search.strip()
        )


@dataclass(frozen=True)
class WatchBooking:
    begin: Begin
    changes: Changes

    async def __call__(self, access: BookingAccess) -> AbstractContextManager[asyncio.Event]:
        """Watch a booking: the event is set once it has changed.

        A change may get lost, so whoever waits has to look again after some seconds.

        Raises:
            NotFound, Forbidden
        """
        async with self.begin() as uow:
            booking = await read_permitted(uow, access, "bookings:read")
        return self.changes.watching(booking.id)
