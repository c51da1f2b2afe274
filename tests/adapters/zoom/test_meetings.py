from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from adapters.presentation.language import ENGLISH_ALONE
from adapters.zoom.meetings import kept, meeting_body
from adapters.zoom.wire import CreatedMeeting
from application.ports.meetings import Meeting
from tests.support.zoom_connected import REQUEST

FAMILY = "👨‍👩‍👧‍👦"


def sent(**changes: object) -> dict[str, Any]:
    return msgspec.json.decode(meeting_body(msgspec.structs.replace(REQUEST, **changes), ENGLISH_ALONE))


def test_a_meeting_is_asked_for_with_these_fields_and_no_others() -> None:
    assert {
        "topic": "Intro call: Anna Host and Ana Brito",
        "type": 2,
        "start_time": "2026-12-01T14:00:00Z",
        "duration": 30,
        "timezone": "Europe/Berlin",
        "agenda": "Booked by Ana Brito with TimeTuna.",
        "settings": {"use_pmi": False},
    } == sent()


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 12, 1, 14, 0, 0, 999_999, tzinfo=UTC),
        datetime(2026, 12, 1, 15, 0, tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_the_start_is_sent_in_utc_without_a_fraction(start: datetime) -> None:
    assert "2026-12-01T14:00:00Z" == sent(start=start)["start_time"]


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [
        (timedelta(minutes=30), 30),
        (timedelta(minutes=30, microseconds=1), 31),
        (timedelta(seconds=30), 1),
        (timedelta(0), 1),
        (timedelta(days=1), 1440),
        (timedelta(days=2), 1440),
    ],
)
def test_the_duration_is_whole_minutes_rounded_up_within_a_day(duration: timedelta, minutes: int) -> None:
    assert minutes == sent(duration=duration)["duration"]


@pytest.mark.parametrize("character", ["x", "ü", "王", "🐟"])
def test_texts_are_cut_by_characters_not_bytes(character: str) -> None:
    assert character * 200 == sent(title=character * 201)["topic"]
    assert "Booked by " + character * 1990 == sent(guest_name=character * 2000)["agenda"]


@pytest.mark.parametrize(
    "whole",
    [FAMILY, "👍🏽", "e\u0301", "❤\ufe0f"],
    ids=["family", "skin tone", "accent", "variation"],
)
def test_a_cut_never_goes_through_what_people_see_as_one_character(whole: str) -> None:
    assert "x" * 199 == sent(title="x" * 199 + whole)["topic"]


def test_a_text_of_nothing_but_accents_is_not_cut_to_nothing() -> None:
    assert 100 < len(sent(title="e" + "\u0301" * 500)["topic"]) <= 200


def test_a_zone_goes_under_the_name_that_zoom_knows() -> None:
    assert "Europe/Kiev" == sent(timezone="Europe/Kyiv")["timezone"]


@pytest.mark.parametrize(("password", "passcode"), [("KKvCn5", "KKvCn5"), ("", None), (None, None)])
def test_what_is_kept_is_the_link_the_number_and_the_passcode(password: str | None, passcode: str | None) -> None:
    created = CreatedMeeting(81418912311, "https://zoom.us/j/81418912311?pwd=x.1", password)

    assert Meeting("https://zoom.us/j/81418912311?pwd=x.1", "81418912311", passcode) == kept(created)
