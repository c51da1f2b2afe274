"""The calls about calendars."""

from datetime import datetime, timedelta

from application.ports.calendar_reader import RemoteCalendar
from domain.busy import BusyTime
from domain.calendar_problem import AddressNotAllowed, ServerBusy
from domain.slot import Slot
from tests.support.builders import a_host, a_page
from tests.support.serving import API, TUESDAY_AT_TEN, Server, a_request, an_open_page, fields, problem

FEED = "https://calendar.example/secret.ics"
TEN = datetime.fromisoformat(TUESDAY_AT_TEN)
BUSY = BusyTime(Slot.lasting(timedelta(hours=1), TEN))


async def test_a_feed_is_connected_shown_ruled_read_and_disconnected(server: Server) -> None:
    host = a_host()
    await an_open_page(server, a_page(host), host)
    client = await server.host_client(host)
    server.memory.feeds.publish(FEED, BUSY)

    made = await client.post(f"{API}/calendar-connections", json={"kind": "ical_feed", "url": FEED, "name": "Work"})
    connection = made.json()
    [calendar] = connection.pop("calendars")
    listed = (await client.get(f"{API}/calendar-connections")).json()
    calendars = (await client.get(f"{API}/calendars")).json()
    [page] = (await client.get(f"{API}/booking-pages")).json()
    path = f"{API}/calendars/{calendar['id']}"
    ruled = await client.patch(path, json={"rules": {"tentative": "free"}})
    server.memory.feeds.fail(FEED, ServerBusy())
    read = await client.post(f"{path}/read")
    gone = await client.delete(f"{API}/calendar-connections/{connection['id']}")

    assert 201 == made.status_code
    assert {
        "id": connection["id"],
        "kind": "ical_feed",
        "account": "calendar.example",
        "state": "connected",
        "problem": None,
        "connected_at": "2026-03-02T08:00:00Z",
    } == connection
    assert ([connection], [calendar]) == (listed, calendars)
    assert {
        "id": calendar["id"],
        "connection_id": connection["id"],
        "kind": "ical_feed",
        "name": "Work",
        "timezone": "Europe/Berlin",
        "writable": False,
        "state": "fresh",
        "read_at": "2026-03-02T08:00:00Z",
        "problem": None,
        "unreadable_events": 0,
        "rules": {
            "tentative": "busy",
            "unanswered": "busy",
            "out_of_office": "busy",
            "working_elsewhere": "free",
            "all_day": "as_marked",
        },
        "rules_apply": True,
    } == calendar
    assert {
        "blocking": [calendar["id"]],
        "writes_to": None,
        "when_unreadable": "close",
        "on_delete": "ask",
        "on_move": "ask",
    } == page["calendars"]
    assert "free" == ruled.json()["rules"]["tentative"]
    assert ("stale", "server-busy") == (read.json()["state"], read.json()["problem"]["type"])
    assert 204 == gone.status_code
    assert [] == (await client.get(f"{API}/calendars")).json()


async def test_no_answer_shows_the_address_of_a_feed(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    server.memory.feeds.publish(FEED)

    answers = [
        await client.post(f"{API}/calendar-connections", json={"kind": "ical_feed", "url": FEED}),
        await client.get(f"{API}/calendar-connections"),
        await client.get(f"{API}/calendars"),
    ]

    assert all("secret" not in each.text for each in answers)


async def test_an_address_that_leads_inside_is_invalid_input(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    server.memory.feeds.fail("https://intranet.example/", AddressNotAllowed())

    refused = await client.post(
        f"{API}/calendar-connections", json={"kind": "ical_feed", "url": "https://intranet.example/"}
    )

    assert ("invalid-input", ["url"]) == (problem(refused), fields(refused))


async def test_a_time_that_a_calendar_blocks_is_taken_and_named_to_the_host(server: Server) -> None:
    host = a_host()
    page = a_page(host)
    _, address = await an_open_page(server, page, host)
    client = await server.host_client(host)
    server.memory.feeds.publish(FEED, BUSY)
    await client.post(f"{API}/calendar-connections", json={"kind": "ical_feed", "url": FEED})
    [calendar] = (await client.get(f"{API}/calendars")).json()

    refused = await server.client().post(f"{address}/bookings", json=a_request())
    why = await client.get(
        f"{API}/booking-pages/{page.id}/event-types/{page.event_types[0].id}/why", params={"start": TUESDAY_AT_TEN}
    )

    assert "slot-taken" == problem(refused)
    [reason] = why.json()["reasons"]
    assert ("calendar", calendar["id"]) == (reason["code"], reason["calendar_id"])


async def test_with_a_calendar_that_cannot_be_read_there_are_no_slots_and_a_booking_is_to_be_tried_later(
    server: Server,
) -> None:
    host = a_host()
    _, address = await an_open_page(server, a_page(host), host)
    client = await server.host_client(host)
    server.memory.feeds.publish(FEED)
    await client.post(f"{API}/calendar-connections", json={"kind": "ical_feed", "url": FEED})
    server.memory.clock.advance(timedelta(hours=7))
    day = {"from": "2026-03-03", "to": "2026-03-03", "timezone": "UTC"}

    slots = await server.client().get(f"{address}/slots", params=day)
    refused = await server.client().post(f"{address}/bookings", json=a_request())

    assert {"timezone": "UTC", "slots": [], "unavailable": "calendar-unreadable"} == slots.json()
    assert (503, "calendar-unreadable", "60") == (
        refused.status_code,
        problem(refused),
        refused.headers["retry-after"],
    )


async def test_whoever_moves_a_booking_while_a_calendar_cannot_be_read_is_to_try_later(server: Server) -> None:
    host = a_host()
    _, address = await an_open_page(server, a_page(host), host)
    client = await server.host_client(host)
    booking = (await server.client().post(f"{address}/bookings", json=a_request())).json()
    server.memory.feeds.publish(FEED)
    await client.post(f"{API}/calendar-connections", json={"kind": "ical_feed", "url": FEED})
    server.memory.clock.advance(timedelta(hours=7))
    there = {"start": "2026-03-03T11:00:00Z"}
    token = booking["manage_url"].rpartition("/")[2]

    by_guest = await server.client().post(f"{API}/public/bookings/{token}/reschedule", json=there)
    by_host = await client.post(f"{API}/bookings/{booking['id']}/reschedule", json=there)

    assert 2 * [(503, "calendar-unreadable", "60")] == [
        (each.status_code, problem(each), each.headers["retry-after"]) for each in (by_guest, by_host)
    ]


async def test_a_caldav_account_is_connected_and_by_the_same_call_healed(server: Server) -> None:
    host = a_host()
    await an_open_page(server, a_page(host), host)
    client = await server.host_client(host)
    reader = server.memory.calendar_readers["caldav"]
    reader.hold("anna", RemoteCalendar("https://dav.example/work/", "Work", writable=True))
    body = {"kind": "caldav", "url": "dav.example", "username": "anna", "password": "right"}

    made = await client.post(f"{API}/calendar-connections", json=body)
    again = await client.post(f"{API}/calendar-connections", json={**body, "url": "https://dav.example/"})
    reader.lock_out("anna")
    refused = await client.post(f"{API}/calendar-connections", json=body)

    assert (201, 201) == (made.status_code, again.status_code)
    assert ("caldav", "anna", "connected") == tuple(made.json()[name] for name in ("kind", "account", "state"))
    assert [("Work", True, "fresh")] == [
        (each["name"], each["writable"], each["state"]) for each in made.json()["calendars"]
    ]
    assert made.json() == again.json()
    assert "right" not in made.text
    assert (400, ["password"]) == (refused.status_code, fields(refused))


async def test_what_a_connection_needs_depends_on_its_kind(server: Server) -> None:
    host = a_host()
    await an_open_page(server, a_page(host), host)
    client = await server.host_client(host)

    async def wrong(body: dict[str, str]) -> set[str]:
        refused = await client.post(f"{API}/calendar-connections", json=body)
        assert 400 == refused.status_code
        return set(fields(refused))

    assert {"kind"} == await wrong({"url": FEED})
    assert {"kind"} == await wrong({"kind": "google", "url": FEED})
    assert {"username", "password"} == await wrong({"kind": "caldav", "url": "dav.example"})
    assert {"username"} == await wrong({"kind": "ical_feed", "url": FEED, "username": "anna"})


async def test_a_feed_without_an_address_is_not_told_of_a_program(server: Server) -> None:
    client = await server.host_client(await server.memory.host())

    refused = await client.post(f"{API}/calendar-connections", json={"kind": "ical_feed"})

    assert [{"field": "url", "message": "Enter the address."}] == refused.json()["errors"]


async def test_where_nothing_is_wrong_slots_say_so(server: Server) -> None:
    _, address = await an_open_page(server)
    day = {"from": "2026-03-03", "to": "2026-03-03", "timezone": "UTC"}

    assert (await server.client().get(f"{address}/slots", params=day)).json()["unavailable"] is None
