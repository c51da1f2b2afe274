from datetime import timedelta

import msgspec
import pytest

from adapters.locales.catalogues import languages
from adapters.presentation.language import speaking, without_isolates
from adapters.presentation.sentences.notices import needs_action, notice_words
from application.ports.notices import (
    About,
    BookingsOverlapped,
    CalendarsUnread,
    ConfirmSignUp,
    ConnectionNeedsHost,
    ConnectionRemoved,
    EntryLeft,
    GuestCouldNotBook,
    MeetingTypeStatus,
    OverlappedBooking,
    ResetPasswordLink,
)
from domain.calendar_problem import AccessLost, ServerBusy
from domain.connection import Blocked, NeedsReconnect
from domain.ids import BookingId
from domain.meeting_type import Obstacle
from domain.provider_problem import GrantEnded, MeetingsNotAllowed
from domain.slot import Slot
from tests.support.builders import NOW

ABOUT_PROVIDERS: tuple[About, ...] = (
    ConnectionNeedsHost("zoom", NeedsReconnect(GrantEnded("zoom"))),
    ConnectionNeedsHost("zoom", Blocked(MeetingsNotAllowed("zoom"))),
    ConnectionRemoved("zoom"),
    GuestCouldNotBook("Talk to me", (MeetingTypeStatus("zoom", Obstacle("not-connected", "zoom")),)),
)

UNREAD = CalendarsUnread(("Work",), "anna@example.com", NOW, "Europe/Berlin", (ServerBusy(),), reconnecting_helps=False)


@pytest.mark.parametrize("about", ABOUT_PROVIDERS, ids=lambda about: type(about).__name__)
def test_what_only_the_host_can_mend_asks_for_action_and_leads_to_the_providers(about: About) -> None:
    words = notice_words(about)

    assert needs_action(about)
    assert words.subject.startswith("Action needed: ")
    assert "/settings/providers" == words.path


def test_a_mail_that_only_tells_doesnt_look_as_if_it_asked_for_action() -> None:
    assert not needs_action(ConfirmSignUp("secret"))


def test_a_link_that_works_once_is_where_the_button_leads() -> None:
    assert "/confirm-email/secret" == notice_words(ConfirmSignUp("secret")).path
    assert "/reset/secret" == notice_words(ResetPasswordLink("secret")).path


def test_each_meeting_type_is_named_with_what_keeps_it_from_being_used() -> None:
    statuses = (MeetingTypeStatus("zoom", Obstacle("blocked", "zoom")), MeetingTypeStatus("in_person", None))

    said = notice_words(GuestCouldNotBook("Talk to me", statuses)).paragraphs

    assert "Zoom: The Zoom account isn’t allowed to create meetings." in said
    assert "In person: works" in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "It doesn’t block any of your booking pages, so guests won’t notice."),
        ({"closing": ("Talk",)}, "these booking pages offer no times until that’s fixed: “Talk”."),
        (
            {"closing": ("Talk", "Walk"), "closes_at": NOW + timedelta(minutes=30)},
            "Until Monday, 2 March 2026, 09:30, we use what we read last. After that, these booking pages offer",
        ),
        ({"trusting": ("Talk",)}, "guests could book over newer events: “Talk”."),
    ],
    ids=["no page", "closed", "closes later", "trusts"],
)
def test_a_calendar_that_cannot_be_read_is_told_with_what_becomes_of_pages(
    changes: dict[str, object], said: str
) -> None:
    words = notice_words(msgspec.structs.replace(UNREAD, **changes))

    assert said in words.paragraphs[-1]
    assert "Open Connected providers" == words.action


def test_further_calendars_are_counted_in_the_subject_and_named_in_the_text() -> None:
    words = notice_words(msgspec.structs.replace(UNREAD, names=("Work", "Home")))

    assert "Action needed: we can’t read your calendar “Work” and 1 other" == words.subject
    assert "“Work”, “Home”" in words.paragraphs[0]


def test_names_stand_in_the_quotation_marks_of_the_readers_language() -> None:
    with speaking(languages().of("de")):
        words = notice_words(msgspec.structs.replace(UNREAD, closing=("Talk",)))

    told = [without_isolates(each) for each in words.paragraphs]
    assert "„Work“" in told[0]
    assert "„Talk“" in told[-1]


def overlapped(number: int) -> OverlappedBooking:
    start = NOW + timedelta(days=number)
    return OverlappedBooking(
        BookingId(f"b{number}"), "Talk", "Ben", start, "Work", Slot.lasting(timedelta(hours=26), start)
    )


def test_an_event_over_a_booking_is_told_with_both_times_and_leads_to_another_one() -> None:
    words = notice_words(BookingsOverlapped((overlapped(1),), 0, "Europe/Berlin"))

    assert (
        "“Talk” with Ben: Tuesday, 3 March 2026, 09:00 (Central European Time – Berlin). "
        "The event in “Work”: Tuesday, 3 March 2026, 09:00 – Wednesday, 4 March 2026, 11:00."
    ) == words.paragraphs[0]
    assert ("Propose another time", "/bookings/b1/reschedule") == (words.action, words.path)


def test_many_overlapped_bookings_are_listed_in_one_mail_and_the_rest_counted() -> None:
    words = notice_words(BookingsOverlapped((overlapped(1), overlapped(2)), 3, "Europe/Berlin"))

    assert "Action needed: events overlap 5 bookings" == words.subject
    assert "And 3 more bookings." in words.paragraphs
    assert "/bookings?show=needs_attention" == words.path


@pytest.mark.parametrize(("calendar", "place"), [("Work", "your calendar “Work”."), ("", "your calendar.")])
def test_an_event_that_is_left_behind_is_told_with_its_calendar_where_that_is_known(calendar: str, place: str) -> None:
    words = notice_words(EntryLeft(BookingId("b1"), "Talk", "Ben", NOW, "Europe/Berlin", calendar, AccessLost()))

    assert "Action needed: “Ben – Talk” is still in your calendar" == words.subject
    assert f"is cancelled, but its event is still in {place}" in words.paragraphs[0]
    assert "/bookings/b1" == words.path
