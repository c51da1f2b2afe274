"""Bookings that get meetings, mails and webhooks, while processes are killed at random and Zoom is slow."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
from msgspec.structs import replace

from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.accounts import ANNA
from application.ports.oauth import Grant
from domain.connection import Connected, ProviderAccount, ProviderConnection
from domain.events import PARTIES
from domain.ids import WebhookId
from domain.webhook import Webhook, WebhookSecrets
from domain.webhook_event import WEBHOOK_EVENT_TYPES
from tests.faults.killing import Processes
from tests.support.builders import a_host, a_page, zoom
from tests.support.deployment import Deployment
from tests.support.guests import free_times, submit
from tests.support.processes import PATIENCE
from tests.support.webhook_receiver import SECRET, WebhookReceiver

MOST_PER_HOST = 50
"""One Zoom account makes 100 meetings a day, and some are made twice."""

GUESTS_AT_ONCE = 10


class Wish(msgspec.Struct, frozen=True):
    path: str
    start: str


class StoredBooking(msgspec.Struct, frozen=True):
    id: str
    revision: int
    link: str | None


class StoredEvent(msgspec.Struct, frozen=True):
    id: str
    type: str
    booking_id: str | None
    body: bytes


class Outcome(msgspec.Struct, frozen=True):
    """What there is afterwards.

    Attributes:
        answered: the ids of the bookings that guests were told of.
        made: the links of all meetings at Zoom.
        mails: the mails that came under each message id, as they were on the wire.
        taken: the bodies that webhooks took under each event's id.
        killed: how many processes.
    """

    answered: list[str]
    bookings: list[StoredBooking]
    made: list[str]
    mails: Mapping[str, set[bytes]]
    events: list[StoredEvent]
    taken: Mapping[str, set[bytes]]
    killed: int

    def wrong(self) -> list[str]:
        """Whatever was lost or done twice, in words."""
        return [*self._wrong_bookings(), *self._wrong_mails(), *self._wrong_events()]

    def _wrong_bookings(self) -> Iterator[str]:
        stored = {each.id for each in self.bookings}
        if len(self.answered) != len(stored) or set(self.answered) != stored:
            yield f"{len(self.answered)} guests were told of a booking, and {len(stored)} are stored"
        links = {each.link for each in self.bookings} & set(self.made)
        if len(links) != len(stored):
            yield f"{len(stored)} bookings have {len(links)} meetings"
        if not 0 <= len(self.made) - len(stored) <= self.killed:
            yield f"{len(self.made) - len(stored)} meetings too many, after {self.killed} kills"

    def _wrong_mails(self) -> Iterator[str]:
        for each in self.bookings:
            for party in PARTIES:
                if f"<{each.id}.{each.revision}.{party}@timetuna.example>" not in self.mails:
                    yield f"the {party} wasn't mailed revision {each.revision} of {each.id}"
        yield from (f"{len(each)} mails are {name}" for name, each in self.mails.items() if len(each) > 1)

    def _wrong_events(self) -> Iterator[str]:
        stored = {each.id: {each.body} for each in self.events}
        for name in stored.keys() | self.taken.keys():
            if stored.get(name) != self.taken.get(name):
                yield f"event {name} came with {len(self.taken.get(name, ()))} bodies"
        told = Counter((each.type, each.booking_id) for each in self.events)
        owed = [(kind, each.id) for kind in ("booking.created", "booking.link_ready") for each in self.bookings]
        yield from (
            f"{kind} of {booking} was told {told[kind, booking]} times"
            for kind, booking in owed
            if told[kind, booking] != 1
        )
        known = {each.id for each in self.bookings}
        yield from (f"{kind} is told of {booking}" for kind, booking in told if booking not in known)


class BookingsAmidKills:
    """Guests book; a round kills two web processes, two workers, and then all workers at once.

    Args:
        pause: how many seconds a guest waits at most before the next books.
        patience: how many anybody waits for whatever has to come.
    """

    def __init__(
        self, deployment: Deployment, *, bookings: int, seed: int, pause: float = 0, patience: float = PATIENCE
    ) -> None:
        self._deployment = deployment
        self._bookings = bookings
        self._pause = pause
        self._patience = patience
        self._lots = random.Random(seed)
        # With one thread each worker can lose one meeting at most.
        self._processes = Processes(deployment, self._lots, threads=1)
        self._receiver = WebhookReceiver()

    async def __call__(self, rounds: int) -> Outcome:
        """Kill for `rounds` while guests book, once more afterwards, and wait until nothing is owed."""
        self._deployment.environ |= {"TIMETUNA_LINK_WAIT_SECONDS": "3", "TIMETUNA_ALLOWED_NETWORKS": "127.0.0.0/8"}
        switches = self._deployment.sandbox.switches
        switches.latency = 0.15
        async with serving(self._receiver) as webhook_url:
            await self._processes.start()
            wishes = await self._wishes(webhook_url)
            guests = asyncio.gather(*(self._book(wishes[first::GUESTS_AT_ONCE]) for first in range(GUESTS_AT_ONCE)))
            for _ in range(rounds):
                await self._processes.are_killed()
            answered = [name for each in await guests for name in each]
            switches.latency = 0
            await self._processes.are_killed()
            await self._deployment.owes_nothing(self._patience)
        return await self._outcome(answered)

    async def _outcome(self, answered: list[str]) -> Outcome:
        pool = self._deployment.store.pool
        mails: defaultdict[str, set[bytes]] = defaultdict(set)
        for mail in self._deployment.mailbox.messages():
            mails[mail.message["Message-ID"]].add(mail.raw)
        bookings = await pool.fetch("select id, revision, conference ->> 'join_url' as link from bookings")
        events = await pool.fetch("select id, type, booking_id, body from webhook_events")
        return Outcome(
            answered=answered,
            bookings=[StoredBooking(*row) for row in bookings],
            made=[meeting.body["join_url"] for meeting in self._deployment.sandbox.meetings],
            mails=mails,
            events=[StoredEvent(*row) for row in events],
            taken=self._receiver.taken,
            killed=self._processes.killed,
        )

    async def _wishes(self, webhook_url: str) -> list[Wish]:
        """Free times of several hosts, each with a Zoom account and a webhook of their own."""
        wishes: list[Wish] = []
        async with httpx.AsyncClient(base_url=self._processes.url()) as client:
            while missing := self._bookings - len(wishes):
                path = await self._a_host(len(wishes), webhook_url)
                wishes += [Wish(path, start) for start in await free_times(client, path, min(missing, MOST_PER_HOST))]
        return wishes

    async def _a_host(self, number: int, webhook_url: str) -> str:
        sandbox, now = self._deployment.sandbox, datetime.now(UTC)
        account = replace(ANNA, id=f"anna-{number}", email=f"anna{number}@zoom.example")
        sandbox.add(account)
        pair = sandbox.authorize(account)
        grant = Grant(pair.access_token, pair.refresh_token, now + timedelta(hours=1), frozenset(pair.scope.split()))
        connected = ProviderAccount(account.id, account.account_id, account.email, "Anna Höst")
        host = a_host()
        page = a_page(host, meeting_types=(zoom,))
        webhook = Webhook(
            id=WebhookId(f"webhook-{number}"),
            host_id=host.id,
            url=f"{webhook_url}/{number}",
            events=WEBHOOK_EVENT_TYPES,
            created_at=now,
        )
        async with self._deployment.store.begin() as uow:
            uow.hosts.add(host, None)
            uow.accounts.confirm_email(host.id, now)
            uow.pages.add(page)
            uow.connections.put(ProviderConnection(host.id, "zoom", connected, Connected(), now), grant)
            uow.webhooks.add(webhook, WebhookSecrets(SECRET))
        return f"/api/v1/public/{host.handle}/{page.slug}/{page.event_types[0].slug}"

    async def _book(self, wishes: list[Wish]) -> list[str]:
        booked: list[str] = []
        for wish in wishes:
            booked.append(await self._book_one(wish))
            await asyncio.sleep(self._lots.uniform(0, self._pause))
        return booked

    async def _book_one(self, wish: Wish) -> str:
        """Ask until there is an answer, as a browser does when its guest presses the button again."""
        key = {"Idempotency-Key": f"{wish.path} {wish.start}".replace(" ", "@")}
        async with asyncio.timeout(self._patience):
            while True:
                try:
                    async with httpx.AsyncClient(base_url=self._processes.url(), timeout=10) as client:
                        answer = await client.post(f"{wish.path}/bookings", json=submit(wish.start), headers=key)
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
                    continue
                assert answer.status_code == httpx.codes.CREATED, answer.text
                return answer.json()["id"]
