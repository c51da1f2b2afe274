"""Every use case of a booking decides itself who may, whoever drives it."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from application.actor import GuestActor, HostActor
from application.app import App
from application.booking.access import BookingById
from domain.api_token import Scope
from domain.booking import Booking
from domain.errors import Forbidden, NotFound
from domain.ids import GuestToken
from tests.support.booked import THURSDAY_AT_TEN, Booked
from tests.support.builders import a_host, at_the_harbour, zoom

AN_HOUR_LATER = THURSDAY_AT_TEN + timedelta(hours=1)
FIRST, LAST = date(2026, 3, 3), date(2026, 3, 6)
NO_SCOPES: frozenset[Scope] = frozenset()

AskAsHost = Callable[[App, HostActor, Booking], Awaitable[object]]
AskAsGuest = Callable[[App, GuestActor], Awaitable[object]]

HOSTS: dict[str, tuple[Scope, AskAsHost]] = {
    "show": ("bookings:read", lambda app, actor, booking: app.show_booking(actor, booking.id)),
    "list": ("bookings:read", lambda app, actor, _: app.list_bookings(actor, "upcoming", limit=9)),
    "free_times": (
        "bookings:read",
        lambda app, actor, booking: app.reschedule.free_times(BookingById(actor, booking.id), FIRST, LAST, "UTC"),
    ),
    "choices": ("bookings:write", lambda app, actor, booking: app.switch_meeting_type.choices(actor, booking.id)),
    "reschedule": (
        "bookings:write",
        lambda app, actor, booking: app.reschedule(BookingById(actor, booking.id), AN_HOUR_LATER),
    ),
    "resend": ("bookings:write", lambda app, actor, booking: app.resend(BookingById(actor, booking.id))),
    "retry_meeting": ("bookings:write", lambda app, actor, booking: app.retry_meeting(actor, booking.id)),
    "set_join_link": (
        "bookings:write",
        lambda app, actor, booking: app.set_join_link(actor, booking.id, "https://meet.example/anna"),
    ),
    "switch_meeting_type": (
        "bookings:write",
        lambda app, actor, booking: app.switch_meeting_type(actor, booking.id, "in_person"),
    ),
    "watch": ("bookings:read", lambda app, actor, booking: app.watch_booking(BookingById(actor, booking.id))),
    "cancel": ("bookings:write", lambda app, actor, booking: app.cancel(BookingById(actor, booking.id), "")),
}

GUESTS: dict[str, AskAsGuest] = {
    "show": lambda app, guest: app.show_guest_booking(guest),
    "brand_color": lambda app, guest: app.show_guest_booking.brand_color(guest),
    "download_invite": lambda app, guest: app.download_invite(guest),
    "free_times": lambda app, guest: app.reschedule.free_times(guest, FIRST, LAST, "UTC"),
    "reschedule": lambda app, guest: app.reschedule(guest, AN_HOUR_LATER),
    "resend": lambda app, guest: app.resend(guest),
    "watch": lambda app, guest: app.watch_booking(guest),
    "cancel": lambda app, guest: app.cancel(guest, ""),
}

ON_ONE_BOOKING = {name: ask for name, (_, ask) in HOSTS.items() if name != "list"}


@pytest.mark.parametrize("ask", ON_ONE_BOOKING.values(), ids=ON_ONE_BOOKING)
async def test_another_hosts_booking_is_not_found_and_stays_as_it_is(ask: AskAsHost) -> None:
    booked = await Booked.on(zoom, at_the_harbour)
    before, stranger = await booked.now(), await booked.memory.host(a_host())

    with pytest.raises(NotFound):
        await ask(booked.app, HostActor(stranger.id), before)

    assert before == await booked.now()


async def test_another_hosts_bookings_are_not_listed() -> None:
    booked = await Booked.on(at_the_harbour)
    stranger = await booked.memory.host(a_host())

    assert [] == (await booked.app.list_bookings(HostActor(stranger.id), "upcoming", limit=9)).items


@pytest.mark.parametrize("ask", GUESTS.values(), ids=GUESTS)
async def test_a_wrong_token_finds_no_booking_and_changes_nothing(ask: AskAsGuest) -> None:
    booked = await Booked.on(at_the_harbour)
    before = await booked.now()

    with pytest.raises(NotFound):
        await ask(booked.app, GuestActor(GuestToken("another-guests-tökén")))

    assert before == await booked.now()


@pytest.mark.parametrize("ask", GUESTS.values(), ids=GUESTS)
async def test_a_guest_may(ask: AskAsGuest) -> None:
    booked = await Booked.on(at_the_harbour)

    await ask(booked.app, await booked.memory.as_guest(booked.booking_id))


@pytest.mark.parametrize(("scope", "ask"), HOSTS.values(), ids=HOSTS)
async def test_a_token_without_the_scope_is_refused_and_told_which_one(scope: Scope, ask: AskAsHost) -> None:
    booked = await Booked.on(zoom, at_the_harbour)
    before = await booked.now()

    with pytest.raises(Forbidden) as refused:
        await ask(booked.app, HostActor(booked.host.id, NO_SCOPES), before)

    assert scope == refused.value.scope
    assert before == await booked.now()


@pytest.mark.parametrize(("scope", "ask"), HOSTS.values(), ids=HOSTS)
async def test_a_token_with_the_scope_may(scope: Scope, ask: AskAsHost) -> None:
    booked = await Booked.on(zoom, at_the_harbour)

    await ask(booked.app, HostActor(booked.host.id, frozenset({scope})), await booked.now())
