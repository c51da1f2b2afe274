"""A fault that only saving finds is shown at the field that it came from."""

import pytest

from adapters.http.web.pages.editing.form import EditorForm
from tests.support.builders import a_host, a_page


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("slug", "slug"),
        ("daily_cap", "cap"),
        ("max_per_guest", "per_guest"),
        ("availability.weekly.mon.0", "hours.mon"),
        ("meeting_types.1.address", "meeting_types"),
        ("event_types", "event_types"),
        ("event_types.0.slug", "event.0.slug"),
        ("event_types.0.duration_minutes", "event.0.duration"),
        ("event_types.0.meeting_types.0.number", "event.0.own"),
    ],
)
def test_a_path_leads_to_its_field(path: str, field: str) -> None:
    assert field == EditorForm.of(a_page(a_host())).field_of(path)
