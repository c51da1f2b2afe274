"""Record the events of the time in which nobody listened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from application.ports.booking_views import BookingView, HostBookingViews, UnknownEvent
from application.ports.clock import Clock
from application.ports.storage import Begin
from application.ports.webhooks import WebhookBodies
from application.webhooks.delivery_id import event_id_of
from application.webhooks.record_events import event_of_booking
from domain.booking import ErasedGuest
from domain.ids import HostId
from domain.webhook_event import WebhookEvent, webhook_type_of

EVENTS_KEPT_FOR = timedelta(days=30)

MOST_PAST_EVENTS = 1000
"""Somebody waits for them; of more, the latest."""


@dataclass(frozen=True)
class RecordPast:
    """Has a host's events recorded from now on, and makes up for what has happened to bookings before.

    Nobody has frozen what a booking was like then: each of these events shows it as it is now, at its present revision.
    """

    begin: Begin
    bookings: HostBookingViews
    bodies: WebhookBodies
    clock: Clock

    async def __call__(self, host_id: HostId) -> None:
        """Do nothing where they are recorded already."""
        now = self.clock()
        async with self.begin() as uow:
            if await uow.hosts.lock(host_id) is None or await uow.webhooks.listening(host_id) is not None:
                return
            last = await uow.webhooks.last_event_at(host_id)
            uow.webhooks.keep_events(host_id)
        # After the commit: whatever happens from then on is recorded by whoever does it.
        since = max(now - EVENTS_KEPT_FOR, last or now - EVENTS_KEPT_FOR)
        changed = await self.bookings.changed_since(host_id, since, MOST_PAST_EVENTS)
        past = sorted(
            (event for view in changed for event in self._of(view) if since < event.at <= now), key=lambda it: it.at
        )
        latest = past[-MOST_PAST_EVENTS:]
        async with self.begin() as uow:
            # Locked, in one order: whoever erases a guest's details from now on finds them in these events, too.
            ids = sorted({each.booking_id for each in latest if each.booking_id is not None})
            present = {each: await uow.bookings.lock(each) for each in ids}
            for each in latest:
                booking = None if each.booking_id is None else present[each.booking_id]
                if booking is not None:
                    uow.webhooks.record(self._erased(each) if isinstance(booking.guest, ErasedGuest) else each)

    def _of(self, view: BookingView) -> Iterator[WebhookEvent]:
        booking, told = view.booking, msgspec.structs.replace(view, timeline=())
        for place, entry in enumerate(view.timeline):
            if isinstance(entry.event, UnknownEvent) or (told_as := webhook_type_of(entry.event)) is None:
                continue
            name = event_id_of(booking.id, "past", str(place))
            data = self.bodies.of_booking(entry.event, told, None)
            yield event_of_booking(name, told_as, booking, entry.at, data)

    def _erased(self, event: WebhookEvent) -> WebhookEvent:
        return msgspec.structs.replace(event, body=self.bodies.without_guest(event.body), is_erased=True)
