"""A guest's mail that is sent once more."""

from application.ports.provider import TryLater
from domain.provider_problem import RateLimited
from tests.application.booked import A_MINUTE, Booked
from tests.support.builders import at_the_harbour, zoom


async def test_a_guest_gets_the_own_mail_again_and_the_host_none() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    before = await booked.now()

    await booked.app.resend(await booked.memory.as_guest(booked.booking_id), booked.booking_id)
    await booked.work_off(after=A_MINUTE)

    first, again = booked.mails("guest")
    assert first.raw == again.raw
    assert 1 == len(booked.mails("host"))
    after = await booked.now()
    assert (before.revision, before.changed_at) == (after.revision, after.changed_at)


async def test_a_mail_that_waits_for_its_link_is_not_hurried() -> None:
    booked = await Booked.on(zoom)
    booked.zoom_says_no_to("create", TryLater(RateLimited("zoom")))

    await booked.app.resend(await booked.memory.as_guest(booked.booking_id), booked.booking_id)
    await booked.work_off()

    assert [] == booked.mails("guest")
