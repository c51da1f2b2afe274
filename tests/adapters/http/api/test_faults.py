"""All that is wrong with a body is told at once."""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.api.bookings import BookingsQuery
from adapters.http.api.faults import MOST, MOST_VISITED, faults_in
from adapters.http.api.page_json import BookingPageOut
from application.booking.book import BookingRequest
from application.pages.page_edits import PageEdit
from domain.faults import (
    AddressForGuests,
    Fault,
    Malformed,
    NotKnown,
    NotOneOf,
    NumberForGuests,
    OutOfRange,
    Overlapping,
    ReadOnly,
    Required,
    TooLong,
    TooManyRanges,
)

TYPES = ("google_meet", "in_person", "microsoft_teams", "phone", "zoom")
IN_ORDER = ("zoom", "google_meet", "microsoft_teams", "phone", "in_person")


def test_every_member_is_looked_at() -> None:
    body: dict[str, Any] = {
        "start": "soon",
        "meeting_type": "boat",
        "guest": {"email": 1, "timezone": None},
        "answers": [],
        "color": 1,
    }

    assert (
        Fault("start", Malformed("instant")),
        Fault("meeting_type", NotOneOf(TYPES)),
        Fault("guest.email", Malformed("text")),
        Fault("guest.timezone", Malformed("text")),
        Fault("guest.name", Required()),
        Fault("answers", Malformed("object")),
        Fault("color", NotKnown()),
    ) == faults_in(body, BookingRequest)


CASES: list[tuple[dict[str, Any], Fault]] = [
    ({"slot_interval_minutes": 0}, Fault("slot_interval_minutes", OutOfRange(5, 1440))),
    ({"daily_cap": "many"}, Fault("daily_cap", Malformed("whole-number"))),
    ({"meeting_types": {}}, Fault("meeting_types", Malformed("list"))),
    ({"meeting_types": ["zoom"]}, Fault("meeting_types.0", Malformed("object"))),
    ({"meeting_types": [{}]}, Fault("meeting_types.0.type", Required())),
    ({"meeting_types": [{"type": []}]}, Fault("meeting_types.0.type", NotOneOf(IN_ORDER))),
    ({"meeting_types": [{"type": {}}]}, Fault("meeting_types.0.type", NotOneOf(IN_ORDER))),
    (
        {"meeting_types": [{"type": "phone", "caller": "nobody"}]},
        Fault("meeting_types.0.caller", NotOneOf(("guest", "host"))),
    ),
    (
        {"meeting_types": [{"type": "zoom"}, {"type": "phone", "caller": "guest"}]},
        Fault("meeting_types.1.number", NumberForGuests()),
    ),
    ({"meeting_types": [{"type": "in_person", "address": ""}]}, Fault("meeting_types.0.address", AddressForGuests())),
    ({"meeting_types": [{"type": "zoom", "x": 1}]}, Fault("meeting_types.0.x", NotKnown())),
    (
        {"availability": {"weekly": {"mon": [["9", "17:00"]]}}},
        Fault("availability.weekly.mon.0.0", Malformed("time-of-day")),
    ),
    ({"availability": {"weekly": {"mon": [["09:00"]]}}}, Fault("availability.weekly.mon.0", Malformed("hours"))),
    (
        {"availability": {"weekly": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}}},
        Fault("availability.weekly", Overlapping("09:00–12:00", "11:00–13:00")),
    ),
    (
        {
            "availability": {
                "weekly": {"mon": [[f"{hour:02}:00", f"{hour:02}:01"] for hour in range(24)] + [["23:30", "23:40"]]}
            }
        },
        Fault("availability.weekly", TooManyRanges(24)),
    ),
    ({"availability": {"overrides": {"never": []}}}, Fault("availability.overrides", Malformed("date"))),
    (
        {"availability": {"overrides": {"2026-12-24": [["09:00", 17]]}}},
        Fault("availability.overrides.2026-12-24.0.1", Malformed("text")),
    ),
    (
        {"event_types": [{"questions": [{"id": "a", "label": "b", "required": "yes"}]}]},
        Fault("event_types.0.questions.0.required", Malformed("yes-or-no")),
    ),
]


@pytest.mark.parametrize(("page", "fault"), CASES)
def test_a_fault_is_named_with_its_path(page: dict[str, Any], fault: Fault) -> None:
    assert (fault,) == faults_in(page, PageEdit)


def test_a_fault_of_an_answer_has_the_path_of_its_question() -> None:
    guest = {"name": "Ana", "email": "ana@guests.example", "timezone": "UTC"}
    answers = {"company": None, "guests": 3, "topic": "Prices"}
    body = {"start": "2026-12-01T14:00:00Z", "meeting_type": "zoom", "guest": guest, "answers": answers}

    assert (
        Fault("answers.company", Malformed("text")),
        Fault("answers.guests", Malformed("text")),
    ) == faults_in(body, BookingRequest)


def test_what_answers_have_beyond_a_body_is_not_unknown_but_to_be_read() -> None:
    question: dict[str, Any] = {"id": "a", "label": "b", "asked": 1}
    page: dict[str, Any] = {"id": "p1", "colour": 1, "event_types": [{"id": "e1", "questions": [question]}]}

    assert (
        Fault("id", ReadOnly()),
        Fault("colour", NotKnown()),
        Fault("event_types.0.id", ReadOnly()),
        Fault("event_types.0.questions.0.asked", NotKnown()),
    ) == faults_in(page, PageEdit, answer=BookingPageOut)


def test_in_a_query_numbers_are_written_as_text() -> None:
    query = {"limit": "500", "status": "lost", "search": "x" * 201}

    assert (
        Fault("limit", OutOfRange(1, 200)),
        Fault("status", NotOneOf(("cancelled", "needs_attention", "past", "upcoming"))),
        Fault("search", TooLong(200, 201)),
    ) == faults_in(query, BookingsQuery, strict=False)


def test_a_body_full_of_faults_is_not_answered_with_all_of_them() -> None:
    assert MOST == len(faults_in({"event_types": [1] * 10_000}, PageEdit))


class Counted(list[object]):
    """Counts how many of its items were looked at."""

    seen = 0

    def __iter__(self) -> Iterator[object]:
        for each in super().__iter__():
            self.seen += 1
            yield each


def test_of_a_body_full_of_right_values_only_the_beginning_is_looked_at() -> None:
    types = Counted([{"type": "zoom"}] * 5 * MOST_VISITED)

    faults = faults_in({"slug": 1, "meeting_types": types, "title": 1}, PageEdit)

    assert (Fault("slug", Malformed("text")),) == faults
    assert types.seen <= MOST_VISITED


def test_a_fault_behind_the_beginning_of_a_body_is_one_of_the_whole() -> None:
    body = {"meeting_types": [{"type": "zoom"}] * MOST_VISITED, "title": 1}

    assert (Fault("", Malformed("object")),) == faults_in(body, PageEdit)


MEMBERS = ("slug", "meeting_types", "type", "availability", "weekly", "mon", "overrides", "event_types", "daily_cap")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates().map(date.isoformat),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=4),
)


@given(JSON)
def test_whatever_msgspec_refuses_has_a_fault_of_its_own(value: object) -> None:
    try:
        msgspec.convert(value, PageEdit)
    except msgspec.ValidationError:
        assert faults_in(value, PageEdit)
        if isinstance(value, dict):
            assert all(each.field for each in faults_in(cast("object", value), PageEdit))
