"""Add webhooks, change, try and remove them, and make new secrets for them."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from application.actor import HostActor
from application.effects import carry_out, webhooks_due
from application.ports.clock import Clock, Ids
from application.ports.unit_of_work import Begin, UnitOfWork
from application.ports.vault import Unopenable
from application.ports.webhooks import WebhookSender
from application.spend_budget import SpendBudget
from application.still_in import check_still_in
from application.webhooks.record_events import ping, record
from application.webhooks.record_past import RecordPast
from domain.budgets import WEBHOOKS_TRIED
from domain.errors import Checks, InvalidInput, NotFound
from domain.faults import InvalidValue, NoRoom, NotOneOf, OutOfRange, WebhookFault
from domain.ids import HostId, PageId, WebhookId
from domain.security_events import WebhookAdded, WebhookRedirected, WebhookRemoved
from domain.webhook import (
    LONGEST_OVERLAP,
    MOST_WEBHOOKS,
    OVERLAP,
    Webhook,
    WebhookSecrets,
    check_webhook_events,
    check_webhook_url,
)
from domain.webhook_delivery import WebhookDelivery
from domain.webhook_event import WEBHOOK_EVENT_TYPES, WebhookEventType
from domain.webhook_problem import EndpointNotAllowed

T = TypeVar("T")


class WebhookEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out stays."""

    url: str | UnsetType = UNSET
    events: tuple[WebhookEventType, ...] | UnsetType = UNSET
    page_id: PageId | UnsetType | None = UNSET


class NewWebhook(msgspec.Struct, frozen=True):
    """A webhook with its secret, which is never shown again."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True)
class CheckWebhook:
    """What is wrong with a webhook as it was typed."""

    begin: Begin
    sender: WebhookSender

    async def __call__(self, host_id: HostId, edit: WebhookEdit, checks: Checks) -> WebhookEdit:
        """The edit cleaned, its events in their usual order."""
        url, events, page_id = edit.url, edit.events, edit.page_id
        if url is not UNSET:
            url = url.strip()
            if checks.run(False, _is_sound, check_webhook_url, url) and await self.sender.leads_inside(url):
                checks.note("url", WebhookFault(EndpointNotAllowed()))
        if events is not UNSET:
            checks.run(False, _is_sound, check_webhook_events, events)
            events = _in_order(events)
        if isinstance(page_id, str):
            async with self.begin() as uow:
                page = await uow.pages.get(page_id)
            if page is None or page.host_id != host_id:
                checks.note("page_id", NotOneOf())
        return WebhookEdit(url, events, page_id)


@dataclass(frozen=True)
class AddWebhook:
    begin: Begin
    check: CheckWebhook
    record_past: RecordPast
    spend: SpendBudget
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: HostActor, url: str, events: tuple[WebhookEventType, ...], page_id: PageId | None = None
    ) -> NewWebhook:
        """Add one; what happens from then on is sent there, and what has happened before if that is asked for.

        Raises:
            Forbidden, InvalidInput, TooManyRequests
            NotFound: the account is gone.
            Unauthorized: who asks was locked out meanwhile.
        """
        host_id, checks = actor.require("webhooks"), Checks()
        await self.spend(WEBHOOKS_TRIED.of(host_id))
        clean = await self.check(host_id, WebhookEdit(url, events, page_id), checks)
        checks.done()
        await self.record_past(host_id)
        webhook = Webhook(
            id=WebhookId(self.ids.new_id()),
            host_id=host_id,
            url=clean.url or "",
            events=clean.events or (),
            page_id=page_id,
            created_at=self.clock(),
        )
        secret = _new_secret(self.ids)
        async with self.begin() as uow:
            # Locked, so that requests at once count one another.
            if await uow.hosts.lock(host_id) is None:
                raise NotFound("account")
            await check_still_in(uow, actor)
            if len(await uow.webhooks.of(host_id)) >= MOST_WEBHOOKS:
                raise InvalidInput.at("url", NoRoom("webhooks", MOST_WEBHOOKS))
            uow.webhooks.add(webhook, WebhookSecrets(secret))
            added = WebhookAdded(host_id=host_id, at=self.clock(), origin=actor.origin, host_name=webhook.host_name)
            uow.security_log.record(added)
        return NewWebhook(webhook, secret)


@dataclass(frozen=True)
class ShowWebhooks:
    begin: Begin

    async def __call__(self, actor: HostActor) -> tuple[Webhook, ...]:
        """The host's webhooks, the oldest first. Raises Forbidden."""
        host_id = actor.require("webhooks")
        async with self.begin() as uow:
            return await uow.webhooks.of(host_id)

    async def one(self, actor: HostActor, webhook_id: WebhookId) -> Webhook:
        """Raises Forbidden, NotFound."""
        host_id = actor.require("webhooks")
        async with self.begin() as uow:
            return theirs(await uow.webhooks.get(webhook_id), host_id)


@dataclass(frozen=True)
class ChangeWebhook:
    begin: Begin
    check: CheckWebhook
    spend: SpendBudget
    clock: Clock

    async def __call__(self, actor: HostActor, webhook_id: WebhookId, edit: WebhookEdit) -> Webhook:
        """Change what it wants, or where it is sent.

        Raises:
            Forbidden, NotFound, InvalidInput, TooManyRequests, Unauthorized
        """
        host_id, checks = actor.require("webhooks"), Checks()
        await self.spend(WEBHOOKS_TRIED.of(host_id))
        async with self.begin() as uow:
            present = theirs(await uow.webhooks.get(webhook_id), host_id)
        if edit.page_id == present.page_id:
            # The page may have been removed since: its bookings' events are still wanted, and no other page's.
            edit = msgspec.structs.replace(edit, page_id=UNSET)
        clean = await self.check(host_id, edit, checks)
        checks.done()
        async with self.begin() as uow:
            webhook = await lock_theirs(uow, actor, webhook_id)
            changes = {name: value for name, value in msgspec.structs.asdict(clean).items() if value is not UNSET}
            changed = msgspec.structs.replace(webhook, **changes)
            if changed.url != webhook.url:
                changed = changed.is_tried_now()
                uow.security_log.record(
                    WebhookRedirected(
                        host_id=host_id,
                        at=self.clock(),
                        origin=actor.origin,
                        before=webhook.host_name,
                        host_name=changed.host_name,
                    )
                )
            uow.webhooks.save(changed)
        return changed


@dataclass(frozen=True)
class RemoveWebhook:
    begin: Begin
    clock: Clock

    async def __call__(self, actor: HostActor, webhook_id: WebhookId) -> None:
        """Remove it; what waits for it is never sent. Raises Forbidden, NotFound."""
        host_id = actor.require("webhooks")
        async with self.begin() as uow:
            webhook = await lock_theirs(uow, actor, webhook_id)
            uow.webhooks.remove(webhook)
            removed = WebhookRemoved(host_id=host_id, at=self.clock(), origin=actor.origin, host_name=webhook.host_name)
            uow.security_log.record(removed)


@dataclass(frozen=True)
class TryWebhook:
    begin: Begin
    spend: SpendBudget
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, webhook_id: WebhookId) -> WebhookDelivery:
        """Send a `ping`, whatever it wants and however it fares. Raises Forbidden, NotFound, TooManyRequests."""
        host_id = actor.require("webhooks")
        async with self.begin() as uow:
            webhook = await lock_theirs(uow, actor, webhook_id)
            await self.spend.within(uow, WEBHOOKS_TRIED.of(host_id))
            uow.webhooks.save(webhook.is_tried_now())
            (delivery,) = record(uow, ping(webhook, self.ids.new_id(), self.clock()), [webhook])
        return delivery


@dataclass(frozen=True)
class RotateSecret:
    begin: Begin
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, webhook_id: WebhookId, overlap: timedelta = OVERLAP) -> NewWebhook:
        """Make a new secret; the one before signs beside it for a while.

        Raises:
            Forbidden, NotFound, Unauthorized
            InvalidInput: `overlap_hours`.
        """
        actor.require("webhooks")
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            hours = int(LONGEST_OVERLAP.total_seconds()) // 3600
            raise InvalidInput.at("overlap_hours", OutOfRange(0, hours))
        secret = _new_secret(self.ids)
        async with self.begin() as uow:
            webhook = await lock_theirs(uow, actor, webhook_id)
            try:
                before = await uow.webhooks.secrets(webhook_id)
            except Unopenable:
                before = None
            rotated = webhook.has_new_secret(overlap if before else timedelta(0), self.clock())
            uow.webhooks.save(rotated)
            uow.webhooks.put_secrets(webhook_id, WebhookSecrets(secret, before.present if before and overlap else None))
        return NewWebhook(rotated, secret)


@dataclass(frozen=True)
class ResumeWebhook:
    begin: Begin
    clock: Clock

    async def __call__(self, actor: HostActor, webhook_id: WebhookId) -> Webhook:
        """Send again what happens from now on, as if it had never failed.

        Raises:
            Forbidden, NotFound, Unauthorized
        """
        async with self.begin() as uow:
            webhook = (await lock_theirs(uow, actor, webhook_id)).resumed()
            uow.webhooks.save(webhook)
            wake(uow, webhook, self.clock())
        return webhook


async def lock_theirs(uow: UnitOfWork, actor: HostActor, webhook_id: WebhookId) -> Webhook:
    """Lock a webhook for changing it, or having something sent there.

    Raises:
        Forbidden
        NotFound: for another host's too.
        Unauthorized: who asks was locked out meanwhile.
    """
    host_id = actor.require("webhooks")
    webhook = theirs(await uow.webhooks.lock(webhook_id), host_id)
    await check_still_in(uow, actor)
    return webhook


def theirs(webhook: Webhook | None, host_id: HostId) -> Webhook:
    """Raises NotFound for none, and for another host's."""
    if webhook is None or webhook.host_id != host_id:
        raise NotFound("webhook")
    return webhook


def wake(uow: UnitOfWork, webhook: Webhook, now: datetime) -> None:
    """Have what is due looked for now."""
    carry_out(uow, webhooks_due((webhook,), now))


def _is_sound(check: Callable[[T], None], value: T) -> bool:
    try:
        check(value)
    except InvalidValue as error:
        raise InvalidInput.at(error.member, error.problem) from None
    return True


def _in_order(events: tuple[WebhookEventType, ...]) -> tuple[WebhookEventType, ...]:
    return tuple(each for each in WEBHOOK_EVENT_TYPES if each in events)


def _new_secret(ids: Ids) -> str:
    # Standard Webhooks wants 24 to 64 bytes; a token is 32 of them, with more than 128 random bits.
    return f"whsec_{b64encode(ids.new_token().encode()).decode()}"
