"""What guests learn about a booking page over the API."""

from datetime import timedelta

from domain.booking_page import Question
from domain.connection import Blocked, NeedsReconnect
from domain.provider_problem import GrantEnded, MeetingsNotAllowed
from tests.support.builders import a_host, a_page, an_event_type, at_the_harbour, phone_by_host, zoom
from tests.support.memory_app import MemoryApp
from tests.support.serving import API, Server, problem


async def test_a_page_tells_what_can_be_booked(server: Server) -> None:
    question = Question("topic", "What is it about?", kind="choice", required=True, choices=("Fish", "Nets"))
    host = await server.memory.host(a_host(name="Hanne Höst"))
    event_type = an_event_type(slug="long", title="Long talk", duration=timedelta(hours=1), questions=(question,))
    page = await server.memory.page(
        a_page(host, event_type, title="Talk", description="Two\nlines", meeting_types=(phone_by_host, zoom))
    )
    await server.memory.connect(host)

    answer = await server.client().get(f"{API}/public/{host.handle}/{page.slug}")

    assert 200 == answer.status_code
    assert "application/json" == answer.headers["content-type"]
    assert {
        "title": "Talk",
        "description": "Two\nlines",
        "host": {"name": "Hanne Höst"},
        "accepting_bookings": True,
        "event_types": [
            {
                "slug": "long",
                "title": "Long talk",
                "duration_minutes": 60,
                "description": "",
                "meeting_types": [{"type": "phone", "label": "Phone call"}, {"type": "zoom", "label": "Zoom"}],
                "questions": [
                    {
                        "id": "topic",
                        "label": "What is it about?",
                        "kind": "choice",
                        "required": True,
                        "choices": ["Fish", "Nets"],
                    }
                ],
            }
        ],
    } == answer.json()


async def test_meeting_types_that_cannot_be_used_are_not_listed(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(zoom, at_the_harbour)))

    told = (await server.client().get(f"{API}/public/{host.handle}/{page.slug}")).json()

    assert told["accepting_bookings"]
    assert [{"type": "in_person", "label": "In person"}] == told["event_types"][0]["meeting_types"]


async def test_a_page_without_a_usable_meeting_type_takes_no_bookings() -> None:
    for state in (None, NeedsReconnect(GrantEnded("zoom")), Blocked(MeetingsNotAllowed("zoom"))):
        server = Server()
        host = await server.memory.host()
        page = await server.memory.page(a_page(host, meeting_types=(zoom,)))
        if state:
            await server.memory.connect(host, state=state)

        told = (await server.client().get(f"{API}/public/{host.handle}/{page.slug}")).json()

        assert told["accepting_bookings"] is False
        assert [] == told["event_types"][0]["meeting_types"]


async def test_an_event_type_longer_than_every_window_is_not_offered(server: Server) -> None:
    host = await server.memory.host()
    long, short = an_event_type(slug="long", duration=timedelta(hours=9)), an_event_type(slug="short")
    both = await server.memory.page(a_page(host, long, short, meeting_types=(at_the_harbour,)))
    alone = await server.memory.page(a_page(host, long, meeting_types=(at_the_harbour,)))
    client = server.client()

    told = (await client.get(f"{API}/public/{host.handle}/{both.slug}")).json()
    assert told["accepting_bookings"]
    assert {"long": 0, "short": 1} == {each["slug"]: len(each["meeting_types"]) for each in told["event_types"]}

    told = (await client.get(f"{API}/public/{host.handle}/{alone.slug}")).json()
    assert told["accepting_bookings"] is False
    assert "not taking bookings" in (await client.get(f"/{host.handle}/{alone.slug}")).text


async def test_a_provider_that_this_server_has_no_settings_for_is_not_offered() -> None:
    server = Server(MemoryApp(configured=("google",)))
    host = await server.memory.host()
    page = await server.memory.page(a_page(host, meeting_types=(zoom,)))

    told = (await server.client().get(f"{API}/public/{host.handle}/{page.slug}")).json()

    assert told["accepting_bookings"] is False


async def test_an_event_type_may_have_meeting_types_of_its_own(server: Server) -> None:
    host = await server.memory.host()
    page = await server.memory.page(
        a_page(host, an_event_type(meeting_types=(at_the_harbour,)), an_event_type(slug="b"), meeting_types=(zoom,))
    )

    told = (await server.client().get(f"{API}/public/{host.handle}/{page.slug}")).json()

    assert told["accepting_bookings"]
    assert [["in_person"], []] == [[one["type"] for one in each["meeting_types"]] for each in told["event_types"]]


async def test_what_does_not_exist_is_not_found(server: Server) -> None:
    host = await server.memory.host()
    client = server.client()

    for path in (
        f"{host.handle}/nothing",
        "nobody/nothing",
        "a%00b/c",
        "%ff%fe/c",
        "a%2Fb/c",
        "💌/💌",
        f"{'x' * 3000}/y",
        "../../etc",
    ):
        assert "not-found" == problem(await client.get(f"{API}/public/{path}"))


async def test_below_a_handle_that_nobody_can_have_there_is_nothing(server: Server) -> None:
    client, below = server.client(), f"{API}/public/help/foo"
    day = {"from": "2026-03-03", "to": "2026-03-03", "timezone": "UTC"}
    answers = {
        "getPublicPage": await client.get(below),
        "listSlots": await client.get(f"{below}/intro/slots", params=day),
        "createBooking": await client.post(f"{below}/intro/bookings", json={}),
    }

    assert dict.fromkeys(answers, "There’s nothing at this address.") == {
        operation: answer.json()["detail"] for operation, answer in answers.items()
    }
