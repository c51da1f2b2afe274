"""A host's booking pages and event types over the API."""

import pytest

from tests.support.serving import API, Json, Server, fields, problem

PAGES = f"{API}/booking-pages"
NINE_TO_FIVE = [["09:00", "17:00"]]

FULL: dict[str, Json] = {
    "slug": "talk",
    "title": "Talk to me",
    "description": "About\nnets",
    "meeting_types": [
        {"type": "zoom"},
        {"type": "google_meet"},
        {"type": "microsoft_teams"},
        {"type": "phone", "caller": "guest", "number": "+49 30 5551234"},
        {"type": "in_person", "address": "Hafenstraße 1", "backup": False},
    ],
    "availability": {
        "weekly": {
            "mon": [["08:00", "12:00"], ["13:00", "24:00"]],
            "tue": [],
            "wed": [],
            "thu": [],
            "fri": [],
            "sat": [],
            "sun": [["00:00", "01:30"]],
        },
        "overrides": {"2026-12-24": [], "2026-12-31": [["10:00", "11:00"]]},
    },
    "schedule_id": None,
    "minimum_notice_minutes": 120,
    "not_today": True,
    "horizon_days": 30,
    "buffer_before_minutes": 5,
    "buffer_after_minutes": 10,
    "slot_interval_minutes": 15,
    "daily_cap": 3,
    "max_per_guest": 2,
    "reminders": [90, 15],
    "brand_color": "#b4236f",
    "confirm_guest_email": True,
    "additional_guests_allowed": False,
    "active": False,
    "calendars": {
        "blocking": [],
        "writes_to": None,
        "when_unreadable": "trust_last",
        "on_delete": "cancel",
        "on_move": "nothing",
    },
    "embedding": ["https://example.com:8443", "http://localhost:3000"],
}

FOLLOWING: dict[str, dict[str, Json]] = {"reminders": {"reminder_minutes_before": 90}}

EVENT_TYPE: dict[str, Json] = {
    "slug": "intro",
    "title": "Intro",
    "duration_minutes": 45,
    "description": "A first talk,\nabout anything.",
    "redirect_url": "https://hosts.example/thanks",
    "meeting_types": [{"type": "phone", "caller": "host"}],
    "questions": [
        {"id": "topic", "label": "What about?", "kind": "choice", "required": True, "choices": ["Nets", "Boats"]}
    ],
}


async def test_a_page_needs_no_more_than_a_slug_and_a_title(server: Server) -> None:
    client = await server.host_client(await server.memory.host())

    answer = await client.post(PAGES, json={"slug": "talk", "title": "Talk"})

    assert 201 == answer.status_code
    told = answer.json()
    assert {
        "id": told["id"],
        "slug": "talk",
        "title": "Talk",
        "description": "",
        "meeting_types": [],
        "availability": {
            "weekly": {
                **dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), NINE_TO_FIVE),
                "sat": [],
                "sun": [],
            },
            "overrides": {},
        },
        "schedule_id": None,
        "minimum_notice_minutes": 0,
        "not_today": False,
        "horizon_days": 60,
        "buffer_before_minutes": 0,
        "buffer_after_minutes": 0,
        "slot_interval_minutes": 30,
        "daily_cap": None,
        "max_per_guest": 5,
        "reminders": [1440],
        "reminder_minutes_before": 1440,
        "brand_color": None,
        "confirm_guest_email": False,
        "additional_guests_allowed": True,
        "active": True,
        "calendars": {
            "blocking": [],
            "writes_to": None,
            "when_unreadable": "close",
            "on_delete": "ask",
            "on_move": "ask",
        },
        "embedding": "nowhere",
        "event_types": [],
    } == told


async def test_everything_about_a_page_comes_back_as_it_was_sent(server: Server) -> None:
    client = await server.host_client(await server.memory.host())

    made = (await client.post(PAGES, json={**FULL, "event_types": [EVENT_TYPE]})).json()

    event_type = {**EVENT_TYPE, "id": made["event_types"][0]["id"]}
    assert {**FULL, **FOLLOWING["reminders"], "id": made["id"], "event_types": [event_type]} == made
    assert made == (await client.get(f"{PAGES}/{made['id']}")).json()
    assert [made] == (await client.get(PAGES)).json()


@pytest.mark.parametrize("member", sorted(FULL))
async def test_a_page_is_changed_bit_by_bit(server: Server, member: str) -> None:
    client = await server.host_client(await server.memory.host())
    before = (await client.post(PAGES, json={"slug": "plain", "title": "Plain"})).json()

    answer = await client.patch(f"{PAGES}/{before['id']}", json={member: FULL[member]})

    assert 200 == answer.status_code
    assert {**before, member: FULL[member], **FOLLOWING.get(member, {})} == answer.json()


async def test_a_colour_is_kept_in_small_letters_and_can_be_taken_off(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    page = (await client.post(PAGES, json={**FULL, "brand_color": "#B4236F"})).json()

    assert "#b4236f" == page["brand_color"]
    assert (await client.patch(f"{PAGES}/{page['id']}", json={"brand_color": None})).json()["brand_color"] is None


async def test_a_cap_can_be_taken_off(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    page = (await client.post(PAGES, json=FULL)).json()

    assert (await client.patch(f"{PAGES}/{page['id']}", json={"daily_cap": None})).json()["daily_cap"] is None


WRONG_MEMBERS: list[tuple[Json, str]] = [
    ({"slug": "Not A Slug"}, "slug"),
    ({"slug": "taken"}, "slug"),
    ({"title": "  "}, "title"),
    ({"title": None}, "title"),
    ({"id": "mine"}, "id"),
    ({"daily_cap": 0}, "daily_cap"),
    ({"brand_color": "teal"}, "brand_color"),
    ({"brand_color": "#fff"}, "brand_color"),
    ({"brand_color": "#12345g"}, "brand_color"),
    ({"brand_color": "#123456\n"}, "brand_color"),
    ({"brand_color": "#123456;background:url(//evil.example)"}, "brand_color"),
    ({"brand_color": 1193046}, "brand_color"),
    ({"confirm_guest_email": None}, "confirm_guest_email"),
    ({"active": None}, "active"),
    ({"calendars": {"blocking": ["nobody's"]}}, "calendars.blocking.0"),
    ({"calendars": {"when_unreadable": "hope"}}, "calendars.when_unreadable"),
    ({"confirm_guest_email": "yes"}, "confirm_guest_email"),
    ({"embedding": "everywhere"}, "embedding"),
    ({"embedding": ["https://example.com", "https://example.com; script-src *"]}, "embedding.1"),
    ({"embedding": ["https://example.com", "HTTPS://EXAMPLE.com:443"]}, "embedding.1"),
    ({"daily_cap": "3"}, "daily_cap"),
    ({"max_per_guest": 0}, "max_per_guest"),
    ({"max_per_guest": 51}, "max_per_guest"),
    ({"max_per_guest": None}, "max_per_guest"),
    ({"slot_interval_minutes": 0}, "slot_interval_minutes"),
    ({"minimum_notice_minutes": -1}, "minimum_notice_minutes"),
    ({"horizon_days": 0}, "horizon_days"),
    ({"horizon_days": 1e9}, "horizon_days"),
    ({"buffer_before_minutes": True}, "buffer_before_minutes"),
    ({"meeting_types": [{"type": "zoom"}, {"type": "smoke"}]}, "meeting_types.1.type"),
    ({"meeting_types": [{}]}, "meeting_types.0.type"),
    ({"meeting_types": [{"type": "zoom", "pmi": 1}]}, "meeting_types.0.pmi"),
    ({"meeting_types": [{"type": "zoom"}, {"type": "zoom"}]}, "meeting_types.1"),
    ({"meeting_types": [{"type": "in_person"}]}, "meeting_types.0.address"),
    ({"meeting_types": [{"type": "in_person", "address": " "}]}, "meeting_types.0.address"),
    ({"meeting_types": [{"type": "phone", "caller": "guest", "number": "call me"}]}, "meeting_types.0.number"),
    ({"meeting_types": [{"type": "phone", "caller": "cat"}]}, "meeting_types.0.caller"),
    ({"availability": {"weekly": {"mon": [["9:00", "17:00"]]}}}, "availability.weekly.mon.0.0"),
    ({"availability": {"weekly": {"mon": [["09:00", "25:00"]]}}}, "availability.weekly.mon.0.1"),
    ({"availability": {"weekly": {"mon": [["24:00", "09:00"]]}}}, "availability.weekly.mon.0"),
    ({"availability": {"weekly": {"monday": []}}}, "availability.weekly.monday"),
    (
        {"availability": {"weekly": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}}},
        "availability.weekly",
    ),
    ({"availability": {"overrides": {"someday": []}}}, "availability.overrides"),
]


@pytest.mark.parametrize(("change", "field"), WRONG_MEMBERS)
async def test_a_wrong_member_is_refused_by_name(server: Server, change: Json, field: str) -> None:
    client = await server.host_client(await server.memory.host())
    await client.post(PAGES, json={"slug": "taken", "title": "First"})
    page = (await client.post(PAGES, json={"slug": "mine", "title": "Second"})).json()

    assert [field] == fields(await client.post(PAGES, json={"slug": "new", "title": "New", **change}))
    assert [field] == fields(await client.patch(f"{PAGES}/{page['id']}", json=change))
    assert page == (await client.get(f"{PAGES}/{page['id']}")).json()


@pytest.mark.parametrize("member", ["slug", "title"])
async def test_a_new_page_has_to_say_what_it_is(server: Server, member: str) -> None:
    client = await server.host_client(await server.memory.host())

    body = {name: value for name, value in FULL.items() if name != member}
    assert [member] == fields(await client.post(PAGES, json=body))


async def test_two_hosts_may_use_the_same_slug(server: Server) -> None:
    for _ in range(2):
        client = await server.host_client(await server.memory.host())
        assert 201 == (await client.post(PAGES, json={"slug": "talk", "title": "Talk"})).status_code


async def test_a_removed_page_is_gone_for_host_and_guests(server: Server) -> None:
    host = await server.memory.host()
    client = await server.host_client(host)
    page = (await client.post(PAGES, json=FULL)).json()

    answer = await client.delete(f"{PAGES}/{page['id']}")

    assert 204 == answer.status_code
    assert b"" == answer.content
    assert [] == (await client.get(PAGES)).json()
    assert "not-found" == problem(await client.get(f"{PAGES}/{page['id']}"))
    assert "not-found" == problem(await client.delete(f"{PAGES}/{page['id']}"))
    assert "not-found" == problem(await client.get(f"{API}/public/{host.handle}/talk"))


async def test_event_types_are_added_read_changed_and_removed(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    page = (await client.post(PAGES, json=FULL)).json()
    address = f"{PAGES}/{page['id']}/event-types"

    made = await client.post(address, json=EVENT_TYPE)
    assert 201 == made.status_code
    event_type = made.json()
    assert {**EVENT_TYPE, "id": event_type["id"]} == event_type
    assert [event_type] == (await client.get(address)).json()
    assert event_type == (await client.get(f"{address}/{event_type['id']}")).json()
    assert [event_type] == (await client.get(f"{PAGES}/{page['id']}")).json()["event_types"]

    change = {"title": "Longer", "duration_minutes": 90, "meeting_types": None, "questions": list[Json]()}
    changed = await client.patch(f"{address}/{event_type['id']}", json=change)
    assert 200 == changed.status_code
    assert {**event_type, **change} == changed.json()

    assert 204 == (await client.delete(f"{address}/{event_type['id']}")).status_code
    assert [] == (await client.get(address)).json()
    assert "not-found" == problem(await client.get(f"{address}/{event_type['id']}"))
    assert "not-found" == problem(await client.patch(f"{address}/{event_type['id']}", json=change))
    assert "not-found" == problem(await client.delete(f"{address}/{event_type['id']}"))


async def test_an_event_type_needs_a_slug_a_title_and_a_length(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    page = (await client.post(PAGES, json=FULL)).json()

    made = await client.post(
        f"{PAGES}/{page['id']}/event-types", json={"slug": "short", "title": "Short", "duration_minutes": 15}
    )
    assert made.json()["meeting_types"] is None
    assert [] == made.json()["questions"]
    for member in ("slug", "title", "duration_minutes"):
        body = {name: value for name, value in EVENT_TYPE.items() if name != member}
        assert [member] == fields(await client.post(f"{PAGES}/{page['id']}/event-types", json=body))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "taken"}, "slug"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"description": "x" * 2001}, "description"),
        ({"redirect_url": "http://hosts.example/"}, "redirect_url"),
        ({"duration_minutes": 2.5}, "duration_minutes"),
        ({"length": 5}, "length"),
        ({"meeting_types": [{"type": "phone"}]}, "meeting_types.0.caller"),
        ({"questions": [{"id": "a", "label": " "}]}, "questions.0.label"),
        ({"questions": [{"id": "a", "label": "A", "shape": "round"}]}, "questions.0.shape"),
        ({"questions": [{"id": "a", "label": "A"}, {"id": "a", "label": "B"}]}, "questions.1.id"),
        ({"questions": [{"id": "a", "label": "A", "kind": "choice"}]}, "questions.0.choices"),
        ({"questions": [{"id": "a", "label": "A", "kind": "choice", "choices": ["One"]}]}, "questions.0.choices"),
        (
            {"questions": [{"id": "a", "label": "A", "kind": "choice", "choices": ["One", " One"]}]},
            "questions.0.choices",
        ),
        (
            {"questions": [{"id": "a", "label": "A", "kind": "choice", "choices": ["One", "x" * 101]}]},
            "questions.0.choices",
        ),
        ({"questions": [{"id": "a", "label": "x" * 201}]}, "questions.0.label"),
        ({"questions": [{"id": f"q{number}", "label": "Why?"} for number in range(21)]}, "questions"),
    ],
)
async def test_a_wrong_event_type_is_refused_by_name(server: Server, change: Json, field: str) -> None:
    client = await server.host_client(await server.memory.host())
    page = (await client.post(PAGES, json={**FULL, "event_types": [{**EVENT_TYPE, "slug": "taken"}]})).json()

    answer = await client.post(f"{PAGES}/{page['id']}/event-types", json={**EVENT_TYPE, **change})

    assert [field] == fields(answer)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "No Slug"}, "slug"),
        ({"slug": "intro"}, "slug"),
        ({"title": " "}, "title"),
        ({"meeting_types": [{"type": "in_person", "address": " "}]}, "meeting_types.0.address"),
        ({"meeting_types": [{"type": "zoom"}, {"type": "zoom"}]}, "meeting_types.1"),
        ({"questions": [{"id": "a", "label": " "}]}, "questions.0.label"),
    ],
)
async def test_a_wrong_event_type_of_a_new_page_is_refused_by_its_place(
    server: Server, change: Json, field: str
) -> None:
    client = await server.host_client(await server.memory.host())
    second = {**EVENT_TYPE, "slug": "second", **change}

    answer = await client.post(PAGES, json={**FULL, "event_types": [EVENT_TYPE, second]})

    assert [f"event_types.1.{field}"] == fields(answer)


async def test_a_page_has_room_for_so_many_event_types(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    many = [{**EVENT_TYPE, "slug": f"event-{number}"} for number in range(51)]

    assert ["event_types"] == fields(await client.post(PAGES, json={**FULL, "event_types": many}))
    assert 201 == (await client.post(PAGES, json={**FULL, "event_types": many[:-1]})).status_code


async def test_event_types_are_not_changed_with_their_page(server: Server) -> None:
    client = await server.host_client(await server.memory.host())
    page = (await client.post(PAGES, json=FULL)).json()

    answer = await client.patch(f"{PAGES}/{page['id']}", json={"event_types": [EVENT_TYPE]})

    assert ["event_types"] == fields(answer)


@pytest.mark.parametrize("whose", ["another host's", "nobody's", "a%00b"])
async def test_what_is_not_ones_own_is_not_found(server: Server, whose: str) -> None:
    owner = await server.host_client(await server.memory.host())
    page = (await owner.post(PAGES, json={**FULL, "event_types": [EVENT_TYPE]})).json()
    page_id, event_type_id = page["id"], page["event_types"][0]["id"]
    if whose != "another host's":
        page_id = event_type_id = whose
    stranger = await server.host_client(await server.memory.host())

    for method, path, body in (
        ("GET", page_id, None),
        ("PATCH", page_id, {"title": "Mine now"}),
        ("DELETE", page_id, None),
        ("GET", f"{page_id}/event-types", None),
        ("POST", f"{page_id}/event-types", {**EVENT_TYPE, "slug": "mine"}),
        ("GET", f"{page_id}/event-types/{event_type_id}", None),
        ("PATCH", f"{page_id}/event-types/{event_type_id}", {"title": "Mine now"}),
        ("DELETE", f"{page_id}/event-types/{event_type_id}", None),
    ):
        assert "not-found" == problem(await stranger.request(method, f"{PAGES}/{path}", json=body))
    assert page == (await owner.get(f"{PAGES}/{page['id']}")).json()


async def test_a_duplicate_is_another_page_with_all_that_the_first_has(server: Server) -> None:
    host = await server.memory.host()
    client = await server.host_client(host)
    first = (await client.post(PAGES, json={**FULL, "event_types": [EVENT_TYPE]})).json()

    answer = await client.post(f"{PAGES}/{first['id']}/duplicate")

    assert 201 == answer.status_code
    copy = answer.json()
    changed = {"id", "slug", "active", "event_types"}
    assert {key: first[key] for key in first if key not in changed} == {
        key: copy[key] for key in copy if key not in changed
    }
    assert ("talk-2", False, "intro") == (copy["slug"], copy["active"], copy["event_types"][0]["slug"])
    stranger = await server.host_client(await server.memory.host())
    assert "not-found" == problem(await stranger.post(f"{PAGES}/{first['id']}/duplicate"))
