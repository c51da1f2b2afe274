"""Record what webhooks tell, in the unit that changes what they tell of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.effects import carry_out, webhooks_due
from application.ports.booking_views import BookingView
from application.ports.unit_of_work import UnitOfWork
from application.ports.webhooks import WebhookBodies, WebhookBody
from application.webhooks.delivery_id import delivery_id_of, event_id_of
from domain.booking import Booking, Decision
from domain.events import Event
from domain.ids import BookingId, HostId, PageId, WebhookEventId
from domain.webhook import Webhook
from domain.webhook_delivery import WebhookDelivery
from domain.webhook_event import Broken, BrokenProvider, WebhookEvent, WebhookEventType, webhook_type_of


@dataclass(frozen=True)
class RecordBookingEvents:
    """Freezes what a booking's events say, and owes them to the webhooks that want them."""

    bodies: WebhookBodies

    async def __call__(self, uow: UnitOfWork, decision: Decision[Event]) -> None:
        """Record the events of a stored booking that is about to be saved."""
        if not any(webhook_type_of(each) for each in decision.events):
            return
        booking = decision.booking
        webhooks = await uow.webhook_events.listening(booking.host_id)
        if webhooks is None:
            return
        host, page = await uow.hosts.get(booking.host_id), await uow.pages.get(booking.page_id)
        if host is None:
            return
        event_types = page.event_types if page else ()
        slug = next((each.slug for each in event_types if each.id == booking.event_type_id), None)
        saved = msgspec.structs.replace(booking, version=booking.version + 1)
        view = BookingView(saved, host, page and page.slug, slug)
        self._record(uow, decision.events, view, webhooks, before=await uow.bookings.get(booking.id))

    async def of_new(self, uow: UnitOfWork, events: Sequence[Event], view: BookingView) -> None:
        """Record the events of a booking that is about to be stored."""
        webhooks = await uow.webhook_events.listening(view.host.id)
        if webhooks is not None:
            self._record(uow, events, view, webhooks, before=None)

    def _record(
        self,
        uow: UnitOfWork,
        events: Iterable[Event],
        view: BookingView,
        webhooks: Sequence[Webhook],
        *,
        before: Booking | None,
    ) -> None:
        booking = view.booking
        for place, event in enumerate(events):
            if (kind := webhook_type_of(event)) is None:
                continue
            data = self.bodies.of_booking(event, view, before)
            # Each version is saved once, so this names the change, however often its unit is tried.
            name = event_id_of(booking.id, str(before.version if before else 0), str(place))
            recorded = event_of_booking(name, kind, booking, event.at, data)
            record(uow, recorded, [each for each in webhooks if each.wants(kind, booking.page_id)])


def event_of_booking(
    name: WebhookEventId, type: WebhookEventType, booking: Booking, at: datetime, data: msgspec.Raw
) -> WebhookEvent:
    return _event(name, booking.host_id, type, at, data, booking.id, booking.page_id)


async def record_broken(uow: UnitOfWork, host_id: HostId, broken: Broken, at: datetime) -> None:
    """Record that something needs its host."""
    webhooks = await uow.webhook_events.listening(host_id)
    if webhooks is None:
        return
    about = broken.provider if isinstance(broken, BrokenProvider) else broken.calendar_id
    name = event_id_of(host_id, about, at.isoformat())
    recorded = _event(name, host_id, "connection.broken", at, msgspec.Raw(msgspec.json.encode(broken)))
    record(uow, recorded, [each for each in webhooks if each.wants("connection.broken", None)])


def ping(webhook: Webhook, serial: str, at: datetime) -> WebhookEvent:
    """What is sent to try a webhook out."""
    data = msgspec.Raw(msgspec.json.encode({"webhook_id": webhook.id}))
    return _event(event_id_of(webhook.id, serial), webhook.host_id, "ping", at, data)


def record(uow: UnitOfWork, event: WebhookEvent, webhooks: Sequence[Webhook]) -> list[WebhookDelivery]:
    """Store an event, and owe it to these webhooks."""
    deliveries = [
        WebhookDelivery(
            id=delivery_id_of(event.id, each.id),
            webhook_id=each.id,
            event_id=event.id,
            type=event.type,
            created_at=event.at,
            next_attempt_at=event.at,
        )
        for each in webhooks
    ]
    uow.webhook_events.record(event, *deliveries)
    carry_out(uow, webhooks_due(webhooks, event.at))
    return deliveries


def _event(
    id: WebhookEventId,
    host_id: HostId,
    type: WebhookEventType,
    at: datetime,
    data: msgspec.Raw,
    booking_id: BookingId | None = None,
    page_id: PageId | None = None,
) -> WebhookEvent:
    return WebhookEvent(
        id=id,
        host_id=host_id,
        type=type,
        at=at,
        body=msgspec.json.encode(WebhookBody(type, at, data)),
        booking_id=booking_id,
        page_id=page_id,
    )
