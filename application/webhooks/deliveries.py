"""Show deliveries and events, and send again what wasn't taken."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.actor import HostActor
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin
from application.ports.webhook_deliveries import DeliveryPage
from application.spend_budget import SpendBudget
from application.webhooks.manage_webhooks import lock_theirs, theirs, wake
from application.webhooks.record_past import EVENTS_KEPT_FOR, RecordPast
from domain.budgets import WEBHOOKS_TRIED
from domain.errors import EventErased, NotFound
from domain.ids import WebhookDeliveryId, WebhookEventId, WebhookId
from domain.webhook import Webhook
from domain.webhook_delivery import DeliveryState, WebhookDelivery
from domain.webhook_event import WebhookEvent


class DeliveryView(msgspec.Struct, frozen=True):
    """A delivery with what it delivers, and to where."""

    delivery: WebhookDelivery
    event: WebhookEvent
    webhook: Webhook


@dataclass(frozen=True)
class ShowDeliveries:
    begin: Begin

    async def __call__(
        self,
        actor: HostActor,
        webhook_id: WebhookId,
        *,
        state: DeliveryState | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> DeliveryPage:
        """A webhook's deliveries, the latest first. Raises Forbidden, NotFound, and InvalidInput("cursor")."""
        host_id = actor.require("webhooks")
        async with self.begin() as uow:
            theirs(await uow.webhooks.get(webhook_id), host_id)
            return await uow.webhook_deliveries.of(webhook_id, state=state, cursor=cursor, limit=limit)

    async def one(self, actor: HostActor, delivery_id: WebhookDeliveryId) -> DeliveryView:
        """Raises Forbidden, NotFound."""
        host_id = actor.require("webhooks")
        async with self.begin() as uow:
            delivery = await uow.webhook_deliveries.get(delivery_id)
            webhook = await uow.webhooks.get(delivery.webhook_id) if delivery else None
            event = await uow.webhook_events.get(delivery.event_id) if delivery else None
        if delivery is None or event is None or webhook is None or webhook.host_id != host_id:
            raise NotFound("webhook-delivery")
        return DeliveryView(delivery, event, webhook)


@dataclass(frozen=True)
class RetryDelivery:
    begin: Begin
    show: ShowDeliveries
    spend: SpendBudget
    clock: Clock

    async def __call__(self, actor: HostActor, delivery_id: WebhookDeliveryId) -> WebhookDelivery:
        """Send it once more now, delivered or not, also to a webhook that is paused.

        Raises:
            Forbidden, NotFound, TooManyRequests, Unauthorized
            EventErased: what was sent is no longer known.
        """
        view, now = await self.show.one(actor, delivery_id), self.clock()
        async with self.begin() as uow:
            webhook = await lock_theirs(uow, actor, view.webhook.id)
            delivery, event = (
                await uow.webhook_deliveries.lock(delivery_id),
                await uow.webhook_events.get(view.event.id),
            )
            if delivery is None or event is None:
                raise NotFound("webhook-delivery")
            if event.is_erased:
                raise EventErased
            await self.spend.within(uow, WEBHOOKS_TRIED.of(webhook.host_id))
            again = delivery.again(now)
            uow.webhooks.save(webhook.is_tried_now())
            uow.webhook_deliveries.save(again)
            wake(uow, webhook, now)
        return again


@dataclass(frozen=True)
class RecoverWebhook:
    begin: Begin
    spend: SpendBudget
    clock: Clock

    async def __call__(self, actor: HostActor, webhook_id: WebhookId, since: datetime) -> int:
        """Send everything since an instant that it wants and hasn't taken, and tell how many events that are.

        A paused webhook is resumed by that. Raises Forbidden, NotFound, TooManyRequests, Unauthorized.
        """
        host_id, now = actor.require("webhooks"), self.clock()
        async with self.begin() as uow:
            webhook = (await lock_theirs(uow, actor, webhook_id)).resumed()
            await self.spend.within(uow, WEBHOOKS_TRIED.of(host_id))
            count = await uow.webhook_deliveries.send_again(webhook, since, now)
            uow.webhooks.save(webhook)
            wake(uow, webhook, now)
        return count


@dataclass(frozen=True)
class ListWebhookEvents:
    begin: Begin
    record_past: RecordPast
    clock: Clock

    async def __call__(
        self, actor: HostActor, after: WebhookEventId | None = None, limit: int = 50
    ) -> tuple[WebhookEvent, ...]:
        """What has happened in the last 30 days, oldest first, for who would rather ask than be told.

        Where nobody has listened yet, those of bookings are made up for now, and recorded from now on.

        Raises:
            Forbidden
            NotFound: there is no event `after`, or no longer.
        """
        host_id = actor.require("webhooks")
        # Each time: the last webhook may have gone, and recording ended with it.
        await self.record_past(host_id)
        async with self.begin() as uow:
            found = await uow.webhook_events.of(host_id, after, self.clock() - EVENTS_KEPT_FOR, limit)
        if found is None:
            raise NotFound("webhook-event")
        return found
