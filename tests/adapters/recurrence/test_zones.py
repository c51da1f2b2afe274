"""Names of time zones from outside."""

from zoneinfo import ZoneInfo

import pytest

from adapters.recurrence.zones import zone_in, zone_named


@pytest.mark.parametrize(
    "name",
    ["", "America", "A" * 300, "a/" * 5000, "/" * 200, "\0", "../../etc/passwd", "/etc/passwd", "x" * 10_000_000],
    ids=lambda name: name[:12],
)
def test_what_names_no_zone_is_none_whatever_it_names(name: str) -> None:
    assert zone_named(name) is None


def test_a_line_of_endless_spaces_costs_no_more_than_its_length() -> None:
    spaces = " " * 1_000_000

    assert zone_in(f"BEGIN:VTIMEZONE\nTZID:{spaces}x\nEND:VTIMEZONE") is None
    assert ZoneInfo("Europe/Berlin") == zone_in(f"BEGIN:VTIMEZONE\r\nTZID;X=1:Europe/Berlin{spaces}\r\nEND:VTIMEZONE")
