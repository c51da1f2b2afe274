"""Bookings that are events in calendars, while processes are killed and hosts edit the events."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import msgspec
from msgspec.structs import replace

from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.microsoft.sandbox import SandboxMicrosoft
from adapters.sandbox.microsoft.switches import MicrosoftFailure
from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.accounts import ANNA
from application.calendars.read_calendar import LEAST_AHEAD, span_of
from application.jobs import Due, ReadCalendarJob
from application.ports.calendars import StoredCalendar
from application.ports.oauth import Grant
from domain.calendar import Calendar, CalendarConnection, Reading
from domain.calendar_entry import entry_title
from domain.connection import Connected, ProviderAccount, ProviderConnection
from domain.entry_changes import SETTLES_WITHIN
from domain.ids import CalendarConnectionId, CalendarId
from domain.page_calendars import PageCalendars
from domain.slot import Slot
from tests.faults.calendar_owners import CalendarOwner, GoogleOwner, MicrosoftOwner, SeenEvent
from tests.faults.killing import Processes
from tests.support.builders import HALF_AN_HOUR, a_host, a_page, zoom
from tests.support.deployment import Deployment
from tests.support.guests import free_times, submit, token_of
from tests.support.tokens import an_api_token

Json = dict[str, Any]

PEOPLE_AT_ONCE = 6
BOOKINGS_PER_ZOOM_ACCOUNT = 50
MOST_ENDED = 1 / 4
"""Of the bookings, by guests who cancel and by hosts who delete events."""
ALL_WORKERS_DIE = 1 / 8
"""How often all workers are killed rather than one."""

_TO_DO = {"remind_guest", "read_calendar"}
"""What is owed for as long as there are bookings and calendars."""


class Scale(msgspec.Struct, frozen=True):
    """How much happens.

    Attributes:
        pause: how many seconds people wait at most before they do the next thing.
        patience: how many anybody waits for whatever has to come.
    """

    kills: int
    bookings: int
    pause: float = 0.3
    patience: float = 120


class Finding(msgspec.Struct, frozen=True):
    """What was there afterwards.

    Attributes:
        wanted, held: the events that there should be, and those that there are, by calendar.
        states: of the entries of confirmed and of cancelled bookings.
        owed: the jobs that are left over.
        mailed: whom the calendars would have mailed.
        did: how often what was done, and how often processes were killed.
    """

    wanted: dict[str, list[SeenEvent]]
    held: dict[str, list[SeenEvent]]
    states: dict[str, set[str]]
    owed: dict[str, int]
    mailed: list[str]
    did: Counter[str]
    seconds: float


class PageInCalendar(msgspec.Struct):
    """A host's page, which writes to a calendar, and what is free and booked on it."""

    owner: CalendarOwner
    path: str
    headers: dict[str, str]
    free: list[str]
    booked: list[Json] = []


@asynccontextmanager
async def calendars_beside(deployment: Deployment) -> AsyncGenerator["CalendarsBeside"]:
    """Google and Microsoft, which has never heard of a transaction that it is told twice."""
    with SandboxGoogle(latency=0.05) as google, SandboxMicrosoft(latency=0.05) as microsoft:
        microsoft.fail(MicrosoftFailure.TRANSACTION_UNKNOWN, times=None)
        async with serving(google.app) as google_url, serving(microsoft.app) as microsoft_url:
            deployment.environ |= {
                "TIMETUNA_GOOGLE_CLIENT_ID": google.client_id,
                "TIMETUNA_GOOGLE_CLIENT_SECRET": google.client_secret,
                "TIMETUNA_GOOGLE_TOKEN_URL": f"{google_url}/token",
                "TIMETUNA_GOOGLE_CALENDAR_API_URL": f"{google_url}/calendar/v3",
                "TIMETUNA_MICROSOFT_CLIENT_ID": microsoft.client_id,
                "TIMETUNA_MICROSOFT_CLIENT_SECRET": microsoft.client_secret,
                "TIMETUNA_MICROSOFT_AUTH_URL": f"{microsoft_url}/organizations",
                "TIMETUNA_MICROSOFT_API_URL": f"{microsoft_url}/v1.0",
                "TIMETUNA_CALENDAR_POLL_SECONDS": "2",
                "TIMETUNA_LINK_WAIT_SECONDS": "3",
            }
            deployment.sandbox.switches.latency = 0.15
            yield CalendarsBeside(google, microsoft)


class CalendarsBeside(msgspec.Struct, frozen=True):
    google: SandboxGoogle
    microsoft: SandboxMicrosoft

    def owner(self, number: int) -> CalendarOwner:
        return MicrosoftOwner(self.microsoft, number) if number % 2 else GoogleOwner(self.google, number)

    def mailed(self) -> list[str]:
        return [each.to for each in self.google.calendar_api.invitations.mailed] + self.microsoft.calendar_api.invited


class Upheaval:
    """Guests who book, move and cancel, hosts who edit the events, and processes that die under them."""

    def __init__(self, deployment: Deployment, calendars: CalendarsBeside, scale: Scale, seed: int) -> None:
        self._deployment = deployment
        self._calendars = calendars
        self._scale = scale
        self._lots = random.Random(seed)
        self._processes = Processes(deployment, self._lots, threads=4)
        self._pages: list[PageInCalendar] = []
        self._did = Counter[str]()
        self._made = 0
        self._guests = count(1)

    async def __call__(self) -> Finding:
        began = time.monotonic()
        await self._processes.start()
        number_of_pages = max(2, -(-self._scale.bookings // BOOKINGS_PER_ZOOM_ACCOUNT))
        self._pages = [await self._page(number) for number in range(number_of_pages)]
        async with asyncio.TaskGroup() as group:
            killing = [group.create_task(each) for each in (self._kill_webs(), self._kill_workers())]
            for _ in range(PEOPLE_AT_ONCE):
                group.create_task(self._live(killing))
        await self._processes.lose_all_workers()
        self._did["killed"] = self._processes.killed
        await self._settle()
        return await self._finding(time.monotonic() - began)

    async def _kill_webs(self) -> None:
        while self._processes.killed < self._scale.kills:
            await asyncio.sleep(self._lots.uniform(0, 0.6))
            await self._processes.lose_a_web()

    async def _kill_workers(self) -> None:
        while self._processes.killed < self._scale.kills:
            await asyncio.sleep(self._lots.uniform(0, 0.6))
            if self._lots.random() < ALL_WORKERS_DIE:
                await self._processes.lose_all_workers()
            else:
                await self._processes.lose_a_worker()

    async def _live(self, killing: Sequence["asyncio.Task[None]"]) -> None:
        """Do one thing after another until nobody dies any more and all are booked."""
        acts = (self._move, self._cancel, self._host_moves, self._host_deletes, self._host_decides)
        wanted = self._scale.bookings
        while self._made < wanted or not all(each.done() for each in killing):
            page = self._lots.choice(self._pages)
            # So that the last are booked when about the last are killed.
            if self._made < min(wanted, 1 + wanted * self._processes.killed / self._scale.kills):
                await self._book()
            elif page.booked:
                await self._lots.choices(acts, weights=(4, 1, 3, 1, 2))[0](page)
            await asyncio.sleep(self._lots.uniform(0, self._scale.pause))

    async def _book(self) -> None:
        self._made += 1
        number = next(self._guests)
        page = self._pages[number % len(self._pages)]
        body = submit(await self._free(page), name=f"Guest{number} Brito")
        key = {"Idempotency-Key": f"booking-of-guest-{number}"}
        answer = await self._ask("POST", f"{page.path}/bookings", json=body, headers=key)
        if answer.is_success:
            page.booked.append(answer.json())
            self._did["booked"] += 1
        else:
            # A host has just moved an event to that time.
            assert answer.status_code == httpx.codes.CONFLICT, answer.text
            self._made -= 1

    async def _move(self, page: PageInCalendar) -> None:
        await self._guest(page, "reschedule", json={"start": await self._free(page)})

    async def _cancel(self, page: PageInCalendar) -> None:
        if self._did["cancel"] < MOST_ENDED * self._made:
            await self._guest(page, "cancel")

    async def _guest(self, page: PageInCalendar, what: str, **more: Any) -> None:
        token = token_of(self._lots.choice(page.booked))
        answer = await self._ask("POST", f"/api/v1/public/bookings/{token}/{what}", **more)
        self._did[what] += answer.is_success

    async def _host_moves(self, page: PageInCalendar) -> None:
        start = datetime.fromisoformat(await self._free(page))
        if events := list(page.owner.events()):
            page.owner.move(self._lots.choice(events), Slot.lasting(HALF_AN_HOUR, start))
            self._did["moved by host"] += 1

    async def _host_deletes(self, page: PageInCalendar) -> None:
        events = list(page.owner.events())
        if events and self._did["deleted by host"] < MOST_ENDED * self._made:
            page.owner.delete(self._lots.choice(events))
            self._did["deleted by host"] += 1

    async def _host_decides(self, page: PageInCalendar) -> None:
        if undecided := await self._deployment.store.pool.fetch(_UNDECIDED, page.owner.email):
            await self._decide(page, self._lots.choice(undecided)["id"], self._lots.choice(["accept", "restore"]))

    async def _decide(self, page: PageInCalendar, booking_id: str, what: str) -> bool:
        url = f"/api/v1/bookings/{booking_id}/calendar-entry/{what}"
        answer = await self._ask("POST", url, headers=page.headers)
        self._did[what] += answer.is_success
        return answer.is_success

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask until there is an answer, as people do who press a button again."""
        async with asyncio.timeout(self._scale.patience):
            while True:
                try:
                    async with httpx.AsyncClient(base_url=self._processes.url(), timeout=10) as client:
                        answer = await client.request(method, path, **more)
                except httpx.TransportError:
                    self._did["asked again"] += 1
                else:
                    if '/problems/overloaded"' not in answer.text:
                        assert not answer.is_server_error, answer.text
                        return answer
                    self._did["came at a busy time"] += 1
                await asyncio.sleep(0.05)

    async def _free(self, page: PageInCalendar) -> str:
        """A time that nobody else is about to take."""
        if not page.free:
            found = await self._ask_free(page)
            self._lots.shuffle(found)
            page.free = found
        return page.free.pop()

    async def _ask_free(self, page: PageInCalendar) -> list[str]:
        while True:
            try:
                async with httpx.AsyncClient(base_url=self._processes.url(), timeout=10) as client:
                    return await free_times(client, page.path, 1000)
            except httpx.TransportError:
                await asyncio.sleep(0.05)

    async def _settle(self) -> None:
        """Let everything be written and read, and the hosts decide, until nothing is left to decide."""
        while True:
            await self._work_off()
            await self._deployment.store.pool.execute(_LET_DELETIONS_SETTLE, SETTLES_WITHIN)
            await self._read_all()
            await self._work_off()
            undecided = [await self._decide_all(page) for page in self._pages]
            if not any(undecided) and not await self._deployment.store.pool.fetchval(_UNSETTLED):
                return

    async def _decide_all(self, page: PageInCalendar) -> int:
        undecided = await self._deployment.store.pool.fetch(_UNDECIDED, page.owner.email)
        for booking in undecided:
            what = self._lots.choice(["accept", "restore"])
            # A time that is taken can't be moved to.
            if not await self._decide(page, booking["id"], what):
                await self._decide(page, booking["id"], "restore")
        return len(undecided)

    async def _read_all(self) -> None:
        pool, now = self._deployment.store.pool, datetime.now(UTC)

        async def are_read() -> bool:
            await pool.execute(_LET_TIME_PASS, ["read_calendar"])
            return bool(await pool.fetchval("select min(read_at) > $1 from calendars", now))

        await self._until(are_read)

    async def _work_off(self) -> None:
        async def is_done() -> bool:
            owed = await self._owed()
            await self._deployment.store.pool.execute(_LET_TIME_PASS, list(owed))
            return not owed

        await self._until(is_done)

    async def _owed(self) -> dict[str, int]:
        rows = await self._deployment.store.pool.fetch("select job, count(*) from outbox group by job")
        return {job: number for job, number in rows if job not in _TO_DO}

    async def _until(self, condition: Callable[[], Awaitable[Any]]) -> None:
        async with asyncio.timeout(self._scale.patience):
            while not await condition():
                await asyncio.sleep(0.3)

    async def _finding(self, seconds: float) -> Finding:
        wanted: dict[str, list[SeenEvent]] = {page.owner.email: [] for page in self._pages}
        states: dict[str, set[str]] = {"confirmed": set(), "cancelled": set()}
        for row in await self._deployment.store.pool.fetch(_BOOKED):
            states[row["status"]].add(row["state"])
            if row["status"] == "confirmed":
                title = entry_title(row["guest_name"], row["title"])
                event = SeenEvent(title, Slot(row["start_at"], row["end_at"]), row["link"])
                wanted[row["calendar"]].append(event)
        return Finding(
            wanted={calendar: sorted(events) for calendar, events in wanted.items()},
            held={page.owner.email: sorted(page.owner.events().values()) for page in self._pages},
            states=states,
            owed=await self._owed(),
            mailed=self._calendars.mailed(),
            did=self._did,
            seconds=seconds,
        )

    async def _page(self, number: int) -> PageInCalendar:
        """A host with a Zoom account, and a page that is written to a calendar, which blocks on it too."""
        owner, now = self._calendars.owner(number), datetime.now(UTC)
        host = a_host()
        account = replace(ANNA, id=f"anna-{number}", email=f"anna{number}@zoom.example")
        self._deployment.sandbox.add(account)
        pair = self._deployment.sandbox.authorize(account)
        grant = Grant(pair.access_token, pair.refresh_token, now + timedelta(hours=1), frozenset(pair.scope.split()))
        connected = ProviderAccount(account.id, account.account_id, account.email, "Anna Höst")
        connection = CalendarConnection(
            CalendarConnectionId(f"connection-{number}"), host.id, owner.kind, owner.email, now, login=owner.email
        )
        calendar = Calendar(
            id=CalendarId(f"calendar-{number}"),
            connection_id=connection.id,
            host_id=host.id,
            kind=owner.kind,
            name=owner.email,
            timezone="Europe/Berlin",
            host_timezone="Europe/Berlin",
            remote_id=owner.calendar,
            writable=True,
        )
        empty = Reading(span_of(now, LEAST_AHEAD), ())
        read = calendar.was_read(empty, (), "Europe/Berlin", now, timedelta(minutes=30))
        asks = number % 4 < 2
        calendars = PageCalendars(
            (calendar.id,),
            calendar.id,
            on_delete="ask" if asks else "cancel",
            on_move="ask" if asks else "reschedule",
        )
        page = replace(a_page(host, meeting_types=(zoom,)), calendars=calendars)
        async with self._deployment.store.begin() as uow:
            uow.hosts.add(host, None)
            uow.accounts.confirm_email(host.id, now)
            uow.connections.put(ProviderConnection(host.id, "zoom", connected, Connected(), now), grant)
            uow.calendar_connections.add(connection, owner.access())
            uow.calendars.add(StoredCalendar(read))
            uow.outbox.enqueue(Due(ReadCalendarJob(calendar.id), now))
            uow.pages.add(page)
        token = await an_api_token(self._deployment.store.begin, host.id, now)
        path = f"/api/v1/public/{host.handle}/{page.slug}/{page.event_types[0].slug}"
        return PageInCalendar(owner, path, {"authorization": f"Bearer {token}"}, [])


# As if whoever found an event missing had found that two minutes ago.
_LET_DELETIONS_SETTLE = """
    update bookings
    set entry = jsonb_set(entry, '{missing_since}', to_jsonb((entry ->> 'missing_since')::timestamptz - $1::interval))
    where entry ->> 'missing_since' is not null and entry ->> 'state' <> 'deleted_in_calendar'
"""

# As if whatever waits, because a busy machine didn't answer in time, had waited long enough.
_LET_TIME_PASS = "update outbox set due_at = now() where job = any($1::text[]) and lease_id is null and due_at > now()"

_UNDECIDED = """
    select b.id from bookings as b join calendars as c on c.id = b.entry_calendar_id
    where c.name = $1 and b.status = 'confirmed' and b.entry ->> 'changed_at' is not null
"""

_UNSETTLED = """
    select count(*) from bookings
    where entry ->> 'state' = 'pending' or (status = 'confirmed' and entry ->> 'missing_since' is not null)
"""

_BOOKED = """
    select
        b.status, b.start_at, b.end_at, b.guest_name, b.title, b.conference ->> 'join_url' as link, c.name as calendar,
        b.entry ->> 'state' as state
    from bookings as b join calendars as c on c.id = b.entry_calendar_id
"""
