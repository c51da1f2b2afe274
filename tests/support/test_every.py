"""What the builder of all values promises."""

from datetime import datetime, timedelta
from typing import Literal, get_args

import msgspec
import pytest

from domain.events import Event, Rescheduled
from domain.fallback import FallbackReason
from domain.meeting_type import MeetingType, Phone
from domain.provider import PROVIDERS
from domain.provider_problem import ProviderProblem
from tests.support.every import every


class Small(msgspec.Struct, frozen=True):
    letter: Literal["a", "b"]
    sure: bool
    at: datetime | None


class Large(msgspec.Struct, frozen=True):
    first: Event
    small: Small


@pytest.mark.parametrize("union", [Event, FallbackReason, MeetingType, ProviderProblem])
def test_every_member_of_a_union_is_there(union: object) -> None:
    assert set(get_args(union)) == {type(each) for each in every(union)}


def test_a_small_struct_comes_in_all_combinations() -> None:
    assert 2 * 2 * 2 == len(set(every(Small)))


def test_a_large_one_has_every_value_of_each_field() -> None:
    found = every(Large)

    assert len(every(Event)) == len({msgspec.json.encode(each.first) for each in found})
    assert set(every(Small)) == {each.small for each in found}


def test_literals_and_lengths_are_all_there() -> None:
    moves = [each for each in every(Event) if isinstance(each, Rescheduled)]

    assert {"guest", "host"} == {each.by for each in moves}
    assert set(PROVIDERS) == {each.provider for each in every(ProviderProblem)}
    assert 4 == len(every(timedelta))


def test_what_a_type_refuses_is_left_out() -> None:
    assert all(each.number for each in every(MeetingType) if isinstance(each, Phone) and each.caller == "guest")
