"""The meeting type that a booking uses: the one asked for, or the host's first backup that can be used."""

from collections.abc import Callable, Sequence

import msgspec

from domain.conference import Failure
from domain.errors import MeetingTypeNotOffered
from domain.meeting_type import MeetingType, MeetingTypeName, Obstacle, as_booked, name_of


class MeetingTypeUnusable(msgspec.Struct, frozen=True, tag_field="why", tag="meeting_type_unusable"):
    """What was asked for couldn't be used when the booking was taken."""

    obstacle: Obstacle


class MeetingFailed(msgspec.Struct, frozen=True, tag_field="why", tag="meeting_failed"):
    """The booking was taken, and then the provider made no meeting for it."""

    failure: Failure


class ChosenByHost(msgspec.Struct, frozen=True, tag_field="why", tag="chosen_by_host"):
    """The host switched to another meeting type."""


FallbackReason = MeetingTypeUnusable | MeetingFailed | ChosenByHost
"""Why a booking uses another meeting type than the one that was asked for."""


class Chosen(msgspec.Struct, frozen=True):
    meeting_type: MeetingType


class FellBack(msgspec.Struct, frozen=True):
    """`meeting_type` is used because of `why` the requested one couldn't be."""

    meeting_type: MeetingType
    why: Obstacle


class NothingLeft(msgspec.Struct, frozen=True):
    """`why` is what kept the requested type from being used."""

    why: Obstacle


Choice = Chosen | FellBack | NothingLeft


def choose(
    requested: MeetingTypeName,
    order: Sequence[MeetingType],
    obstacle: Callable[[MeetingType], Obstacle | None],
) -> Choice:
    """Take the requested type if it can be used, else the host's first backup that can, else none.

    Raises:
        MeetingTypeNotOffered: the host has not switched the requested type on.
    """
    wanted = next((each for each in order if name_of(each) == requested), None)
    if wanted is None:
        raise MeetingTypeNotOffered(requested)
    why = obstacle(wanted)
    if why is None:
        return Chosen(as_booked(wanted))
    for each in order:
        if each is not wanted and each.backup and obstacle(each) is None:
            return FellBack(as_booked(each), why)
    return NothingLeft(why)
