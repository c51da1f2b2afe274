"""Meet in another way than the one that a booking was taken for."""

from collections.abc import Callable
from dataclasses import dataclass

from application.actor import HostActor
from application.booking.access import BookingById, lock_permitted, read_permitted
from application.decisions import ApplyDecision
from application.ports.clock import Clock
from application.ports.host_views import HostViews
from application.ports.unit_of_work import Begin
from application.spend_budget import SpendBudget
from domain.booking import Booking, refuse_closed
from domain.budgets import mails_to_guest
from domain.connection import statuses_of
from domain.errors import MeetingTypeNotOffered, NoMeetingTypeAvailable, UnusableForBooking
from domain.host_actions import switch_meeting_type
from domain.ids import BookingId
from domain.meeting_type import MeetingType, MeetingTypeName, Obstacle, as_booked, name_of, obstacle
from domain.provider import Provider


@dataclass(frozen=True)
class SwitchMeetingType:
    """Let a host choose another of the page's meeting types for a booking, and tell both sides."""

    begin: Begin
    views: HostViews
    configured: frozenset[Provider]
    spend: SpendBudget
    clock: Clock
    apply: ApplyDecision

    async def __call__(self, actor: HostActor, booking_id: BookingId, name: MeetingTypeName) -> None:
        """Switch, once however often it is asked for.

        Raises:
            MeetingTypeNotOffered: the page doesn't have it.
            NoMeetingTypeAvailable: it can't be used now, or not with what the guest has told us; says why.
            NotFound, Forbidden, BookingClosed, TooManyRequests
        """
        hinders = await self._hindrances(await self._read(actor, booking_id))
        async with self.begin() as uow:
            booking = await lock_permitted(uow, BookingById(actor, booking_id))
            refuse_closed(booking, self.clock())
            page = await uow.pages.get(booking.page_id)
            to = _named(page.meeting_types_for(booking.event_type_id) if page else (), name)
            why = hinders(to)
            if why is not None:
                raise NoMeetingTypeAvailable(UnusableForBooking(name, why))
            decision = switch_meeting_type(booking, to, self.clock())
            if decision.events:
                await self.spend.within(uow, *mails_to_guest(booking.host_id, *booking.guest_addresses))
            await self.apply(uow, decision)

    async def choices(self, actor: HostActor, booking_id: BookingId) -> tuple[MeetingType, ...]:
        """The page's other meeting types that could be used for this booking, in the host's order.

        Raises:
            NotFound, Forbidden
        """
        booking = await self._read(actor, booking_id)
        hinders = await self._hindrances(booking)
        page = await self.views.page(booking.host_id, booking.page_id)
        order = page.meeting_types_for(booking.event_type_id) if page else ()
        others = (each for each in order if name_of(each) != name_of(booking.meeting_type))
        return tuple(each for each in others if hinders(each) is None)

    async def _read(self, actor: HostActor, booking_id: BookingId) -> Booking:
        async with self.begin() as uow:
            return await read_permitted(uow, BookingById(actor, booking_id), "bookings:write")

    async def _hindrances(self, booking: Booking) -> Callable[[MeetingType], Obstacle | None]:
        providers = statuses_of(self.configured, await self.views.connections(booking.host_id))
        return lambda each: obstacle(each, providers, booking.guest.phone)


def _named(order: tuple[MeetingType, ...], name: MeetingTypeName) -> MeetingType:
    for each in order:
        if name_of(each) == name:
            return as_booked(each)
    raise MeetingTypeNotOffered(name)
