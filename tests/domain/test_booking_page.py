"""What an event type and a page can be."""

from datetime import timedelta

import msgspec
import pytest

from domain.booking_page import DURATION_MINUTES, REMINDER_MINUTES
from tests.support.builders import a_host, a_page, an_event_type


@pytest.mark.parametrize("minutes", [DURATION_MINUTES.least - 1, DURATION_MINUTES.most + 1])
def test_a_duration_outside_its_limits_is_no_event_type(minutes: int) -> None:
    with pytest.raises(ValueError, match="duration"):
        an_event_type(duration=timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [REMINDER_MINUTES.least - 1, REMINDER_MINUTES.most + 1])
def test_a_reminder_outside_its_limits_is_no_page(minutes: int) -> None:
    page = a_page(a_host())

    with pytest.raises(ValueError, match="remind_before"):
        msgspec.structs.replace(page, remind_before=timedelta(minutes=minutes))
