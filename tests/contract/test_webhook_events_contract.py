"""What every store promises about the events that webhooks are told."""

import asyncio

import msgspec

from domain.booking_page import BookingPage
from domain.host import Host
from domain.ids import BookingId, WebhookEventId
from domain.slot import Slot
from domain.webhook_problem import GuestWasErased
from tests.contract.webhooks import BROKEN, add, ids_of, record, save, take
from tests.support.builders import NOW, a_host
from tests.support.processes import PATIENCE
from tests.support.store import Store, a_unit_that_fails
from tests.support.stored_webhooks import HOUR, a_webhook, an_event, owed


async def test_events_are_recorded_while_anybody_listens(store: Store, host: Host) -> None:
    webhook = a_webhook(host)

    async def listening() -> object:
        async with store.begin() as uow:
            return await uow.webhook_events.listening(host.id)

    assert await listening() is None
    await add(store, webhook)
    assert (webhook,) == await listening()
    async with store.begin() as uow:
        uow.webhooks.remove(webhook)
    assert await listening() is None
    async with store.begin() as uow:
        uow.webhook_events.keep(host.id)
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
        assert NOW == await uow.webhook_events.last_at(host.id)
    async with store.begin() as uow:
        assert an_event(host, "e1") == await uow.webhook_events.get(WebhookEventId("e1"))


async def test_the_past_is_stored_in_its_order_and_what_is_stored_already_stays(store: Store, host: Host) -> None:
    known = msgspec.structs.replace(an_event(host, "e2"), body=b"as it was", booking_id=None, is_erased=True)
    await record(store, [known])

    async with store.begin() as uow:
        uow.webhook_events.record_past()
        uow.webhook_events.record_past(an_event(host, "e3"), an_event(host, "e2"), an_event(host, "e1", 1))

    assert ["e2", "e3", "e1"] == await ids_of(store, host)
    async with store.begin() as uow:
        assert [known, an_event(host, "e1", 1)] == [
            await uow.webhook_events.get(WebhookEventId(each)) for each in ("e2", "e1")
        ]


async def test_whoever_reads_on_misses_nothing_of_units_at_once(store: Store, host: Host) -> None:
    async def record_one(name: str) -> None:
        async with store.begin() as uow:
            uow.webhook_events.record(an_event(host, name))

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
        uow.webhook_events.record(an_event(host, "e1"), owed(an_event(host, "e1"), webhook))

    assert [] == await ids_of(store, host)
    assert await take(store, webhook) is None


async def test_an_erased_guest_is_in_no_event_and_no_answer(store: Store, host: Host) -> None:
    webhook = a_webhook(host)
    await add(store, webhook)
    await record(store, [an_event(host, "e1"), an_event(host, "e2", 1)], webhook)
    await save(store, owed(an_event(host, "e1"), webhook).attempted(BROKEN, wish=None, jitter=0))
    async with store.begin() as uow:
        await uow.webhook_events.forget_guest(BookingId("b1"), lambda body: body.upper())

    async with store.begin() as uow:
        events = await uow.webhook_events.of(host.id, None, NOW - HOUR, 9)
        deliveries = (await uow.webhook_deliveries.of(webhook.id, state=None, cursor=None, limit=9)).items
        assert 0 == await uow.webhook_deliveries.send_again(webhook, NOW, NOW + HOUR)
    assert events
    assert [(b"THE BODY OF E1", True), (b"THE BODY OF E2", True)] == [(each.body, each.is_erased) for each in events]
    assert [GuestWasErased(), GuestWasErased()] == [each.problem for each in deliveries]
    assert ["", 500] == [deliveries[1].attempts[0].response, deliveries[1].attempts[0].status]
