"""Put a decision about a booking or a connection into effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from application.jobs import Due, effect_of, jobs_of
from application.ports.booking_views import BookingView
from application.ports.oauth import Grant
from application.ports.storage import UNLIMITED, Admission, IdempotencyKey, UnitOfWork
from application.webhooks.record_events import RecordBookingEvents, record_broken
from domain import connection_events
from domain.booking import Decision
from domain.connection import ConnectionDecision
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

    async def __call__(self, uow: UnitOfWork, decision: Decision[Event]) -> None:
        """Apply what was decided about a stored booking when the unit commits.

        Raises:
            SlotTaken: at the latest at the commit, as the port says.
        """
        if not decision.events:
            return
        booking, has_entry = owing_entry(decision.booking, decision.events), decision.booking.entry is not None
        effects = [
            effect_of(event, self.link_wait, has_entry=has_entry, along=decision.booking.invited)
            for event in decision.events
        ]
        uow.bookings.save(booking, *decision.events)
        await self.record_events(uow, Decision(booking, decision.events))
        uow.outbox.cancel(*(job for effect in effects for job in effect.cancel))
        uow.outbox.enqueue(*(each for effect in effects for each in effect.enqueue))

    async def to_new(
        self,
        uow: UnitOfWork,
        decision: Decision[Booked | Held],
        key: IdempotencyKey | None = None,
        admission: Admission = UNLIMITED,
        also: Sequence[Due] = (),
        listened: BookingView | None = None,
    ) -> None:
        """Store a new booking under its submit's key when the unit commits, if there is room for it.

        It has no jobs yet that could be void.

        Args:
            also: jobs about it that no event brings.
            listened: what whoever listens to the host's bookings is shown, if anybody does.

        Raises:
            SlotTaken, KeyTaken, TooManyBookings, TooManyRequests: at the latest at the commit, as the port says.
        """
        has_entry = decision.booking.entry is not None
        effects = [
            effect_of(event, self.link_wait, has_entry=has_entry, along=decision.booking.invited)
            for event in decision.events
        ]
        due = [*(each for effect in effects for each in effect.enqueue), *also]
        uow.bookings.add(decision.booking, *decision.events, due=due, key=key, admission=admission)
        if listened is not None:
            await self.record_events.of_new(uow, decision.events, listened)


async def apply_to_connection(
    uow: UnitOfWork, decision: ConnectionDecision, grant: Grant | None = None, *, origin: Origin | None = None
) -> None:
    """Store or delete a connection, record that, and enqueue the jobs that its events bring.

    Args:
        grant: of a new connection.
        origin: of the host's request, where it is the host who connects or disconnects.
    """
    connection = decision.connection
    if not decision.is_kept:
        uow.connections.remove(connection.host_id, connection.provider)
    elif grant is not None:
        uow.connections.put(connection, grant)
    else:
        uow.connections.save(connection)
    for event in decision.events:
        _record(uow, event, origin)
        if isinstance(event, connection_events.ConnectionBroke | connection_events.ConnectionRevoked):
            status = connection.status if decision.is_kept else "not_connected"
            await record_broken(uow, event.host_id, BrokenProvider(event.provider, status), event.at)
    uow.outbox.enqueue(*(due for event in decision.events for due in jobs_of(event)))


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
