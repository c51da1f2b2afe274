"""Forms that only a program would send: they are refused before they cost more than they are worth."""

from datetime import date, timedelta

import msgspec
import pytest

from adapters.http.web.pages.editing.hours_form import MOST_STRETCHES
from adapters.http.web.pages.editing.rows import MOST_ROWS
from domain.availability import MOST_OVERRIDES
from domain.budgets import DOWNLOADS
from tests.support.builders import a_page
from tests.support.serving import Server
from tests.support.visiting import a_signed_in_host


@pytest.mark.parametrize("row", ["date", "event", "question"])
@pytest.mark.parametrize("path", ["edit", "preview"])
async def test_an_editor_of_endless_rows_is_refused(server: Server, row: str, path: str) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    rows = [str(number) for number in range(MOST_ROWS[row] + 1)]

    await visitor.sends(f"/pages/{page.id}/{path}", {row: rows, "do": "event-add"}, page=f"/pages/{page.id}/edit")

    assert 400 == visitor.status
    assert "more rows than a page can have" in visitor.text


@pytest.mark.parametrize("path", ["edit", "preview"])
async def test_a_day_of_endless_hours_is_refused(server: Server, path: str) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    rows = ["09:00"] * (MOST_STRETCHES + 1)

    await visitor.sends(f"/pages/{page.id}/{path}", {"hours.mon.start": rows}, page=f"/pages/{page.id}/edit")

    assert 400 == visitor.status


async def test_a_page_lists_at_most_a_thousand_dates(server: Server) -> None:
    host, _ = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    days: list[str] = [f"{date(2030, 1, 1) + timedelta(days=number)}" for number in range(MOST_OVERRIDES + 1)]
    none: list[str] = []
    headers = {"authorization": f"Bearer {await server.memory.token_of(host)}"}

    answers = [
        await server.client().patch(
            f"/api/v1/booking-pages/{page.id}",
            json={"availability": {"weekly": {}, "overrides": dict.fromkeys(days[:count], none)}},
            headers=headers,
        )
        for count in (MOST_OVERRIDES, MOST_OVERRIDES + 1)
    ]

    assert [200, 400] == [each.status_code for each in answers]
    assert "availability.overrides" == msgspec.json.decode(answers[1].content)["errors"][0]["field"]


async def test_an_event_type_that_is_sent_twice_is_refused(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))
    path, known = f"/pages/{page.id}/edit", page.event_types[0].id
    rows = {
        f"event.{n}.{name}": text for n in "01" for name, text in (("id", known), ("title", "T"), ("duration", "30"))
    }

    await visitor.sends(
        path,
        {
            "title": "T", "slug": "t", "on": "phone", "notice": "0", "horizon": "30", "before": "0", "after": "0",
            "interval": "30", "per_guest": "5", "event": ["0", "1"], "event.0.slug": "one", "event.1.slug": "two",
            **rows,
        },
    )  # fmt: skip

    assert 400 == visitor.status
    assert "listed twice" in visitor.text
    assert page == await server.memory.store.views.page(host.id, page.id)


async def test_whole_files_about_a_host_are_read_twenty_times_an_hour_together(server: Server) -> None:
    _, visitor = await a_signed_in_host(server)

    files = ["/settings/data/timetuna.json", "/bookings/export.csv"] * (DOWNLOADS.most // 2 + 1)

    tried = [(await visitor.opens(each)).status for each in files]

    assert [200] * DOWNLOADS.most + [429] * 2 == tried


@pytest.mark.parametrize("button", [
    "type-up:zoom:9999999999999999999999", "event-up:9999999999999999999", "event-down:-1", "question-up:²",
    "hours-remove:mon:9999999", "hours-add:noday", "date-remove:99999999", "date-hours-add:9", "event-own", ":::::",
    "hours-copy:mon", "date-hours-remove::",
])  # fmt: skip
async def test_a_button_that_nobody_made_changes_nothing(server: Server, button: str) -> None:
    host, visitor = await a_signed_in_host(server)
    page = await server.memory.page(a_page(host))

    await visitor.sends(f"/pages/{page.id}/edit", {"title": "Kept", "do": button})

    assert 200 == visitor.status
    assert "Kept" == visitor.value("title")
    assert page == await server.memory.store.views.page(host.id, page.id)
