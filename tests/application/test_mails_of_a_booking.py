"""Which mails leave, in which order, and what becomes of those that the server doesn't take."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from adapters.presentation.sentences.timeline import timeline_words
from adapters.presentation.times import instant
from application.accounts.profile import ProfileEdit
from application.actor import HostActor
from application.jobs import MailBookingJob
from application.ports.mail import BookingMail, MailMisconfigured, MailTryLater, RecipientRefused
from application.ports.provider import TryLater
from domain.booking import Guest
from domain.conference import Pending, Ready
from domain.errors import BookingClosed
from domain.mail_problem import MailServerTimedOut, ServerAnswered
from domain.provider_problem import OutOfOrder, RateLimited
from tests.support.booked import A_MINUTE, THURSDAY_AT_TEN, Booked
from tests.support.builders import ana, at_the_harbour, zoom
from tests.support.read_mail import read

AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
BUSY = MailTryLater(ServerAnswered(451, "Come back later"))
LOST = MailTryLater(MailServerTimedOut(), unclear=True)
NO_SUCH_USER = RecipientRefused(ServerAnswered(550, "No such user here"))
WRONG_LOGIN = MailMisconfigured(ServerAnswered(535, "Wrong password"))


async def test_what_is_cancelled_before_any_mail_left_is_cancelled_in_silence() -> None:
    booked = await Booked.on(zoom)

    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), "")
    await booked.work_off(after=AN_HOUR)

    assert [] == booked.memory.mailer.sent


async def test_a_mail_that_surely_did_not_leave_needs_no_cancellation() -> None:
    booked = await Booked.on(at_the_harbour)
    booked.memory.mailer.refuse(BUSY, times=2)
    await booked.work_off()

    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), "")
    await booked.work_off(after=AN_HOUR)

    assert [] == booked.memory.mailer.sent


async def test_a_mail_that_may_have_left_is_cancelled() -> None:
    booked = await Booked.on(at_the_harbour)
    booked.memory.mailer.refuse(LOST, times=2)
    await booked.work_off()

    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), "")
    await booked.work_off(after=AN_HOUR)

    for party in ("guest", "host"):
        [mail] = booked.mails(party)
        assert "METHOD:CANCEL" in mail.ics


async def test_a_mail_whose_worker_died_may_have_left_and_is_cancelled() -> None:
    booked = await Booked.on(at_the_harbour)
    leases = await booked.memory.store.backlog.lease(9, A_MINUTE)
    assert all(isinstance(each.job, MailBookingJob) for each in leases)

    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), "")
    await booked.work_off(after=2 * A_MINUTE)

    assert ["METHOD:CANCEL"] == [line for line in booked.mails("guest")[0].ics.splitlines() if "METHOD" in line]


async def test_a_revision_that_was_overtaken_is_never_sent() -> None:
    booked = await Booked.on(at_the_harbour)
    booked.memory.mailer.refuse(BUSY, times=2)
    await booked.work_off()
    await booked.moves(THURSDAY_AT_TEN + AN_HOUR)
    await booked.moves(THURSDAY_AT_TEN + 2 * AN_HOUR)

    await booked.work_off(after=AN_HOUR)

    [mail] = booked.mails("guest")
    assert "SEQUENCE:2\r\n" in mail.ics
    assert "DTSTART:20260305T120000Z" in mail.ics


async def test_a_time_out_after_the_text_sends_the_same_bytes_again() -> None:
    booked = await Booked.on(zoom)
    booked.zoom_says_no_to("create", TryLater(RateLimited("zoom")), times=2)
    booked.zoom_says_no_to("create", TryLater(OutOfOrder("zoom")), times=9)
    booked.memory.mailer.refuse(LOST, times=4)
    for seconds in (0, 60, 30, 30, 30):
        await booked.work_off(after=timedelta(seconds=seconds))

    conference = (await booked.now()).conference
    assert isinstance(conference, Pending)
    assert conference.failure is not None
    assert OutOfOrder("zoom") == conference.failure.problem
    tried = [read(mail).raw for mail in booked.memory.mailer.tried if isinstance(mail, BookingMail)]
    assert 6 == len(tried)
    # What is the reason by now is for the page, not for a revision that may have arrived.
    assert 2 == len(set(tried))
    assert "Zoom was busy." in booked.mails("host")[0].text


async def test_a_busy_server_is_asked_again_from_ten_seconds_on() -> None:
    booked = await Booked.on(at_the_harbour)
    booked.memory.mailer.refuse(BUSY, times=2)
    await booked.work_off()

    await booked.work_off(after=timedelta(seconds=9))
    assert [] == booked.memory.mailer.sent
    await booked.work_off(after=timedelta(seconds=10))
    assert 2 == len(booked.memory.mailer.sent)


async def test_a_server_that_stays_busy_is_asked_until_the_meeting_and_then_the_host_sees_it() -> None:
    booked = await Booked.on(at_the_harbour)
    booked.memory.mailer.refuse(BUSY, times=10_000)
    await booked.work_off()
    while booked.memory.clock() < THURSDAY_AT_TEN:
        await booked.work_off(after=AN_HOUR)
    tries = booked.memory.mailer.tries

    await booked.work_off(after=A_DAY)

    assert tries == booked.memory.mailer.tries
    assert "mail_refused" in await booked.tags()


async def test_a_guest_whose_address_is_refused_needs_the_hosts_attention() -> None:
    booked = await Booked.on(at_the_harbour)
    booked.memory.mailer.refuse(NO_SUCH_USER)

    await booked.work_off()

    assert [booked.booking_id] == await booked.listed("needs_attention")
    assert ("guest",) == (await booked.now()).unreached
    [refused] = [each for each in (await booked.seen()).timeline if each.what == "mail_refused"]
    assert "550 No such user here" in timeline_words(refused, instant)
    assert 1 == len(booked.mails("host"))


async def test_an_address_that_takes_mail_again_needs_nobodys_attention() -> None:
    booked = await Booked.on(at_the_harbour)
    booked.memory.mailer.refuse(NO_SUCH_USER)
    await booked.work_off()

    await booked.app.resend(await booked.memory.by_host(booked.booking_id))
    await booked.work_off()

    assert [] == await booked.listed("needs_attention")
    assert 1 == len(booked.mails("guest"))


async def test_a_wrong_login_keeps_the_mails_until_it_is_mended() -> None:
    booked = await Booked.on(at_the_harbour)
    booked.memory.mailer.refuse(WRONG_LOGIN, times=8)

    for _ in range(20):
        await booked.work_off(after=AN_HOUR)

    assert (1, 1) == (len(booked.mails("guest")), len(booked.mails("host")))


async def test_nobody_is_invited_to_what_is_over() -> None:
    booked = await Booked.on(at_the_harbour)

    await booked.work_off(after=4 * A_DAY)

    assert [] == booked.memory.mailer.sent


async def test_a_resend_is_the_same_mail_and_counts_nothing_up() -> None:
    booked = await Booked.on(zoom)
    await booked.work_off()
    await booked.moves(THURSDAY_AT_TEN + AN_HOUR)
    await booked.work_off()
    before = await booked.now()

    await booked.app.resend(await booked.memory.by_host(booked.booking_id))
    await booked.work_off(after=AN_HOUR)

    for party in ("guest", "host"):
        _, first, again = booked.mails(party)
        assert first.raw == again.raw
    now = await booked.now()
    assert before == replace(now, version=before.version)
    assert "mails_wanted_again" in await booked.tags()


async def test_a_resend_before_the_first_mails_have_left_does_nothing() -> None:
    booked = await Booked.on(zoom)

    await booked.app.resend(await booked.memory.by_host(booked.booking_id))

    assert "mails_wanted_again" not in await booked.tags()
    await booked.work_off()
    assert (1, 1) == (len(booked.mails("guest")), len(booked.mails("host")))


async def test_a_resend_while_the_meeting_is_tried_again_tells_what_was_told() -> None:
    booked = await Booked.without_link(zoom)
    await booked.app.retry_meeting(await booked.memory.as_host(booked.booking_id), booked.booking_id)

    await booked.app.resend(await booked.memory.by_host(booked.booking_id))
    await _work_off_mails(booked)

    for party in ("guest", "host"):
        first, again = booked.mails(party)
        assert first.raw == again.raw


async def test_cancelling_twice_is_cancelling_once() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), "Ill")
    before = await booked.now()

    with pytest.raises(BookingClosed, match=r"AlreadyCancelled.*by='guest'"):
        await booked.app.cancel(await booked.memory.by_host(booked.booking_id), "Too late")
    await booked.work_off()

    now = await booked.now()
    assert before == replace(now, version=before.version)
    assert 2 == len(booked.mails("guest"))


async def test_moving_twice_to_one_time_is_moving_once() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    stale = await booked.seen()
    await booked.moves(THURSDAY_AT_TEN + AN_HOUR)

    await booked.moves(THURSDAY_AT_TEN + AN_HOUR)
    # The same form, sent twice at once.
    await booked.app.reschedule(await booked.memory.as_guest(stale.booking.id), THURSDAY_AT_TEN + AN_HOUR)
    await booked.work_off()

    assert 1 == (await booked.now()).revision
    assert 2 == len(booked.mails("guest"))


async def test_a_cancelled_time_can_be_booked_again() -> None:
    booked = await Booked.on(at_the_harbour)
    slots = booked.app.list_slots
    day, page = THURSDAY_AT_TEN.date(), booked.page

    async def is_free() -> bool:
        found = await slots(booked.host.handle, page.slug, page.event_types[0].slug, day, day, "UTC")
        return THURSDAY_AT_TEN in found.slots

    assert not await is_free()
    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), "")
    assert await is_free()


async def test_a_link_survives_a_disconnect() -> None:
    booked = await Booked.on(zoom)
    await booked.work_off()
    link = (await booked.now()).conference

    await booked.app.disconnect_provider(HostActor(booked.host.id), "zoom")
    await booked.moves(THURSDAY_AT_TEN + AN_HOUR)
    await booked.work_off()

    assert link == (await booked.now()).conference
    assert isinstance(link, Ready)
    assert link.join_url in booked.mails("guest")[-1].text


async def test_another_time_zone_of_the_host_is_for_bookings_to_come() -> None:
    booked = await Booked.on(zoom)

    await booked.app.edit_profile(HostActor(booked.host.id), ProfileEdit(timezone="America/New_York"))
    await booked.work_off()

    assert "Europe/Berlin" == (await booked.now()).host_timezone
    assert ["Europe/Berlin"] == [each.timezone for each in booked.memory.providers["zoom"].meetings]
    assert "Central European Time – Berlin" in booked.mails("host")[0].text


async def test_a_link_beyond_thirty_days_is_a_new_one() -> None:
    booked = await Booked.on(zoom)
    await booked.work_off()
    old = (await booked.now()).conference
    assert isinstance(old, Ready)

    await booked.moves(THURSDAY_AT_TEN + timedelta(days=33), "host")
    await booked.work_off()

    new = (await booked.now()).conference
    assert isinstance(new, Ready)
    assert old.join_url != new.join_url
    moved = next(each for each in (await booked.seen()).timeline if each.what == "rescheduled")
    assert f"so we create a new one. The Zoom meeting (meeting ID {old.meeting_id}) stays" in timeline_words(
        moved, instant
    )


async def test_one_person_at_both_ends_gets_both_mails() -> None:
    booked = await Booked.on(at_the_harbour, guest=Guest("Ana", ana.email, "UTC"))

    await booked.work_off()

    assert (1, 1) == (len(booked.mails("guest")), len(booked.mails("host")))


async def _work_off_mails(booked: Booked) -> None:
    for lease in await booked.memory.store.backlog.lease(9, A_MINUTE):
        if isinstance(lease.job, MailBookingJob):
            await booked.app.run_job(lease)
