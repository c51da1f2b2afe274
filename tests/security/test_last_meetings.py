"""One visitor with made-up addresses can't use up the meetings that a host's provider makes on a day."""

import asyncio
from datetime import datetime, timedelta

import pytest

from application.actor import HostActor
from application.ports.provider import NotPermitted, ProviderError, TryLater
from domain.booking import Booking
from domain.conference import Pending
from domain.events import Booked, Event, Held, Party
from domain.host import Host
from domain.last_meetings import KEPT
from domain.meeting_type import GoogleMeet
from domain.provider import Provider, about
from domain.provider_problem import MeetingsNotAllowed, OutOfOrder, TimedOut
from tests.support.builders import NOW, TOMORROW_AT_TEN, a_booking, a_host, a_page, ana, phone_by_host, zoom
from tests.support.serving import API, Json, Server, a_guest, a_request, an_open_page, problem

MOST = about("zoom").meetings_a_day or 0
HALF_AN_HOUR = timedelta(minutes=30)
YESTERDAY = NOW - timedelta(days=1)
IN_FIVE_WEEKS = "2026-04-07T10:00:00Z"


async def made_today(server: Server, host: Host, number: int, provider: Provider = "zoom") -> None:
    """Let so many meetings have been made for the host by now."""
    async with server.memory.store.begin() as uow:
        connection = await uow.connections.lock(host.id, provider)
        assert connection is not None
        for _ in range(number):
            connection = connection.asked_for_a_meeting(server.memory.clock())
        uow.connections.save(connection)


async def counted_today(server: Server, host: Host) -> int:
    async with server.memory.store.begin() as uow:
        connection = await uow.connections.get(host.id, "zoom")
    assert connection is not None
    return connection.meetings_today(server.memory.clock())


async def booked(server: Server, address: str, **changes: Json) -> Json:
    answer = await server.client().post(f"{address}/bookings", json=a_request(**changes))
    assert 201 == answer.status_code, answer.text
    return answer.json()


async def books(server: Server, address: str, **changes: Json) -> str:
    return (await booked(server, address, **changes))["status"]


async def seen(server: Server, told: Json) -> tuple[str, str]:
    """What the guest's page says of a booking and its meeting."""
    token = told["manage_url"].rpartition("/")[2]
    answer = (await server.client().get(f"{API}/public/bookings/{token}")).json()
    return answer["status"], answer["conference"]["status"]


async def work_off_at_once(server: Server) -> None:
    """Do everything that is owed by now, as any number of workers would that begin together."""
    leases = await server.memory.backlog.lease(1_000, timedelta(minutes=1))
    await asyncio.gather(*(server.memory.app.run_job(each) for each in leases))
    await server.memory.work_off()


def booked_by(booking: Booking, by: Party) -> Event:
    return Booked(booking_id=booking.id, at=YESTERDAY, by=by, conference=Pending("zoom"))


def held_by(booking: Booking) -> Event:
    return Held(booking_id=booking.id, at=YESTERDAY, until=NOW)


@pytest.mark.parametrize(("made", "status"), [(MOST - KEPT - 1, "confirmed"), (MOST - KEPT, "held"), (MOST, "held")])
async def test_the_last_ten_of_a_day_are_not_for_addresses_that_nobody_knows(
    server: Server, made: int, status: str
) -> None:
    host, address = await an_open_page(server)
    await made_today(server, host, made)

    assert status == await books(server, address)


async def test_a_flood_of_addresses_uses_up_all_but_the_last_ten() -> None:
    server = Server(rate_limit=False)
    host = a_host()
    _, address = await an_open_page(server, a_page(host, meeting_types=(zoom,)), host)
    starts = [start for day in range(3, 20) for start in await slots(server, address, f"2026-03-{day:02}")]
    assert 106 <= len(starts)

    statuses: list[str] = []
    for number, start in enumerate(starts[:106]):
        guest = a_guest(email=f"nobody{number}@elsewhere.example")
        statuses.append(await books(server, address, start=start, guest=guest))
        await server.memory.work_off()

    assert ["confirmed"] * (MOST - KEPT) + ["held"] * (106 - MOST + KEPT) == statuses
    assert MOST - KEPT == len(server.memory.providers["zoom"].meetings)


async def test_whoever_confirms_by_mail_gets_one_of_them(server: Server) -> None:
    host, address = await an_open_page(server)
    await made_today(server, host, MOST - KEPT)
    assert "held" == await books(server, address)
    await server.memory.work_off()

    link = server.memory.mailer.confirmations[-1].link
    await server.client().post(f"/b/{link.token}/confirm/{link.proof}")
    await server.memory.work_off()

    told = (await server.client().get(f"{API}/public/bookings/{link.token}")).json()
    assert ("confirmed", "ready") == (told["status"], told["conference"]["status"])


@pytest.mark.parametrize("proved", [True, False], ids=["who has confirmed once", "whom the host has booked"])
async def test_a_known_guest_gets_one_of_them(server: Server, *, proved: bool) -> None:
    host = a_host()
    page = a_page(host)
    _, address = await an_open_page(server, page, host)
    await made_today(server, host, MOST - KEPT)
    before = a_booking(page, TOMORROW_AT_TEN + HALF_AN_HOUR, guest=ana)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(before, held_by(before) if proved else booked_by(before, "host"))

    told = await booked(server, address, guest=a_guest(email=ana.email))
    await server.memory.work_off()

    assert ("confirmed", "confirmed", "ready") == (told["status"], *await seen(server, told))


@pytest.mark.parametrize(
    ("start", "held_until"),
    [
        (TOMORROW_AT_TEN + HALF_AN_HOUR, None),
        (NOW - timedelta(hours=2), None),
        (TOMORROW_AT_TEN + HALF_AN_HOUR, NOW + HALF_AN_HOUR),
    ],
    ids=["to come", "over", "never confirmed"],
)
async def test_an_address_is_not_known_by_a_booking_that_anybody_can_make(
    server: Server, start: datetime, held_until: datetime | None
) -> None:
    host = a_host()
    page = a_page(host)
    _, address = await an_open_page(server, page, host)
    await made_today(server, host, MOST - KEPT)
    before = a_booking(page, start, guest=ana, booked_at=YESTERDAY, held_until=held_until)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(before, held_by(before) if held_until else booked_by(before, "guest"))

    assert "held" == await books(server, address, guest=a_guest(email=ana.email))


async def test_a_flood_that_comes_before_any_worker_leaves_the_last_ten(server: Server) -> None:
    host = a_host()
    _, address = await an_open_page(server, a_page(host, meeting_types=(zoom,)), host)
    await made_today(server, host, MOST - KEPT - 2)
    starts = await slots(server, address, "2026-03-04")
    flood = [
        await booked(server, address, start=start, guest=a_guest(email=f"nobody{number}@elsewhere.example"))
        for number, start in enumerate(starts[:5])
    ]

    await work_off_at_once(server)

    meetings = [await seen(server, each) for each in flood]
    assert [("confirmed", "pending")] * 3 + [("confirmed", "ready")] * 2 == sorted(meetings)
    assert MOST - KEPT == await counted_today(server, host)
    late = flood[meetings.index(("confirmed", "pending"))]
    await server.memory.app.retry_meeting(HostActor(host.id), late["id"])
    await server.memory.work_off()
    assert ("confirmed", "ready") == await seen(server, late), "the host wants it"
    server.memory.clock.advance(timedelta(days=1))
    await server.memory.work_off()
    assert {("confirmed", "ready")} == {await seen(server, each) for each in flood}
    assert 2 == await counted_today(server, host)


@pytest.mark.parametrize(
    ("error", "counted"),
    [
        (TryLater(OutOfOrder("zoom")), 1),
        (TryLater(TimedOut("zoom"), left_behind=True), 2),
        (NotPermitted(MeetingsNotAllowed("zoom")), 1),
    ],
    ids=["in vain", "its answer was lost", "not allowed"],
)
async def test_a_booking_counts_for_as_many_meetings_as_may_have_been_made(
    server: Server, error: ProviderError, counted: int
) -> None:
    host = a_host()
    _, address = await an_open_page(server, a_page(host, meeting_types=(zoom,)), host)
    server.memory.providers["zoom"].fail("create", error)
    told = await booked(server, address)
    await server.memory.work_off()
    assert counted - 1 == await counted_today(server, host)

    await server.memory.app.retry_meeting(HostActor(host.id), told["id"])
    await server.memory.work_off()

    assert (("confirmed", "ready"), counted) == (await seen(server, told), await counted_today(server, host))


async def test_what_another_host_knows_does_not_count(server: Server) -> None:
    host, address = await an_open_page(server)
    await made_today(server, host, MOST - KEPT)
    other = await server.memory.host(a_host())
    their_page = await server.memory.page(a_page(other))
    async with server.memory.store.begin() as uow:
        theirs = a_booking(their_page, guest=ana, booked_at=YESTERDAY)
        uow.bookings.add(theirs, held_by(theirs))

    assert "held" == await books(server, address, guest=a_guest(email=ana.email))


async def test_a_new_day_of_the_provider_begins_at_midnight_in_utc(server: Server) -> None:
    host, address = await an_open_page(server)
    await made_today(server, host, MOST - KEPT)
    server.memory.clock.advance(timedelta(hours=15, minutes=59))
    assert "held" == await books(server, address)

    server.memory.clock.advance(timedelta(minutes=1))

    assert "confirmed" == await books(server, address, start="2026-03-03T11:00:00Z")


async def test_meetings_without_such_a_limit_are_for_everybody(server: Server) -> None:
    host = a_host()
    page = a_page(host, meeting_types=(zoom, phone_by_host, GoogleMeet()))
    _, address = await an_open_page(server, page, host)
    await server.memory.connect(host, "google")
    await made_today(server, host, MOST)
    await made_today(server, host, 5 * MOST, "google")

    phone = await books(server, address, meeting_type="phone", guest=a_guest(phone="+49 30 1234567"))
    google = await books(server, address, meeting_type="google_meet", start="2026-03-03T11:00:00Z")

    assert ("confirmed", "confirmed") == (phone, google)


async def slots(server: Server, address: str, day: str) -> list[str]:
    answer = await server.client().get(f"{address}/slots", params={"from": day, "to": day, "timezone": "UTC"})
    return answer.json()["slots"]


@pytest.mark.parametrize("link_works", [True, False], ids=["link that ends", "no link yet"])
async def test_a_guest_takes_none_of_them_by_moving_further_than_the_link_lasts(
    server: Server, *, link_works: bool
) -> None:
    host, address = await an_open_page(server)
    if not link_works:
        server.memory.providers["zoom"].fail("create", NotPermitted(MeetingsNotAllowed("zoom")))
    booked = (await server.client().post(f"{address}/bookings", json=a_request())).json()
    await server.memory.work_off()
    await server.memory.connect(host)
    await made_today(server, host, MOST - KEPT)
    meetings, mails = len(server.memory.providers["zoom"].meetings), len(server.memory.mailer.sent)
    path = booked["manage_url"].rpartition("/")[2]

    refused = await server.client().post(f"{API}/public/bookings/{path}/reschedule", json={"start": IN_FIVE_WEEKS})
    await server.memory.work_off()

    assert ("too-many-requests", str(16 * 3600)) == (problem(refused), refused.headers["Retry-After"])
    assert (meetings, mails) == (len(server.memory.providers["zoom"].meetings), len(server.memory.mailer.sent))
    await server.memory.app.reschedule(await server.memory.by_host(booked["id"]), datetime.fromisoformat(IN_FIVE_WEEKS))


async def test_a_guest_moves_within_the_life_of_the_link_as_ever(server: Server) -> None:
    host, address = await an_open_page(server)
    booked = (await server.client().post(f"{address}/bookings", json=a_request())).json()
    await server.memory.work_off()
    await made_today(server, host, MOST - KEPT)
    path = booked["manage_url"].rpartition("/")[2]

    moved = await server.client().post(
        f"{API}/public/bookings/{path}/reschedule", json={"start": "2026-03-03T11:00:00Z"}
    )

    assert 200 == moved.status_code
