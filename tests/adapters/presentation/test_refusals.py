"""Every refusal and every fault has its sentence in every language, and its problem type."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from adapters.http.problems import STATUS
from adapters.locales.catalogues import languages
from adapters.presentation.language import speaking
from adapters.presentation.sentences.calendar_problems import for_connecting, for_reading, for_writing
from adapters.presentation.sentences.problems import problem_detail, problem_text, problem_title
from adapters.presentation.sentences.refusals import fault_sentence, refusal_sentence
from domain import errors
from domain.budgets import Counted
from domain.calendar_problem import (
    AccessLost,
    AddressNotAllowed,
    CalendarGone,
    CalendarPermissionMissing,
    CalendarProblem,
    CalendarsBlockedByAdmin,
    CalendarsNotSetUp,
    CalendarTooComplex,
    CalendarTooLarge,
    NoCalendars,
    NoCalendarServer,
    NotACalendar,
    PasswordRefused,
    SentElsewhere,
    ServerBusy,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
    SignInEnded,
)
from domain.errors import AnyRefusal, Refusal
from domain.faults import CalendarFault, Fault, FaultKind, Malformed, NotOneOf, Repeated, Required, WebhookFault
from domain.meeting_type import Obstacle
from domain.webhook_problem import EndpointNotAllowed

ENGLISH, GERMAN = languages().all

NO_TYPE, CLOSED = errors.NoMeetingTypeAvailable, errors.BookingClosed

ZOOM = Obstacle("not-connected", "zoom")

REFUSALS: list[AnyRefusal] = [
    errors.InvalidInput.at("slug", Malformed("slug")),
    *(errors.NotFound(each) for each in get_args(errors.Thing)),
    *(errors.SlotTaken(why=each) for each in get_args(errors.WhyTaken)),
    errors.SlotNotOffered(),
    errors.HostBusy(),
    errors.NoMeetingTypeAvailable(errors.PageInactive()),
    errors.LinkEnded("used"),
    errors.LinkEnded("expired"),
    errors.LinkEnded("removed"),
    errors.NoMeetingTypeAvailable(errors.HostUnconfirmed()),
    errors.NoMeetingTypeAvailable(errors.NothingSwitchedOn()),
    errors.NoMeetingTypeAvailable(errors.NoneUsable((ZOOM,))),
    errors.NoMeetingTypeAvailable(errors.RequestedUnusable(ZOOM, ("phone",))),
    errors.NoMeetingTypeAvailable(errors.UnusableForBooking("zoom", ZOOM)),
    errors.MeetingTypeNotOffered("phone"),
    errors.BookingClosed(errors.AlreadyCancelled(datetime(2026, 3, 2, 8, tzinfo=UTC), "guest")),
    errors.BookingClosed(errors.AlreadyCancelled(datetime(2026, 3, 2, 8, tzinfo=UTC), "host")),
    errors.BookingClosed(errors.Past()),
    errors.BookingClosed(errors.PageGone()),
    errors.BookingClosed(errors.Unconfirmed(datetime(2026, 3, 2, 8, 15, tzinfo=UTC))),
    errors.BookingClosed(errors.HoldEnded()),
    errors.BookingClosed(errors.NoLinkAwaited()),
    errors.BookingClosed(errors.NoEntryChange()),
    errors.BookingClosed(errors.ProposalEnded()),
    errors.BookingOpen(),
    errors.ScheduleInUse(("Talk to me",)),
    errors.ScheduleInUse(("Talk to me", "Office hours")),
    errors.EventErased(),
    errors.Overloaded(timedelta(seconds=2)),
    errors.IdempotencyKeyReused(),
    errors.Unauthorized("token-missing"),
    errors.Unauthorized("token-unknown"),
    errors.Unauthorized("token-expired"),
    errors.Unauthorized("session-ended"),
    errors.Unauthorized("wrong-password"),
    errors.Unauthorized("other-account"),
    errors.Unauthorized("passkey-unknown"),
    errors.Unauthorized("passkey-refused"),
    errors.Unauthorized("passkey-too-late"),
    errors.Forbidden("bookings:read"),
    errors.TooManyBookings(5),
    *(errors.TooManyRequests(timedelta(minutes=5), counted) for counted in get_args(Counted)),
    errors.Overloaded(timedelta(seconds=5)),
    errors.CalendarsUnreadable(timedelta(minutes=1)),
]

A_TIME = datetime(2026, 3, 2, tzinfo=UTC)
EXAMPLES: dict[Any, object] = {int: 3, str: "Anna", tuple[str, ...]: ("yes", "no"), datetime: A_TIME}


def examples_of(problem: Any) -> list[FaultKind]:
    """One for each value of its parameters that has a sentence of its own."""
    members = get_type_hints(problem)
    for name, kind in members.items():
        if get_origin(kind) is Literal:
            others = {other: EXAMPLES[each] for other, each in members.items() if other != name}
            return [problem(**{name: each, **others}) for each in get_args(kind)]
    if problem is CalendarFault:
        return list(map(CalendarFault, CALENDAR_PROBLEMS))
    if problem is WebhookFault:
        return [WebhookFault(EndpointNotAllowed())]
    return [problem(**{name: EXAMPLES[kind] for name, kind in members.items()})]


CALENDAR_PROBLEMS: list[CalendarProblem] = [
    AddressNotAllowed(),
    ServerUnreachable(),
    ServerTooSlow(),
    ServerBusy(),
    *map(ServerRefused, (401, 404, 500)),
    NotACalendar(),
    CalendarTooLarge(20),
    CalendarTooComplex(),
    AccessLost(),
    NoCalendarServer(),
    NoCalendars(),
    SentElsewhere("dav.elsewhere.example"),
    CalendarGone(),
    CalendarsNotSetUp(),
    SignInEnded(),
    PasswordRefused(),
    CalendarPermissionMissing(("list", "read", "write")),
    CalendarsBlockedByAdmin(),
]


FAULTS = [
    *(Fault("somewhere", each) for problem in get_args(FaultKind) for each in examples_of(problem)),
    *(Fault(field, Required()) for field in ("name", "guest.email", "event_types.0.questions.1.label", "unheard.of")),
    *(Fault(field, Repeated()) for field in ("event_types.1.slug", "questions.0.choices", "questions.2.id", "date.3")),
    Fault("answers.age", NotOneOf()),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=repr)
def test_every_refusal_is_said_in_the_readers_language(refusal: AnyRefusal) -> None:
    assert_is_said(lambda: refusal_sentence(refusal))


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
def test_every_fault_is_said_in_the_readers_language(fault: Fault) -> None:
    assert_is_said(lambda: fault_sentence(fault))


@pytest.mark.parametrize("say", [problem_title, problem_text, problem_detail])
@pytest.mark.parametrize("code", STATUS)
def test_every_problem_is_explained_in_the_readers_language(code: str, say: Callable[[str], str]) -> None:
    assert_is_said(lambda: say(code))


def test_no_refusal_and_no_kind_of_fault_is_left_out() -> None:
    assert set(get_args(AnyRefusal)) == set(Refusal.__subclasses__()) == {type(each) for each in REFUSALS}
    assert set(get_args(errors.WhyNone)) == {type(each.why) for each in REFUSALS if isinstance(each, NO_TYPE)}
    assert set(get_args(errors.WhyClosed)) == {type(each.why) for each in REFUSALS if isinstance(each, CLOSED)}


def test_every_refusal_has_a_problem_type() -> None:
    assert {each.code for each in Refusal.__subclasses__()} <= STATUS.keys()


def test_an_input_with_several_faults_names_each_once() -> None:
    refusal = errors.InvalidInput(
        Fault("name", Required()), Fault("email", Required()), Fault("event_types.0.name", Required())
    )

    assert "Enter a name. Enter your email address." == refusal_sentence(refusal)


def assert_is_said(say: Callable[[], str]) -> None:
    with speaking(ENGLISH):
        english = say()
    with speaking(GERMAN):
        german = say()
    assert english
    assert german
    assert english != german
    assert not re.search(r"[{}]", english + german)


def test_each_calendar_problem_is_said_for_a_new_address_and_for_one_that_was_read_before() -> None:
    assert set(get_args(CalendarProblem)) == {type(each) for each in CALENDAR_PROBLEMS}
    for language in (ENGLISH, GERMAN):
        with speaking(language):
            for said in (for_connecting, for_reading, for_writing):
                told = [said(each) for each in CALENDAR_PROBLEMS]
                assert all(told)
                assert len(set(told)) == len(told)
