"""What the server's settings make of it."""

import pytest

from application.calendars.watch_calendar import NoticeAddress
from entrypoints.bootstrap import notice_addresses


@pytest.mark.parametrize(
    "site",
    ["https://meet.example.com", "http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]:8000"],
)
def test_changes_of_calendars_are_told_by_https_or_on_this_machine(site: str) -> None:
    google, microsoft = (f"{site}/integrations/{each}/calendar/notifications" for each in ("google", "microsoft"))

    assert {"google": NoticeAddress(google, google), "microsoft": NoticeAddress(microsoft, microsoft)} == (
        notice_addresses(site)
    )


@pytest.mark.parametrize("site", ["http://meet.example.com", "http://192.168.1.7:8000"])
def test_nobody_is_asked_to_tell_of_changes_over_plain_http(site: str) -> None:
    assert {} == notice_addresses(site)
