"""Bookings whose members mean nothing together can't be made."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.additional_guest import AdditionalGuest
from domain.awaited_meeting import attempt_meeting, meeting_created, meeting_fell_back, meeting_given_up, wait_no_longer
from domain.booking import (
    HELD_FOR,
    LONGEST_REASON,
    Booking,
    Cancellation,
    ErasedGuest,
    Move,
    cancel,
    release,
    reschedule,
)
from domain.booking_page import MOST_QUESTIONS, MOST_REMINDERS, Answer
from domain.conference import Failed, Failure, NoConference, Pending, Ready
from domain.events import HostAsked
from domain.fallback import ChosenByHost
from domain.host_actions import retry_meeting, set_join_link, switch_meeting_type
from domain.meeting_type import MicrosoftTeams, Obstacle, name_of, provider_of
from domain.provider_problem import RateLimited
from domain.slot import Slot
from tests.support.builders import A_DAY, HALF_AN_HOUR, NOW, TOMORROW_AT_TEN, a_booking, a_host, a_page, at_the_harbour

PAGE = a_page(a_host())
LATER = NOW + timedelta(minutes=5)
FAILURE = Failure("try-later", RateLimited("zoom"))
ZOOM_LINK = Ready("https://zoom.example/j/1", "1", None, "zoom")

waiting = a_booking(PAGE)
attempted = attempt_meeting(waiting, NOW).booking
announced = wait_no_longer(waiting, LATER).booking
ready = meeting_created(waiting, ZOOM_LINK, NOW).booking
given_up = meeting_given_up(announced, FAILURE, left_behind=False, now=LATER).booking
fallen = meeting_fell_back(waiting, at_the_harbour, FAILURE, left_behind=False, now=LATER).booking
moved = reschedule(ready, Slot.lasting(HALF_AN_HOUR, TOMORROW_AT_TEN + A_DAY), "host", LATER).booking
held = a_booking(PAGE, held_until=NOW + HELD_FOR)
cancelled = cancel(ready, "guest", "", LATER).booking
REACHED = (
    waiting,
    attempted,
    announced,
    ready,
    given_up,
    retry_meeting(given_up, HostAsked(), LATER).booking,
    fallen,
    set_join_link(fallen, "https://meet.example/1", LATER).booking,
    switch_meeting_type(ready, at_the_harbour, LATER).booking,
    moved,
    a_booking(PAGE, meeting_type=at_the_harbour),
    held,
    release(held, NOW),
    cancelled,
    cancel(waiting, "host", "ill", LATER).booking,
    cancel(given_up, "guest", "", LATER).booking,
)


@pytest.mark.parametrize(
    ("booking", "changes"),
    [
        pytest.param(waiting, {"conference": NoConference()}, id="an online meeting that nobody makes"),
        pytest.param(waiting, {"conference": Pending("google")}, id="a wait for another provider's meeting"),
        pytest.param(ready, {"meeting_type": MicrosoftTeams()}, id="another provider's link"),
        pytest.param(given_up, {"meeting_type": at_the_harbour, "fallback": ChosenByHost()}, id="a place that failed"),
        pytest.param(waiting, {"fallback": ChosenByHost()}, id="a fallback to what was asked for"),
        pytest.param(fallen, {"fallback": None}, id="another meeting type for no reason"),
        pytest.param(waiting, {"announced": True, "revision": -1}, id="a negative revision"),
        pytest.param(waiting, {"version": 0}, id="a version before the first"),
        pytest.param(waiting, {"revision": 1}, id="a revision of what nobody was told"),
        pytest.param(ready, {"announced": False}, id="a link that is kept secret"),
        pytest.param(ready, {"last_change": "link_replaced"}, id="a change without a revision"),
        pytest.param(ready, {"cancellation": Cancellation("guest", NOW)}, id="a cancellation that wasn't the last"),
        pytest.param(cancelled, {"cancellation": None}, id="a change to cancelled without a cancellation"),
        pytest.param(cancelled, {"conference": Pending("zoom")}, id="a cancelled booking that waits for a link"),
        pytest.param(cancelled, {"held_until": NOW + HELD_FOR}, id="a cancelled booking that is held"),
        pytest.param(held, {"announced": True}, id="a held booking that mails went out about"),
        pytest.param(held, {"move": Move("host", NOW)}, id="a held booking that was moved"),
        pytest.param(moved, {"move": None}, id="a move from nowhere"),
        pytest.param(moved, {"move": Move("host", moved.slot.start)}, id="a move to the same time"),
        pytest.param(waiting, {"changed_at": waiting.changed_at.replace(microsecond=1)}, id="a stamp in fractions"),
        pytest.param(waiting, {"changed_at": NOW - A_DAY}, id="a change before the booking"),
        pytest.param(waiting, {"slot": Slot.lasting(2 * A_DAY, TOMORROW_AT_TEN)}, id="a meeting of two days"),
        pytest.param(
            waiting, {"answers": (Answer("?", "!"),) * (MOST_QUESTIONS + 1)}, id="more answers than questions"
        ),
        pytest.param(waiting, {"reminders": (A_DAY, A_DAY)}, id="the same reminder twice"),
        pytest.param(waiting, {"reminders": (A_DAY,) * (MOST_REMINDERS + 1)}, id="too many reminders"),
        pytest.param(
            waiting,
            {"guest": ErasedGuest("UTC"), "answers": (Answer("?", "!"),)},
            id="answers of somebody who was erased",
        ),
        pytest.param(waiting, {"unreached": ("guest", "guest")}, id="somebody unreached twice"),
        pytest.param(waiting, {"unreached": (0,)}, id="nobody unreached"),
        pytest.param(
            waiting,
            {"additional_guests": (AdditionalGuest("bob@guests.example", LATER),), "unreached": (0,)},
            id="somebody unreached who has left",
        ),
        pytest.param(
            waiting,
            {"additional_guests": (AdditionalGuest("bob@guests.example"), AdditionalGuest("BOB@guests.example"))},
            id="the same guest twice",
        ),
    ],
)
def test_a_booking_that_contradicts_itself_cannot_be_made(booking: Booking, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        msgspec.structs.replace(booking, **changes)


@given(st.sampled_from(REACHED), st.sampled_from(REACHED), st.sets(st.sampled_from(Booking.__struct_fields__)))
def test_what_two_bookings_are_made_of_together_is_refused_or_means_something(
    one: Booking, other: Booking, members: set[str]
) -> None:
    try:
        mixed = msgspec.structs.replace(one, **{each: getattr(other, each) for each in members})
    except ValueError:
        return

    is_online = provider_of(mixed.meeting_type) is not None
    match mixed.status, mixed.conference:
        case "cancelled", conference:
            assert not isinstance(conference, Pending)
            assert "cancelled" == mixed.last_change
        case "held", conference:
            assert (is_online, False, 0) == (isinstance(conference, Pending), mixed.announced, mixed.revision)
        case "confirmed", Pending() | Failed():
            assert is_online
        case "confirmed", conference:
            assert mixed.announced
            assert isinstance(conference, Ready) or not is_online
    assert (mixed.fallback is None) == (mixed.requested == name_of(mixed.meeting_type))


@pytest.mark.parametrize(
    ("of", "members"),
    [
        pytest.param(Pending, {"provider": "zoom", "attempts": -1}, id="fewer requests than none"),
        pytest.param(Pending, {"provider": "zoom", "open_attempt_at": NOW}, id="a request that nobody has counted"),
        pytest.param(Ready, {"join_url": "https://a.example/1", "meeting_id": "1"}, id="a pasted link's meeting"),
        pytest.param(Obstacle, {"what": "not-connected"}, id="nothing connected anywhere"),
        pytest.param(Obstacle, {"what": "number-missing", "provider": "zoom"}, id="a provider's phone number"),
        pytest.param(Slot, {"start": LATER, "end": NOW}, id="an end before its start"),
        pytest.param(Move, {"by": "host", "from_start": NOW, "reason": "x" * (LONGEST_REASON + 1)}, id="a long story"),
    ],
)
def test_what_a_booking_is_made_of_does_not_contradict_itself(
    of: type[msgspec.Struct], members: dict[str, object]
) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        of(**members)


def test_a_booking_that_lies_there_already_is_not_moved() -> None:
    assert (ready, ()) == reschedule(ready, ready.slot, "guest", LATER)
