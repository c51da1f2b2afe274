"""A host proposes other times, and the guest takes one with a link of the mail."""

import asyncio
from datetime import datetime, timedelta

import pytest

from application.actor import GuestActor, HostActor
from application.booking.book import BookingRequest, GuestDetails
from application.ports.mail import RecipientRefused
from domain.budgets import PROPOSALS
from domain.errors import BookingClosed, InvalidInput, NotFound, SlotNotOffered, SlotTaken, TooManyRequests
from domain.faults import Repeated, Required, TooMany, Unchanged
from domain.ids import HostId
from domain.mail_problem import ServerAnswered
from tests.support.booked import THURSDAY_AT_TEN, Booked
from tests.support.builders import A_NETWORK, at_the_harbour
from tests.support.read_mail import read

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
ELEVEN, NOON = THURSDAY_AT_TEN + HOUR, THURSDAY_AT_TEN + 2 * HOUR


async def proposed(*starts: datetime, note: str = "") -> tuple[Booked, GuestActor]:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    await proposes(booked, *starts, note=note)
    await booked.work_off()
    return booked, await booked.memory.as_guest(booked.booking_id)


async def proposes(booked: Booked, *starts: datetime, note: str = "") -> None:
    await booked.app.propose_times(HostActor(booked.host.id), booked.booking_id, starts, note)


async def test_the_guest_is_mailed_a_link_for_each_time_and_the_booking_stays() -> None:
    booked, guest = await proposed(NOON, ELEVEN, note="The train is late.")

    [mail] = booked.memory.mailer.proposals
    text = read(mail).text
    assert f"/b/{guest.token}/proposed/20260305T110000Z" in text
    assert text.index("/proposed/20260305T110000Z") < text.index("/proposed/20260305T120000Z")
    assert "The train is late." in text
    assert THURSDAY_AT_TEN == (await booked.now()).slot.start
    assert ["times_proposed", "proposal_accepted"] == (await booked.tags())[-2:]


async def test_two_proposals_of_the_same_times_at_once_are_one() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()

    await asyncio.gather(proposes(booked, NOON), proposes(booked, NOON))

    assert 1 == (await booked.tags()).count("times_proposed")


async def test_the_guest_moves_the_booking_once_and_the_other_links_end() -> None:
    booked, guest = await proposed(ELEVEN, NOON)

    for _ in range(2):
        await booked.app.take_proposed_time(guest, ELEVEN)

    moved = await booked.now()
    assert ELEVEN == moved.slot.start
    assert moved.move
    assert "guest" == moved.move.by
    with pytest.raises(BookingClosed):
        await booked.app.take_proposed_time(guest, NOON)


async def test_what_was_proposed_ends_with_a_move_even_one_back_and_forth() -> None:
    booked, guest = await proposed(NOON)

    await booked.moves(ELEVEN)
    await booked.moves(THURSDAY_AT_TEN)

    with pytest.raises(BookingClosed):
        await booked.app.take_proposed_time(guest, NOON)


async def test_what_was_proposed_ends_after_a_week() -> None:
    booked = await Booked.on(at_the_harbour, start=THURSDAY_AT_TEN + 2 * WEEK)
    guest, there = await booked.memory.as_guest(booked.booking_id), ELEVEN + 2 * WEEK
    await proposes(booked, there)

    booked.memory.clock.advance(WEEK - timedelta(seconds=1))
    assert (await booked.app.take_proposed_time.look(guest, there)).is_open
    booked.memory.clock.advance(timedelta(seconds=1))

    with pytest.raises(BookingClosed):
        await booked.app.take_proposed_time(guest, there)


async def test_nobody_is_mailed_times_of_a_booking_that_was_moved_or_cancelled_before() -> None:
    booked = await Booked.on(at_the_harbour)
    await proposes(booked, NOON)
    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), "")
    await booked.work_off()

    assert [] == booked.memory.mailer.proposals


async def test_a_time_that_was_never_proposed_is_no_longer_proposed() -> None:
    booked, guest = await proposed(ELEVEN)

    with pytest.raises(BookingClosed):
        await booked.app.take_proposed_time(guest, NOON)


async def test_a_time_that_is_taken_meanwhile_names_others() -> None:
    booked, guest = await proposed(ELEVEN)
    details = GuestDetails("Bea", "bea@guests.example", "Europe/Berlin")
    slugs = booked.host.handle, booked.page.slug, booked.page.event_types[0].slug
    await booked.app.book(*slugs, BookingRequest(ELEVEN, "in_person", details), network=A_NETWORK)

    with pytest.raises(SlotTaken) as refused:
        await booked.app.take_proposed_time(guest, ELEVEN)

    assert refused.value.alternatives


@pytest.mark.parametrize(
    ("starts", "problem"),
    [
        ((), Required()),
        (tuple(NOON + n * HOUR for n in range(6)), TooMany(5)),
        ((NOON, NOON), Repeated()),
        ((NOON, THURSDAY_AT_TEN), Unchanged()),
    ],
)
async def test_what_makes_no_proposal_is_told(starts: tuple[datetime, ...], problem: object) -> None:
    booked = await Booked.on(at_the_harbour)

    with pytest.raises(InvalidInput) as refused:
        await proposes(booked, *starts)

    assert [problem] == [each.problem for each in refused.value.faults]


async def test_a_time_that_the_page_does_not_offer_is_not_proposed() -> None:
    booked = await Booked.on(at_the_harbour)

    with pytest.raises(SlotNotOffered):
        await proposes(booked, NOON, THURSDAY_AT_TEN.replace(hour=3))

    assert "times_proposed" not in await booked.tags()


async def test_another_host_finds_no_such_booking() -> None:
    booked = await Booked.on(at_the_harbour)

    with pytest.raises(NotFound):
        await booked.app.propose_times(HostActor(HostId("another")), booked.booking_id, (NOON,))


async def test_a_repeated_request_mails_once_and_proposals_have_a_budget() -> None:
    booked, _guest = await proposed(NOON)
    await proposes(booked, NOON)
    await booked.work_off()
    assert 1 == (await booked.tags()).count("times_proposed")

    for n in range(PROPOSALS.most - 1):
        await proposes(booked, NOON, note=f"{n}")
    with pytest.raises(TooManyRequests):
        await proposes(booked, NOON, note="Once more")


async def test_a_refused_mail_is_told_on_the_timeline() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    booked.memory.mailer.refuse(RecipientRefused(ServerAnswered(550, "no mailbox")))
    await proposes(booked, NOON)

    await booked.work_off()

    assert "proposal_refused" == (await booked.tags())[-1]
