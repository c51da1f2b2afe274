"""What webhooks are told, in the order and number in which it happens."""

import asyncio
import base64
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec
import pytest
from msgspec import UNSET

from adapters.http.api.event_json import EventData
from adapters.memory.webhook_sender import SentEvent
from application.actor import HostActor, System
from application.booking.access import BookingById
from application.booking.book import BookingRequest, GuestDetails
from application.booking.book_for_guest import BookingForGuest
from application.decisions import apply_to_connection
from application.jobs import DeliverWebhooksJob
from application.ports.booking_views import BookingView, HostBookingViews
from application.ports.notices import WebhookFailing, WebhookPaused
from application.ports.provider import NotConnected
from application.ports.unit_of_work import UnitOfWork
from application.ports.webhooks import Sent
from application.webhooks.deliver_webhooks import LONGEST_TURN
from application.webhooks.manage_webhooks import NewWebhook, WebhookEdit
from application.webhooks.record_events import ping, record, record_broken
from domain.booking_page import BookingPage, Question
from domain.calendar_problem import ServerUnreachable
from domain.errors import EventErased, Forbidden, InvalidInput, NotFound
from domain.ids import BookingId, HostId, LeaveToken, PageId, WebhookEventId
from domain.meeting_type import InPerson
from domain.provider_problem import GrantEnded
from domain.security_events import WebhookRedirected
from domain.webhook import LANES
from domain.webhook_event import WEBHOOK_EVENT_TYPES, BrokenProvider, WebhookEventType
from domain.webhook_problem import EndpointAnswered
from tests.support.builders import (
    A_NETWORK,
    TOMORROW_AT_TEN,
    a_host,
    a_page,
    an_event_type,
    at_the_harbour,
    zoom,
)
from tests.support.calendar_world import CalendarWorld
from tests.support.memory_app import MemoryApp
from tests.support.processes import PATIENCE

URL = "https://hooks.example/all"
BROKEN = Sent(7, 500, EndpointAnswered(500), "no")
MINUTE = timedelta(minutes=1)
NO_ANSWERS: Mapping[str, str] = {}
NO_BACKUP = InPerson("Harbour Street 1, Hamburg", backup=False)


class World:
    """A host with a page, Zoom, and a webhook that wants everything."""

    def __init__(self) -> None:
        self.memory = MemoryApp()
        self.app = self.memory.app
        self.clock = self.memory.clock

    async def begin(self) -> "World":
        self.host = await self.memory.host(a_host(handle="hanne"))
        self.actor = HostActor(self.host.id)
        self.page = await self.memory.page(a_page(self.host, slug="talk"))
        await self.memory.connect(self.host)
        self.added = await self.add(URL)
        return self

    async def add(
        self, url: str, events: tuple[WebhookEventType, ...] = WEBHOOK_EVENT_TYPES, page_id: PageId | None = None
    ) -> NewWebhook:
        return await self.app.add_webhook(self.actor, url, events, page_id)

    async def book(
        self,
        page: BookingPage | None = None,
        hours: int = 0,
        answers: Mapping[str, str] = NO_ANSWERS,
        along: tuple[str, ...] = (),
    ) -> BookingId:
        guest = GuestDetails("Ana Brito", "ana@guests.example", "Europe/Lisbon")
        start = TOMORROW_AT_TEN + timedelta(hours=hours)
        slug = (page or self.page).slug
        asked = BookingRequest(start, "zoom", guest, dict(answers), additional_guests=along)
        submit = await self.app.book(self.host.handle, slug, "intro", asked, network=A_NETWORK)
        return submit.booking.booking.id

    def by_host(self, booking_id: BookingId) -> BookingById:
        return BookingById(self.actor, booking_id)

    @property
    def sent(self) -> list[SentEvent]:
        return self.memory.webhooks.sent

    def types(self) -> list[str]:
        return [each.event.type for each in self.sent]

    def bodies(self) -> list[dict[str, Any]]:
        """What was sent, each as the API describes it."""
        bodies: list[dict[str, Any]] = [msgspec.json.decode(each.event.body) for each in self.sent]
        for each in bodies:
            described = msgspec.convert(each["data"], EventData, strict=False)
            assert each["data"] == msgspec.json.decode(msgspec.json.encode(described))
        return bodies

    async def later(self, wait: timedelta) -> None:
        self.clock.advance(wait)
        await self.memory.work_off()


async def first_lane(world: World) -> None:
    """Let the first lane of the webhooks that something is due for go once."""
    for lease in await world.memory.backlog.lease(100, MINUTE):
        if isinstance(lease.job, DeliverWebhooksJob) and lease.job.lane == LANES[0]:
            await world.app.run_job(lease)


@pytest.fixture
async def world() -> World:
    return await World().begin()


async def test_each_change_is_told_once_with_the_link_and_the_revision(world: World) -> None:
    booking_id = await world.book()
    await world.memory.work_off()
    await world.app.reschedule(world.by_host(booking_id), TOMORROW_AT_TEN + timedelta(hours=2), "Train is late")
    await world.app.cancel(world.by_host(booking_id), "Ill")
    await world.memory.work_off()

    expected = ["booking.created", "booking.link_ready", "booking.rescheduled", "booking.cancelled"]
    assert expected == world.types()
    created, ready, moved, cancelled = (each["data"] for each in world.bodies())
    assert ["pending", "ready", "ready"] == [
        each["booking"]["conference"]["status"] for each in (created, ready, moved)
    ]
    assert ready["booking"]["conference"]["join_url"].startswith("https://")
    assert {"conference"} == ready["previous"].keys()
    assert {"start": "2026-03-03T10:00:00Z", "end": "2026-03-03T10:30:00Z"} == moved["previous"]
    assert ("host", "Train is late") == (moved["changed_by"], moved["reason"])
    assert ("cancelled", "Ill") == (cancelled["booking"]["status"], cancelled["reason"])
    assert ["guest", None, "host", "host"] == [each["changed_by"] for each in (created, ready, moved, cancelled)]
    revisions = [each["booking"]["revision"] for each in (created, ready, moved, cancelled)]
    assert sorted(revisions) == revisions
    assert (booking_id, "Ana Brito") == (moved["booking"]["id"], moved["booking"]["guest"]["name"])


async def test_of_two_events_of_a_booking_the_newer_has_the_higher_version(world: World) -> None:
    page = await world.memory.page(a_page(world.host, slug="either", meeting_types=(zoom, NO_BACKUP)))
    world.memory.providers["zoom"].fail("create", NotConnected(GrantEnded("zoom")))
    booking_id = await world.book(page, along=("bob@guests.example",))
    await world.memory.work_off()
    await world.app.set_join_link(world.actor, booking_id, "https://meet.example/hanne")
    async with world.memory.store.begin() as uow:
        uow.leave_tokens.link_to_leave(LeaveToken("bobs"), booking_id, 0)
    await world.app.leave_booking.leave(LeaveToken("bobs"))
    await world.app.reschedule(world.by_host(booking_id), TOMORROW_AT_TEN + timedelta(hours=2), "")
    await world.app.switch_meeting_type(world.actor, booking_id, "in_person")
    await world.app.cancel(world.by_host(booking_id), "")
    stored = await world.app.show_booking(world.actor, booking_id)
    await world.memory.work_off()

    told = [each for each in world.bodies() if each["type"] != "connection.broken"]
    names = ["created", "link_failed", "link_ready", "guest_left", "rescheduled", "fell_back", "cancelled"]
    assert [f"booking.{each}" for each in names] == [each["type"] for each in told]
    versions = [each["data"]["booking"]["version"] for each in told]
    assert sorted(set(versions)) == versions
    # Whoever reads the booking afterwards can tell that it is no older.
    assert stored.booking.version == versions[-1]


async def test_a_booking_that_its_host_made_is_told_as_theirs(world: World) -> None:
    page, guest = world.page, GuestDetails("Ana Brito", "ana@guests.example", "Europe/Lisbon")
    wanted = BookingForGuest(TOMORROW_AT_TEN, "zoom", guest)
    await world.app.book_for_guest(world.actor, page.id, page.event_types[0].id, wanted, network=A_NETWORK)
    await world.memory.work_off()

    assert ("booking.created", "host") == (world.types()[0], world.bodies()[0]["data"]["changed_by"])


async def test_no_payload_has_what_opens_the_guests_page(world: World) -> None:
    booking_id = await world.book()
    await world.memory.work_off()
    token = (await world.memory.as_guest(booking_id)).token

    assert 2 == len(world.sent)
    assert not any(token.encode() in each.event.body or b"/b/" in each.event.body for each in world.sent)


async def test_a_payload_stays_small_whatever_guests_answer() -> None:
    world = await World().begin()
    questions = tuple(Question(f"q{n}", f"Question {n}", "long_text") for n in range(8))
    page = await world.memory.page(a_page(world.host, an_event_type(questions=questions), slug="wordy"))
    await world.book(page, answers={each.id: 1000 * "界" for each in questions})
    await world.memory.work_off()

    assert all(len(each.event.body) < 20_000 for each in world.sent)
    assert ([], True) == (
        world.bodies()[0]["data"]["booking"]["answers"],
        world.bodies()[0]["data"]["answers_left_out"],
    )


async def test_only_what_is_wanted_is_sent(world: World) -> None:
    other = await world.memory.page(a_page(world.host, slug="other"))
    await world.add("https://hooks.example/cancelled", events=("booking.cancelled",))
    await world.add("https://hooks.example/other", page_id=other.id)
    booking_id = await world.book()
    await world.app.cancel(world.by_host(booking_id), "")
    await world.memory.work_off()

    assert {URL, "https://hooks.example/cancelled"} == {each.url for each in world.sent}
    assert ["booking.cancelled"] == [each.event.type for each in world.sent if each.url.endswith("/cancelled")]


async def test_a_link_by_hand_and_another_meeting_type_are_told_too(world: World) -> None:
    booking_id = await world.book()
    await world.app.set_join_link(world.actor, booking_id, "https://meet.example/hanne")
    await world.memory.work_off()

    assert ["booking.created", "booking.link_ready"] == world.types()


async def test_another_way_to_meet_is_told_by_the_booking_or_when_it_is_found(world: World) -> None:
    page = await world.memory.page(a_page(world.host, slug="either", meeting_types=(zoom, at_the_harbour)))
    world.memory.providers["zoom"].fail("create", NotConnected(GrantEnded("zoom")))
    await world.book(page)
    await world.memory.work_off()
    later = world.types()
    await world.book(page, hours=1)
    await world.memory.work_off()

    assert ["booking.created", "connection.broken", "booking.fell_back"] == later
    assert [*later, "booking.created"] == world.types()
    _, broken, fell_back, at_once = (each["data"] for each in world.bodies())
    assert {"provider": "zoom", "status": "needs_reconnect"} == broken
    for told in (fell_back["booking"], at_once["booking"]):
        assert ("zoom", "in_person", "none") == (
            told["requested_meeting_type"],
            told["meeting_type"],
            told["conference"]["status"],
        )
        assert told["fallback_reason"]


async def test_another_way_to_meet_that_the_host_chose_is_told(world: World) -> None:
    page = await world.memory.page(a_page(world.host, slug="either", meeting_types=(zoom, at_the_harbour)))
    booking_id = await world.book(page)
    await world.app.switch_meeting_type(world.actor, booking_id, "in_person")
    await world.memory.work_off()

    told = world.bodies()[-1]
    assert ("booking.fell_back", "host") == (told["type"], told["data"]["changed_by"])
    assert "The host chose another way to meet." == told["data"]["booking"]["fallback_reason"]


async def test_a_booking_without_any_way_left_is_told(world: World) -> None:
    world.memory.providers["zoom"].fail("create", NotConnected(GrantEnded("zoom")))
    await world.book()
    await world.memory.work_off()

    [failed] = [each["data"]["booking"] for each in world.bodies() if each["type"] == "booking.link_failed"]
    assert ("failed", "zoom") == (failed["conference"]["status"], failed["meeting_type"])
    assert failed["conference"]["failure"]["message"]


async def test_a_failing_endpoint_gets_the_same_id_and_bytes_until_it_takes_them(world: World) -> None:
    world.memory.webhooks.answer(URL, BROKEN)
    await world.app.cancel(world.by_host(await world.book()), "")
    await world.memory.work_off()
    assert "failing" == (await world.app.show_webhooks(world.actor))[0].state
    await world.later(timedelta(seconds=6))
    world.memory.webhooks.answer(URL)
    await world.later(6 * MINUTE)

    created = [each for each in world.sent if each.event.type == "booking.created"]
    assert 3 == len(created)
    assert 1 == len({(each.event.id, each.event.body) for each in created})
    assert 3 == len({each.at for each in created})
    assert "active" == (await world.app.show_webhooks(world.actor))[0].state
    page = await world.app.show_deliveries(world.actor, world.added.webhook.id)
    assert ["delivered", "delivered"] == [each.state for each in page.items]


async def test_a_dead_endpoint_delays_no_other(world: World) -> None:
    fine = (await world.add("https://hooks.example/fine")).webhook
    world.memory.webhooks.answer(URL, BROKEN)
    for hours in range(6):
        await world.book(hours=hours)
    await world.memory.work_off()

    delivered = await world.app.show_deliveries(world.actor, fine.id, state="delivered")
    assert 12 == len(delivered.items)
    # After some failures in a row it is tried now and then only, whatever waits.
    assert 10 == sum(each.url == URL for each in world.sent)


async def test_what_waits_for_one_endpoint_is_sent_under_one_lease(world: World) -> None:
    for hours in range(3):
        await world.book(hours=hours)
    await first_lane(world)

    assert 3 * ["booking.created"] == world.types()


async def test_a_lane_that_has_sent_for_long_makes_room_for_others(world: World) -> None:
    world.memory.webhooks.meanwhile = lambda: world.clock.advance(LONGEST_TURN / 2)
    for hours in range(3):
        await world.book(hours=hours)
    await first_lane(world)

    assert 2 == len(world.sent)
    await first_lane(world)
    assert 3 == len({each.event.id for each in world.sent})


async def test_what_comes_back_gets_its_backlog_new_events_first(world: World) -> None:
    world.memory.webhooks.answer(URL, BROKEN)
    await world.book()
    await world.memory.work_off()
    before = len(world.sent)
    world.memory.webhooks.answer(URL)
    world.clock.advance(10 * MINUTE)
    await world.book(hours=1)
    await world.memory.work_off()

    failed = {each.event.id for each in world.sent[:before]}
    first, *others = [each.event for each in world.sent[before:]]
    assert ("booking.created", False) == (first.type, first.id in failed)
    assert failed | {first.id} < {first.id, *(each.id for each in others)}
    assert 3 == len(others)


async def test_five_days_of_failures_pause_it_after_a_mail_and_it_can_be_made_up_for(world: World) -> None:
    world.memory.webhooks.answer(URL, BROKEN)
    for _ in range(30):
        await world.app.try_webhook(world.actor, world.added.webhook.id)
        await world.later(6 * timedelta(hours=1))
    await world.memory.work_off()
    about = [type(each.about) for each in world.memory.mailer.notices]
    assert [WebhookFailing, WebhookPaused] == [each for each in about if each in (WebhookFailing, WebhookPaused)]

    (paused,) = await world.app.show_webhooks(world.actor)
    assert ("paused", "failing") == (paused.state, paused.pause)

    world.memory.webhooks.answer(URL)
    world.sent.clear()
    async with world.memory.store.begin() as uow:
        await record_broken(uow, world.host.id, BrokenProvider("zoom", "blocked"), world.clock())
    await world.memory.work_off()
    assert [] == world.sent

    assert 1 == await world.app.recover_webhook(world.actor, paused.id, world.clock())
    await world.memory.work_off()
    told = [each["data"] for each in world.bodies() if each["type"] != "ping"]
    assert [{"provider": "zoom", "status": "blocked"}] == told
    assert "active" == (await world.app.show_webhooks(world.actor))[0].state


async def test_an_endpoint_that_is_gone_is_paused_and_resumed(world: World) -> None:
    world.memory.webhooks.answer(URL, Sent(7, 410, EndpointAnswered(410)))
    await world.book()
    await world.memory.work_off()
    assert ["booking.created"] == world.types()
    assert "paused" == (await world.app.show_webhooks.one(world.actor, world.added.webhook.id)).state

    world.memory.webhooks.answer(URL)
    assert "active" == (await world.app.resume_webhook(world.actor, world.added.webhook.id)).state
    await world.book(hours=1)
    await world.memory.work_off()
    assert ["booking.created", "booking.created", "booking.link_ready"] == world.types()


async def test_what_failed_is_tried_again_though_its_lane_gives_up_what_was_owed_before_the_pause(world: World) -> None:
    webhook = world.added.webhook
    world.memory.webhooks.answer(URL, Sent(7, 410, EndpointAnswered(410)))
    await world.book()
    await world.memory.work_off()
    world.memory.webhooks.answer(URL, Sent(7, 500, EndpointAnswered(500)))
    await world.app.try_webhook(world.actor, webhook.id)
    async with world.memory.store.begin() as uow:
        # By somebody who had read the webhook while it was active.
        record(uow, msgspec.structs.replace(ping(webhook, "late", world.clock()), type="booking.created"), [webhook])
    for wait in (timedelta(0), timedelta(seconds=10), 10 * MINUTE):
        await world.later(wait)

    assert ["booking.created", "ping", "ping", "ping"] == world.types()


async def test_a_connection_that_needs_its_host_is_told(world: World) -> None:
    async with world.memory.store.begin() as uow:
        connection = await uow.connections.lock(world.host.id, "zoom")
        assert connection
        await apply_to_connection(uow, connection.was_revoked(world.clock()))
    await world.memory.work_off()

    assert [{"provider": "zoom", "status": "not_connected"}] == [each["data"] for each in world.bodies()]


async def test_a_calendar_that_cannot_be_read_is_told() -> None:
    world = await CalendarWorld.with_page()
    await world.connect()
    await world.memory.app.add_webhook(world.actor, URL, ("connection.broken",))
    world.memory.calendar_readers["google"].fail("anna", "work", ServerUnreachable())
    for wait in (2 * MINUTE, timedelta(seconds=10), MINUTE):
        await world.passes(wait)

    [told] = world.memory.webhooks.sent
    assert {"calendar_id": "work", "status": "stale"} == msgspec.json.decode(told.event.body)["data"]


async def test_two_secrets_sign_for_a_while_after_a_rotation(world: World) -> None:
    rotated = await world.app.rotate_webhook_secret(world.actor, world.added.webhook.id, timedelta(hours=1))
    await world.app.try_webhook(world.actor, world.added.webhook.id)
    await world.memory.work_off()
    world.clock.advance(timedelta(hours=1))
    await world.app.try_webhook(world.actor, world.added.webhook.id)
    await world.memory.work_off()

    assert [(rotated.secret, world.added.secret), (rotated.secret,)] == [each.secrets for each in world.sent]
    assert len(base64.b64decode(rotated.secret.removeprefix("whsec_"), validate=True)) >= 22


async def test_a_delivery_is_sent_again_under_its_id(world: World) -> None:
    await world.book()
    await world.memory.work_off()
    first = (await world.app.show_deliveries(world.actor, world.added.webhook.id)).items[-1]
    await world.app.retry_delivery(world.actor, first.id)
    await world.memory.work_off()

    assert world.sent[0].event == world.sent[-1].event
    assert 2 == len((await world.app.show_deliveries.one(world.actor, first.id)).delivery.attempts)


async def test_an_erased_guest_is_in_no_payload_and_it_is_not_sent_again(world: World) -> None:
    world.memory.webhooks.answer(URL, BROKEN)
    booking_id = await world.book()
    await world.app.cancel(world.by_host(booking_id), "Ana is ill")
    await world.memory.work_off()
    await world.app.erase_guest(world.actor, booking_id)
    events = await world.app.list_webhook_events(world.actor)

    assert not any(b"Ana" in each.body or b"guests.example" in each.body for each in events)
    erased = msgspec.json.decode(events[0].body)
    assert ("booking.created", "Erased") == (erased["type"], erased["data"]["booking"]["guest"]["name"])
    delivery = (await world.app.show_deliveries(world.actor, world.added.webhook.id)).items[0]
    assert ("failed", "") == (delivery.state, delivery.attempts[0].response)
    with pytest.raises(EventErased):
        await world.app.retry_delivery(world.actor, delivery.id)


async def test_events_can_be_asked_for_without_a_webhook_from_before_the_first_question_on() -> None:
    world = await World().begin()
    await world.app.remove_webhook(world.actor, world.added.webhook.id)
    cancelled = await world.book()
    await world.app.cancel(world.by_host(cancelled), "Ill")
    await world.memory.work_off()

    # Nobody has written down what it was like at first.
    past = await world.app.list_webhook_events(world.actor)
    assert ["booking.created", "booking.cancelled"] == [each.type for each in past]
    assert 2 * [(cancelled, "cancelled")] == [
        (told["booking"]["id"], told["booking"]["status"])
        for told in (msgspec.json.decode(each.body)["data"] for each in past)
    ]
    await world.book(hours=1)
    await world.memory.work_off()
    created, ready = await world.app.list_webhook_events(world.actor, past[-1].id)
    assert ("booking.created", "booking.link_ready") == (created.type, ready.type)
    assert "pending" == msgspec.json.decode(created.body)["data"]["booking"]["conference"]["status"]
    assert past == (await world.app.list_webhook_events(world.actor))[:2]
    with pytest.raises(NotFound):
        await world.app.list_webhook_events(world.actor, WebhookEventId("evt_unknown"))


async def test_a_guest_who_is_erased_while_the_past_is_read_is_in_none_of_its_events(world: World) -> None:
    await world.app.remove_webhook(world.actor, world.added.webhook.id)
    booking_id = await world.book()
    await world.app.cancel(world.by_host(booking_id), "Ana is ill")
    asked = world.app.list_webhook_events

    class ErasedOnceRead:
        async def changed_since(self, host_id: HostId, since: datetime, most: int, /) -> list[BookingView]:
            changed = await asked.record_past.bookings.changed_since(host_id, since, most)
            await world.app.erase_guest(world.actor, booking_id)
            return changed

    record_past = replace(asked.record_past, bookings=cast("HostBookingViews", ErasedOnceRead()))
    past = await replace(asked, record_past=record_past)(world.actor)

    assert ["booking.created", "booking.cancelled"] == [each.type for each in past if each.is_erased]
    assert not any(b"Ana" in each.body or b"guests.example" in each.body for each in past)


async def test_the_past_is_recorded_once_although_whoever_began_with_it_died(world: World) -> None:
    await world.app.remove_webhook(world.actor, world.added.webhook.id)
    booking_id = await world.book()
    asked, units = world.app.list_webhook_events, [world.memory.ports.begin]

    def begin_once() -> AbstractAsyncContextManager[UnitOfWork]:
        return units.pop()()

    dies = replace(asked, record_past=replace(asked.record_past, begin=begin_once))
    with pytest.raises(IndexError):
        await dies(world.actor)
    world.clock.advance(timedelta(seconds=1))
    await world.app.cancel(world.by_host(booking_id), "Ill")

    await world.later(2 * MINUTE)

    past = ["booking.created", "booking.cancelled"]
    assert sorted(past) == sorted(each.type for each in await asked(world.actor))


async def test_the_past_of_one_booking_lets_no_guest_of_another_wait(world: World) -> None:
    asked = world.app.list_webhook_events
    one_by_one = replace(asked, record_past=replace(asked.record_past, most_at_once=1))
    await world.app.remove_webhook(world.actor, world.added.webhook.id)
    first = await world.book()
    world.clock.advance(timedelta(seconds=1))
    second = await world.book(hours=1)

    async with world.memory.ports.begin() as uow:
        await uow.bookings.lock(second)
        asking = asyncio.create_task(one_by_one(world.actor))
        async with asyncio.timeout(PATIENCE):
            while await uow.webhook_events.last_at(world.host.id) is None:
                await asyncio.sleep(0)
            await world.app.cancel(world.by_host(first), "Ill")

    told = [msgspec.json.decode(each.body)["data"]["booking"]["id"] for each in await asking]
    assert {first, second} == set(told)


async def test_whoever_makes_up_for_the_past_as_well_adds_nothing(world: World) -> None:
    await world.app.remove_webhook(world.actor, world.added.webhook.id)
    booking_id = await world.book()
    await world.app.cancel(world.by_host(booking_id), "Ana is ill")
    asked = world.app.list_webhook_events

    class OvertakenOnceRead:
        async def changed_since(self, host_id: HostId, since: datetime, most: int, /) -> list[BookingView]:
            changed = await asked.record_past.bookings.changed_since(host_id, since, most)
            await world.later(2 * MINUTE)
            await world.app.erase_guest(world.actor, booking_id)
            return changed

    record_past = replace(asked.record_past, bookings=cast("HostBookingViews", OvertakenOnceRead()))
    past = await replace(asked, record_past=record_past)(world.actor)

    assert ["booking.created", "booking.cancelled"] == [each.type for each in past if each.is_erased]
    assert not any(b"Ana" in each.body for each in past)


async def test_a_first_webhook_can_have_what_happened_before_it_was_there() -> None:
    world = World()
    world.host = await world.memory.host(a_host(handle="hanne"))
    world.actor, world.page = HostActor(world.host.id), await world.memory.page(a_page(world.host, slug="talk"))
    await world.memory.connect(world.host)
    await world.book()
    await world.memory.work_off()
    added = await world.add(URL)
    await world.memory.work_off()
    assert [] == world.sent

    assert 2 == await world.app.recover_webhook(world.actor, added.webhook.id, world.clock())
    await world.memory.work_off()
    assert ["booking.created", "booking.link_ready"] == world.types()


async def test_whoever_asks_goes_on_hearing_once_the_last_webhook_is_gone(world: World) -> None:
    await world.book()
    await world.app.remove_webhook(world.actor, world.added.webhook.id)
    (before,) = await world.app.list_webhook_events(world.actor)
    await world.book(hours=1)

    (after,) = await world.app.list_webhook_events(world.actor, before.id)
    assert "booking.created" == after.type


async def test_a_deleted_account_is_told_nothing_more(world: World) -> None:
    await world.book()
    await world.app.delete_account_of(System(), world.host.id)
    await world.later(MINUTE)

    assert [] == world.sent


@pytest.mark.parametrize(
    ("field", "edit"),
    [
        ("url", WebhookEdit(url="ftp://hooks.example")),
        ("url", WebhookEdit(url="https://inside.example")),
        ("events", WebhookEdit(events=())),
        ("page_id", WebhookEdit(page_id=PageId("page-of-nobody"))),
    ],
)
async def test_what_cannot_work_is_refused(world: World, field: str, edit: WebhookEdit) -> None:
    world.memory.webhooks.inside.add("https://inside.example")
    events = WEBHOOK_EVENT_TYPES if edit.events is UNSET else edit.events
    with pytest.raises(InvalidInput) as refused:
        await world.add(edit.url or URL, events, edit.page_id or None)
    with pytest.raises(InvalidInput) as refused_change:
        await world.app.change_webhook(world.actor, world.added.webhook.id, edit)

    assert [field] == [each.field for each in refused.value.faults] == [e.field for e in refused_change.value.faults]


async def test_only_their_host_sees_webhooks_and_a_program_needs_the_scope(world: World) -> None:
    stranger = HostActor((await world.memory.host()).id)
    webhook_id = world.added.webhook.id
    await world.book()
    delivery_id = (await world.app.show_deliveries(world.actor, webhook_id)).items[0].id

    app = world.app
    for actor, refusal in ((stranger, NotFound), (HostActor(world.host.id, frozenset({"account:write"})), Forbidden)):
        for call in (
            app.show_webhooks.one(actor, webhook_id),
            app.change_webhook(actor, webhook_id, WebhookEdit()),
            app.try_webhook(actor, webhook_id),
            app.rotate_webhook_secret(actor, webhook_id),
            app.resume_webhook(actor, webhook_id),
            app.recover_webhook(actor, webhook_id, world.clock()),
            app.show_deliveries(actor, webhook_id),
            app.retry_delivery(actor, delivery_id),
            app.remove_webhook(actor, webhook_id),
        ):
            with pytest.raises(refusal):
                await call


async def test_a_webhook_that_is_led_elsewhere_leaves_a_trace(world: World) -> None:
    webhook = world.added.webhook
    await world.app.change_webhook(world.actor, webhook.id, WebhookEdit(events=("booking.created",)))
    await world.app.change_webhook(world.actor, webhook.id, WebhookEdit(url="https://elsewhere.example/"))

    told = await world.app.list_security_events(world.actor, 10)
    [led] = [each for each in told if isinstance(each, WebhookRedirected)]
    assert ("hooks.example", "elsewhere.example") == (led.before, led.host_name)
