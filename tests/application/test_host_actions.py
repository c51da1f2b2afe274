"""What a host can do about a booking whose link didn't come."""

from datetime import timedelta

import msgspec
import pytest

from adapters.presentation.sentences.timeline import left_behind_words, timeline_words
from adapters.presentation.times import instant
from application.actor import HostActor
from application.jobs import CreateMeetingJob
from application.pages.page_edits import PageEdit
from application.ports.meetings import Meeting, MeetingRequest
from application.ports.oauth import Grant
from application.ports.provider import NotPermitted, TryLater
from domain.conference import Failed, NoConference, Pending, Ready
from domain.errors import BookingClosed, InvalidInput, MeetingTypeNotOffered, NoMeetingTypeAvailable
from domain.events import PARTIES
from domain.ids import BookingId
from domain.meeting_type import MeetingType, name_of
from domain.provider_problem import MeetingsNotAllowed, RateLimited, TimedOut
from tests.support.booked import A_MINUTE, THURSDAY_AT_TEN, Booked
from tests.support.builders import a_booking, ana, at_the_harbour, phone_by_host, zoom

BY_HAND = "https://meet.example/anna"
BUSY = TryLater(RateLimited("zoom"))


async def test_trying_again_makes_the_link_and_sends_it_to_both() -> None:
    booked = await Booked.without_link(zoom)
    await booked.memory.connect(booked.host)

    await booked.app.retry_meeting(await booked.memory.as_host(booked.booking_id), booked.booking_id)
    assert isinstance((await booked.now()).conference, Pending)
    assert 1 == len(booked.mails("guest"))
    await booked.work_off()

    now = await booked.now()
    assert isinstance(now.conference, Ready)
    for party in ("guest", "host"):
        _, mail = booked.mails(party)
        assert mail.subject.startswith("Link added")
        assert now.conference.join_url in mail.text
        assert "SEQUENCE:1\r\n" in mail.ics


async def test_trying_again_for_nothing_mails_nobody_twice() -> None:
    booked = await Booked.without_link(zoom)

    for _ in range(3):
        await booked.app.retry_meeting(await booked.memory.as_host(booked.booking_id), booked.booking_id)
        await booked.work_off()

    assert isinstance((await booked.now()).conference, Failed)
    assert (1, 1) == (len(booked.mails("guest")), len(booked.mails("host")))
    assert 3 == (await booked.tags()).count("meeting_retried")


async def test_trying_again_with_a_dead_grant_uses_what_the_host_has_switched_on_since() -> None:
    booked = await Booked.without_link(zoom)
    await booked.app.change_page(
        HostActor(booked.host.id), booked.page.id, PageEdit(meeting_types=(zoom, at_the_harbour))
    )

    await booked.app.retry_meeting(await booked.memory.as_host(booked.booking_id), booked.booking_id)
    await booked.work_off()

    now = await booked.now()
    assert ("in_person", NoConference()) == (name_of(now.meeting_type), now.conference)
    for party in ("guest", "host"):
        _, mail = booked.mails(party)
        assert at_the_harbour.address in mail.text
        assert "SEQUENCE:1\r\n" in mail.ics


async def test_trying_again_asks_zoom_although_the_account_was_blocked() -> None:
    booked = await Booked.on(zoom)
    booked.zoom_says_no_to("create", NotPermitted(MeetingsNotAllowed("zoom")))
    await booked.work_off()

    await booked.app.retry_meeting(await booked.memory.as_host(booked.booking_id), booked.booking_id)
    await booked.work_off()

    assert isinstance((await booked.now()).conference, Ready)


async def test_trying_again_does_not_wait_for_the_next_try() -> None:
    booked = await Booked.on(zoom)
    booked.zoom_says_no_to("create", BUSY)
    await booked.work_off()

    await booked.app.retry_meeting(await booked.memory.as_host(booked.booking_id), booked.booking_id)
    await booked.work_off()

    assert isinstance((await booked.now()).conference, Ready)


async def test_reconnecting_tries_all_coming_bookings_again() -> None:
    booked = await Booked.without_link(zoom)
    waits = a_booking(booked.page, THURSDAY_AT_TEN + timedelta(hours=1))
    at_the_place = a_booking(booked.page, THURSDAY_AT_TEN + timedelta(hours=2), meeting_type=at_the_harbour)
    others_link = Ready("https://us05web.zoom.us/j/1", "1", None, "zoom")
    has_a_link = a_booking(booked.page, THURSDAY_AT_TEN + timedelta(hours=3), conference=others_link)
    async with booked.memory.store.begin() as uow:
        for each in (waits, at_the_place, has_a_link):
            uow.bookings.add(msgspec.structs.replace(each, announced=True))

    await booked.reconnects()
    await booked.work_off()

    async def conference(booking_id: BookingId) -> object:
        view = await booked.memory.ports.views.booking(booked.host.id, booking_id)
        assert view is not None
        return view.booking.conference

    assert isinstance(await conference(booked.booking_id), Ready)
    assert isinstance(await conference(waits.id), Ready)
    assert isinstance(await conference(at_the_place.id), NoConference)
    assert others_link == await conference(has_a_link.id)
    assert "meeting_retried" in await booked.tags()
    assert [] == await booked.listed("needs_attention")


async def test_a_pasted_link_reaches_both_sides_and_stops_the_trying() -> None:
    booked = await Booked.on(zoom)
    booked.zoom_says_no_to("create", BUSY)
    await booked.work_off()
    await booked.work_off(after=timedelta(seconds=1))

    await booked.app.set_join_link(await booked.memory.as_host(booked.booking_id), booked.booking_id, BY_HAND)
    await booked.work_off(after=timedelta(hours=2))

    assert Ready(BY_HAND) == (await booked.now()).conference
    assert 1 == booked.memory.providers["zoom"].calls["create"]
    for party in ("guest", "host"):
        [mail] = booked.mails(party)
        assert BY_HAND in mail.text
        assert f"LOCATION:{BY_HAND}" in mail.ics


async def test_pasting_the_same_link_twice_is_pasting_it_once() -> None:
    booked = await Booked.without_link(zoom)

    for _ in range(2):
        await booked.app.set_join_link(await booked.memory.as_host(booked.booking_id), booked.booking_id, BY_HAND)
        await booked.work_off()

    assert 1 == (await booked.tags()).count("link_added")
    assert 2 == len(booked.mails("guest"))


async def test_a_link_that_is_none_changes_nothing() -> None:
    booked = await Booked.without_link(zoom)
    before = await booked.now()

    with pytest.raises(InvalidInput, match="https"):
        await booked.app.set_join_link(
            await booked.memory.as_host(booked.booking_id), booked.booking_id, "http://meet.example/anna"
        )

    assert before == await booked.now()


async def test_a_meeting_that_comes_after_the_host_pasted_a_link_is_noted_as_unused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    booked = await Booked.on(zoom)
    [lease] = [
        each for each in await booked.memory.store.backlog.lease(9, A_MINUTE) if isinstance(each.job, CreateMeetingJob)
    ]
    provider = booked.memory.providers["zoom"]
    create = provider.create

    async def slowly(grant: Grant, request: MeetingRequest) -> Meeting:
        made = await create(grant, request)
        await booked.app.set_join_link(await booked.memory.as_host(booked.booking_id), booked.booking_id, BY_HAND)
        return made

    monkeypatch.setattr(provider, "create", slowly)
    await booked.app.run_job(lease)

    assert Ready(BY_HAND) == (await booked.now()).conference
    assert "meeting_unused" in await booked.tags()


async def test_a_meeting_for_a_time_that_was_moved_far_away_meanwhile_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    booked = await Booked.on(zoom)
    provider = booked.memory.providers["zoom"]
    create = provider.create

    async def slowly(grant: Grant, request: MeetingRequest) -> Meeting:
        made = await create(grant, request)
        if request.start == THURSDAY_AT_TEN:
            await booked.moves(THURSDAY_AT_TEN + timedelta(days=33))
        return made

    monkeypatch.setattr(provider, "create", slowly)
    await booked.work_off()

    first, second = provider.meetings
    assert (THURSDAY_AT_TEN, THURSDAY_AT_TEN + timedelta(days=33)) == (first.start, second.start)
    assert isinstance((await booked.now()).conference, Ready)
    assert 1 == (await booked.tags()).count("meeting_unused")
    assert not [each for each in (await booked.seen()).timeline if left_behind_words() in timeline_words(each, instant)]


async def test_switching_updates_both_sides_and_says_why() -> None:
    booked = await Booked.without_link(zoom)
    await _offers_too(booked, at_the_harbour)

    await booked.app.switch_meeting_type(await booked.memory.as_host(booked.booking_id), booked.booking_id, "in_person")
    await booked.work_off()

    now = await booked.now()
    assert ("zoom", "in_person", NoConference()) == (now.requested, name_of(now.meeting_type), now.conference)
    for party in PARTIES:
        who = booked.host.name if party == "guest" else "You"
        mail = booked.mails(party)[-1]
        assert mail.subject.startswith("Updated")
        assert "Hafenstraße 1" in mail.text
        assert f"{who} chose another way to meet." in mail.text
        assert "LOCATION:Hafenstraße 1" in mail.ics
    assert [] == await booked.listed("needs_attention")


async def test_switching_to_an_online_type_is_told_together_with_its_link() -> None:
    booked = await _switched_online()

    await booked.work_off()

    for party in ("guest", "host"):
        _, mail = booked.mails(party)
        assert mail.subject.startswith("Link added")
        assert "Zoom" in mail.text


async def test_switching_to_an_online_type_is_told_without_its_link_once_that_takes_too_long() -> None:
    booked = await _switched_online()
    booked.zoom_says_no_to("create", BUSY, times=2)

    await booked.work_off()
    assert [1, 1] == [len(booked.mails(party)) for party in ("guest", "host")]
    await booked.work_off(after=A_MINUTE)

    for party in ("guest", "host"):
        _, mail = booked.mails(party)
        assert mail.subject.startswith("Updated")


async def test_only_what_the_page_has_and_the_guest_can_be_offered_to_switch_to() -> None:
    booked = await Booked.on(zoom, guest=ana)
    await _offers_too(booked, phone_by_host, at_the_harbour)
    view = await booked.seen()

    assert (at_the_harbour,) == await booked.app.switch_meeting_type.choices(
        await booked.memory.as_host(view.booking.id), view.booking.id
    )
    with pytest.raises(NoMeetingTypeAvailable, match="phone"):
        await booked.app.switch_meeting_type(await booked.memory.as_host(view.booking.id), view.booking.id, "phone")
    with pytest.raises(MeetingTypeNotOffered, match="google_meet"):
        await booked.app.switch_meeting_type(
            await booked.memory.as_host(view.booking.id), view.booking.id, "google_meet"
        )


async def test_a_closed_booking_has_no_way_out_any_more() -> None:
    booked = await Booked.without_link(zoom)
    await booked.app.cancel(await booked.memory.by_host(booked.booking_id), "")

    for attempt in (
        booked.app.retry_meeting(await booked.memory.as_host(booked.booking_id), booked.booking_id),
        booked.app.set_join_link(await booked.memory.as_host(booked.booking_id), booked.booking_id, BY_HAND),
        booked.app.switch_meeting_type(await booked.memory.as_host(booked.booking_id), booked.booking_id, "zoom"),
        booked.app.resend(await booked.memory.by_host(booked.booking_id)),
    ):
        with pytest.raises(BookingClosed, match=r"AlreadyCancelled.*by='host'"):
            await attempt


async def test_moving_a_booking_without_a_link_gives_it_another_chance() -> None:
    booked = await Booked.without_link(zoom)
    await booked.memory.connect(booked.host)

    await booked.moves(THURSDAY_AT_TEN + timedelta(hours=1))
    await booked.work_off()

    assert isinstance((await booked.now()).conference, Ready)


async def test_a_lost_answer_to_a_refresh_is_not_taken_for_a_meeting_left_behind() -> None:
    booked = await Booked.on(zoom)
    booked.memory.providers["zoom"].expire_access_tokens()
    booked.zoom_says_no_to("refresh", TryLater(TimedOut("zoom"), left_behind=True), times=1)
    booked.zoom_says_no_to("refresh", BUSY)

    await booked.work_off()

    assert not [each for each in (await booked.seen()).timeline if left_behind_words() in timeline_words(each, instant)]


async def _switched_online() -> Booked:
    """Both sides know of a meeting by the harbour; the host has just made it a Zoom meeting."""
    booked = await Booked.on(at_the_harbour)
    await booked.work_off()
    await _offers_too(booked, zoom)
    await booked.app.switch_meeting_type(await booked.memory.as_host(booked.booking_id), booked.booking_id, "zoom")
    return booked


async def _offers_too(booked: Booked, *more: MeetingType) -> None:
    edit = PageEdit(meeting_types=(*booked.page.meeting_types, *more))
    await booked.app.change_page(HostActor(booked.host.id), booked.page.id, edit)
