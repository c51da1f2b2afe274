"""Whatever Zoom does, both sides know where they stand: every failure, every kind of page, before and after submit."""

import html
import re
from collections.abc import Sequence
from datetime import timedelta
from enum import Enum, auto
from itertools import product

import msgspec
import pytest

from adapters.sandbox.zoom.switches import Endpoint, Failure
from application.timeline import LEFT_BEHIND
from domain.booking import Booking, Guest
from domain.conference import Failed, NoConference, Pending, Ready
from domain.errors import NoMeetingTypeAvailable
from domain.events import PARTIES
from domain.meeting_type import MeetingType, label_of, name_of
from tests.application.zoom_world import THURSDAY_AT_TEN, ZoomWorld
from tests.http.serving import Server
from tests.support.builders import ana, ana_with_a_number, at_the_harbour, phone_by_host, zoom

A_MINUTE = timedelta(minutes=1)
PAST_MIDNIGHT = timedelta(hours=16, minutes=1)


class Kind(Enum):
    """What a failure is, as the mission sorts them."""

    PERMANENT = auto()
    TEMPORARY = auto()
    DAILY = auto()
    OURS = auto()
    UNCLEAR = auto()
    NONE = auto()


DEAD = {
    Failure.OWNER_GONE,
    Failure.REFRESH_NOT_FOUND,
    Failure.DISABLED_BY_ADMIN,
    Failure.TOO_OFTEN,
    Failure.NEWER_AUTHORIZATION,
}
OF_CREATION: dict[Kind, set[Failure]] = {
    Kind.PERMANENT: DEAD
    | {
        Failure.MISSING_SCOPE,
        Failure.USER_GONE,
        Failure.USER_MOVED,
        Failure.MAY_NOT_SCHEDULE,
        Failure.PAID_ONLY,
        Failure.NO_PERMISSION,
        Failure.BLOCKED_USER,
        Failure.PMI_USED,
    },
    Kind.TEMPORARY: {
        Failure.ACCESS_REFUSED,
        Failure.ACCESS_EXPIRED,
        Failure.STATUS_FALSE,
        Failure.QPS_LIMIT,
        Failure.QPS_LIMIT_ISO,
        Failure.QPS_LIMIT_DATE,
        Failure.QPS_LIMIT_SECONDS,
        Failure.SERVER_ERROR,
        Failure.UNAVAILABLE_HTML,
        Failure.REDIRECT,
    },
    Kind.DAILY: {Failure.DAILY_LIMIT, Failure.DAILY_LIMIT_OLD, Failure.ACCOUNT_DAILY_LIMIT},
    Kind.OURS: {Failure.ACCESS_EMPTY, Failure.VALIDATION},
    Kind.UNCLEAR: {
        Failure.OK_XML,
        Failure.OK_EMPTY,
        Failure.NO_JOIN_URL,
        Failure.HANG_BEFORE,
        Failure.HANG_AFTER,
        Failure.DROP_BEFORE,
        Failure.DROP_AFTER,
    },
    Kind.NONE: {Failure.SLOW},
}
OF_REFRESH: dict[Kind, set[Failure]] = {
    Kind.PERMANENT: DEAD
    | {
        Failure.SCOPES_CHANGED,
        Failure.INVALID_GRANT,
        Failure.INVALID_GRANT_BARE,
        Failure.INVALID_GRANT_401,
        Failure.INVALID_GRANT_OLD,
    },
    # A refresh whose answer gets lost leaves no meeting behind, so it may be repeated.
    Kind.TEMPORARY: {
        Failure.SERVER_ERROR,
        Failure.UNAVAILABLE_HTML,
        Failure.OK_XML,
        Failure.OK_EMPTY,
        Failure.REDIRECT,
        Failure.HANG_BEFORE,
        Failure.HANG_AFTER,
        Failure.DROP_BEFORE,
        Failure.DROP_AFTER,
    },
    Kind.OURS: {Failure.APP_DISABLED, Failure.INVALID_CLIENT},
    Kind.NONE: {Failure.SLOW},
}


class Case(msgspec.Struct, frozen=True):
    """What goes wrong, and where."""

    kind: Kind
    failure: Failure
    on: Endpoint

    def __str__(self) -> str:
        return f"{self.failure} at {self.on}"


CASES = [
    Case(kind, failure, on)
    for on, kinds in ((Endpoint.MEETINGS, OF_CREATION), (Endpoint.REFRESH, OF_REFRESH))
    for kind, failures in kinds.items()
    for failure in sorted(failures)
]


class Setting(msgspec.Struct, frozen=True):
    """A page and a guest; `falls_back_to` is what can take Zoom's place with what the guest has told us."""

    name: str
    order: tuple[MeetingType, ...]
    guest: Guest
    falls_back_to: MeetingType | None
    place: str = ""

    def __str__(self) -> str:
        return self.name


SETTINGS = [
    Setting("Zoom only", (zoom,), ana, None),
    Setting("Zoom and phone without a number", (zoom, phone_by_host), ana, None),
    Setting(
        "Zoom and phone with a number", (zoom, phone_by_host), ana_with_a_number, phone_by_host, "+55 11 5550 1234"
    ),
    Setting("Zoom and in person", (zoom, at_the_harbour), ana, at_the_harbour, "Hafenstraße 1, 20457 Hamburg"),
]


def test_the_table_has_every_failure_that_the_sandbox_knows() -> None:
    listed = {(case.failure, case.on) for case in CASES}

    assert {
        (each, on) for each in Failure for on in (Endpoint.MEETINGS, Endpoint.REFRESH) if on in each.where
    } == listed


def of(cases: Sequence[Case], *kinds: Kind) -> pytest.MarkDecorator:
    chosen = [each for each in cases if each.kind in kinds]
    return pytest.mark.parametrize(("case", "setting"), list(product(chosen, SETTINGS)), ids=str)


@of(CASES, Kind.PERMANENT)
async def test_a_permanent_failure_before_the_submit_falls_back_or_refuses(
    world: ZoomWorld, case: Case, setting: Setting
) -> None:
    await world.connects(expires_in=_token_life(case))
    another_page = await world.publishes(zoom)
    page = await world.publishes(*setting.order)
    _goes_wrong(world, case)
    await world.books(another_page, THURSDAY_AT_TEN + timedelta(hours=2))
    await world.work_off()

    if setting.falls_back_to is None:
        for _ in range(2):
            with pytest.raises(NoMeetingTypeAvailable, match="Zoom"):
                await world.books(page, guest=setting.guest)
        await world.work_off()
        await _nothing_was_booked(world, page.slug, takes_bookings=setting.order != (zoom,))
        return

    booking = await world.books(page, guest=setting.guest)
    await world.work_off()
    await _meets_in_another_way(world, booking, setting, revision=0)


@of(CASES, Kind.PERMANENT, Kind.UNCLEAR)
async def test_a_permanent_failure_after_the_submit_falls_back_or_asks_the_host(
    world: ZoomWorld, case: Case, setting: Setting
) -> None:
    await world.connects(expires_in=_token_life(case))
    page = await world.publishes(*setting.order)
    booking = await world.books(page, guest=setting.guest)
    _goes_wrong(world, case)

    await world.work_off()
    # What may have arrived is repeated once, a little later.
    await world.work_off(after=timedelta(seconds=15))

    if setting.falls_back_to is None:
        await _the_host_has_to_act(world, booking)
    else:
        await _meets_in_another_way(world, booking, setting, revision=0)
    left = [entry for entry in (await world.sees(booking)).timeline if LEFT_BEHIND in entry.detail]
    if case.kind is Kind.UNCLEAR:
        assert 2 == len(left)
        assert 2 == len(world.sandbox.arrived(Endpoint.MEETINGS))


@of(CASES, Kind.TEMPORARY, Kind.DAILY, Kind.OURS, Kind.UNCLEAR, Kind.NONE)
async def test_any_other_failure_before_the_submit_costs_no_booking(
    world: ZoomWorld, case: Case, setting: Setting
) -> None:
    await world.connects(expires_in=_token_life(case))
    another_page = await world.publishes(zoom)
    page = await world.publishes(*setting.order)
    _goes_wrong(world, case)
    await world.books(another_page, THURSDAY_AT_TEN + timedelta(hours=2))
    await world.work_off()
    world.sandbox.works()

    booking = await world.books(page, guest=setting.guest)
    await world.work_off()

    await _meets_on_zoom(world, booking, revision=0)


@of(CASES, Kind.TEMPORARY, Kind.DAILY, Kind.OURS)
async def test_a_temporary_failure_after_the_submit_lets_the_link_follow(
    world: ZoomWorld, case: Case, setting: Setting
) -> None:
    await world.connects(expires_in=_token_life(case))
    page = await world.publishes(*setting.order)
    booking = await world.books(page, guest=setting.guest)
    _goes_wrong(world, case)

    await world.work_off()
    assert not world.mails(booking, "guest")
    await world.work_off(after=A_MINUTE)
    await _the_link_follows(world, booking, case)

    world.sandbox.works()
    await world.work_off(after=PAST_MIDNIGHT)
    await _meets_on_zoom(world, booking, revision=1)


@of([each for each in CASES if each.failure is Failure.SERVER_ERROR], Kind.TEMPORARY)
async def test_a_failure_that_lasts_until_the_start_counts_as_permanent(
    world: ZoomWorld, case: Case, setting: Setting
) -> None:
    await world.connects(expires_in=_token_life(case))
    page = await world.publishes(*setting.order)
    booking = await world.books(page, guest=setting.guest)
    _goes_wrong(world, case)
    await world.work_off()
    await world.work_off(after=A_MINUTE)

    await world.work_off(after=THURSDAY_AT_TEN - world.memory.clock() - timedelta(seconds=5))

    if setting.falls_back_to is None:
        await _the_host_has_to_act(world, booking, revision=1)
    else:
        await _meets_in_another_way(world, booking, setting, revision=1)


def _token_life(case: Case) -> timedelta:
    # What can't be used any more is what gets refreshed.
    return timedelta(0) if case.on is Endpoint.REFRESH else timedelta(hours=1)


def _goes_wrong(world: ZoomWorld, case: Case) -> None:
    # Zoom was seen to take a used refresh token once more; without that, a lost pair is a dead grant.
    world.sandbox.grants.grace = True
    world.sandbox.fail(case.failure, on=case.on, times=None, seconds=0.01 if case.kind is Kind.NONE else None)


async def _meets_on_zoom(world: ZoomWorld, booking: Booking, revision: int) -> None:
    now = await world.now(booking)
    assert isinstance(now.conference, Ready)
    link = now.conference.join_url
    assert ("zoom", "zoom", None, revision) == (now.requested, name_of(now.meeting_type), now.fell_back, now.revision)
    assert link in await _page(world, booking)
    for party in ("guest", "host"):
        mails = world.mails(booking, party)
        assert revision + 1 == len(mails)
        assert link in mails[-1].text
        assert "Action needed" not in mails[-1].subject
        assert mails[-1].subject.startswith("Link added" if revision else "Confirmed")
        assert _invites(mails[-1].ics, revision)
        assert f"LOCATION:{link}" in mails[-1].ics


async def _meets_in_another_way(world: ZoomWorld, booking: Booking, setting: Setting, revision: int) -> None:
    now = await world.now(booking)
    assert setting.falls_back_to is not None
    used = name_of(setting.falls_back_to)
    assert NoConference() == now.conference
    assert ("zoom", used, revision) == (now.requested, name_of(now.meeting_type), now.revision)
    assert now.fell_back
    page = await _page(world, booking)
    assert "You asked for a Zoom meeting. It will be" in page
    assert label_of(used) in page
    for party, who in zip(PARTIES, ("You", "Ana Brito"), strict=True):
        mail = world.mails(booking, party)[-1]
        assert revision + 1 == len(world.mails(booking, party))
        assert f"{who} asked for a Zoom meeting. It will be" in mail.text
        assert now.fell_back.split()[0] in mail.text
        assert setting.place in mail.text
        assert _invites(mail.ics, revision)
        assert setting.place in mail.ics
        assert "zoom.us" not in mail.ics


async def _the_host_has_to_act(world: ZoomWorld, booking: Booking, revision: int = 0) -> None:
    now = await world.now(booking)
    assert isinstance(now.conference, Failed)
    assert ("confirmed", "zoom", revision) == (now.status, name_of(now.meeting_type), now.revision)
    assert "will send the link" in await _page(world, booking)
    to_guest, to_host = world.mails(booking, "guest")[-1], world.mails(booking, "host")[-1]
    assert "Hanne Höst will send the link." in to_guest.text
    assert to_host.subject.startswith("Action needed")
    for words in (now.conference.failure.message, "Ana Brito", "Thursday, 5 March 2026, 11:00", "Europe/Berlin"):
        assert words in to_host.text
    for way_out in ("reconnect", "try again", "add a link", "switch to another"):
        assert way_out in to_host.text
    for mail in (to_guest, to_host):
        assert _invites(mail.ics, revision)
        assert "LOCATION:Online" in mail.ics
        assert "Join:" not in mail.ics
    attention = await world.app.ports.views.bookings(
        world.host.id, "needs_attention", now=world.memory.clock(), cursor=None, limit=9
    )
    assert [booking.id] == [each.booking.id for each in attention.items]


async def _the_link_follows(world: ZoomWorld, booking: Booking, case: Case) -> None:
    now = await world.now(booking)
    assert isinstance(now.conference, Pending)
    assert now.conference.failure is not None
    assert 0 == now.revision
    assert "link follows" in await _page(world, booking)
    [to_guest], [to_host] = world.mails(booking, "guest"), world.mails(booking, "host")
    assert "The link follows by mail" in to_guest.text
    assert now.conference.told is not None
    assert now.conference.told.message in to_host.text
    assert ("00:00 UTC" in to_host.text) == (case.kind is Kind.DAILY)
    for mail in (to_guest, to_host):
        assert mail.subject.startswith("Confirmed")
        assert _invites(mail.ics, 0)
        assert "LOCATION:Online" in mail.ics
        assert "The link follows by mail." in mail.ics


async def _nothing_was_booked(world: ZoomWorld, slug: str, *, takes_bookings: bool) -> None:
    """Nothing is stored, the host was told once, and the page says so from now on."""
    ports = world.app.ports
    upcoming = await ports.views.bookings(world.host.id, "upcoming", now=ports.clock(), cursor=None, limit=9)
    assert 1 == len(upcoming.items)
    assert 1 == len([each for each in world.memory.mailer.notices if each.id.startswith("refusal")])
    answer = await Server(world.memory).client().get(f"/{world.host.handle}/{slug}")
    assert takes_bookings == ("not taking bookings" not in answer.text)


async def _page(world: ZoomWorld, booking: Booking) -> str:
    """The guest's page as it reads."""
    answer = await Server(world.memory).client().get(f"/b/{booking.token}")
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split()) + answer.text


def _invites(ics: str, revision: int) -> bool:
    return "METHOD:REQUEST" in ics and f"SEQUENCE:{revision}\r\n" in ics and "STATUS:CONFIRMED" in ics
