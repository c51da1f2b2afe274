"""Nobody fills a host's calendar: bookings are limited by network and by guest."""

import asyncio
from datetime import datetime, timedelta

import httpx
import pytest

from domain.availability import BookingRules
from domain.booking_page import BookingPage
from domain.budgets import HOUR, NEW_BOOKINGS
from domain.host import Host
from tests.support.builders import a_host, a_page, at_the_harbour
from tests.support.memory_app import MemoryApp
from tests.support.postgres import StoreInPostgres
from tests.support.serving import API, PUBLIC_URL, Server, a_guest, a_request, problem
from tests.support.visiting import Fields, Visitor

MONDAY = datetime.fromisoformat("2026-03-09T08:00:00Z")
STARTS = [MONDAY + timedelta(days=day, minutes=30 * number) for day in range(5) for number in range(12)]


class Site:
    """A host's page in person, and guests from wherever."""

    def __init__(self, server: Server, host: Host, page: BookingPage) -> None:
        self.server = server
        self.event_type = f"{host.handle}/{page.slug}/{page.event_types[0].slug}"

    async def books(
        self, start: datetime, email: str | None = None, *, address: str = "203.0.113.7", key: str | None = None
    ) -> httpx.Response:
        """By default a guest of their own for each start."""
        guest = a_guest(email=email or f"{start:%d%H%M}@guests.example")
        body = a_request(start=start.isoformat(), meeting_type="in_person", guest=guest)
        headers = {"Idempotency-Key": key} if key else {}
        client = self.server.client(address=address)
        return await client.post(f"{API}/public/{self.event_type}/bookings", json=body, headers=headers)

    async def confirms_the_form(self, start: datetime, email: str) -> Visitor:
        instant = f"{start:%Y-%m-%dT%H:%M:%SZ}"
        path = f"/{self.event_type}?start={instant}"
        form: Fields = {
            "start": instant,
            "meeting_type": "in_person",
            "timezone": "UTC",
            "key": "",
            "name": "Ana Brito",
            "email": email,
        }
        return await Visitor(self.server).sends(path, form)


async def a_site(server: Server, *, max_per_guest: int = 5) -> Site:
    host = await server.memory.host(a_host())
    rules = BookingRules(minimum_notice=timedelta(0), max_per_guest=max_per_guest)
    return Site(server, host, await server.memory.page(a_page(host, meeting_types=(at_the_harbour,), rules=rules)))


@pytest.fixture
async def site(server: Server) -> Site:
    return await a_site(server)


@pytest.fixture
async def site_in_postgres(postgres_store: StoreInPostgres) -> Site:
    memory = MemoryApp()
    memory.keep_in(postgres_store)
    return await a_site(Server(memory), max_per_guest=1)


async def test_a_network_books_twenty_times_an_hour_with_one_host(site: Site) -> None:
    answers = [await site.books(start) for start in STARTS[:22]]

    assert [201] * 20 + [429] * 2 == [each.status_code for each in answers]
    assert "too-many-requests" == problem(answers[-1])
    assert HOUR.total_seconds() == int(answers[-1].headers["Retry-After"])
    assert "from your network" in answers[-1].json()["detail"]
    site.server.memory.clock.advance(HOUR)
    assert 201 == (await site.books(STARTS[30])).status_code


async def test_other_networks_and_other_hosts_are_not_in_it(site: Site) -> None:
    for start in STARTS[:20]:
        await site.books(start, address="2001:db8:0:1::1")

    assert 429 == (await site.books(STARTS[20], address="2001:db8:0:1:ffff::2")).status_code
    assert 201 == (await site.books(STARTS[20], address="2001:db8:0:2::1")).status_code
    assert 201 == (await (await a_site(site.server)).books(STARTS[20], address="2001:db8:0:1::1")).status_code


async def test_the_form_comes_back_with_what_was_typed_and_says_when_to_try_again(site: Site) -> None:
    for start in STARTS[:20]:
        await site.books(start)

    guest = await site.confirms_the_form(STARTS[20], "ana@guests.example")

    assert (429, "3600") == (guest.status, guest.answer.headers["Retry-After"])
    assert "Too many bookings came from your network" in guest.text
    assert "Nothing was booked. Try again in 60 minutes." in guest.text
    assert ("Ana Brito", "ana@guests.example") == (guest.value("name"), guest.value("email"))


async def test_a_guest_has_five_coming_bookings_on_a_page_unless_its_host_says_otherwise(site: Site) -> None:
    answers = [await site.books(start, "ana@guests.example") for start in STARTS[:6]]

    assert [201] * 5 + [409] == [each.status_code for each in answers]
    refused = answers[-1]
    assert "too-many-bookings" == problem(refused)
    assert "already has 5 upcoming bookings" in refused.json()["detail"]
    explained = await Visitor(site.server).opens(refused.json()["type"].removeprefix(PUBLIC_URL))
    assert (200, True) == (explained.status, "Too many bookings" in explained.text)


@pytest.mark.parametrize("email", ["ANA@Guests.Example", "ana+again@guests.example"])
async def test_another_spelling_of_an_address_is_no_other_guest(server: Server, email: str) -> None:
    site = await a_site(server, max_per_guest=1)

    assert 201 == (await site.books(STARTS[0], "ana@guests.example")).status_code
    assert 409 == (await site.books(STARTS[1], email)).status_code


async def test_a_guest_with_too_many_bookings_gets_the_form_back(server: Server) -> None:
    site = await a_site(server, max_per_guest=1)
    await site.books(STARTS[0], "ana@guests.example")

    guest = await site.confirms_the_form(STARTS[1], "ana@guests.example")

    assert 409 == guest.status
    assert "already has 1 upcoming booking on this page" in guest.text
    assert ("Ana Brito", "ana@guests.example") == (guest.value("name"), guest.value("email"))


async def test_a_booking_that_is_cancelled_or_over_makes_room(server: Server) -> None:
    site = await a_site(server, max_per_guest=1)
    booked = (await site.books(STARTS[0], "ana@guests.example")).json()
    assert 409 == (await site.books(STARTS[1], "ana@guests.example")).status_code

    await server.client().post(f"{API}/public/bookings/{booked['manage_url'].rpartition('/')[2]}/cancel")
    assert 201 == (await site.books(STARTS[1], "ana@guests.example")).status_code
    server.memory.clock.advance(STARTS[2] - server.memory.clock())

    assert 201 == (await site.books(STARTS[3], "ana@guests.example")).status_code


async def test_the_limit_of_a_guest_holds_without_rate_limits_as_well() -> None:
    site = await a_site(Server(rate_limit=False), max_per_guest=1)

    assert [201, 409] == [(await site.books(start, "ana@guests.example")).status_code for start in STARTS[:2]]
    assert {201} == {(await site.books(start)).status_code for start in STARTS[2:32]}


async def test_two_submits_at_once_do_not_both_take_the_last_place(site_in_postgres: Site) -> None:
    answers = await asyncio.gather(*(site_in_postgres.books(start, "ana@guests.example") for start in STARTS[:8]))

    assert [201] + [409] * 7 == sorted(each.status_code for each in answers)


async def test_a_submit_that_is_repeated_at_once_is_replayed_and_not_refused(site_in_postgres: Site) -> None:
    answers = await asyncio.gather(
        *(site_in_postgres.books(STARTS[0], "ana@guests.example", key="once") for _ in range(8))
    )

    assert {201} == {each.status_code for each in answers}
    assert 1 == len({each.json()["id"] for each in answers})


async def test_the_last_use_of_a_budget_is_replayed_too(site_in_postgres: Site) -> None:
    limiter = site_in_postgres.server.memory.ports.limiter
    assert limiter is not None
    host_id = await site_in_postgres.server.memory.ports.views.public_page(*site_in_postgres.event_type.split("/")[:2])
    assert host_id is not None
    for _ in range(19):
        await limiter.count([NEW_BOOKINGS.of("203.0.113.7", host_id.host.id)], site_in_postgres.server.memory.clock())

    answers = await asyncio.gather(*(site_in_postgres.books(STARTS[0], key="once") for _ in range(6)))

    assert {201} == {each.status_code for each in answers}
