"""What every store promises about the deliveries of events."""

import pytest

from application.webhooks.delivery_id import delivery_id_of
from domain.errors import InvalidInput
from domain.host import Host
from domain.webhook_delivery import DeliveryAttempt
from domain.webhook_problem import WebhookWasPaused
from tests.contract.webhooks import BROKEN, add, record, save, take
from tests.support.builders import NOW
from tests.support.store import Store
from tests.support.stored_webhooks import HOUR, SECOND, a_webhook, an_event, owed


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
        uow.webhook_deliveries.save(first.delivery.attempted(DeliveryAttempt(NOW, 3, 204), wish=None, jitter=0.5))
        second = await uow.webhook_deliveries.take(webhook.id, 1, NOW + 10 * SECOND, first.delivery.id)

    assert second
    assert ("e2", False) == (second.delivery.event_id, second.more_due)
    assert second == await take(store, webhook)


async def test_nothing_is_taken_before_it_is_due(store: Store, host: Host) -> None:
    webhook, event = a_webhook(host), an_event(host, "e1", 60)
    await add(store, webhook)
    await record(store, [event], webhook)

    assert await take(store, webhook, seconds=59) is None
    async with store.begin() as uow:
        assert event.at == await uow.webhook_deliveries.next_due_at(webhook.id)
        assert await uow.webhook_deliveries.next_due_at(webhook.id, owed(event, webhook).id) is None


async def test_deliveries_are_listed_latest_first_by_state_and_in_parts(store: Store, host: Host) -> None:
    webhook, other = a_webhook(host), a_webhook(host, "w2")
    await add(store, webhook, other)
    await record(store, [an_event(host, f"e{number}") for number in range(4)], webhook, other)
    done = owed(an_event(host, "e1"), webhook).attempted(DeliveryAttempt(NOW, 3, 204), wish=None, jitter=0)
    await save(store, done)

    async with store.begin() as uow:
        first = await uow.webhook_deliveries.of(webhook.id, state=None, cursor=None, limit=2)
        rest = await uow.webhook_deliveries.of(webhook.id, state=None, cursor=first.next, limit=2)
        delivered = await uow.webhook_deliveries.of(webhook.id, state="delivered", cursor=None, limit=2)
        with pytest.raises(InvalidInput):
            await uow.webhook_deliveries.of(other.id, state=None, cursor=first.next, limit=2)

    assert ["e3", "e2"] == [each.event_id for each in first.items]
    assert ["e1", "e0"] == [each.event_id for each in rest.items]
    assert rest.next is None
    assert (done,) == delivered.items


async def test_a_paused_webhook_gives_up_what_waits(store: Store, host: Host) -> None:
    webhook, other = a_webhook(host), a_webhook(host, "w2")
    await add(store, webhook, other)
    await record(store, [an_event(host, "e1")], webhook, other)
    async with store.begin() as uow:
        uow.webhook_deliveries.give_up(webhook.id)

    assert await take(store, webhook) is None
    assert await take(store, other)
    async with store.begin() as uow:
        given_up = await uow.webhook_deliveries.lock(owed(an_event(host, "e1"), webhook).id)
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
        uow.webhook_deliveries.give_up(webhook.id)
    async with store.begin() as uow:
        assert 2 == await uow.webhook_deliveries.send_again(webhook, NOW, NOW + HOUR)

    found = [await take(store, webhook, lane, seconds=3600) for lane in (1, 2, 3)]
    assert {"failed", "missed"} == {each.delivery.event_id for each in found if each}
    assert all(each.delivery.is_repeat for each in found if each)
    async with store.begin() as uow:
        assert await uow.webhook_deliveries.get(delivery_id_of(missed.id, webhook.id))


async def test_a_webhook_that_is_gone_is_owed_nothing(store: Store, host: Host) -> None:
    webhook, gone = a_webhook(host), a_webhook(host, "w2")
    await add(store, webhook)
    await record(store, [an_event(host, "e1")], webhook, gone)

    assert await take(store, webhook)
    assert await take(store, gone) is None
