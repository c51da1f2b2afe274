"""What Prometheus scrapes."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from prometheus_client.parser import text_string_to_metric_families

from adapters.http.metrics import Surroundings
from application.actor import HostActor
from application.ports.mail import MailTryLater, RecipientRefused
from application.ports.webhooks import Sent
from domain.calendar_problem import ServerUnreachable
from domain.connection import NeedsReconnect
from domain.mail_problem import ServerAnswered
from domain.provider_problem import UserUnknown
from domain.security_events import SignInFailed
from domain.webhook_problem import EndpointAnswered, EndpointUnreachable
from tests.support.builders import a_host
from tests.support.calendar_world import CalendarWorld
from tests.support.serving import THIS_MACHINE, Server, a_request, an_open_page

LONG = 60
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> Server:
    return Server(own_routes=True)


async def scraped(server: Server) -> dict[str, float]:
    """Each sample by its name and labels, that of the process left out."""
    answer = await server.client(address=THIS_MACHINE).get("/metrics")
    assert 200 == answer.status_code, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=")
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            labels = [f"{name}={value}" for name, value in sorted(sample.labels.items()) if name != "process"]
            found[f"{sample.name}{{{','.join(labels)}}}"] = sample.value
    return found


async def test_requests_are_counted_by_the_template_of_their_route(server: Server) -> None:
    client = server.client()
    for path in ("/b/token-one", "/b/token-two", "/signin", "/healthz"):
        await client.get(path)
    await client.request("BREW", "/nothing/at/all/here")

    found = await scraped(server)

    count = "timetuna_http_requests_total{{method={},route={},status={}}}"
    assert 2 == found[count.format("GET", "/b/{token}", 404)]
    assert 1 == found[count.format("GET", "/signin", 200)]
    assert 1 == found[count.format("other", "none", 404)]
    assert 2 == found["timetuna_http_request_seconds_count{method=GET,route=/b/{token}}"]


async def test_security_events_are_counted_by_what_happened(server: Server) -> None:
    async with server.memory.store.begin() as uow:
        uow.security_log.record(SignInFailed(host_id=None, at=server.memory.clock()))

    found = await scraped(server)

    assert 1 == found["timetuna_security_events_total{what=failure}"]
    assert 0 == found["timetuna_security_events_total{what=lock}"]


async def test_each_app_counts_for_itself(server: Server) -> None:
    await server.client().get("/healthz")

    assert not any("/healthz" in sample for sample in await scraped(Server(own_routes=True)))


async def test_what_is_owed_is_counted_with_its_age(server: Server) -> None:
    _, address = await an_open_page(server)
    await server.client().post(f"{address}/bookings", json=a_request())
    server.memory.clock.advance(timedelta(minutes=2))

    found = await scraped(server)

    for name, due, age in (("create_meeting", 1, 120), ("remind_guest", 0, 0)):
        assert 1 == found[f"timetuna_jobs{{name={name}}}"]
        assert due == found[f"timetuna_jobs_due{{name={name}}}"]
        assert age <= found[f"timetuna_jobs_oldest_seconds{{name={name}}}"] < age + 60


async def test_what_fails_grows_old_however_often_it_is_tried(server: Server) -> None:
    memory, minute = server.memory, timedelta(minutes=1)
    _, address = await an_open_page(server)
    memory.mailer.refuse(MailTryLater(ServerAnswered(421, "busy")), times=1_000)
    await server.client().post(f"{address}/bookings", json=a_request())
    ages = list[float]()

    for _ in range(60):
        memory.clock.advance(minute)
        await memory.work_off()
        ages.append((await scraped(server))["timetuna_jobs_oldest_seconds{name=mail_booking}"])

    assert memory.mailer.tries > 10
    assert [60.0] * 59 == [later - earlier for earlier, later in pairwise(ages)]
    memory.mailer.recovers()
    await memory.work_off()
    memory.clock.advance(2 * AN_HOUR)
    await memory.work_off()
    memory.clock.advance(minute)
    assert "timetuna_jobs_oldest_seconds{name=mail_booking}" not in await scraped(server)


async def test_what_happened_to_bookings_is_counted_by_what_was_asked_for(server: Server) -> None:
    _, address = await an_open_page(server)
    await server.client().post(f"{address}/bookings", json=a_request())
    await server.memory.work_off()

    found = await scraped(server)
    for what, times in (("booked", 1), ("meeting_created", 1), ("mail_accepted", 2)):
        assert times == found[f"timetuna_booking_events_last_hour{{meeting_type=zoom,what={what}}}"], what

    server.memory.clock.advance(AN_HOUR)
    assert not any("booking_events" in sample for sample in await scraped(server))


async def test_connections_are_counted_by_their_state(server: Server) -> None:
    for state in (None, None, NeedsReconnect(UserUnknown("zoom"))):
        host = await server.memory.host(a_host())
        await (server.memory.connect(host, state=state) if state else server.memory.connect(host))

    found = await scraped(server)

    assert 2 == found["timetuna_provider_connections{provider=zoom,status=connected}"]
    assert 1 == found["timetuna_provider_connections{provider=zoom,status=needs_reconnect}"]


async def test_webhooks_that_take_nothing_are_seen_from_outside(server: Server) -> None:
    memory, (host, address) = server.memory, await an_open_page(server)
    actor = HostActor(host.id)
    for name, problem in (("down", EndpointUnreachable()), ("gone", EndpointAnswered(410)), ("up", None)):
        url = f"https://{name}.example/"
        await memory.app.add_webhook(actor, url, ("booking.created",))
        memory.webhooks.answer(url, Sent(7, problem=problem))
    await server.client().post(f"{address}/bookings", json=a_request())
    await memory.work_off()
    memory.clock.advance(timedelta(minutes=2))
    await memory.work_off()

    found = await scraped(server)

    assert [1, 1, 2] == [
        found[f"timetuna_webhook_attempts_total{{result={result}}}"]
        for result in ("delivered", "endpoint-answered", "endpoint-unreachable")
    ]
    for result in ("delivered", "endpoint-answered", "endpoint-unreachable"):
        assert 1 == found[f"timetuna_webhook_deliveries_last_hour{{result={result}}}"], result
    assert [1, 1, 1] == [found[f"timetuna_webhooks{{state={each}}}"] for each in ("active", "failing", "paused")]
    assert 120 <= found["timetuna_webhook_delivery_oldest_seconds{}"] < 180


async def test_without_a_worker_due_work_is_seen_to_wait(server: Server) -> None:
    _, address = await an_open_page(server)
    await server.client().post(f"{address}/bookings", json=a_request())
    server.memory.clock.advance(timedelta(minutes=2))

    assert 120 <= (await scraped(server))["timetuna_work_waiting_seconds{}"] < 180
    await server.memory.work_off()
    server.memory.clock.advance(timedelta(seconds=5))
    assert 0 == (await scraped(server))["timetuna_work_waiting_seconds{}"]


async def test_mails_that_are_refused_are_counted(server: Server) -> None:
    _, address = await an_open_page(server)
    server.memory.mailer.refuse(RecipientRefused(ServerAnswered(550, "no such user")), times=1)
    await server.client().post(f"{address}/bookings", json=a_request())
    await server.memory.work_off()

    count = "timetuna_booking_events_last_hour{meeting_type=zoom,what=mail_refused}"
    assert 1 == (await scraped(server))[count]


async def test_a_calendar_that_can_no_longer_be_read_is_counted_as_broken() -> None:
    world = await CalendarWorld.with_page()
    await world.connect("anna", "work")
    server = Server(world.memory, own_routes=True)
    assert 1 == (await scraped(server))["timetuna_calendars{kind=google,state=fresh}"]

    world.memory.calendar_readers["google"].fail("anna", "work", ServerUnreachable())
    await world.passes(AN_HOUR)

    found = await scraped(server)
    assert 1 == found["timetuna_calendars{kind=google,state=broken}"]
    assert "timetuna_calendars{kind=google,state=fresh}" not in found


async def test_a_quota_of_a_provider_is_told_with_what_is_used_of_it(server: Server) -> None:
    _, address = await an_open_page(server)
    for start in ("2026-03-03T10:00:00Z", "2026-03-03T11:00:00Z"):
        await server.client().post(f"{address}/bookings", json=a_request(start=start))
    await server.memory.work_off()

    found = await scraped(server)

    assert 2 == found["timetuna_provider_meetings_today{provider=zoom}"]
    assert 100 == found["timetuna_provider_meetings_limit{provider=zoom}"]
    assert not any("limit{provider=google" in sample for sample in found)


async def test_the_mail_servers_certificate_and_the_disk_are_told_where_they_are_known() -> None:
    ends_at = datetime(2026, 4, 1, tzinfo=UTC)
    found = await scraped(Server(surroundings=Surroundings(ends_at, (1_000, 50_000))))

    assert ends_at.timestamp() == found["timetuna_smtp_certificate_end_timestamp_seconds{}"]
    assert 1_000 == found["timetuna_database_disk_free_bytes{}"]
    assert 50_000 == found["timetuna_database_disk_size_bytes{}"]
    unknown = await scraped(Server(own_routes=True))
    assert not any("certificate" in sample or "disk" in sample for sample in unknown)


async def test_the_database_is_asked_once_in_some_seconds(server: Server) -> None:
    await scraped(server)
    await server.memory.connect(await server.memory.host(a_host()))

    assert not any("connections" in sample for sample in await scraped(server))
    server.memory.clock.advance(timedelta(seconds=5))
    assert any("connections" in sample for sample in await scraped(server))


async def test_nobodys_name_address_or_token_is_told(server: Server) -> None:
    host, address = await an_open_page(server)
    client = server.client()
    booking = (await client.post(f"{address}/bookings", json=a_request())).json()
    token = booking["manage_url"].rpartition("/")[2]
    await client.get(f"/b/{token}")
    await client.get(f"/{host.handle}/nothing?email=ana@guests.example")
    await server.memory.work_off()

    text = (await server.client(address=THIS_MACHINE).get("/metrics")).text

    for secret in (token, booking["id"], "ana", "Brito", host.handle, host.email, host.id, "guests.example"):
        assert secret not in text, secret
    assert [] == re.findall(rf"[A-Za-z0-9_-]{{{LONG},}}", text)
