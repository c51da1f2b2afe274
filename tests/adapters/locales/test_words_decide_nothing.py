"""With every sentence reversed, everything goes on as it does in English: words are shown, and nothing reads them."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from adapters.presentation.language import ENGLISH, Language, gettext, ngettext, speaking
from application.booking.access import BookingById
from application.ports.provider import NotConnected, NotPermitted, TryLater
from domain.errors import BookingClosed, InvalidInput, MeetingTypeNotOffered
from domain.meeting_type import name_of
from domain.provider_problem import GrantEnded, MeetingsNotAllowed, RateLimited
from tests.adapters.locales.backwards import BACKWARDS, BOTH, controls, mails_of
from tests.support.booked import THURSDAY_AT_TEN, Booked
from tests.support.builders import at_the_harbour, bob, phone_by_host, zoom
from tests.support.serving import Server
from tests.support.visiting import Visitor
from tests.support.writing_world import POLL, WritingWorld

OWN_LINK = "https://meet.example/anna"
ENDED, FORBIDDEN = NotConnected(GrantEnded("zoom")), NotPermitted(MeetingsNotAllowed("zoom"))


Flow = Callable[[], Awaitable[Booked]]


async def books() -> Booked:
    return await (await Booked.on(zoom)).work_off()


async def falls_back() -> Booked:
    booked = await Booked.on(zoom, at_the_harbour)
    booked.zoom_says_no_to("create", FORBIDDEN)
    return await booked.work_off()


async def falls_back_at_the_submit() -> Booked:
    return await (await Booked.on(phone_by_host, at_the_harbour)).work_off()


async def is_given_up_on() -> Booked:
    return await Booked.without_link(zoom)


async def waits_through_a_delay() -> Booked:
    booked = await Booked.on(zoom)
    booked.zoom_says_no_to("create", TryLater(RateLimited("zoom")))
    await booked.work_off()
    return await booked.work_off(after=timedelta(minutes=2))


async def is_reconnected() -> Booked:
    booked = await Booked.without_link(zoom)
    await booked.reconnects()
    return await booked.work_off()


async def gets_a_link_by_hand() -> Booked:
    booked = await Booked.without_link(zoom)
    await booked.app.set_join_link(await booked.memory.as_host(booked.booking_id), booked.booking_id, OWN_LINK)
    return await booked.work_off()


async def is_switched() -> Booked:
    booked = await Booked.on(zoom, at_the_harbour)
    await booked.work_off()
    await booked.app.switch_meeting_type(await booked.memory.as_host(booked.booking_id), booked.booking_id, "in_person")
    return await booked.work_off()


async def is_moved_and_cancelled() -> Booked:
    booked = await books()
    await booked.moves(THURSDAY_AT_TEN + timedelta(hours=1))
    await booked.work_off()
    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), "Ill")
    return await booked.work_off()


async def is_reminded() -> Booked:
    booked = await books()
    booked.memory.clock.set(THURSDAY_AT_TEN - timedelta(days=1))
    return await booked.work_off()


async def is_proposed_another_time_and_takes_it() -> Booked:
    booked = await books()
    later = THURSDAY_AT_TEN + timedelta(hours=1)
    await booked.app.propose_times(await booked.memory.as_host(booked.booking_id), booked.booking_id, [later], "Please")
    await booked.work_off()
    await booked.app.take_proposed_time(await booked.memory.as_guest(booked.booking_id), later)
    return await booked.work_off()


async def is_left_by_an_additional_guest() -> Booked:
    booked = await (await Booked.on(zoom, along=[bob.email])).work_off()
    [invited] = booked.memory.mailer.mails_to(0)
    assert invited.invitee
    await booked.app.leave_booking.leave(invited.invitee.leave)
    return await booked.work_off()


async def is_deleted_in_the_hosts_calendar() -> Booked:
    world = await WritingWorld(order=(zoom,)).begun()
    booking_id = await world.books()
    await world.passes(POLL)
    world.host_deletes(world.ids[0])
    for _ in range(2):
        await world.passes(POLL)
    return Booked(world.memory, world.host, world.page, booking_id)


FLOWS: tuple[Flow, ...] = (
    books,
    falls_back,
    falls_back_at_the_submit,
    is_given_up_on,
    waits_through_a_delay,
    is_reconnected,
    gets_a_link_by_hand,
    is_switched,
    is_moved_and_cancelled,
    is_reminded,
    is_proposed_another_time_and_takes_it,
    is_left_by_an_additional_guest,
    is_deleted_in_the_hosts_calendar,
)


async def outcome(booked: Booked) -> list[Any]:
    """What has come of a booking, without a word."""
    now = await booked.now()
    mails = [(mail.kind, mail.party, mail.booking.revision) for mail in booked.memory.mailer.mails_to("guest")]
    lists = [len(await booked.listed(show)) for show in ("upcoming", "cancelled", "needs_attention")]
    return [
        now.status, name_of(now.meeting_type), type(now.conference), now.fallback, now.revision, now.last_change,
        await booked.tags(), mails, lists,
    ]  # fmt: skip


async def pages_of(booked: Booked, language: Language) -> list[Any]:
    """What the pages of a booking, its host's help and banners let people do: statuses, forms and links."""
    server = Server(booked.memory, spoken=BOTH, rate_limit=False)
    visitor = Visitor(server)
    visitor.client.headers["accept-language"] = language.tag
    await visitor.signs_in(booked.host)
    now = await booked.now()
    found: list[Any] = []
    for path in (f"/bookings/{now.id}", f"/b/{now.token}", "/bookings", "/help/zoom", "/settings/providers"):
        await visitor.opens(path)
        assert f'lang="{language.tag}"' in visitor.html
        found.append(controls(visitor))
    return found


@pytest.mark.parametrize("flow", FLOWS)
async def test_a_booking_goes_its_way_whatever_the_words(flow: Flow) -> None:
    found: list[list[Any]] = []
    for language in (ENGLISH, BACKWARDS):
        with speaking(language):
            booked = await flow()
            found.append([await outcome(booked), await pages_of(booked, language), mails_of(booked.memory.mailer)])

    assert found[0][-1], "No mail was sent."
    assert found[0] == found[1]


@pytest.mark.parametrize("language", [ENGLISH, BACKWARDS])
async def test_refusals_are_the_same_whatever_the_words(language: Language) -> None:
    with speaking(language):
        booked = await books()
        number = booked.booking_id
        host, guest = await booked.memory.as_host(number), await booked.memory.as_guest(number)
        with pytest.raises(InvalidInput):
            await booked.app.set_join_link(host, number, "meet.example")
        with pytest.raises(MeetingTypeNotOffered):
            await booked.app.switch_meeting_type(host, number, "phone")
        await booked.app.cancel(BookingById(host, number), "")
        with pytest.raises(BookingClosed):
            await booked.app.cancel(guest, "")


def test_backwards_is_backwards() -> None:
    with speaking(BACKWARDS):
        assert " olleH{name}" == gettext("Hello {name}")
        assert "{n}setunim " == ngettext("{n} minute", "{n} minutes", 2)
