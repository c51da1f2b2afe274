"""Edits of booking pages that don't come through JSON."""

import pytest

from application.actor import HostActor
from application.pages.page_edits import Choices, EventTypeEdit, PageEdit, edited_event_type, edited_page
from domain.booking_page import LARGEST_TEXTS
from domain.errors import InvalidInput
from domain.faults import Fault, OutOfRange, Repeated, TooMany, TooMuchText
from tests.support.builders import a_host, a_page, an_event_type
from tests.support.memory_app import MemoryApp

NO_CALENDARS = Choices()


def test_every_number_outside_its_limits_is_a_fault() -> None:
    edit = PageEdit(
        minimum_notice_minutes=-1,
        horizon_days=-1,
        buffer_before_minutes=1441,
        slot_interval_minutes=0,
        daily_cap=-3,
        reminders=(0, 60, 60, 60),
    )

    with pytest.raises(InvalidInput) as refused:
        edited_page(a_page(a_host()), edit, NO_CALENDARS)

    assert {
        Fault("minimum_notice_minutes", OutOfRange(0, 525_600)),
        Fault("horizon_days", OutOfRange(1, 730)),
        Fault("buffer_before_minutes", OutOfRange(0, 1440)),
        Fault("slot_interval_minutes", OutOfRange(5, 1440)),
        Fault("daily_cap", OutOfRange(1, 1000)),
        Fault("reminders", TooMany(3)),
        Fault("reminders.0", OutOfRange(1, 43_200)),
        Fault("reminders.2", Repeated()),
        Fault("reminders.3", Repeated()),
    } == set(refused.value.faults)


def test_a_duration_outside_its_limits_is_a_fault_where_it_lies_in_the_input() -> None:
    with pytest.raises(InvalidInput) as refused:
        edited_event_type(an_event_type(), EventTypeEdit(duration_minutes=0), "event_types.3.")

    assert (Fault("event_types.3.duration_minutes", OutOfRange(1, 1440)),) == refused.value.faults


async def test_a_page_has_so_much_text_in_all_and_no_more() -> None:
    memory = MemoryApp()
    actor = HostActor((await memory.host()).id)
    wordy = [EventTypeEdit(f"event-{each}", "Talk", 30, description=1300 * "語") for each in range(25)]
    refusal = (Fault("event_types", TooMuchText(LARGEST_TEXTS // 1000)),)

    page = await memory.app.create_page(actor, PageEdit(slug="talk", title="Talk", event_types=tuple(wordy[1:])))
    with pytest.raises(InvalidInput) as one_more:
        await memory.app.add_event_type(actor, page.id, wordy[0])
    with pytest.raises(InvalidInput) as all_at_once:
        await memory.app.create_page(actor, PageEdit(slug="other", title="Talk", event_types=tuple(wordy)))

    assert [refusal, refusal] == [one_more.value.faults, all_at_once.value.faults]


def test_a_cap_and_a_reminder_can_be_taken_away() -> None:
    page = edited_page(a_page(a_host()), PageEdit(daily_cap=5, reminders=(60,)), NO_CALENDARS)

    without = edited_page(page, PageEdit(daily_cap=None, reminders=()), NO_CALENDARS)

    assert (5, None, ()) == (page.rules.daily_cap, without.rules.daily_cap, without.reminders)
