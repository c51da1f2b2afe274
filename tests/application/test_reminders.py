"""Reminders of a booking, when its page says so."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from application.actor import HostActor
from application.jobs import Due, RemindGuestJob
from application.pages.page_edits import PageEdit
from application.ports.mail import MailTryLater, RecipientRefused
from application.ports.outbox import Lease
from domain.budgets import GUEST_MAILS_FROM_HOST_AN_HOUR, mails_to_guest
from domain.conference import Ready
from domain.mail_problem import ServerAnswered
from tests.support.booked import THURSDAY_AT_TEN, Booked
from tests.support.builders import TOMORROW_AT_TEN, a_host, a_page, at_the_harbour, zoom

A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)
THE_DAY_BEFORE = THURSDAY_AT_TEN - A_DAY


async def test_a_guest_is_reminded_once_a_day_before() -> None:
    booked = await Booked.on(zoom)
    await booked.work_off()
    link = (await booked.now()).conference
    assert isinstance(link, Ready)

    booked.memory.clock.set(THE_DAY_BEFORE - timedelta(seconds=1))
    await booked.work_off()
    assert [] == booked.reminders()
    for _ in range(3):
        await booked.work_off(after=timedelta(seconds=1))

    [reminder] = booked.reminders()
    assert reminder.subject.startswith(
        "Reminder: Intro call with Hanne Höst, Thu, 5 Mar 2026, 07:00 (Brasilia Time – Sao Paulo)"
    )
    assert link.join_url in reminder.text
    assert b"" == reminder.file
    assert 1 == len(booked.mails("guest"))
    assert "reminder_accepted" in await booked.tags()


@pytest.mark.parametrize("behind", [timedelta(milliseconds=200), AN_HOUR])
async def test_a_reminder_is_not_lost_where_the_workers_clock_is_behind_the_stores(behind: timedelta) -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    booked.memory.clock.set(THE_DAY_BEFORE)
    [lease] = await booked.memory.store.backlog.lease(10, timedelta(seconds=45))
    booked.memory.clock.set(THE_DAY_BEFORE - behind)

    await booked.app.run_job(lease)
    booked.memory.clock.set(THE_DAY_BEFORE)
    await booked.work_off()

    assert 1 == len(booked.reminders())


async def test_a_reminder_tells_how_things_stand_when_it_is_sent() -> None:
    booked = await Booked.on(zoom)
    await booked.work_off()
    await booked.app.set_join_link(
        await booked.memory.as_host(booked.booking_id), booked.booking_id, "https://meet.example/anna"
    )

    booked.memory.clock.set(THE_DAY_BEFORE)
    await booked.work_off()

    [reminder] = booked.reminders()
    assert "https://meet.example/anna" in reminder.text
    assert "zoom" not in reminder.text


async def test_nobody_is_reminded_of_what_is_cancelled() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    [lease] = await _claim_at_the_day_before(booked)
    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), "")

    await booked.app.run_job(lease)
    await booked.work_off(after=AN_HOUR)

    assert [] == booked.reminders()


async def test_a_reminder_moves_with_its_booking() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.moves(THURSDAY_AT_TEN + A_DAY)

    booked.memory.clock.set(THE_DAY_BEFORE + AN_HOUR)
    await booked.work_off()
    assert [] == booked.reminders()
    booked.memory.clock.set(THE_DAY_BEFORE + A_DAY)
    await booked.work_off()

    [reminder] = booked.reminders()
    assert "Fri, 6 Mar 2026" in reminder.subject


async def test_each_of_a_pages_reminders_is_sent_once_unless_its_time_is_past_when_the_guest_books() -> None:
    page = a_page(host := a_host(), meeting_types=(at_the_harbour,), reminders=(A_DAY, 7 * A_DAY, AN_HOUR))
    booked = await Booked.on(host=host, page=page)

    for at in (THE_DAY_BEFORE, THURSDAY_AT_TEN - AN_HOUR):
        booked.memory.clock.set(at)
        await booked.work_off()
        await booked.work_off(after=timedelta(minutes=2))

    one, other = booked.reminders()
    assert one.message_id != other.message_id


async def test_a_moved_booking_keeps_no_reminder_of_its_old_time() -> None:
    page = a_page(host := a_host(), meeting_types=(at_the_harbour,), reminders=(A_DAY, AN_HOUR))
    booked = await Booked.on(host=host, page=page)
    booked.memory.clock.set(THE_DAY_BEFORE - AN_HOUR)
    await booked.moves(THE_DAY_BEFORE + 3 * AN_HOUR)

    for at in (THE_DAY_BEFORE, THE_DAY_BEFORE + 2 * AN_HOUR, THURSDAY_AT_TEN - AN_HOUR):
        booked.memory.clock.set(at)
        await booked.work_off()

    [reminder] = booked.reminders()
    assert "Wed, 4 Mar 2026" in reminder.subject


async def test_whoever_books_or_moves_later_than_that_is_not_reminded() -> None:
    lead = a_page(host := a_host(), meeting_types=(at_the_harbour,))
    booked = await Booked.on(start=TOMORROW_AT_TEN - timedelta(hours=2), page=lead, host=host)
    await booked.work_off()

    booked.memory.clock.set(TOMORROW_AT_TEN - AN_HOUR)
    await booked.work_off()

    assert [] == booked.reminders()


async def test_the_lead_time_is_the_pages_and_counts_from_the_next_booking_on() -> None:
    booked = await Booked.on(at_the_harbour)
    edit = PageEdit(reminders=(60,))
    await booked.app.change_page(HostActor(booked.host.id), booked.page.id, edit)

    booked.memory.clock.set(THE_DAY_BEFORE)
    await booked.work_off()

    assert 1 == len(booked.reminders())


async def test_reminders_can_be_left_out() -> None:
    host = a_host()
    page = a_page(host, meeting_types=(at_the_harbour,))
    booked = await Booked.on(host=host, page=replace(page, reminders=()))

    booked.memory.clock.set(THURSDAY_AT_TEN - timedelta(seconds=1))
    await booked.work_off()

    assert [] == booked.reminders()


async def test_a_reminder_that_the_server_puts_off_is_sent_again_and_one_that_it_refuses_is_noted() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    booked.memory.clock.set(THE_DAY_BEFORE)
    booked.memory.mailer.refuse(MailTryLater(ServerAnswered(451, "Come back later")))
    booked.memory.mailer.refuse(RecipientRefused(ServerAnswered(550, "No such user here")))

    await booked.work_off()
    await booked.work_off(after=AN_HOUR)

    assert [] == booked.reminders()
    assert "reminder_refused" in await booked.tags()


async def test_a_reminder_waits_for_room_among_the_guests_mails() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    booked.memory.clock.set(THE_DAY_BEFORE)
    await _mail_the_guest_as_often_as_possible(booked)

    await booked.work_off(after=AN_HOUR - timedelta(seconds=1))
    assert [] == booked.reminders()
    await booked.work_off(after=timedelta(seconds=1))

    assert 1 == len(booked.reminders())


async def test_a_reminder_that_finds_no_room_before_the_meeting_is_noted() -> None:
    page = a_page(host := a_host(), meeting_types=(at_the_harbour,), reminders=(timedelta(minutes=10),))
    booked = await Booked.on(host=host, page=page)
    await booked.work_off()
    booked.memory.clock.set(THURSDAY_AT_TEN - timedelta(minutes=10))
    await _mail_the_guest_as_often_as_possible(booked)

    await booked.work_off()
    await booked.work_off(after=AN_HOUR)

    assert [] == booked.reminders()
    assert "reminder_refused" in await booked.tags()


async def test_a_reminder_counts_as_one_mail_however_often_the_server_puts_it_off() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    booked.memory.clock.set(THE_DAY_BEFORE)
    for _ in range(3):
        booked.memory.mailer.refuse(MailTryLater(ServerAnswered(451, "Come back later")))
        await booked.work_off(after=timedelta(minutes=5))
    await booked.work_off(after=timedelta(minutes=5))

    assert 1 == len(booked.reminders())
    assert GUEST_MAILS_FROM_HOST_AN_HOUR.most - 1 == await _mail_the_guest_as_often_as_possible(booked)


async def test_a_reminder_sent_again_is_the_same_mail() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    [first] = await _claim_at_the_day_before(booked)
    await booked.app.run_job(first)
    # As if the worker had died after the server took it.
    async with booked.memory.store.begin() as uow:
        uow.outbox.enqueue(Due(RemindGuestJob(booked.booking_id, THE_DAY_BEFORE), booked.memory.clock()))

    await booked.work_off()

    one, other = booked.reminders()
    assert one.raw == other.raw


async def test_nobody_is_reminded_once_it_has_begun() -> None:
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()

    booked.memory.clock.set(THURSDAY_AT_TEN)
    await booked.work_off()

    assert [] == booked.reminders()


async def _mail_the_guest_as_often_as_possible(booked: Booked) -> int:
    """Use up what there is for one host's mails to the guest in an hour, and tell how much that was."""
    [an_hour, *_] = mails_to_guest(booked.host.id, (await booked.now()).contact.email)
    used = 0
    while await booked.app.spend.fits(an_hour):
        used += 1
    return used


async def _claim_at_the_day_before(booked: Booked) -> list[Lease]:
    booked.memory.clock.set(THE_DAY_BEFORE)
    return await booked.memory.store.backlog.lease(9, AN_HOUR)
