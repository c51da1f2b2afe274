"""Record the events of the time in which nobody listened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import msgspec

from application.effects import carry_out, listening_begun, past_recorded
from application.job_runner import Done, Outside, Record, recorded
from application.jobs import RecordPastJob
from application.ports.booking_views import BookingView, HostBookingViews, UnknownEvent
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin, UnitOfWork
from application.ports.webhooks import WebhookBodies
from application.webhooks.delivery_id import event_id_of
from application.webhooks.record_events import event_of_booking
from domain.booking import ErasedGuest
from domain.ids import BookingId, HostId
from domain.webhook_event import WebhookEvent, webhook_type_of

EVENTS_KEPT_FOR = timedelta(days=30)

MOST_PAST_EVENTS = 1000
"""Somebody waits for them; of more, the latest."""

MOST_AT_ONCE = 100
"""Guests who move or cancel wait until so many are stored, and for no more."""

A_WHILE = timedelta(minutes=1)
"""When a worker sees to it that they are recorded; whoever asked for them has done so by then, or died."""


@dataclass(frozen=True)
class RecordPast:
    """Has a host's events recorded from now on, and makes up for what has happened to bookings before.

    Nobody has frozen what a booking was like then: each of these events shows it as it is now, at its present version.
    They are owed from the moment on in which recording begins, for nobody else would ask for them again.
    """

    begin: Begin
    bookings: HostBookingViews
    bodies: WebhookBodies
    clock: Clock
    most_at_once: int = MOST_AT_ONCE

    async def __call__(self, host_id: HostId) -> None:
        """Do nothing where they are recorded already."""
        now = self.clock()
        async with self.begin() as uow:
            if await uow.hosts.lock(host_id) is None or await uow.webhook_events.listening(host_id) is not None:
                return
            last = await uow.webhook_events.last_at(host_id)
            owed = RecordPastJob(host_id, max(now - EVENTS_KEPT_FOR, last or now - EVENTS_KEPT_FOR), now)
            uow.webhook_events.keep(host_id)
            carry_out(uow, listening_begun(owed, now + A_WHILE))
        # After the commit: whatever happens from then on is recorded by whoever does it.
        await self._make_up(owed)
        async with self.begin() as uow:
            carry_out(uow, past_recorded(owed))

    async def owed(self, _uow: UnitOfWork, job: RecordPastJob, _attempts: int, /) -> Outside:
        """Do it for whoever has died over it."""
        return Outside(partial(self._look, job))

    async def _look(self, job: RecordPastJob) -> Record:
        await self._make_up(job)
        return recorded(Done())

    async def _make_up(self, job: RecordPastJob) -> None:
        """Some at a time, in their order; whoever does it once more stores what is missing."""
        past = await self._past(job)
        for first in range(0, len(past), self.most_at_once):
            async with self.begin() as uow:
                await self._record(uow, past[first : first + self.most_at_once])

    async def _past(self, job: RecordPastJob) -> list[WebhookEvent]:
        changed = await self.bookings.changed_since(job.host_id, job.since, MOST_PAST_EVENTS)
        events = (event for view in changed for event in self._of(view) if job.since < event.at <= job.until)
        return sorted(events, key=lambda it: it.at)[-MOST_PAST_EVENTS:]

    async def _record(self, uow: UnitOfWork, past: Sequence[WebhookEvent]) -> None:
        # Locked: whoever erases a guest's details from now on finds them in these events, too.
        locked = await uow.bookings.lock_all({each.booking_id for each in past if each.booking_id is not None})
        is_erased: dict[BookingId | None, bool] = {each.id: isinstance(each.guest, ErasedGuest) for each in locked}
        uow.webhook_events.record_past(
            *(
                self._erased(each) if is_erased[each.booking_id] else each
                for each in past
                if each.booking_id in is_erased
            )
        )

    def _of(self, view: BookingView) -> Iterator[WebhookEvent]:
        booking, bare = view.booking, msgspec.structs.replace(view, timeline=())
        for place, entry in enumerate(view.timeline):
            if isinstance(entry.event, UnknownEvent) or (kind := webhook_type_of(entry.event)) is None:
                continue
            name = event_id_of(booking.id, "past", str(place))
            data = self.bodies.of_booking(entry.event, bare, None)
            yield event_of_booking(name, kind, booking, entry.at, data)

    def _erased(self, event: WebhookEvent) -> WebhookEvent:
        return msgspec.structs.replace(event, body=self.bodies.without_guest(event.body), is_erased=True)
