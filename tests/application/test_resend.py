"""A guest's mail that is sent once more."""

import pytest

from application.actor import GuestActor
from application.ports.provider import TryLater
from domain.budgets import RESENDS, RESENDS_BY_GUEST
from domain.errors import NotFound, TooManyRequests
from domain.ids import GuestToken
from domain.provider_problem import RateLimited
from tests.support.booked import A_MINUTE, Booked
from tests.support.builders import at_the_harbour, zoom


async def test_a_guest_gets_the_own_mail_again_and_the_host_none() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    before = await booked.now()

    await booked.app.resend(await booked.memory.as_guest(booked.booking_id))
    await booked.work_off(after=A_MINUTE)

    first, again = booked.mails("guest")
    assert first.raw == again.raw
    assert 1 == len(booked.mails("host"))
    after = await booked.now()
    assert (before.revision, before.changed_at) == (after.revision, after.changed_at)


async def test_a_mail_that_waits_for_its_link_is_not_hurried() -> None:
    booked = await Booked.on(zoom)
    booked.zoom_says_no_to("create", TryLater(RateLimited("zoom")))

    await booked.app.resend(await booked.memory.as_guest(booked.booking_id))
    await booked.work_off()

    assert [] == booked.mails("guest")


async def test_a_guest_has_it_sent_a_few_times_an_hour_whoever_asks_for_it_and_a_host_more_often() -> None:
    booked = await Booked.on(at_the_harbour)
    guest, host = await booked.memory.as_guest(booked.booking_id), await booked.memory.by_host(booked.booking_id)
    for _ in range(RESENDS_BY_GUEST.most):
        await booked.app.resend(guest)
        booked.memory.clock.advance(RESENDS.window)

    with pytest.raises(TooManyRequests):
        await booked.app.resend(guest)

    assert RESENDS_BY_GUEST.most == (await booked.tags()).count("mails_wanted_again")
    await booked.app.resend(host)
    booked.memory.clock.advance(RESENDS_BY_GUEST.window)
    await booked.app.resend(guest)


async def test_a_stranger_uses_up_nothing_of_a_guests_limit() -> None:
    booked = await Booked.on(at_the_harbour)
    for _ in range(RESENDS_BY_GUEST.most + 1):
        with pytest.raises(NotFound):
            await booked.app.resend(GuestActor(GuestToken("another-guest")))

    await booked.app.resend(await booked.memory.as_guest(booked.booking_id))
