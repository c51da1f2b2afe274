"""Put a decision about a booking into effect."""

from dataclasses import dataclass
from datetime import timedelta

from application.booking.owing import void_after, work_for
from application.ports.storage import IdempotencyKey, UnitOfWork
from domain.booking import Decision
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
        work = tuple(each for event in decision.events for each in work_for(event, self.link_wait))
        if isinstance(decision.events[0], Booked):
            uow.bookings.add(decision.booking, *decision.events, work=work, key=key)
            return
        uow.bookings.save(decision.booking, *decision.events)
        for event in decision.events:
            for job in void_after(event):
                uow.owed.forgo(job, event.booking_id)
        uow.owed.owe(*work)
