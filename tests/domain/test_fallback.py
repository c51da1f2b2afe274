"""Which meeting type a booking uses."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.connection import ProviderStatus
from domain.errors import MeetingTypeNotOffered
from domain.fallback import Chosen, FellBack, NothingLeft, choose
from domain.meeting_type import (
    GoogleMeet,
    InPerson,
    MeetingType,
    MicrosoftTeams,
    Obstacle,
    Phone,
    Zoom,
    as_booked,
    name_of,
    obstacle,
)
from domain.provider import Provider

ALL: list[MeetingType] = [Zoom(), GoogleMeet(), MicrosoftTeams(), Phone("host"), InPerson("Main Street 1")]
marked = st.sampled_from(ALL).flatmap(lambda each: st.booleans().map(lambda b: msgspec.structs.replace(each, backup=b)))
STATUSES: list[ProviderStatus] = ["not_configured", "not_connected", "connected", "needs_reconnect", "blocked"]
orders = st.lists(marked, min_size=1, unique_by=name_of)
providers = st.fixed_dictionaries(
    {"zoom": st.sampled_from(STATUSES), "google": st.sampled_from(STATUSES), "microsoft": st.sampled_from(STATUSES)}
)


def no_zoom(each: MeetingType) -> Obstacle | None:
    return Obstacle("not-connected", "zoom") if isinstance(each, Zoom) else None


def test_the_requested_type_is_used_if_it_can_be() -> None:
    assert Chosen(Phone("host")) == choose("phone", [Zoom(), Phone("host")], lambda _: None)


def test_the_hosts_order_decides_what_is_fallen_back_to() -> None:
    order = [InPerson("Main Street 1"), Zoom(), Phone("host")]

    assert FellBack(InPerson("Main Street 1"), Obstacle("not-connected", "zoom")) == choose("zoom", order, no_zoom)


def test_only_what_the_host_marked_as_a_backup_is_fallen_back_to() -> None:
    order = [Zoom(), InPerson("Main Street 1", backup=False), Phone("host")]

    assert FellBack(Phone("host"), Obstacle("not-connected", "zoom")) == choose("zoom", order, no_zoom)
    assert NothingLeft(Obstacle("not-connected", "zoom")) == choose("zoom", order[:2], no_zoom)


def test_a_guest_can_choose_what_is_no_backup_and_the_booking_doesnt_hold_that() -> None:
    assert Chosen(Phone("host")) == choose("phone", [Zoom(), Phone("host", backup=False)], lambda _: None)


def test_nothing_is_left_where_nothing_else_can_be_used() -> None:
    assert NothingLeft(Obstacle("not-connected", "zoom")) == choose("zoom", [Zoom()], no_zoom)


def test_a_call_by_the_host_needs_the_guests_number() -> None:
    assert Obstacle("number-missing") == obstacle(Phone("host"), {}, None)
    assert obstacle(Phone("host"), {}, "+49 30 1234") is None
    assert obstacle(Phone("guest", "+49 30 1234"), {}, None) is None


def test_a_type_that_the_host_has_not_switched_on_is_refused() -> None:
    with pytest.raises(MeetingTypeNotOffered):
        choose("google_meet", [Zoom()], lambda _: None)


@given(orders, providers, st.none() | st.just("+49 30 1234"), st.data())
def test_what_is_used_can_always_be_used_and_is_the_hosts_first_backup(
    order: list[MeetingType], providers: dict[Provider, ProviderStatus], phone: str | None, data: st.DataObject
) -> None:
    wanted = data.draw(st.sampled_from(order))

    def hinders(each: MeetingType) -> Obstacle | None:
        return obstacle(each, providers, phone)

    match choose(name_of(wanted), order, hinders):
        case Chosen(used):
            assert as_booked(wanted) == used
            assert hinders(used) is None
        case FellBack(used, why):
            assert hinders(wanted) == why
            assert next(as_booked(each) for each in order if each.backup and hinders(each) is None) == used
        case NothingLeft(why):
            assert hinders(wanted) == why
            assert all(hinders(each) is not None for each in order if each.backup)
