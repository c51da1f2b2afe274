"""Put a decision about a booking or a connection into effect."""

from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from application.effects import Effect, carry_out, effect_of, effect_of_connection
from application.ports.admission import UNLIMITED, Admission
from application.ports.booking_views import BookingView
from application.ports.idempotency_keys import IdempotencyKey
from application.ports.oauth import Grant
from application.ports.unit_of_work import UnitOfWork
from application.webhooks.record_events import RecordBookingEvents, record_broken
from domain import connection_events
from domain.booking import Booking, Decision
from domain.connection import ConnectionDecision, ProviderConnection
from domain.connection_events import ConnectionEvent
from domain.entry_changes import owing_entry
from domain.events import Booked, Event, Held
from domain.origin import Origin
from domain.security_events import ConnectionEnded, ProviderConnected
from domain.webhook_event import BrokenProvider


@dataclass(frozen=True)
class ApplyDecision:
    """Store a booking's next state and events, enqueue the jobs that they bring, cancel those that they make void.

    `link_wait` is how long the first mails wait for a link.
    """

    link_wait: timedelta
    record_events: RecordBookingEvents

    async def __call__(self, uow: UnitOfWork, decision: Decision[Event], *, is_watched: bool = True) -> None:
        """Apply what was decided about a stored booking when the unit commits.

        Args:
            is_watched: calendars may have something over a time that is taken by this.

        Raises:
            SlotTaken: at the latest at the commit, as the port says.
        """
        if not decision.events:
            return
        booking = owing_entry(decision.booking, decision.events)
        uow.bookings.save(booking, *decision.events)
        await self.record_events(uow, Decision(booking, decision.events))
        carry_out(uow, *self._effects(decision, is_watched=is_watched))

    async def to_new(
        self,
        uow: UnitOfWork,
        decision: Decision[Booked | Held],
        key: IdempotencyKey | None = None,
        admission: Admission = UNLIMITED,
        *,
        is_watched: bool,
        listened: BookingView | None = None,
    ) -> None:
        """Store a new booking under its submit's key when the unit commits, if there is room for it.

        It has no jobs yet that could be void.

        Args:
            is_watched: calendars may have something over its time.
            listened: what whoever listens to the host's bookings is shown, if anybody does.

        Raises:
            SlotTaken, KeyTaken, TooManyBookings, TooManyRequests: at the latest at the commit, as the port says.
        """
        due = [each for effect in self._effects(decision, is_watched=is_watched) for each in effect.enqueue]
        uow.bookings.add(decision.booking, *decision.events, due=due, key=key, admission=admission)
        if listened is not None:
            await self.record_events.of_new(uow, decision.events, listened)

    def _effects(self, decision: Decision[Event], *, is_watched: bool) -> list[Effect]:
        entry, along = decision.booking.entry, decision.booking.invited
        entry_in = None if entry is None else entry.calendar_id
        return [
            effect_of(event, self.link_wait, entry_in=entry_in, along=along, is_watched=is_watched)
            for event in decision.events
        ]


def note_entry(uow: UnitOfWork, booking: Booking) -> None:
    """Store what is known of a booking's entry where that is no event: nobody is told, and nothing is owed."""
    uow.bookings.save(booking)


async def apply_to_connection(
    uow: UnitOfWork, decision: ConnectionDecision, grant: Grant | None = None, *, origin: Origin | None = None
) -> None:
    """Store or delete a connection, record that, and enqueue the jobs that its events bring.

    Args:
        grant: of a new connection.
        origin: of the host's request, where it is the host who connects or disconnects.
    """
    connection = decision.connection
    if decision.is_kept:
        note_connection(uow, connection, grant)
    else:
        uow.connections.remove(connection.host_id, connection.provider)
    for event in decision.events:
        _record(uow, event, origin)
        if isinstance(event, connection_events.ConnectionBroke | connection_events.ConnectionRevoked):
            status = connection.status if decision.is_kept else "not_connected"
            await record_broken(uow, event.host_id, BrokenProvider(event.provider, status), event.at)
    carry_out(uow, *map(effect_of_connection, decision.events))


def note_connection(uow: UnitOfWork, connection: ProviderConnection, grant: Grant | None = None) -> None:
    """Store what is known of a connection, or its new grant, where that is no event: nothing is owed for it."""
    if grant is None:
        uow.connections.save(connection)
    else:
        uow.connections.put(connection, grant)


def _record(uow: UnitOfWork, event: ConnectionEvent, origin: Origin | None) -> None:
    host_id, provider, at = event.host_id, event.provider, event.at
    match event:
        case connection_events.ConnectionMade():
            uow.security_log.record(ProviderConnected(host_id=host_id, at=at, origin=origin, provider=provider))
        case connection_events.ConnectionDropped() | connection_events.ConnectionRevoked():
            uow.security_log.record(ConnectionEnded(host_id=host_id, at=at, origin=origin, provider=provider))
        case connection_events.ConnectionBroke():
            pass
        case _:
            assert_never(event)
