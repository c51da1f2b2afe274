"""One booking from its confirmation to its end, as the calendars of both sides are told."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from adapters.presentation.sentences.timeline import timeline_words
from adapters.presentation.times import instant
from domain.events import PARTIES
from tests.application.zoom_world import THURSDAY_AT_TEN, ZoomWorld
from tests.support.builders import zoom
from tests.support.ical_referees import lint, read_by_icalendar, refused_by_libical

A_DAY = timedelta(days=1)


@pytest.mark.libical
async def test_every_file_of_a_whole_life_is_sound_and_follows_the_one_before(world: ZoomWorld) -> None:
    world.memory.limit_nothing()
    await world.connects()
    booking = await world.books(await world.publishes(zoom))

    world.sandbox.fail("server-error")
    await world.work_off()
    world.sandbox.fail("server-error")
    await world.work_off(after=timedelta(minutes=1))  # confirmed without a link
    world.sandbox.works()
    await world.work_off(after=timedelta(minutes=5))  # the link is late
    await world.app.reschedule(await world.memory.as_guest(booking.id), THURSDAY_AT_TEN + A_DAY, "Flight moved")
    await world.work_off()
    # All within the same second as the one before.
    await world.app.set_join_link(await world.memory.as_host(booking.id), booking.id, "https://meet.example/anna")
    await world.work_off()
    await world.app.cancel(await world.memory.by_host(booking.id), "Ill, sorry")
    await world.work_off()

    later = THURSDAY_AT_TEN + A_DAY
    for party in PARTIES:
        mails = world.mails(booking, party)
        events: list[Any] = [read_by_icalendar(mail.file) for mail in mails]
        assert ["Confirmed", "Link added", "Rescheduled", "New link", "Cancelled"] == [
            mail.subject.partition(":")[0] for mail in mails
        ]
        assert [0, 1, 2, 3, 4] == [event["SEQUENCE"] for event in events]
        stamps: list[datetime] = [event["DTSTAMP"].dt for event in events]
        assert all(before < after for before, after in pairwise(stamps))
        assert 1 == len({str(event["UID"]) for event in events})
        assert 1 == len({str(event["ORGANIZER"]) for event in events})
        assert 5 == len({mail.message_id for mail in mails})
        assert [THURSDAY_AT_TEN, THURSDAY_AT_TEN, later, later, later] == [
            event["DTSTART"].dt.astimezone(UTC) for event in events
        ]
        assert [*["METHOD:REQUEST"] * 4, "METHOD:CANCEL"] == [
            line for mail in mails for line in mail.ics.splitlines() if line.startswith("METHOD:")
        ]
        for mail in mails:
            assert [] == refused_by_libical(mail.file)
            assert [] == lint(mail.file)
        assert "LOCATION:https://us05web.zoom.us/j/" in mails[2].ics
        assert "LOCATION:https://meet.example/anna" in mails[3].ics
        assert "https://" not in str(events[4].get("LOCATION"))


async def test_who_did_it_and_why_is_told_to_both_sides(world: ZoomWorld) -> None:
    await world.connects()
    booking = await world.books(await world.publishes(zoom))
    await world.work_off()

    await world.app.reschedule(await world.memory.as_guest(booking.id), THURSDAY_AT_TEN + A_DAY, "Flight moved")
    await world.work_off()
    await world.app.cancel(await world.memory.by_host(booking.id), "Ill, sorry")
    await world.work_off()

    _, moved, cancelled = world.mails(booking, "guest")
    assert "You rescheduled this booking." in moved.text
    assert "Flight moved" in moved.text
    assert "Hanne Höst cancelled this booking." in cancelled.text
    assert "Ill, sorry" in cancelled.text
    assert "book again" in cancelled.text
    _, moved, cancelled = world.mails(booking, "host")
    assert "Ana Brito rescheduled this booking." in moved.text
    assert "Zoom still shows the old time" in moved.text
    assert "You cancelled this booking." in cancelled.text
    assert "stays in your Zoom account" in cancelled.text


async def test_the_timeline_tells_the_host_all_of_it(world: ZoomWorld) -> None:
    await world.connects()
    booking = await world.books(await world.publishes(zoom))
    await world.work_off(after=timedelta(seconds=2))
    meeting_id = world.sandbox.meetings[0].id
    await world.app.reschedule(await world.memory.as_guest(booking.id), THURSDAY_AT_TEN + A_DAY, "Flight moved")
    await world.app.set_join_link(await world.memory.as_host(booking.id), booking.id, "https://meet.example/anna")
    await world.work_off()
    await world.app.cancel(await world.memory.by_host(booking.id), "Ill, sorry")
    await world.work_off()

    told = [(entry.what, timeline_words(entry, instant)) for entry in (await world.sees(booking)).timeline]

    moved = (
        "Rescheduled by the guest from 2026-03-05T10:00:00Z to 2026-03-06T10:00:00Z. The join link stays the same. "
        "Zoom still shows the old time. Reason: Flight moved"
    )
    stays = f"The Zoom meeting (meeting ID {meeting_id}) stays in your Zoom account. You can delete it there."
    assert [
        ("booked", "The guest confirmed the booking."),
        ("meeting_attempted", "Attempt 1 to create the meeting."),
        ("meeting_created", f"Meeting {meeting_id} was created 2.0 seconds after the booking."),
        ("mail_accepted", "The email to the guest was sent."),
        ("mail_accepted", "The email to the host was sent."),
        ("rescheduled", moved),
        ("link_replaced", f"The host replaced the join link. {stays}"),
        ("mail_accepted", "The email to the guest was sent."),
        ("mail_accepted", "The email to the host was sent."),
        ("cancelled", "Cancelled by the host. Reason: Ill, sorry"),
        ("mail_accepted", "The email to the guest was sent."),
        ("mail_accepted", "The email to the host was sent."),
    ] == told
    assert not [secret for secret in world.sandbox.secrets if secret in str(told)]


async def test_a_cancel_says_which_zoom_meeting_stays(world: ZoomWorld) -> None:
    await world.connects()
    booking = await world.books(await world.publishes(zoom))
    await world.work_off()

    await world.app.cancel(await world.memory.as_guest(booking.id), "")

    meeting_id = world.sandbox.meetings[0].id
    last = (await world.sees(booking)).timeline[-1]
    assert f"The Zoom meeting (meeting ID {meeting_id}) stays in your Zoom account." in timeline_words(last, instant)
