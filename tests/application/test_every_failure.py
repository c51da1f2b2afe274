"""Whatever a provider does, both sides know where they stand, before and after submit, on every kind of page."""

from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta

import pytest

from adapters.presentation.sentences.provider_problems import for_host
from adapters.presentation.sentences.timeline import left_behind_words, timeline_words
from adapters.presentation.times import instant
from adapters.sandbox.google import switches as google
from adapters.sandbox.microsoft import switches as microsoft
from adapters.sandbox.switches import AnyFailure
from adapters.sandbox.zoom.switches import ZoomEndpoint, ZoomFailure
from domain.booking import Booking
from domain.conference import Failed, Failure, Pending
from domain.errors import NoMeetingTypeAvailable
from domain.fallback import MeetingFailed
from domain.meeting_type import MADE_BY
from domain.provider import Provider
from tests.application.failures import CASES, IN_PERSON, NOTHING_ELSE, SETTINGS, Case, Setting
from tests.application.google_world import a_google_world
from tests.application.kinds import Kind
from tests.application.microsoft_world import a_microsoft_world
from tests.application.outcomes import (
    AnyWorld,
    meets_as_asked_for,
    meets_in_another_way,
    nothing_was_booked,
    the_host_has_to_act,
    the_link_follows,
)
from tests.application.provider_world import THURSDAY_AT_TEN
from tests.application.zoom_world import a_zoom_world

A_MINUTE = timedelta(minutes=1)
PAST_MIDNIGHT = timedelta(hours=16, minutes=1)


WORLDS = {"zoom": a_zoom_world, "google": a_google_world, "microsoft": a_microsoft_world}


@pytest.fixture
async def world(case: Case) -> AsyncGenerator[AnyWorld]:
    """The world of the case's provider."""
    async with WORLDS[case.provider]() as world:
        yield world


@pytest.mark.parametrize(
    ("provider", "failures", "endpoints"),
    [
        ("zoom", ZoomFailure, (ZoomEndpoint.MEETINGS, ZoomEndpoint.REFRESH)),
        ("google", google.GoogleFailure, (google.GoogleEndpoint.SPACES, google.GoogleEndpoint.REFRESH)),
        (
            "microsoft",
            microsoft.MicrosoftFailure,
            (microsoft.MicrosoftEndpoint.MEETINGS, microsoft.MicrosoftEndpoint.REFRESH),
        ),
    ],
)
def test_the_table_has_every_failure_that_the_sandbox_knows(
    provider: Provider, failures: type[AnyFailure], endpoints: tuple[str, ...]
) -> None:
    listed = {(case.failure, case.on) for case in CASES if case.provider == provider}

    assert {(each, on) for each in failures for on in endpoints if on in each.where} == listed


def test_every_kind_of_failure_has_one_that_stands_for_it() -> None:
    kinds = {(case.provider, case.on, case.kind) for case in CASES}

    assert kinds == {(case.provider, case.on, case.kind) for case in CASES if case.is_typical}


def of(*kinds: Kind, each: bool = False) -> pytest.MarkDecorator:
    """Typical failures on every kind of page, and with `each` all the others on one."""
    cases = [case for case in CASES if case.kind in kinds]
    rows = [(case, setting) for case in cases if case.is_typical for setting in _settings(case)]
    if each:
        rows += [(case, IN_PERSON) for case in cases if not case.is_typical]
    return pytest.mark.parametrize(("case", "setting"), rows, ids=str)


def _settings(case: Case) -> Sequence[Setting]:
    """Every kind of page once; for the other providers those on which the failure's end can differ."""
    if case.provider == "zoom":
        return SETTINGS
    return (NOTHING_ELSE, IN_PERSON) if case.kind in {Kind.PERMANENT, Kind.UNCLEAR} else (IN_PERSON,)


@of(Kind.PERMANENT)
async def test_a_permanent_failure_before_the_submit_falls_back_or_refuses(
    world: AnyWorld, case: Case, setting: Setting
) -> None:
    await world.connects(expires_in=_token_life(case))
    another_page = await world.publishes(MADE_BY[case.provider])
    page = await world.publishes(*setting.order(case.provider))
    _goes_wrong(world, case)
    await world.books(another_page, THURSDAY_AT_TEN + timedelta(hours=2))
    await world.work_off()

    if setting.falls_back_to is None:
        for _ in range(2):
            with pytest.raises(NoMeetingTypeAvailable, match=case.provider):
                await world.books(page, guest=setting.guest)
        await world.work_off()
        await nothing_was_booked(world, page, takes_bookings=setting.others != ())
        return

    booking = await world.books(page, guest=setting.guest)
    await world.work_off()
    await meets_in_another_way(world, booking, setting, revision=0)


@of(Kind.PERMANENT, Kind.UNCLEAR, each=True)
async def test_a_permanent_failure_after_the_submit_falls_back_or_asks_the_host(
    world: AnyWorld, case: Case, setting: Setting
) -> None:
    await world.connects(expires_in=_token_life(case))
    page = await world.publishes(*setting.order(case.provider))
    booking = await world.books(page, guest=setting.guest)
    _goes_wrong(world, case)

    await world.work_off()
    # What may have arrived is repeated once, a little later.
    await world.work_off(after=timedelta(seconds=15))

    if setting.falls_back_to is None:
        await the_host_has_to_act(world, booking)
    else:
        await meets_in_another_way(world, booking, setting, revision=0)
    _blames_whose_fault_it_is(case, await world.now(booking))
    told = [timeline_words(entry, instant) for entry in (await world.sees(booking)).timeline]
    left = [words for words in told if left_behind_words() in words]
    if case.kind is Kind.UNCLEAR:
        assert 2 == len(left)
        assert 2 == len(world.sandbox.arrived(case.on))


@of(Kind.TEMPORARY, Kind.DAILY, Kind.OURS, Kind.UNCLEAR, Kind.NONE)
async def test_any_other_failure_before_the_submit_costs_no_booking(
    world: AnyWorld, case: Case, setting: Setting
) -> None:
    await world.connects(expires_in=_token_life(case))
    another_page = await world.publishes(MADE_BY[case.provider])
    page = await world.publishes(*setting.order(case.provider))
    _goes_wrong(world, case)
    await world.books(another_page, THURSDAY_AT_TEN + timedelta(hours=2))
    await world.work_off()
    world.sandbox.works()

    booking = await world.books(page, guest=setting.guest)
    await world.work_off()

    await meets_as_asked_for(world, booking, revision=0)


@of(Kind.TEMPORARY, Kind.DAILY, Kind.OURS, each=True)
async def test_a_temporary_failure_after_the_submit_lets_the_link_follow(
    world: AnyWorld, case: Case, setting: Setting
) -> None:
    await world.connects(expires_in=_token_life(case))
    page = await world.publishes(*setting.order(case.provider))
    booking = await world.books(page, guest=setting.guest)
    _goes_wrong(world, case)

    await world.work_off()
    assert not world.mails(booking, "guest")
    await world.work_off(after=A_MINUTE)
    await the_link_follows(world, booking, daily=case.kind is Kind.DAILY)
    _blames_whose_fault_it_is(case, await world.now(booking))

    world.sandbox.works()
    await world.work_off(after=PAST_MIDNIGHT)
    await meets_as_asked_for(world, booking, revision=1)


@of(Kind.TEMPORARY)
async def test_a_failure_that_lasts_until_the_start_counts_as_permanent(
    world: AnyWorld, case: Case, setting: Setting
) -> None:
    await world.connects(expires_in=_token_life(case))
    page = await world.publishes(*setting.order(case.provider))
    booking = await world.books(page, guest=setting.guest)
    _goes_wrong(world, case)
    await world.work_off()
    await world.work_off(after=A_MINUTE)

    await world.work_off(after=THURSDAY_AT_TEN - world.memory.clock() - timedelta(seconds=5))

    if setting.falls_back_to is None:
        await the_host_has_to_act(world, booking, revision=1)
    else:
        await meets_in_another_way(world, booking, setting, revision=1)


def _token_life(case: Case) -> timedelta:
    # What can't be used any more is what gets refreshed.
    return timedelta(0) if case.is_of_refresh else timedelta(hours=1)


def _goes_wrong(world: AnyWorld, case: Case) -> None:
    world.goes_wrong(case.failure, case.on, seconds=0.01 if case.kind is Kind.NONE else None)


def _blames_whose_fault_it_is(case: Case, booking: Booking) -> None:
    """What the host reads puts no fault of this server on the account or the provider, nor the other way round."""
    words = for_host(_failure_of(booking).problem)
    ours = "tell your administrator" in words
    theirs = "Your connection is kept." in words or "refused our access" in words
    assert (case.kind is Kind.OURS, case.kind in {Kind.TEMPORARY, Kind.UNCLEAR}) == (ours, theirs), words


def _failure_of(booking: Booking) -> Failure:
    failed = booking.fallback if isinstance(booking.fallback, MeetingFailed) else booking.conference
    assert isinstance(failed, MeetingFailed | Pending | Failed)
    assert failed.failure
    return failed.failure
