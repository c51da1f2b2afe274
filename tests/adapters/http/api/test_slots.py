"""Free times over the API."""

import pytest

from domain.availability import BookingRules
from tests.support.builders import a_host, a_page
from tests.support.serving import Server, a_request, an_open_page, fields, problem

TUESDAY = {"from": "2026-03-03", "to": "2026-03-03", "timezone": "Europe/Berlin"}


async def test_free_times_are_listed_in_utc(server: Server) -> None:
    _, address = await an_open_page(server)

    answer = await server.client().get(f"{address}/slots", params=TUESDAY)

    assert 200 == answer.status_code
    told = answer.json()
    assert {"timezone", "slots", "unavailable"} == told.keys()
    assert "Europe/Berlin" == told["timezone"]
    assert "2026-03-03T08:00:00Z" == told["slots"][0]
    assert "2026-03-03T15:30:00Z" == told["slots"][-1]
    assert 16 == len(told["slots"])


async def test_dates_are_days_of_the_zone_that_was_asked_for(server: Server) -> None:
    _, address = await an_open_page(server)

    told = (await server.client().get(f"{address}/slots", params={**TUESDAY, "timezone": "Asia/Tokyo"})).json()

    assert "Asia/Tokyo" == told["timezone"]
    assert "2026-03-02T15:00:00Z" == told["slots"][0]
    assert "2026-03-03T14:30:00Z" == told["slots"][-1]


async def test_a_booked_time_is_gone_and_a_cancelled_one_is_back(server: Server) -> None:
    _, address = await an_open_page(server)
    client = server.client()
    booked = (await client.post(f"{address}/bookings", json=a_request())).json()

    assert booked["start"] not in (await client.get(f"{address}/slots", params=TUESDAY)).json()["slots"]

    token = booked["manage_url"].rpartition("/")[2]
    await client.post(f"/api/v1/public/bookings/{token}/cancel", json={})
    assert booked["start"] in (await client.get(f"{address}/slots", params=TUESDAY)).json()["slots"]


async def test_a_daily_cap_closes_the_day(server: Server) -> None:
    host = a_host()
    _, address = await an_open_page(server, a_page(host, rules=BookingRules(daily_cap=1)), host)
    client = server.client()
    await client.post(f"{address}/bookings", json=a_request())

    assert [] == (await client.get(f"{address}/slots", params=TUESDAY)).json()["slots"]


async def test_sixty_two_days_are_the_most(server: Server) -> None:
    _, address = await an_open_page(server)
    client = server.client()

    longest = await client.get(f"{address}/slots", params={**TUESDAY, "to": "2026-05-03"})
    assert 200 == longest.status_code
    too_long = await client.get(f"{address}/slots", params={**TUESDAY, "to": "2026-05-04"})
    assert ["to"] == fields(too_long)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"from": "2026-03-04"}, "from"),
        ({"from": "yesterday"}, "from"),
        ({"from": ""}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"to": None}, "to"),
        ({"timezone": None}, "timezone"),
        ({"zone": "Europe/Berlin"}, "zone"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": "a\x00b"}, "timezone"),
        ({"from": "0001-01-01"}, "from"),
        ({"to": "9999-12-31"}, "to"),
    ],
)
async def test_what_cannot_be_answered_is_refused_by_name(
    server: Server, change: dict[str, str | None], field: str
) -> None:
    _, address = await an_open_page(server)
    query = {name: value for name, value in {**TUESDAY, **change}.items() if value is not None}

    assert [field] == fields(await server.client().get(f"{address}/slots", params=query))


async def test_bytes_that_are_no_text_are_refused(server: Server) -> None:
    _, address = await an_open_page(server)

    answer = await server.client().get(f"{address}/slots?from=2026-03-03&to=2026-03-03&timezone=%ff%fe")

    assert ["timezone"] == fields(answer)


async def test_an_event_type_that_does_not_exist_is_not_found(server: Server) -> None:
    _, address = await an_open_page(server)

    answer = await server.client().get(f"{address.rpartition('/')[0]}/nothing/slots", params=TUESDAY)

    assert "not-found" == problem(answer)
