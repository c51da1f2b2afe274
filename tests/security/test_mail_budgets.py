"""Nobody mails a guest's address without end: budgets over pages and API, for guests and hosts alike."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

from application.actor import HostActor
from application.jobs import Due, RemindGuestJob
from application.ports.mail import BookingMail
from application.ports.provider import NotConnected, NotPermitted, TryLater
from domain.booking import Booking, Guest
from domain.booking_page import BookingPage
from domain.budgets import (
    ACCOUNT_MAILS_TO_MAILBOX,
    CONFIRMATIONS_TO_MAILBOX,
    DAY,
    GUEST_MAILS_AN_HOUR,
    GUESTS_MAILED,
    HOUR,
    MOVES,
    PUBLIC_WRITES,
    SIGN_UPS_A_DAY,
    SUPPORT_RECEIPTS,
    Bucket,
    mails_to_guest,
)
from domain.conference import Failed, Failure, Ready
from domain.meeting_type import GoogleMeet
from domain.provider_problem import GrantEnded, MeetingsNotAllowed, Unreachable
from tests.support.booked import Booked
from tests.support.builders import NOW, ORDINARY_RULES, a_booking, a_host, a_page, ana, at_the_harbour, zoom
from tests.support.memory_app import MemoryApp
from tests.support.postgres import StoreInPostgres
from tests.support.serving import API, Json, Server, a_guest, a_request, an_open_page, problem
from tests.support.visiting import PASSWORD, Fields, Visitor

THE_NETWORK = "203.0.113.7"
THURSDAY = datetime.fromisoformat("2026-03-05T10:00:00Z")
LINK = "https://meet.example/of-my-own"


async def spend(server: Server, *buckets: Bucket) -> None:
    """Use up what is left."""
    limiter = server.memory.ports.limiter
    assert limiter is not None
    for bucket in buckets:
        while await limiter.count([bucket], server.memory.clock()) is None:
            pass


class World:
    """A host whose Zoom said no to one booking, and the ways to have its guest mailed."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def open(self) -> "World":
        memory = self.server.memory
        self.host = await memory.host(a_host(), password=PASSWORD)
        await memory.connect(self.host)
        self.page = await memory.page(a_page(self.host, meeting_types=(zoom, at_the_harbour)))
        self.booking = await self.booked(self.page, THURSDAY)
        self.api = await self.server.host_client(self.host)
        self.visitor = await Visitor(self.server).signs_in(self.host)
        return self

    async def booked(self, page: BookingPage, start: datetime, guest: Guest = ana) -> Booking:
        """A booking whose guest was told that the host will send the link."""
        failed = Failed(Failure("not-connected", GrantEnded("zoom")))
        booking = msgspec.structs.replace(
            a_booking(page, start, guest=guest, conference=failed, booked_at=NOW), announced=True
        )
        async with self.server.memory.ports.begin() as uow:
            uow.bookings.add(booking)
        return booking

    async def spends(self, *buckets: Bucket) -> None:
        """Use up what is left."""
        await spend(self.server, *buckets)

    @property
    def event_type(self) -> str:
        return f"{self.host.handle}/{self.page.slug}/{self.page.event_types[0].slug}"

    async def books(self, **guest: str) -> httpx.Response:
        self.start = getattr(self, "start", THURSDAY + timedelta(days=1)) + timedelta(minutes=30)
        body = a_request(start=self.start.isoformat(), meeting_type="in_person", guest=a_guest(**guest))
        return await self.server.client().post(f"{API}/public/{self.event_type}/bookings", json=body)

    async def links(self, number: int) -> httpx.Response:
        body = {"join_url": f"{LINK}/{number}"}
        return await self.api.put(f"{API}/bookings/{self.booking.id}/join-link", json=body)


Act = Callable[[World], Awaitable[httpx.Response]]


async def books_on_the_page(world: World) -> httpx.Response:
    guest = Visitor(world.server)
    form: Fields = {
        "start": "2026-03-06T10:00:00Z",
        "meeting_type": "in_person",
        "timezone": "UTC",
        "key": "",
        "name": "Ana Brito",
        "email": ana.email,
    }
    return (await guest.sends(f"/{world.event_type}?start=2026-03-06T10:00:00Z", form)).answer


async def moves_on_the_own_page(world: World) -> httpx.Response:
    form = {"start": "2026-03-06T10:00:00Z", "timezone": "UTC", "reason": "My reason"}
    return await world.server.client().post(f"/b/{world.booking.token}/reschedule", data=form)


async def has_it_sent_again_on_the_own_page(world: World) -> httpx.Response:
    return await world.server.client().post(f"/b/{world.booking.token}/mail")


async def books_by_the_api(world: World) -> httpx.Response:
    return await world.books()


async def moves_by_the_public_api(world: World) -> httpx.Response:
    path = f"{API}/public/bookings/{world.booking.token}/reschedule"
    return await world.server.client().post(path, json={"start": "2026-03-06T10:00:00Z"})


def of_host_page(action: str, **form: str) -> Act:
    async def act(world: World) -> httpx.Response:
        return await world.visitor.client.post(f"/bookings/{world.booking.id}/{action}", data=form)

    return act


def of_host_api(method: str, action: str, **body: str) -> Act:
    async def act(world: World) -> httpx.Response:
        return await world.api.request(method, f"{API}/bookings/{world.booking.id}/{action}", json=body or None)

    return act


RESENDS: dict[str, Act] = {
    "guest's page": has_it_sent_again_on_the_own_page,
    "host's page": of_host_page("resend"),
    "host's API": of_host_api("POST", "resend"),
}

MOVING: dict[str, Act] = {
    "guest's page": moves_on_the_own_page,
    "public API": moves_by_the_public_api,
    "host's page": of_host_page("reschedule", start="2026-03-06T10:00:00Z", timezone="UTC", reason="My reason"),
    "host's API": of_host_api("POST", "reschedule", start="2026-03-06T10:00:00Z"),
}

ACTS: dict[str, Act] = {
    "guest books on the page": books_on_the_page,
    "guest books by the API": books_by_the_api,
    **{f"move on the {where}": act for where, act in MOVING.items()},
    **{f"resend on the {where}": act for where, act in RESENDS.items()},
    "join link on the host's page": of_host_page("join-link", join_url=LINK),
    "join link by the host's API": of_host_api("PUT", "join-link", join_url=LINK),
    "switch on the host's page": of_host_page("meeting-type", meeting_type="in_person"),
    "switch by the host's API": of_host_api("PUT", "meeting-type", meeting_type="in_person"),
    "retry on the host's page": of_host_page("retry"),
    "retry by the host's API": of_host_api("POST", "retry-meeting"),
}


def names(table: dict[str, Act]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("act", table.values(), ids=table.keys())


@pytest.fixture
async def world(server: Server) -> World:
    return await World(server).open()


@pytest.fixture
async def world_in_postgres(postgres_store: StoreInPostgres) -> World:
    memory = MemoryApp()
    memory.keep_in(postgres_store)
    return await World(Server(memory)).open()


async def state(store: StoreInPostgres) -> list[str]:
    """Everything that is stored, but for what merely counts requests."""
    tables = ("bookings", "booking_events", "booking_mails", "outbox", "idempotency_keys", "provider_connections")
    return [f"{row}" for table in tables for row in await store.pool.fetch(f"select t from {table} as t")]


@names(ACTS)
async def test_beyond_a_budget_an_act_is_refused_changes_nothing_and_goes_through_after_the_wait(
    world_in_postgres: World, postgres_store: StoreInPostgres, act: Act
) -> None:
    world = world_in_postgres
    await world.spends(*mails_to_guest(world.host.id, ana.email)[:1])
    before = await state(postgres_store)

    refused = await act(world)

    assert 429 == refused.status_code
    wait = int(refused.headers["Retry-After"])
    assert 1 <= wait <= HOUR.total_seconds()
    assert before == await state(postgres_store)
    world.server.memory.clock.advance(timedelta(seconds=wait))
    assert (await act(world)).status_code < 400
    assert before != await state(postgres_store)


@names(ACTS)
async def test_a_refusal_says_what_happened_what_is_safe_and_when_to_try_again(world: World, act: Act) -> None:
    await world.spends(*mails_to_guest(world.host.id, ana.email)[:1])

    refused = await act(world)

    if refused.headers["content-type"] == "application/problem+json":
        assert "too-many-requests" == problem(refused)
    for words in ("email address got many emails", "Nothing changed.", "Try again in 60 minutes."):
        assert words in refused.text


@pytest.mark.parametrize(
    ("act", "typed"),
    [
        (ACTS["guest books on the page"], "Ana Brito"),
        (ACTS["move on the guest's page"], "My reason"),
        (ACTS["move on the host's page"], "My reason"),
        (ACTS["join link on the host's page"], LINK),
    ],
)
async def test_nothing_that_was_typed_is_lost(world: World, act: Act, typed: str) -> None:
    await world.spends(*mails_to_guest(world.host.id, ana.email)[:1])

    assert typed in (await act(world)).text


async def test_a_host_mails_one_address_ten_times_an_hour(world: World) -> None:
    answers = [(await world.links(number)).status_code for number in range(12)]

    assert [200] * 10 + [429] * 2 == answers
    world.server.memory.clock.advance(HOUR)
    assert 200 == (await world.links(12)).status_code


async def test_a_host_mails_one_address_thirty_times_a_day(world: World) -> None:
    for hour in range(3):
        assert [200] * 10 == [(await world.links(10 * hour + number)).status_code for number in range(10)]
        world.server.memory.clock.advance(HOUR)

    refused = await world.links(99)

    assert "too-many-requests" == problem(refused)
    assert (DAY - 3 * HOUR).total_seconds() == int(refused.headers["Retry-After"])


async def test_all_hosts_together_mail_one_address_twenty_times_an_hour(world: World, server: Server) -> None:
    others = [await World(server).open() for _ in range(2)]

    answers = [(await each.links(number)).status_code for each in others for number in range(10)]

    assert [200] * 20 == answers
    assert 429 == (await world.links(0)).status_code


async def test_an_account_that_fails_in_ever_new_ways_mails_nobody_without_end() -> None:
    booked = await Booked.without_link(zoom)
    for number in range(24):
        never = NotPermitted(MeetingsNotAllowed("zoom")) if number % 2 else NotConnected(GrantEnded("zoom"))
        booked.zoom_says_no_to("create", never)
        await booked.reconnects()
        await booked.work_off(after=timedelta(minutes=2))

    assert 10 == len(booked.mails("guest"))


async def test_a_booking_that_falls_back_again_and_again_mails_none_of_its_guests_without_end() -> None:
    along = [f"along-{number}@guests.example" for number in range(10)]
    booked = await Booked.on(zoom, GoogleMeet(), connected=("zoom", "google"), along=along)
    for provider in ("zoom", "google"):
        booked.memory.providers[provider].fail("create", NotPermitted(MeetingsNotAllowed(provider)), 100)
    await booked.work_off()
    for _ in range(24):
        await booked.reconnects("google")
        await booked.reconnects("zoom")
        await booked.work_off(after=timedelta(minutes=2))

    mails = [mail for mail in booked.memory.mailer.sent if isinstance(mail, BookingMail) and mail.party == "guest"]
    assert {"guest": 10, **dict.fromkeys(range(10), 10)} == Counter(mail.recipient for mail in mails)


class Late:
    """A booking whose guest was mailed that the link follows, and has no room left in this hour."""

    def __init__(self, booked: Booked) -> None:
        self.booked = booked

    @classmethod
    async def at(cls, start: datetime) -> "Late":
        host = a_host()
        rules = msgspec.structs.replace(ORDINARY_RULES, minimum_notice=timedelta(0))
        booked = await Booked.on(host=host, page=a_page(host, meeting_types=(zoom,), rules=rules), start=start)
        booked.zoom_says_no_to("create", TryLater(Unreachable("zoom")), 2)
        await booked.work_off()
        await booked.work_off(after=timedelta(seconds=61))
        assert 1 == len(booked.mails("guest"))
        limiter = booked.memory.ports.limiter
        assert limiter is not None
        an_hour = mails_to_guest(booked.host.id, ana.email)[:1]
        while await limiter.count(an_hour, booked.memory.clock()) is None:
            pass
        await booked.work_off(after=timedelta(minutes=10))
        assert isinstance((await booked.now()).conference, Ready)
        return cls(booked)


async def test_the_mail_with_a_late_link_waits_for_room_while_the_page_has_it() -> None:
    booked = (await Late.at(THURSDAY)).booked
    assert 1 == len(booked.mails("guest"))

    await booked.work_off(after=HOUR)

    assert ["confirmed", "link_added"] == [mail.kind for mail in booked.memory.mailer.mails_to("guest")]


async def test_the_host_sees_whom_no_mail_with_the_link_reaches_before_the_start() -> None:
    booked = (await Late.at(NOW + timedelta(hours=1))).booked

    assert ("guest",) == (await booked.now()).unreached


async def test_the_cancellation_of_a_booking_whose_mail_waits_leaves_at_once() -> None:
    booked = (await Late.at(THURSDAY)).booked

    await booked.app.cancel(await booked.memory.as_guest(booked.booking_id), "")
    await booked.work_off()

    assert "cancelled" == booked.memory.mailer.mails_to("guest")[-1].kind


async def test_a_retry_has_counted_the_mail_with_the_link() -> None:
    booked = await Booked.without_link(zoom)
    for _ in range(9):
        await booked.app.retry_meeting(HostActor(booked.host.id), booked.booking_id)
        await booked.work_off()
    await booked.reconnects()

    await booked.work_off(after=timedelta(minutes=1))

    assert 2 == len(booked.mails("guest"))


class Strangers:
    """A host who has mailed as many guests for the first time as may be within a day."""

    def __init__(self, server: Server) -> None:
        self.server = server

    async def open(self, *, confirm_guest_email: bool) -> "Strangers":
        self.host = host = a_host()
        page = a_page(host, meeting_types=(at_the_harbour,), confirm_guest_email=confirm_guest_email, reminders=(HOUR,))
        _, self.address = await an_open_page(self.server, page, host)
        await spend(self.server, GUESTS_MAILED.of(host.id))
        return self

    async def booked(self, start: str) -> Json:
        answer = await self.server.client().post(
            f"{self.address}/bookings", json=a_request(start=start, meeting_type="in_person")
        )
        assert 201 == answer.status_code, answer.text
        await self.server.memory.work_off()
        return answer.json()


async def test_a_hosts_page_mails_only_so_many_strangers_a_day_from_however_many_networks(server: Server) -> None:
    strangers = await Strangers(server).open(confirm_guest_email=False)
    mailer = server.memory.mailer

    told = await strangers.booked("2026-03-05T10:00:00Z")

    assert ([], 1) == (mailer.mails_to("guest"), len(mailer.mails_to("host")))
    assert "confirmed" == told["status"]
    server.memory.clock.advance(DAY)
    await server.memory.work_off()
    assert ["confirmed"] == [mail.kind for mail in mailer.mails_to("guest")]


async def test_a_first_mail_that_found_no_room_before_the_start_is_shown_to_the_host(server: Server) -> None:
    strangers = await Strangers(server).open(confirm_guest_email=False)

    told = await strangers.booked((NOW + DAY).isoformat())

    async with server.memory.ports.begin() as uow:
        booking = await uow.bookings.get(told["id"])
    assert booking is not None
    assert ("guest",) == booking.unreached


async def test_neither_reminder_nor_proposal_reaches_whom_the_first_mail_does_not(server: Server) -> None:
    strangers = await Strangers(server).open(confirm_guest_email=False)
    told = await strangers.booked((NOW + DAY).isoformat())

    api = await server.host_client(strangers.host)
    proposed = {"starts": ["2026-03-05T10:00:00Z"]}
    answer = await api.post(f"{API}/bookings/{told['id']}/proposals", json=proposed)
    for _ in range(24):
        await server.memory.work_off()
        server.memory.clock.advance(HOUR)

    mailer = server.memory.mailer
    assert (200, [], []) == (answer.status_code, mailer.mails_to("guest"), mailer.proposals)


async def test_who_was_never_mailed_hears_of_no_cancellation(server: Server) -> None:
    strangers = await Strangers(server).open(confirm_guest_email=False)
    told = await strangers.booked("2026-03-05T10:00:00Z")

    api = await server.host_client(strangers.host)
    await api.post(f"{API}/bookings/{told['id']}/cancel")
    await server.memory.work_off()

    assert [] == server.memory.mailer.mails_to("guest")


async def test_what_asks_to_confirm_a_booking_is_among_the_first_mails_of_its_host(server: Server) -> None:
    strangers = await Strangers(server).open(confirm_guest_email=True)

    told = await strangers.booked("2026-03-05T10:00:00Z")

    assert [] == server.memory.mailer.confirmations
    page = await server.client().get(urlsplit(str(told["manage_url"])).path)
    assert "couldn’t be delivered" in page.text


async def test_reminders_are_among_the_mails_to_one_address(world: World, server: Server) -> None:
    the_day_before, memory = THURSDAY - DAY, server.memory
    for number in range(1, 6):
        start, minutes = THURSDAY + number * HOUR, [timedelta(minutes=each) for each in range(3)]
        leads = tuple(start - the_day_before - each for each in minutes)
        reminding = msgspec.structs.replace(a_booking(world.page, start, guest=ana), announced=True, reminders=leads)
        async with memory.ports.begin() as uow:
            jobs = [RemindGuestJob(reminding.id, start - each) for each in leads]
            uow.bookings.add(reminding, due=[Due(each, each.at) for each in jobs])

    memory.clock.set(the_day_before + timedelta(minutes=2))
    await memory.work_off()
    assert 10 == len(memory.mailer.sent)
    memory.clock.advance(HOUR)
    await memory.work_off()

    assert 15 == len(memory.mailer.sent)


async def test_another_guest_has_a_budget_of_their_own(world: World) -> None:
    await world.spends(*mails_to_guest(world.host.id, ana.email)[:1])

    assert 429 == (await world.books()).status_code
    assert 201 == (await world.books(email="bela@guests.example")).status_code


@pytest.mark.parametrize("email", ["ANA@Guests.Example", "ana+again@guests.example"])
async def test_another_spelling_of_an_address_has_no_budget_of_its_own(world: World, email: str) -> None:
    assert "ana@guests.example" == ana.email
    await world.spends(*mails_to_guest(world.host.id, ana.email)[:1])

    assert 429 == (await world.books(email=email)).status_code


async def test_hosts_own_mails_are_not_counted(world: World) -> None:
    for number in range(30):
        await world.books(email=f"guest-{number}@guests.example")

    assert 200 == (await world.links(0)).status_code


@names(
    {
        "guest's page": lambda world: world.server.client().post(f"/b/{world.booking.token}/cancel", data={}),
        "public API": lambda world: world.server.client().post(f"{API}/public/bookings/{world.booking.token}/cancel"),
        "host's page": of_host_page("cancel"),
        "host's API": of_host_api("POST", "cancel"),
    }
)
async def test_a_cancellation_is_never_refused(world: World, act: Act) -> None:
    await world.spends(
        *mails_to_guest(world.host.id, ana.email), MOVES.of(world.booking.id), PUBLIC_WRITES.of(THE_NETWORK)
    )

    assert (await act(world)).status_code < 400

    view = await world.server.memory.ports.views.booking(world.host.id, world.booking.id)
    assert view is not None
    assert "cancelled" == view.booking.status


@names(
    {
        "same join link": of_host_api("PUT", "join-link", join_url=LINK),
        "same time for the host": of_host_api("POST", "reschedule", start="2026-03-05T10:00:00Z"),
        "same time for the guest": lambda world: world.server.client().post(
            f"{API}/public/bookings/{world.booking.token}/reschedule", json={"start": "2026-03-05T10:00:00Z"}
        ),
        "same meeting type": of_host_api("PUT", "meeting-type", meeting_type="zoom"),
        "retry of what has its link": of_host_api("POST", "retry-meeting"),
    }
)
async def test_an_act_that_changes_nothing_costs_nothing_and_mails_nothing(
    world: World, server: Server, act: Act
) -> None:
    await ACTS["join link by the host's API"](world)
    await server.memory.work_off()
    mailed = len(server.memory.mailer.sent)

    for _ in range(15):
        assert 200 == (await act(world)).status_code
    await server.memory.work_off()

    assert mailed == len(server.memory.mailer.sent)
    assert [200] * 9 + [429] == [(await world.links(number)).status_code for number in range(10)]


async def test_a_replay_costs_nothing(world: World) -> None:
    async def books() -> httpx.Response:
        path = f"{API}/public/{world.event_type}/bookings"
        body = a_request(start="2026-03-06T10:00:00Z", meeting_type="in_person")
        return await world.server.client().post(path, json=body, headers={"Idempotency-Key": "once"})

    for _ in range(15):
        assert 201 == (await books()).status_code

    assert [200] * 9 + [429] == [(await world.links(number)).status_code for number in range(10)]
    assert 201 == (await books()).status_code


@names(MOVING)
async def test_a_booking_moves_six_times_a_day(world: World, act: Act) -> None:
    client = world.server.client()
    path = f"{API}/public/bookings/{world.booking.token}/reschedule"
    for number in range(6):
        moved = await client.post(path, json={"start": f"2026-03-09T{9 + number:02}:00:00Z"})
        assert 200 == moved.status_code

    refused = await act(world)

    assert 429 == refused.status_code
    assert DAY.total_seconds() == int(refused.headers["Retry-After"])
    for words in ("rescheduled many times", "Nothing changed.", "Try again in 24 hours."):
        assert words in refused.text
    world.server.memory.clock.advance(DAY)
    assert (await act(world)).status_code < 400


async def test_another_booking_moves_all_the_same(world: World) -> None:
    await world.spends(MOVES.of(world.booking.id))

    world.booking = await world.booked(world.page, THURSDAY + HOUR)

    assert 200 == (await moves_by_the_public_api(world)).status_code


@names(RESENDS)
async def test_a_booking_is_mailed_again_once_a_minute_whoever_asks(world: World, act: Act) -> None:
    assert 200 == (await RESENDS["host's API"](world)).status_code

    world.server.memory.clock.advance(timedelta(seconds=20))
    refused = await act(world)

    assert 429 == refused.status_code
    assert 40 == int(refused.headers["Retry-After"])
    assert "sent again a short time ago" in refused.text
    world.server.memory.clock.advance(timedelta(seconds=40))
    assert (await act(world)).status_code < 400


async def test_budgets_can_be_switched_off() -> None:
    world = await World(Server(rate_limit=False)).open()

    answers = [(await world.links(number)).status_code for number in range(40)]
    moves = [
        (await world.api.post(f"{API}/bookings/{world.booking.id}/reschedule", json={"start": start})).status_code
        for start in [f"2026-03-{day:02}T10:00:00Z" for day in (9, 10, 11, 12, 13, 16, 17, 18)]
    ]

    assert {200} == {*answers, *moves}


async def signs_up(server: Server, number: int, email: str, *, address: str) -> httpx.Response:
    form = {"email": email, "name": "Your bank", "handle": f"handle-{number}", "timezone": "UTC"}
    return await server.client(address=address).post("/signup", data=form | {"password": "correct horse battery"})


async def test_no_mailbox_is_filled_by_signing_up_with_its_address(server: Server) -> None:
    emails = [f"victim+{number}@guests.example" for number in range(9)]
    answers = [
        await signs_up(server, number, email, address=f"203.0.113.{number}") for number, email in enumerate(emails)
    ]

    assert [303] * 7 + [429] * 2 == [each.status_code for each in answers]
    assert "Try again in 60 minutes." in answers[-1].text
    assert ("3600", True) == (answers[-1].headers["Retry-After"], emails[-1] in answers[-1].text)


def test_all_forms_together_mail_one_address_no_more_often_than_bookings_do() -> None:
    budgets = CONFIRMATIONS_TO_MAILBOX, ACCOUNT_MAILS_TO_MAILBOX, SUPPORT_RECEIPTS

    assert GUEST_MAILS_AN_HOUR.most >= sum(each.most for each in budgets)


async def test_whoever_signs_up_with_an_address_again_and_again_keeps_its_owner_from_nothing(server: Server) -> None:
    answers = [
        await signs_up(server, number, f"victim+{number}@guests.example", address="203.0.113.9") for number in range(5)
    ]

    assert [303] * 3 + [429] * 2 == [each.status_code for each in answers]
    owner = await signs_up(server, 5, "victim@guests.example", address="203.0.113.10")
    assert (303, "/dashboard") == (owner.status_code, owner.headers["Location"])


async def test_a_network_signs_up_sixty_times_a_day(server: Server) -> None:
    await spend(server, SIGN_UPS_A_DAY.of("203.0.113.9"))

    assert 429 == (await signs_up(server, 1, "stranger@guests.example", address="203.0.113.9")).status_code
    assert 303 == (await signs_up(server, 1, "stranger@guests.example", address="203.0.113.10")).status_code


async def test_a_network_signs_up_twenty_times_an_hour(server: Server) -> None:
    answers = [
        await signs_up(server, number, f"stranger-{number}@guests.example", address="203.0.113.9")
        for number in range(21)
    ]

    assert [303] * 20 + [429] == [each.status_code for each in answers]
    server.memory.clock.advance(HOUR)
    assert 303 == (await signs_up(server, 21, "stranger-21@guests.example", address="203.0.113.9")).status_code
