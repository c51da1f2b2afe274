"""Hours that pages share, over the API."""

from domain.availability import WEEKDAYS
from tests.support.serving import API, Json, Server, problem

SCHEDULES, PAGES = f"{API}/schedules", f"{API}/booking-pages"
NO_HOURS: dict[str, Json] = {day: [] for day in WEEKDAYS}
TUESDAYS: Json = {"weekly": {**NO_HOURS, "tue": [["09:00", "17:00"]]}, "overrides": {"2026-12-24": []}}
WEDNESDAYS: Json = {"weekly": {**NO_HOURS, "wed": [["09:00", "17:00"]]}, "overrides": {}}


async def test_a_schedule_lives_from_its_making_to_its_removal(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    page = (await client.post(PAGES, json={"slug": "talk", "title": "Talk"})).json()

    answer = await client.post(SCHEDULES, json={"name": "Tokyo", "availability": TUESDAYS, "timezone": "Asia/Tokyo"})
    made = answer.json()
    at = f"{SCHEDULES}/{made['id']}"
    shared = (await client.patch(f"{PAGES}/{page['id']}", json={"schedule_id": made["id"]})).json()
    changed = (await client.patch(at, json={"availability": WEDNESDAYS, "timezone": None})).json()
    in_use = await client.delete(at)
    own = (await client.patch(f"{PAGES}/{page['id']}", json={"availability": TUESDAYS})).json()
    removed = await client.delete(at)

    assert 201 == answer.status_code
    expected: Json = {"name": "Tokyo", "availability": TUESDAYS, "timezone": "Asia/Tokyo", "booking_pages": []}
    assert {**expected, "id": made["id"]} == made
    assert (made["id"], TUESDAYS) == (shared["schedule_id"], shared["availability"])
    assert {**made, "availability": WEDNESDAYS, "timezone": None, "booking_pages": [page["id"]]} == changed
    assert "schedule-in-use" == problem(in_use)
    assert "Talk" in in_use.json()["detail"]
    assert (None, TUESDAYS) == (own["schedule_id"], own["availability"])
    assert 204 == removed.status_code
    assert [] == (await client.get(SCHEDULES)).json()
    assert "not-found" == problem(await client.get(at))


async def test_hours_keep_the_public_holidays_of_a_region_free(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    hours: Json = {**WEDNESDAYS, "public_holidays": {"country": "DE", "region": "BY"}}

    made = (await client.post(SCHEDULES, json={"name": "Bavaria", "availability": hours})).json()
    listed = (await client.get(f"{API}/public-holidays", params={"country": "DE", "region": "BY"})).json()
    unknown = await client.get(f"{API}/public-holidays", params={"country": "XX"})
    malformed = await client.post(
        SCHEDULES, json={"name": "Nowhere", "availability": {**WEDNESDAYS, "public_holidays": {"country": "de"}}}
    )

    assert hours == made["availability"]
    assert {"date": "2026-04-03", "name": "Good Friday"} == listed["days"][0]
    assert {"code": "BY", "name": "Bayern"} in listed["regions"]
    assert ["country"] == [each["field"] for each in unknown.json()["errors"]]
    assert ["availability.public_holidays.country"] == [each["field"] for each in malformed.json()["errors"]]
