"""Put a decision about a booking or a connection into effect."""

from dataclasses import dataclass
from datetime import timedelta

from application.jobs import effect_of, jobs_of
from application.ports.oauth import Grant
from application.ports.storage import IdempotencyKey, UnitOfWork
from domain.booking import Decision
from domain.connection import ConnectionDecision
from domain.events import Booked, Event


@dataclass(frozen=True)
class ApplyDecision:
    """Store a booking's next state and events, enqueue the jobs that they bring, cancel those that they make void.

    `link_wait` is how long the first mails wait for a link.
    """

    link_wait: timedelta

    def __call__(self, uow: UnitOfWork, decision: Decision[Event], *, key: IdempotencyKey | None = None) -> None:
        """Apply it when the unit commits; a new booking is stored under its submit's key.

        Raises:
            SlotTaken, KeyTaken: at the latest at the commit, as the port says.
        """
        if not decision.events:
            return
        effects = [effect_of(event, self.link_wait) for event in decision.events]
        due = [each for effect in effects for each in effect.enqueue]
        if isinstance(decision.events[0], Booked):
            uow.bookings.add(decision.booking, *decision.events, due=due, key=key)
            return
        uow.bookings.save(decision.booking, *decision.events)
        uow.outbox.cancel(*(job for effect in effects for job in effect.cancel))
        uow.outbox.enqueue(*due)


def apply_to_connection(uow: UnitOfWork, decision: ConnectionDecision, grant: Grant | None = None) -> None:
    """Store or delete a connection, and enqueue the jobs that its events bring; a new one comes with its grant."""
    connection = decision.connection
    if not decision.is_kept:
        uow.connections.remove(connection.host_id, connection.provider)
    elif grant is not None:
        uow.connections.put(connection, grant)
    else:
        uow.connections.save(connection)
    uow.outbox.enqueue(*(due for event in decision.events for due in jobs_of(event)))
