"""Limits are stated once: by the type that keeps them."""

import re
from typing import Any

import msgspec
import pytest

from adapters.http.api.bookings import BookingsQuery
from adapters.http.web.templating import HERE
from adapters.http.web.text_limits import TEXT_LIMITS
from application.pages.page_edits import EventTypeEdit, PageEdit
from application.ports.booking_views import LONGEST_SEARCH
from domain.availability import BUFFER_MINUTES, DAILY_CAP, HORIZON_DAYS, INTERVAL_MINUTES, MAX_PER_GUEST, NOTICE_MINUTES
from domain.booking_page import DURATION_MINUTES, REMINDER_MINUTES
from domain.limits import ITEMS_LISTED, Limits

TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
_LITERAL = re.compile(r"\b(?:maxlength|minlength|min|max)=\"?\d+")


def test_no_template_types_a_limit_again() -> None:
    found = [f"{path.name}: {each}" for path in TEMPLATES for each in _LITERAL.findall(path.read_text())]

    assert TEMPLATES
    assert [] == found


def test_every_limit_of_text_is_used_by_a_form() -> None:
    used = set(re.findall(r"text_limits\.([a-z_]+)", "".join(path.read_text() for path in TEMPLATES)))

    assert set(TEXT_LIMITS.__dataclass_fields__) == used


def stated(struct: type[msgspec.Struct], member: str) -> dict[str, Any]:
    """What the API's description says about a member."""
    schema: dict[str, Any] = msgspec.json.schema(struct)["$defs"][struct.__name__]["properties"][member]
    found = next((each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"), schema)
    return found.get("items", found)


@pytest.mark.parametrize(
    ("struct", "member", "limits"),
    [
        (PageEdit, "minimum_notice_minutes", NOTICE_MINUTES),
        (PageEdit, "horizon_days", HORIZON_DAYS),
        (PageEdit, "buffer_before_minutes", BUFFER_MINUTES),
        (PageEdit, "buffer_after_minutes", BUFFER_MINUTES),
        (PageEdit, "slot_interval_minutes", INTERVAL_MINUTES),
        (PageEdit, "daily_cap", DAILY_CAP),
        (PageEdit, "max_per_guest", MAX_PER_GUEST),
        (PageEdit, "reminders", REMINDER_MINUTES),
        (EventTypeEdit, "duration_minutes", DURATION_MINUTES),
        (BookingsQuery, "limit", ITEMS_LISTED),
    ],
)
def test_the_api_states_the_domains_limits(struct: type[msgspec.Struct], member: str, limits: Limits) -> None:
    schema = stated(struct, member)

    assert (limits.least, limits.most) == (schema["minimum"], schema["maximum"])


def test_the_api_and_the_list_search_for_as_much() -> None:
    assert LONGEST_SEARCH == stated(BookingsQuery, "search")["maxLength"] == TEXT_LIMITS.search
