"""Put a decision about a booking or a connection into effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

from application.jobs import Due, effect_of, jobs_of
from application.ports.oauth import Grant
from application.ports.storage import UNLIMITED, Admission, IdempotencyKey, UnitOfWork
from domain import connection_events
from domain.booking import Decision
from domain.connection import ConnectionDecision
from domain.connection_events import ConnectionEvent
from domain.entry_changes import owing_entry
from domain.events import Booked, Event, Held
from domain.origin import Origin
from domain.security_events import ConnectionEnded, ProviderConnected


@dataclass(frozen=True)
class ApplyDecision:
    """Store a booking's next state and events, enqueue the jobs that they bring, cancel those that they make void.

    `link_wait` is how long the first mails wait for a link.
    """

    link_wait: timedelta

    def __call__(self, uow: UnitOfWork, decision: Decision[Event]) -> None:
        """Apply what was decided about a stored booking when the unit commits.

        Raises:
            SlotTaken: at the latest at the commit, as the port says.
        """
        if not decision.events:
            return
        booking, has_entry = owing_entry(decision.booking, decision.events), decision.booking.entry is not None
        effects = [effect_of(event, self.link_wait, has_entry=has_entry) for event in decision.events]
        uow.bookings.save(booking, *decision.events)
        uow.outbox.cancel(*(job for effect in effects for job in effect.cancel))
        uow.outbox.enqueue(*(each for effect in effects for each in effect.enqueue))

    def to_new(
        self,
        uow: UnitOfWork,
        decision: Decision[Booked | Held],
        key: IdempotencyKey | None = None,
        admission: Admission = UNLIMITED,
        also: Sequence[Due] = (),
    ) -> None:
        """Store a new booking under its submit's key when the unit commits, if there is room for it.

        It has no jobs yet that could be void.

        Args:
            also: jobs about it that no event brings.

        Raises:
            SlotTaken, KeyTaken, TooManyBookings, TooManyRequests: at the latest at the commit, as the port says.
        """
        has_entry = decision.booking.entry is not None
        effects = [effect_of(event, self.link_wait, has_entry=has_entry) for event in decision.events]
        due = [*(each for effect in effects for each in effect.enqueue), *also]
        uow.bookings.add(decision.booking, *decision.events, due=due, key=key, admission=admission)


def apply_to_connection(
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
