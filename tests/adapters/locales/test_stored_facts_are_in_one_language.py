"""Every fact that can be stored of a booking is told in the language of its reader, on pages, in mails and in .ics."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from application.ports.booking_views import BookingView, UnknownEvent
from application.ports.mail import BookingMail, MailKind
from application.ports.mailed_revisions import Mailed
from domain.booking import Booking, Cancellation, Change, Move
from domain.booking_page import Answer, BookingPage
from domain.conference import Conference, Failed, NoConference, Pending, Ready
from domain.events import PARTIES, Event
from domain.fallback import ChosenByHost, FallbackReason, MeetingFailed, MeetingTypeUnusable
from domain.meeting_type import MADE_BY, MeetingType, MeetingTypeName, name_of, provider_of
from domain.provider import Provider
from tests.adapters.locales.mails import english_in_mail
from tests.adapters.locales.world import GUEST, HARBOUR, READY, World
from tests.support.builders import TOMORROW_AT_TEN, a_booking, altered
from tests.support.every import every
from tests.support.postgres import StoreInPostgres
from tests.support.store import keep

AN_HOUR = timedelta(hours=1)
Changes = dict[str, Any]
KINDS: dict[Change, MailKind] = {
    "booked": "confirmed",
    "link_added": "link_added",
    "link_replaced": "link_replaced",
    "fell_back": "updated",
    "switched": "updated",
    "rescheduled": "rescheduled",
    "cancelled": "cancelled",
}


def conferences() -> Iterator[Changes]:
    for conference in every(Conference):
        yield {"conference": conference, "meeting_type": _meeting_of(conference)}


def fallbacks() -> Iterator[Changes]:
    for fallback in every(FallbackReason):
        requested = name_of(MADE_BY[provider]) if (provider := _blamed(fallback)) else "phone"
        change = "switched" if isinstance(fallback, ChosenByHost) else "fell_back"
        yield {**_AT_THE_HARBOUR, "fallback": fallback, "requested": requested, "last_change": change}


def meeting_types() -> Iterator[Changes]:
    for requested in every(MeetingTypeName):
        if requested == name_of(HARBOUR):
            continue
        yield {**_AT_THE_HARBOUR, "fallback": ChosenByHost(), "requested": requested, "last_change": "switched"}
    for meeting_type in every(MeetingType):
        conference = PASTED if provider_of(meeting_type) else NoConference()
        yield {"meeting_type": meeting_type, "requested": name_of(meeting_type), "conference": conference}
        yield {"meeting_type": meeting_type, "conference": conference, "fallback": ChosenByHost()}


def changes() -> Iterator[Changes]:
    for cancellation in every(Cancellation):
        for conference in (READY, NoConference()):
            yield {"conference": conference, "cancellation": cancellation, "last_change": "cancelled"}
    for move in every(Move):
        yield {"conference": READY, "move": move, "last_change": "rescheduled"}
    for change in ("link_added", "link_replaced"):
        yield {"conference": READY, "last_change": change}
    for party in PARTIES:
        yield {"conference": READY, "unreached": (party,)}


PASTED = Ready("https://meet.example/x")
_AT_THE_HARBOUR: Changes = {"conference": NoConference(), "meeting_type": HARBOUR}


def _meeting_of(conference: Conference) -> MeetingType:
    match conference:
        case Pending(provider=provider) | Ready(provider=str() as provider):
            return MADE_BY[provider]
        case Failed(failure=failure):
            return MADE_BY[failure.problem.provider]
        case Ready():
            return MADE_BY["zoom"]
        case NoConference():
            return HARBOUR


def _blamed(fallback: FallbackReason) -> Provider | None:
    match fallback:
        case MeetingTypeUnusable(obstacle=obstacle):
            return obstacle.provider
        case MeetingFailed(failure=failure):
            return failure.problem.provider
        case ChosenByHost():
            return None


async def stored(store: StoreInPostgres, world: World, page: BookingPage, *found: Booking) -> list[BookingView]:
    """Put the bookings into PostgreSQL, read them from there, and show the world what was read."""
    await keep(store, world.host, page, *found)
    views = [await store.views.booking(world.host.id, each.id) for each in found]
    read = [each for each in views if each]
    await keep(world.memory.store, *(each.booking for each in read))
    return read


def bookings(page: BookingPage, states: Iterator[Changes]) -> list[Booking]:
    """One booking an hour."""
    return [
        altered(
            a_booking(page, TOMORROW_AT_TEN + number * AN_HOUR, guest=GUEST, answers=(Answer("Τι;", "Αυτό"),)),
            **state,
        )
        for number, state in enumerate(states)
    ]


@pytest.mark.parametrize("states", [conferences, fallbacks, meeting_types, changes])
async def test_what_a_booking_is(states: Any, postgres_store: StoreInPostgres) -> None:
    world = await World().settles()
    await world.memory.connect(world.host)
    page = await world.page()

    read = await stored(postgres_store, world, page, *bookings(page, states()))
    assert len(list(states())) == len(read)
    for view in read:
        booking = view.booking
        await world.reads(f"/bookings/{booking.id}", f"/b/{booking.token}")
        world.left += [word for mail in _mails(view) for word in english_in_mail(mail)]

    assert [] == world.left


def _mails(view: BookingView) -> Iterator[BookingMail]:
    booking = view.booking
    for party in PARTIES:
        yield BookingMail("confirmed", party, booking, view.host)
        if booking.last_change != "booked":
            later = altered(booking, revision=1)
            mailed = (Mailed(0, booking.slot.start - AN_HOUR, booking.created_at),)
            yield BookingMail(KINDS[booking.last_change], party, later, view.host, mailed)


async def test_what_happened_to_a_booking(postgres_store: StoreInPostgres) -> None:
    world = await World().settles()
    page = await world.page()
    [booking] = bookings(page, iter([_AT_THE_HARBOUR]))
    await keep(postgres_store, world.host, page)
    happened: list[Event] = [msgspec.structs.replace(each, booking_id=booking.id) for each in every(Event)]
    async with postgres_store.begin() as uow:
        uow.bookings.add(booking, *happened)

    view = await postgres_store.views.booking(world.host.id, booking.id)
    assert view
    read = [each.event for each in view.timeline if not isinstance(each.event, UnknownEvent)]
    assert happened == read
    async with world.memory.store.begin() as uow:
        uow.bookings.add(view.booking, *read)
    await world.reads(f"/bookings/{booking.id}")

    assert len(happened) <= world.visitor.html.count("<li><time")
    assert [] == world.left
