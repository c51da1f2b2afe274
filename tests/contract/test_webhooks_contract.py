"""Webhooks, their events and deliveries: what every store promises about them."""

import asyncio
from collections.abc import Sequence

import msgspec
import pytest

from application.ports.webhooks import TakenDelivery
from application.webhooks.delivery_id import delivery_id_of
from domain.booking_page import BookingPage
from domain.errors import InvalidInput
from domain.host import Host
from domain.ids import BookingId, WebhookEventId
from domain.slot import Slot
from domain.webhook import Webhook, WebhookSecrets
from domain.webhook_delivery import DeliveryAttempt, WebhookDelivery
from domain.webhook_event import WebhookEvent
from domain.webhook_problem import EndpointAnswered, GuestWasErased, WebhookWasPaused
from tests.support.builders import NOW, a_host
from tests.support.processes import PATIENCE
from tests.support.store import Store, a_unit_that_fails
from tests.support.stored_webhooks import HOUR, SECOND, SECRETS, a_webhook, an_event, owed

BROKEN = DeliveryAttempt(NOW, 7, 500, EndpointAnswered(500), "Ana was here")


async def add(store: Store, *webhooks: Webhook) -> None:
    async with store.begin() as uow:
        for each in webhooks:
            uow.webhooks.add(each, SECRETS)


async def record(store: Store, events: Sequence[WebhookEvent], *webhooks: Webhook) -> None:
    for event in events:
        async with store.begin() as uow:
            uow.webhooks.record(event, *(owed(event, each) for each in webhooks))


async def take(store: Store, webhook: Webhook, lane: int = 1, seconds: int = 10) -> TakenDelivery | None:
    async with store.begin() as uow:
        return await uow.webhooks.take(webhook.id, lane, NOW + seconds * SECOND)


async def save(store: Store, delivery: WebhookDelivery) -> None:
    async with store.begin() as uow:
        uow.webhooks.save_delivery(delivery)


async def ids_of(store: Store, host: Host, after: WebhookEventId | None = None, limit: int = 9) -> list[str] | None:
    async with store.begin() as uow:
        found = await uow.webhooks.events(host.id, after, NOW - HOUR, limit)
    return None if found is None else [each.id for each in found]


async def test_a_webhook_is_kept_changed_and_removed(store: Store, host: Host) -> None:
    first, second = a_webhook(host), a_webhook(host, "w2", created_at=NOW + HOUR)
    await add(store, second, first)
    failing, _ = first.failed(EndpointAnswered(503), NOW, wish=NOW + HOUR)

    async with store.begin() as uow:
        assert (first, second) == await uow.webhooks.of(host.id)
        assert SECRETS == await uow.webhooks.secrets(first.id)
        uow.webhooks.save(failing)
        uow.webhooks.put_secrets(first.id, WebhookSecrets("whsec_new"))
        uow.webhooks.remove(second)
    async with store.begin() as uow:
        assert failing == await uow.webhooks.lock(first.id)
        assert WebhookSecrets("whsec_new") == await uow.webhooks.secrets(first.id)
        assert await uow.webhooks.get(second.id) is None
        assert await uow.webhooks.secrets(second.id) is None


async def test_events_are_recorded_while_anybody_listens(store: Store, host: Host) -> None:
    webhook = a_webhook(host)

    async def listening() -> object:
        async with store.begin() as uow:
            return await uow.webhooks.listening(host.id)

    assert await listening() is None
    await add(store, webhook)
    assert (webhook,) == await listening()
    async with store.begin() as uow:
        uow.webhooks.remove(webhook)
    assert await listening() is None
    async with store.begin() as uow:
        uow.webhooks.keep_events(host.id)
    assert () == await listening()


async def test_whoever_takes_a_booking_knows_whether_anybody_listens(
    store: Store, host: Host, page: BookingPage
) -> None:
    async def records() -> bool:
        offer = await store.views.offer(host.handle, page.slug, None, Slot(NOW, NOW + HOUR), NOW)
        assert offer is not None
        return offer.records_events

    assert not await records()
    await add(store, a_webhook(host))
    assert await records()


async def test_events_are_listed_in_order_behind_a_known_one(store: Store, host: Host) -> None:
    stranger = a_host()
    async with store.begin() as uow:
        uow.hosts.add(stranger, None)
    await record(store, [an_event(host, "e1"), an_event(host, "e2", -7000), an_event(host, "e3")])
    await record(store, [an_event(stranger, "s1")])

    assert ["e1", "e3"] == await ids_of(store, host)
    assert ["e1"] == await ids_of(store, host, limit=1)
    assert ["e3"] == await ids_of(store, host, WebhookEventId("e1"))
    assert await ids_of(store, host, WebhookEventId("s1")) is None
    async with store.begin() as uow:
        assert NOW == await uow.webhooks.last_event_at(host.id)
    async with store.begin() as uow:
        assert an_event(host, "e1") == await uow.webhooks.event(WebhookEventId("e1"))


async def test_the_past_is_stored_in_its_order_and_what_is_stored_already_stays(store: Store, host: Host) -> None:
    known = msgspec.structs.replace(an_event(host, "e2"), body=b"as it was", booking_id=None, is_erased=True)
    await record(store, [known])

    async with store.begin() as uow:
        uow.webhooks.record_past()
        uow.webhooks.record_past(an_event(host, "e3"), an_event(host, "e2"), an_event(host, "e1", 1))

    assert ["e2", "e3", "e1"] == await ids_of(store, host)
    async with store.begin() as uow:
        assert [known, an_event(host, "e1", 1)] == [
            await uow.webhooks.event(WebhookEventId(each)) for each in ("e2", "e1")
        ]


async def test_whoever_reads_on_misses_nothing_of_units_at_once(store: Store, host: Host) -> None:
    async def record_one(name: str) -> None:
        async with store.begin() as uow:
            uow.webhooks.record(an_event(host, name))

    async def read_on() -> list[str]:
        seen: list[str] = []
        while len(seen) < 10:
            seen += await ids_of(store, host, WebhookEventId(seen[-1]) if seen else None) or []
        return seen

    async with asyncio.timeout(PATIENCE):
        seen, *_ = await asyncio.gather(read_on(), *(record_one(f"e{number}") for number in range(10)))

    assert seen == await ids_of(store, host, limit=20)


async def test_an_event_is_stored_with_its_unit_or_not_at_all(store: Store, host: Host) -> None:
    webhook = a_webhook(host)
    await add(store, webhook)
    async with a_unit_that_fails(store) as uow:
        uow.webhooks.record(an_event(host, "e1"), owed(an_event(host, "e1"), webhook))

    assert [] == await ids_of(store, host)
    assert await take(store, webhook) is None


async def test_what_is_new_is_taken_before_what_is_repeated_and_each_by_one_lane(store: Store, host: Host) -> None:
    webhook = a_webhook(host)
    await add(store, webhook)
    await record(store, [an_event(host, "e1"), an_event(host, "e2", 2), an_event(host, "e3", 3)], webhook)
    first = await take(store, webhook)
    assert first
    assert ("e1", an_event(host, "e1"), True) == (first.delivery.event_id, first.event, first.more_due)
    await save(store, first.delivery.attempted(BROKEN, wish=None, jitter=0.5))

    taken = [await take(store, webhook, lane) for lane in (1, 2)]
    assert ["e2", "e3"] == [each and each.delivery.event_id for each in taken]
    third = await take(store, webhook, 3)
    assert third
    assert ("e1", False, (BROKEN,)) == (third.delivery.event_id, third.more_due, third.delivery.attempts)


async def test_what_a_lane_has_left_behind_is_its_first(store: Store, host: Host) -> None:
    webhook = a_webhook(host)
    await add(store, webhook)
    await record(store, [an_event(host, "e1"), an_event(host, "e2", 1)], webhook)

    assert await take(store, webhook, 1)
    again, other = await take(store, webhook, 1), await take(store, webhook, 2)

    assert again
    assert other
    assert ("e1", "e2") == (again.delivery.event_id, other.delivery.event_id)


async def test_a_unit_that_saves_a_delivery_takes_another_one(store: Store, host: Host) -> None:
    webhook = a_webhook(host)
    await add(store, webhook)
    await record(store, [an_event(host, "e1"), an_event(host, "e2", 1)], webhook)
    first = await take(store, webhook)
    assert first

    async with store.begin() as uow:
        uow.webhooks.save_delivery(first.delivery.attempted(DeliveryAttempt(NOW, 3, 204), wish=None, jitter=0.5))
        second = await uow.webhooks.take(webhook.id, 1, NOW + 10 * SECOND, first.delivery.id)

    assert second
    assert ("e2", False) == (second.delivery.event_id, second.more_due)
    assert second == await take(store, webhook)


async def test_nothing_is_taken_before_it_is_due(store: Store, host: Host) -> None:
    webhook, event = a_webhook(host), an_event(host, "e1", 60)
    await add(store, webhook)
    await record(store, [event], webhook)

    assert await take(store, webhook, seconds=59) is None
    async with store.begin() as uow:
        assert event.at == await uow.webhooks.next_due_at(webhook.id)
        assert await uow.webhooks.next_due_at(webhook.id, owed(event, webhook).id) is None


async def test_deliveries_are_listed_latest_first_by_state_and_in_parts(store: Store, host: Host) -> None:
    webhook, other = a_webhook(host), a_webhook(host, "w2")
    await add(store, webhook, other)
    await record(store, [an_event(host, f"e{number}") for number in range(4)], webhook, other)
    done = owed(an_event(host, "e1"), webhook).attempted(DeliveryAttempt(NOW, 3, 204), wish=None, jitter=0)
    await save(store, done)

    async with store.begin() as uow:
        first = await uow.webhooks.deliveries(webhook.id, state=None, cursor=None, limit=2)
        rest = await uow.webhooks.deliveries(webhook.id, state=None, cursor=first.next, limit=2)
        delivered = await uow.webhooks.deliveries(webhook.id, state="delivered", cursor=None, limit=2)
        with pytest.raises(InvalidInput):
            await uow.webhooks.deliveries(other.id, state=None, cursor=first.next, limit=2)

    assert ["e3", "e2"] == [each.event_id for each in first.items]
    assert ["e1", "e0"] == [each.event_id for each in rest.items]
    assert rest.next is None
    assert (done,) == delivered.items


async def test_a_paused_webhook_gives_up_what_waits(store: Store, host: Host) -> None:
    webhook, other = a_webhook(host), a_webhook(host, "w2")
    await add(store, webhook, other)
    await record(store, [an_event(host, "e1")], webhook, other)
    async with store.begin() as uow:
        uow.webhooks.give_up(webhook.id)

    assert await take(store, webhook) is None
    assert await take(store, other)
    async with store.begin() as uow:
        given_up = await uow.webhooks.lock_delivery(owed(an_event(host, "e1"), webhook).id)
    assert given_up
    assert ("failed", WebhookWasPaused()) == (given_up.state, given_up.given_up)


async def test_what_was_missed_since_an_instant_is_sent_again(store: Store, host: Host) -> None:
    webhook = a_webhook(host)
    await add(store, webhook)
    old, taken, failed = an_event(host, "old", -60), an_event(host, "taken", 1), an_event(host, "failed", 2)
    missed, unwanted = an_event(host, "missed", 3), an_event(host, "unwanted", 4, "booking.link_ready")
    await record(store, [old, taken, failed], webhook)
    await record(store, [missed, unwanted])
    await save(store, owed(taken, webhook).attempted(DeliveryAttempt(NOW, 3, 200), wish=None, jitter=0))
    async with store.begin() as uow:
        uow.webhooks.give_up(webhook.id)
    async with store.begin() as uow:
        assert 2 == await uow.webhooks.send_again(webhook, NOW, NOW + HOUR)

    found = [await take(store, webhook, lane, seconds=3600) for lane in (1, 2, 3)]
    assert {"failed", "missed"} == {each.delivery.event_id for each in found if each}
    assert all(each.delivery.is_repeat for each in found if each)
    async with store.begin() as uow:
        assert await uow.webhooks.delivery(delivery_id_of(missed.id, webhook.id))


async def test_an_erased_guest_is_in_no_event_and_no_answer(store: Store, host: Host) -> None:
    webhook = a_webhook(host)
    await add(store, webhook)
    await record(store, [an_event(host, "e1"), an_event(host, "e2", 1)], webhook)
    await save(store, owed(an_event(host, "e1"), webhook).attempted(BROKEN, wish=None, jitter=0))
    async with store.begin() as uow:
        await uow.webhooks.forget_guest(BookingId("b1"), lambda body: body.upper())

    async with store.begin() as uow:
        events = await uow.webhooks.events(host.id, None, NOW - HOUR, 9)
        deliveries = (await uow.webhooks.deliveries(webhook.id, state=None, cursor=None, limit=9)).items
        assert 0 == await uow.webhooks.send_again(webhook, NOW, NOW + HOUR)
    assert events
    assert [(b"THE BODY OF E1", True), (b"THE BODY OF E2", True)] == [(each.body, each.is_erased) for each in events]
    assert [GuestWasErased(), GuestWasErased()] == [each.problem for each in deliveries]
    assert ["", 500] == [deliveries[1].attempts[0].response, deliveries[1].attempts[0].status]


async def test_a_webhook_that_is_gone_is_owed_nothing(store: Store, host: Host) -> None:
    webhook, gone = a_webhook(host), a_webhook(host, "w2")
    await add(store, webhook)
    await record(store, [an_event(host, "e1")], webhook, gone)

    assert await take(store, webhook)
    assert await take(store, gone) is None


async def test_a_host_who_leaves_takes_everything_along(store: Store, host: Host) -> None:
    webhook = a_webhook(host)
    await add(store, webhook)
    await record(store, [an_event(host, "e1")], webhook)
    async with store.begin() as uow:
        uow.webhooks.forget_host(host.id)

    async with store.begin() as uow:
        assert () == await uow.webhooks.of(host.id)
        assert await uow.webhooks.listening(host.id) is None
        assert await uow.webhooks.delivery(owed(an_event(host, "e1"), webhook).id) is None
    assert [] == await ids_of(store, host)
