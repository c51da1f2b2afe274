"""Why a time isn't offered, and that everything that lists, explains and takes times agrees."""

import re
from datetime import UTC, date, datetime, timedelta

import httpx

from domain.availability import Availability, BookingRules, Hours, WeeklyHours
from domain.booking_page import BookingPage
from domain.host import Host
from tests.support.builders import a_host, a_page, an_event_type, at_the_harbour, zoom
from tests.support.serving import API, TUESDAY_AT_TEN, Server, a_request, an_open_page, fields, problem

NIGHT = (Hours("22:00", "02:00"),)


def why_at(page: BookingPage) -> str:
    return f"{API}/booking-pages/{page.id}/event-types/{page.event_types[0].id}/why"


async def opened(
    server: Server, host: Host, page: BookingPage | None = None
) -> tuple[httpx.AsyncClient, BookingPage, str]:
    page = page or a_page(host)
    _, address = await an_open_page(server, page, host)
    return await server.host_client(host), page, address


async def test_an_offered_time_has_no_reason_against_it(server: Server) -> None:
    client, page, _ = await opened(server, a_host())

    answer = await client.get(why_at(page), params={"start": "2026-03-03T11:00:00+01:00"})

    assert {"start": TUESDAY_AT_TEN, "offered": True, "reasons": []} == answer.json()


async def test_a_booking_in_the_way_is_named(server: Server) -> None:
    client, page, address = await opened(server, a_host())
    booked = (await server.client().post(f"{address}/bookings", json=a_request())).json()

    told = (await client.get(why_at(page), params={"start": TUESDAY_AT_TEN})).json()

    [reason] = told["reasons"]
    assert not told["offered"]
    assert {
        "code": "booking",
        "message": "You have another booking at this time.",
        "booking_id": booked["id"],
    } == reason


async def test_all_reasons_are_told_and_times_in_them_are_instants(server: Server) -> None:
    host = a_host()
    rules = BookingRules(minimum_notice=timedelta(days=3))
    client, page, _ = await opened(server, host, a_page(host, meeting_types=(), rules=rules))

    told = (await client.get(why_at(page), params={"start": "2026-03-03T06:10:00Z"})).json()

    assert ["minimum-notice", "outside-hours", "no-meeting-type"] == [each["code"] for each in told["reasons"]]
    assert "2026-03-05T08:00:00Z" in told["reasons"][0]["message"]


async def test_instants_at_both_ends_of_time_have_a_reason_too(server: Server) -> None:
    client, page, _ = await opened(server, a_host())

    codes = [
        [each["code"] for each in (await client.get(why_at(page), params={"start": start})).json()["reasons"]]
        for start in (
            "2000-01-01T00:00:00Z",
            "2016-03-01T10:00:00Z",
            "9998-12-31T23:59:59Z",
        )
    ]

    assert ["past", "past", "beyond-horizon"] == [each[0] for each in codes]


async def test_a_start_has_to_be_an_instant(server: Server) -> None:
    client, page, _ = await opened(server, a_host())

    for start in ("tomorrow", "2026-03-03T10:00:00"):
        assert ["start"] == fields(await client.get(why_at(page), params={"start": start}))


async def test_another_hosts_event_type_is_not_found(server: Server) -> None:
    _, page, _ = await opened(server, a_host())
    stranger = await server.host_client(await server.memory.host(a_host()))

    assert "not-found" == problem(await stranger.get(why_at(page), params={"start": TUESDAY_AT_TEN}))


async def test_what_is_offered_is_accepted_and_all_else_refused() -> None:
    """Two nights of a page with windows across midnight, buffers and a daily cap, quarter by quarter."""
    server = Server(rate_limit=False)
    host = a_host(timezone="Europe/Berlin")
    page = a_page(
        host,
        an_event_type(duration=timedelta(minutes=45)),
        meeting_types=(at_the_harbour, zoom),
        availability=Availability(
            WeeklyHours(tue=NIGHT, wed=(*NIGHT, Hours("02:00", "03:00"))), {date(2026, 3, 6): ()}
        ),
        rules=BookingRules(buffer_before=timedelta(minutes=10), buffer_after=timedelta(minutes=5), daily_cap=2),
    )
    client, _, address = await opened(server, host, page)
    guests = server.client()
    for start in ("2026-03-03T21:00:00Z", "2026-03-03T23:30:00Z", "2026-03-04T21:00:00Z"):
        assert 201 == (await _books(guests, address, start)).status_code

    first, last = date(2026, 3, 3), date(2026, 3, 6)
    listed = await guests.get(
        f"{address}/slots", params={"from": f"{first}", "to": f"{last}", "timezone": "Europe/Berlin"}
    )
    offered: list[str] = listed.json()["slots"]
    assert offered
    begin = datetime(2026, 3, 2, 23, tzinfo=UTC)
    quarters = [f"{begin + timedelta(minutes=15 * number):%Y-%m-%dT%H:%M:%SZ}" for number in range(4 * 24 * 4)]

    unopposed = [
        start for start in quarters if (await client.get(why_at(page), params={"start": start})).json()["offered"]
    ]
    assert offered == unopposed
    assert set(offered) == await _on_the_public_page(guests, host, page, first, last)
    for start in quarters:
        answer = await _books(guests, address, start)
        if start in offered:
            assert 201 == answer.status_code, start
            token = answer.json()["manage_url"].rpartition("/")[2]
            assert 200 == (await guests.post(f"{API}/public/bookings/{token}/cancel", json={})).status_code
        else:
            assert problem(answer) in {"slot-not-offered", "slot-taken"}, start


async def _books(guests: httpx.AsyncClient, address: str, start: str) -> httpx.Response:
    return await guests.post(f"{address}/bookings", json=a_request(start=start, meeting_type="in_person"))


async def _on_the_public_page(
    guests: httpx.AsyncClient, host: Host, page: BookingPage, first: date, last: date
) -> set[str]:
    found: set[str] = set()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        query = {"date": f"{day}", "month": f"{day:%Y-%m}", "timezone": "Europe/Berlin"}
        html = (await guests.get(f"/{host.handle}/{page.slug}", params=query)).text
        found |= {start for start in re.findall(r'data-start="([^"]+)"', html) if _day(start) == day}
    return found


def _day(start: str) -> date:
    return (datetime.fromisoformat(start) + timedelta(hours=1)).date()
