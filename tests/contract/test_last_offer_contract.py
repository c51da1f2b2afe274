"""A booking that was decided by what was read last is stored only while that is so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest

from application.booking.book import BookingRequest, GuestDetails
from application.ports.admission import Admission, Basis, OfferChanged
from application.ports.oauth import Grant
from application.ports.offers import Offer
from application.ports.unit_of_work import UnitOfWork
from domain.availability import Availability, BookingRules, Hours, WeeklyHours
from domain.booking_page import BookingPage
from domain.budgets import HOUR, Budget
from domain.connection import NeedsReconnect, ProviderConnection
from domain.errors import NoMeetingTypeAvailable, NotFound, SlotNotOffered, SlotTaken
from domain.host import Host
from domain.ids import CalendarId
from domain.meeting_type import GoogleMeet
from domain.page_calendars import PageCalendars
from domain.provider_problem import GrantEnded
from domain.schedule import Schedule
from domain.slot import Slot
from tests.support.builders import (
    A_NETWORK,
    NOW,
    TOMORROW_AT_TEN,
    a_booking,
    a_connection,
    a_host,
    a_page,
    a_schedule,
    an_event_type,
    at_the_harbour,
)
from tests.support.store import Store, book_on, keep

THREE = Budget("three", 3, HOUR, "bookings")
ZOOM_KEEPS_FROM = 90
GRANT = Grant("a", "b", NOW, frozenset())


class Scene(msgspec.Struct):
    """A host whose page has everything that an offer is made of."""

    host: Host
    page: BookingPage
    schedule: Schedule
    zoom: ProviderConnection

    def save_page(self, uow: UnitOfWork, **changes: object) -> None:
        uow.pages.save(msgspec.structs.replace(self.page, **changes))

    def save_schedule(self, uow: UnitOfWork) -> None:
        uow.schedules.save(msgspec.structs.replace(self.schedule, timezone="Asia/Tokyo"))

    def break_zoom(self, uow: UnitOfWork) -> None:
        uow.connections.save(msgspec.structs.replace(self.zoom, state=NeedsReconnect(GrantEnded("zoom"))))

    def count_meetings(self, uow: UnitOfWork, made: int, at: datetime = NOW) -> None:
        uow.connections.save(msgspec.structs.replace(self.zoom, meetings_on=at.date(), meetings_made=made))


async def a_scene(store: Store, host: Host) -> Scene:
    schedule = a_schedule(host)
    page = msgspec.structs.replace(a_page(host), schedule=schedule)
    zoom = a_connection(host)
    await keep(store, schedule, page)
    async with store.begin() as uow:
        uow.connections.put(zoom, GRANT)
        uow.accounts.confirm_email(host.id, NOW)
    return Scene(host, page, schedule, zoom)


async def read(store: Store, scene: Scene) -> Offer:
    address = scene.host.handle, scene.page.slug, None
    await store.views.offer(*address, Slot.lasting(timedelta(days=1), NOW), NOW)
    offer = store.views.last_offer(*address)
    assert offer
    return offer


async def take(store: Store, offer: Offer, start: datetime = TOMORROW_AT_TEN) -> None:
    assert offer.mark
    basis = Basis(offer.mark, "zoom", ZOOM_KEEPS_FROM)
    booking = a_booking(offer.page, start)
    async with store.begin() as uow:
        uow.bookings.add(booking, admission=Admission((THREE.of("a"),), 5, basis))


async def test_what_was_read_last_is_the_offer_as_if_nothing_were_booked(store: Store, host: Host) -> None:
    scene = await a_scene(store, host)
    await keep(store, a_booking(scene.page))

    within = Slot.lasting(timedelta(days=2), NOW)
    read_now = await store.views.offer(host.handle, scene.page.slug, None, within, NOW)

    assert read_now
    assert read_now.busy
    assert msgspec.structs.replace(read_now, busy=[]) == await read(store, scene)


async def test_nothing_is_known_of_a_page_that_nobody_has_read(store: Store, host: Host) -> None:
    scene = await a_scene(store, host)

    assert store.views.last_offer(host.handle, scene.page.slug, None) is None


MORE_THAN_BOOKINGS: dict[str, Callable[[Host], BookingPage]] = {
    "has a daily cap": lambda host: a_page(host, rules=BookingRules(daily_cap=3)),
    "has calendars": lambda host: msgspec.structs.replace(a_page(host), calendars=PageCalendars((CalendarId("one"),))),
    "has several event types and none was named": lambda host: a_page(
        host, an_event_type(slug="a"), an_event_type(slug="b")
    ),
}


@pytest.mark.parametrize("page", MORE_THAN_BOOKINGS.values(), ids=MORE_THAN_BOOKINGS)
async def test_a_time_that_more_than_bookings_decides_about_has_to_be_read(
    store: Store, host: Host, page: Callable[[Host], BookingPage]
) -> None:
    stored = page(host)
    await keep(store, stored)

    slugs = [*(each.slug for each in stored.event_types[:1]), None]
    for event_type in slugs:
        await store.views.offer(host.handle, stored.slug, event_type, Slot.lasting(timedelta(days=1), NOW), NOW)

    assert store.views.last_offer(host.handle, stored.slug, None) is None


CHANGES: dict[str, Callable[[UnitOfWork, Scene], None]] = {
    "the host": lambda uow, scene: uow.hosts.save(msgspec.structs.replace(scene.host, timezone="Asia/Tokyo")),
    "the host's address": lambda uow, scene: uow.accounts.confirm_email(scene.host.id, None),
    "who listens": lambda uow, scene: uow.webhook_events.keep(scene.host.id),
    "the page": lambda uow, scene: scene.save_page(uow, rules=BookingRules(horizon_days=1)),
    "its event types": lambda uow, scene: scene.save_page(
        uow, event_types=(*scene.page.event_types, an_event_type(slug="other"))
    ),
    "the schedule that it uses": lambda uow, scene: scene.save_page(uow, schedule=None),
    "the hours of its schedule": lambda uow, scene: scene.save_schedule(uow),
    "that there is a page": lambda uow, scene: uow.pages.remove(scene.host.id, scene.page.id),
    "the state of an account": lambda uow, scene: scene.break_zoom(uow),
    "that there is an account": lambda uow, scene: uow.connections.remove(scene.host.id, "zoom"),
    "another account": lambda uow, scene: uow.connections.put(
        a_connection(scene.host, "google"), Grant("a", "b", NOW, frozenset())
    ),
    "how many meetings are left": lambda uow, scene: scene.count_meetings(uow, ZOOM_KEEPS_FROM),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_booking_is_refused_and_counts_nothing_once_this_has_changed(
    store: Store, host: Host, change: Callable[[UnitOfWork, Scene], None]
) -> None:
    scene = await a_scene(store, host)
    offer = await read(store, scene)
    async with store.begin() as uow:
        change(uow, scene)

    with pytest.raises(OfferChanged):
        await take(store, offer)

    assert [] == await store.views.occupying(host.id, Slot.lasting(timedelta(days=2), NOW), NOW)
    assert [None] * 3 == [await store.rate_limiter.count([THREE.of("a")], NOW) for _ in range(3)]


NO_CHANGES: dict[str, Callable[[UnitOfWork, Scene], None]] = {
    "another booking": lambda uow, scene: uow.bookings.add(a_booking(scene.page, TOMORROW_AT_TEN + timedelta(hours=2))),
    "a meeting": lambda uow, scene: scene.count_meetings(uow, ZOOM_KEEPS_FROM - 1),
    "yesterday's last meeting": lambda uow, scene: scene.count_meetings(uow, 100, NOW - timedelta(days=1)),
    "another page": lambda uow, scene: uow.pages.add(a_page(scene.host)),
    "another host": lambda uow, _: uow.hosts.add(a_host(), None),
}


@pytest.mark.parametrize("change", NO_CHANGES.values(), ids=NO_CHANGES)
async def test_what_has_nothing_to_do_with_the_offer_keeps_no_booking_out(
    store: Store, host: Host, change: Callable[[UnitOfWork, Scene], None]
) -> None:
    scene = await a_scene(store, host)
    offer = await read(store, scene)
    async with store.begin() as uow:
        change(uow, scene)

    await take(store, offer)

    assert await store.views.occupying(host.id, Slot.lasting(timedelta(hours=1), TOMORROW_AT_TEN), NOW)


async def test_a_taken_time_is_taken_whatever_was_read(store: Store, host: Host) -> None:
    scene = await a_scene(store, host)
    offer = await read(store, scene)
    await keep(store, a_booking(scene.page))

    with pytest.raises(SlotTaken):
        await take(store, offer)


def wish(start: datetime) -> BookingRequest:
    return BookingRequest(start, "in_person", GuestDetails("Ana", "ana@guests.example", "UTC"))


@pytest.fixture
async def harbour(store: Store, host: Host) -> BookingPage:
    """A page where guests have been, of a host with a confirmed address."""
    page = a_page(host, meeting_types=(at_the_harbour,))
    await keep(store, page)
    async with store.begin() as uow:
        uow.accounts.confirm_email(host.id, NOW)
    await store.views.offer(host.handle, page.slug, None, Slot.lasting(timedelta(days=1), NOW), NOW)
    return page


async def test_whoever_books_a_page_that_was_read_before_waits_for_one_round_trip(
    store: Store, host: Host, harbour: BookingPage
) -> None:
    book = book_on(store, NOW)
    unread = SimpleNamespace(last_offer=store.views.last_offer)

    made = await replace(book, availability=replace(book.availability, offers=unread))(
        host.handle, harbour.slug, harbour.event_types[0].slug, wish(TOMORROW_AT_TEN), network=A_NETWORK
    )

    assert TOMORROW_AT_TEN == made.booking.booking.slot.start


SINCE: dict[str, tuple[Callable[[UnitOfWork, BookingPage], None], type[Exception]]] = {
    "paused": (lambda uow, page: uow.pages.save(msgspec.structs.replace(page, active=False)), NoMeetingTypeAvailable),
    "unconfirmed": (lambda uow, page: uow.accounts.confirm_email(page.host_id, None), NoMeetingTypeAvailable),
    "no hours": (
        lambda uow, page: uow.pages.save(msgspec.structs.replace(page, availability=Availability())),
        SlotNotOffered,
    ),
    "moved away": (lambda uow, page: uow.pages.save(msgspec.structs.replace(page, slug="elsewhere")), NotFound),
    "taken": (lambda uow, page: uow.bookings.add(a_booking(page)), SlotTaken),
}


async def test_a_provider_that_makes_as_many_meetings_as_are_wanted_costs_no_second_look(
    store: Store, host: Host
) -> None:
    page = a_page(host, meeting_types=(GoogleMeet(),))
    google = msgspec.structs.replace(a_connection(host, "google"), meetings_on=NOW.date(), meetings_made=1)
    await keep(store, page)
    async with store.begin() as uow:
        uow.connections.put(google, GRANT)
        uow.accounts.confirm_email(host.id, NOW)
    await store.views.offer(host.handle, page.slug, None, Slot.lasting(timedelta(days=1), NOW), NOW)
    book = replace(book_on(store, NOW), configured=frozenset({"google"}))
    unread = SimpleNamespace(last_offer=store.views.last_offer)
    asked = BookingRequest(TOMORROW_AT_TEN, "google_meet", GuestDetails("Ana", "ana@guests.example", "UTC"))

    made = await replace(book, availability=replace(book.availability, offers=unread))(
        host.handle, page.slug, page.event_types[0].slug, asked, network=A_NETWORK
    )

    assert "google_meet" == made.booking.booking.requested


@pytest.mark.parametrize(("change", "expected"), SINCE.values(), ids=SINCE)
async def test_guests_are_told_how_things_are_now_not_how_they_were_read(
    store: Store,
    host: Host,
    harbour: BookingPage,
    change: Callable[[UnitOfWork, BookingPage], None],
    expected: type[Exception],
) -> None:
    async with store.begin() as uow:
        change(uow, harbour)

    with pytest.raises(expected):
        await book_on(store, NOW)(
            host.handle, harbour.slug, harbour.event_types[0].slug, wish(TOMORROW_AT_TEN), network=A_NETWORK
        )


async def test_a_time_that_is_offered_only_since_can_be_booked(store: Store, host: Host, harbour: BookingPage) -> None:
    at_night = datetime(2026, 3, 3, 23, tzinfo=UTC)
    all_day = Availability(WeeklyHours(tue=(Hours("00:00", "24:00"),), wed=(Hours("00:00", "24:00"),)))
    async with store.begin() as uow:
        uow.pages.save(msgspec.structs.replace(harbour, availability=all_day))

    made = await book_on(store, NOW)(
        host.handle, harbour.slug, harbour.event_types[0].slug, wish(at_night), network=A_NETWORK
    )

    assert at_night == made.booking.booking.slot.start
