"""`make abuse`: attacks a TimeTuna of its own on the loopback interface, and reports what reached strangers.

The limits are on, as an operator has them. Attackers come from many networks: each binds an address of 127/8 of its
own. What they send is bounded in number and in time, and nothing leaves this machine: web, worker, PostgreSQL, Redis,
Zoom and the mail server are started for this run.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvloop

from adapters.postgres.embedded.server import EmbeddedPostgres
from adapters.sandbox.zoom.accounts import ANNA, BEN, ZoomAccount
from entrypoints.migrations import bring_up_to_date
from tests.support.deployment import ApiHost, Deployment, deployed, sends
from tests.support.guests import free_times, ready, token_of
from tests.support.tokens import an_api_token

Json = dict[str, Any]

PASSWORD = "correct horse battery"
PACE = 0.25
"""Seconds between two tries of one attack."""
PHONE: Json = {"type": "phone", "caller": "guest", "number": "+49 30 1234567"}
AS_USUAL: Json = {"max_per_guest": 5}
ADDRESSES = 40
A_NETWORKS_BOOKINGS = 20
"""An hour, with one host."""
MOST_TRIES = 5_000
"""Of one attack, however long it may last."""
OFTEN_TO_ONE_STRANGER = 20
"""Mails an hour to one address, from the whole installation."""


class Tally(msgspec.Struct):
    """What came of an attack's tries, by status, and what else there is to say about it."""

    tries: Counter[int] = msgspec.field(default_factory=Counter[int])
    finding: str = ""

    @property
    def accepted(self) -> int:
        return sum(number for status, number in self.tries.items() if status < 400)


class Siege:
    """One attack while it lasts.

    Attributes:
        domain: all strangers of this attack have their addresses in it, so that their mails can be told apart.
    """

    def __init__(self, deployment: Deployment, base: str, name: str, number: int, ends_at: float) -> None:
        self.deployment = deployment
        self.base = base
        self.domain = f"{name.lower().replace(' ', '-')}.strangers.example"
        self.tally = Tally()
        self._number = number
        self._ends_at = ends_at

    @asynccontextmanager
    async def visitor(self, number: int = 1) -> AsyncGenerator[httpx.AsyncClient]:
        """Somebody in a network of their own."""
        address = f"127.{self._number + 1}.{number // 250}.{number % 250 + 1}"
        transport = httpx.AsyncHTTPTransport(local_address=address)
        async with httpx.AsyncClient(base_url=self.base, transport=transport, timeout=30) as client:
            yield client

    async def lasts(self) -> bool:
        """Wait for the next try; false once time or tries are used up."""
        await asyncio.sleep(PACE)
        return time.monotonic() < self._ends_at and self.tally.tries.total() < MOST_TRIES

    async def tries(self, answer: Awaitable[httpx.Response]) -> httpx.Response:
        seen = await answer
        self.tally.tries[seen.status_code] += 1
        return seen

    async def books(
        self, client: httpx.AsyncClient, path: str, start: str, email: str, meeting_type: str = "phone"
    ) -> httpx.Response:
        guest = {"name": "Win at www.prize.example", "email": email, "timezone": "UTC"}
        body = {"start": start, "meeting_type": meeting_type, "guest": guest}
        return await self.tries(client.post(f"{path}/bookings", json=body))

    async def floods(self, path: str, starts: list[str], first: int = 0) -> None:
        """Book all these Zoom meetings at the same time, in turn for all made-up addresses, from networks as needed."""

        async def book(number: int, start: str) -> None:
            async with self.visitor(1 + number // A_NETWORKS_BOOKINGS) as client:
                await self.books(client, path, start, f"stranger-{number % ADDRESSES}@{self.domain}", "zoom")

        async with asyncio.TaskGroup() as group:
            for number, start in enumerate(starts, start=first):
                group.create_task(book(number, start))

    async def host(self, handle: str, zoom: ZoomAccount | None = None) -> tuple[ApiHost, str]:
        """A host with a page, by phone unless a Zoom account is given, and the page's path in the public API."""
        host = await self.deployment.host(handle)
        if zoom:
            await self.deployment.connect_zoom(host, zoom)
        async with self.visitor(0) as client:
            return host, await host.publishes(client, meeting_types=[{"type": "zoom"} if zoom else PHONE], **AS_USUAL)

    async def starts(self, path: str) -> list[str]:
        async with self.visitor(0) as client:
            return await free_times(client, path, 10_000)


async def unconfirmed_host(siege: Siege) -> None:
    """Sign up with an address of somebody else, and let strangers be mailed by booking one's own page."""
    for number in count(1):
        async with siege.visitor(number) as client:
            handle = f"fresh-{number}"
            details = {"email": f"{handle}@{siege.domain}", "name": "Your bank", "handle": handle, "timezone": "UTC"}
            await siege.tries(sends(client, "/signup", details | {"password": PASSWORD}))
            store = siege.deployment.store
            host_id = await store.pool.fetchval("select id from hosts where handle = $1", handle)
            if host_id is not None:
                token = await an_api_token(store.begin, host_id, datetime.now(UTC), name="attack")
                path = await ApiHost(host_id, handle, token).publishes(client, meeting_types=[PHONE], **AS_USUAL)
                for guest, start in enumerate(await free_times(client, path, 3)):
                    await siege.books(client, path, start, f"guest-{guest}@{siege.domain}")
        if not await siege.lasts():
            return


async def host_in_a_loop(siege: Siege) -> None:
    """A host with a confirmed address mails one stranger by new links and by sending again."""
    host, path = await siege.host("mallory", BEN)
    start = (await siege.starts(path))[0]
    async with siege.visitor() as client:
        booked = await siege.books(client, path, start, f"victim@{siege.domain}", "zoom")
        booking = f"/api/v1/bookings/{booked.json()['id']}"
        for number in count(1):
            link = {"join_url": f"https://prize.example/{number}"}
            await siege.tries(client.put(f"{booking}/join-link", json=link, headers=host.headers))
            await siege.tries(client.post(f"{booking}/resend", headers=host.headers))
            if not await siege.lasts():
                return


async def host_with_every_tool(siege: Siege) -> None:
    """A host books one stranger over their own API, minute by minute, has them reminded, and proposes other times."""
    host = await siege.deployment.host("wendy")
    minutes = {"event_types": [{"slug": "call", "title": "Prize", "duration_minutes": 1}], "minimum_notice_minutes": 0}
    async with siege.visitor() as client:
        path = await host.publishes(client, meeting_types=[PHONE], reminders=[1, 2, 3], **minutes)
        [page] = (await client.get("/api/v1/booking-pages", headers=host.headers)).json()
        booking = f"/api/v1/booking-pages/{page['id']}/event-types/{page['event_types'][0]['id']}/bookings"
        others = (await free_times(client, path, 3))[:3]
        guest = {"name": "Win at www.prize.example", "email": f"victim@{siege.domain}", "timezone": "UTC"}
        for minute in count(4):
            start = (datetime.now(UTC) + timedelta(minutes=minute)).isoformat()
            body = {"start": start, "meeting_type": "phone", "guest": guest}
            booked = await siege.tries(client.post(booking, json=body, headers=host.headers))
            if booked.is_success:
                proposals = f"/api/v1/bookings/{booked.json()['id']}/proposals"
                proposal = {"starts": others, "note": "see https://prize.example"}
                await siege.tries(client.post(proposals, json=proposal, headers=host.headers))
            if not await siege.lasts():
                return


async def host_and_many_strangers(siege: Siege) -> None:
    """A host with a confirmed address books ever new strangers on their own page, each from another network."""
    _, path = await siege.host("trudy")
    for number, start in enumerate(await siege.starts(path), start=1):
        async with siege.visitor(number // 3) as client:
            await siege.books(client, path, start, f"stranger-{number}@{siege.domain}")
        if not await siege.lasts():
            return


async def host_books_strangers(siege: Siege) -> None:
    """A host with a confirmed address books ever new strangers over their own API, each from another network."""
    host = await siege.deployment.host("walter")
    async with siege.visitor(0) as client:
        await host.publishes(client, meeting_types=[PHONE])
        [page] = (await client.get("/api/v1/booking-pages", headers=host.headers)).json()
    booking = f"/api/v1/booking-pages/{page['id']}/event-types/{page['event_types'][0]['id']}/bookings"
    first = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    for number in count(1):
        guest = {"name": "Win at www.prize.example", "email": f"stranger-{number}@{siege.domain}", "timezone": "UTC"}
        body = {"start": (first + number * timedelta(hours=1)).isoformat(), "meeting_type": "phone", "guest": guest}
        async with siege.visitor(number // 3) as client:
            await siege.tries(client.post(booking, json=body, headers=host.headers))
        if not await siege.lasts():
            return


async def moves_and_cancellations(siege: Siege) -> None:
    """Book a stranger's address at an honest host, move to and fro, cancel, and begin again."""
    host, path = await siege.host("anna")
    starts = await siege.starts(path)
    for number in count(1):
        async with siege.visitor(number) as client:
            booked = await siege.books(client, path, starts[0], f"victim@{siege.domain}")
            if booked.is_success:
                booking = f"/api/v1/public/bookings/{token_of(booked.json())}"
                for start in starts[1:41]:
                    await siege.tries(client.post(f"{booking}/reschedule", json={"start": start}))
                await siege.tries(client.post(f"{booking}/cancel", json={"reason": "see https://prize.example"}))
        if not await siege.lasts():
            break
    to_host = len(siege.deployment.mailbox.to(f"{host.handle}@hosts.example"))
    siege.tally.finding = f"{to_host} mails to the honest host"


async def many_hosts(siege: Siege) -> None:
    """Book one stranger's address at every host there is."""
    for number in count(1):
        _, path = await siege.host(f"host-{number}")
        async with siege.visitor(number) as client:
            for start in (await siege.starts(path))[:10]:
                await siege.books(client, path, start, f"victim@{siege.domain}")
        if not await siege.lasts():
            return


async def forms(siege: Siege) -> None:
    """Have a stranger mailed by every form that takes an address."""
    for number in count(1):
        async with siege.visitor(number) as client:
            email = f"victim@{siege.domain}"
            details = {"name": "www.prize.example", "handle": f"prize-{number}", "timezone": "UTC"}
            await siege.tries(sends(client, "/forgot", {"email": email}))
            await siege.tries(sends(client, "/signup", details | {"email": email, "password": PASSWORD}))
            support = {"email": email, "page_url": "", "message": "Win at www.prize.example"}
            await siege.tries(client.post("/support", data=support))
        if not await siege.lasts():
            return


async def zoom_day(siege: Siege) -> None:
    """Use up the meetings that Zoom makes for an honest host in a day, and see whether a known guest gets one still.

    The made-up addresses have all booked on the day before, and come faster than meetings are made.
    """
    host, path = await siege.host("berta", ANNA)
    starts = await siege.starts(path)
    pool = siege.deployment.store.pool
    known = "known@guests.example"
    async with siege.visitor(0) as client:
        await host_books(siege, client, host, starts[-1], known)
        for first in range(0, len(starts) - 2, ADDRESSES):
            await siege.floods(path, starts[first : min(first + ADDRESSES, len(starts) - 2)], first)
            if first == 0:
                eve = "update bookings set created_at = created_at - interval '1 day' where host_id = $1"
                await pool.execute(eve, host.id)
            if not await siege.lasts():
                break
        kept = (await siege.books(client, path, starts[-2], known, "zoom")).json()
        status = (await ready(client, kept))["conference"]["status"] if "manage_url" in kept else kept["type"]
    made = await pool.fetchval("select meetings_made from provider_connections where host_id = $1", host.id)
    siege.tally.finding = f"{made} meetings; a known guest’s afterwards: {status}"


async def host_books(siege: Siege, client: httpx.AsyncClient, host: ApiHost, start: str, email: str) -> None:
    """Whom a host has booked, the host knows."""
    [page] = (await client.get("/api/v1/booking-pages", headers=host.headers)).json()
    guest = {"name": "Ana Brito", "email": email, "timezone": "UTC"}
    booking = f"/api/v1/booking-pages/{page['id']}/event-types/{page['event_types'][0]['id']}/bookings"
    body = {"start": start, "meeting_type": "zoom", "guest": guest}
    answer = await siege.tries(client.post(booking, json=body, headers=host.headers))
    assert answer.is_success, answer.text


async def wrong_passwords(siege: Siege) -> None:
    """Fail to sign in as somebody from many networks, and see whether the owner can."""
    owner = {"email": f"owner@{siege.domain}", "password": PASSWORD}
    async with siege.visitor(0) as client:
        await sends(client, "/signup", owner | {"name": "Owner", "handle": "owner", "timezone": "UTC"})
        await client.post("/signout")
    for number in count(1):
        async with siege.visitor(number % 200 + 1) as client:
            await siege.tries(sends(client, "/signin", owner | {"password": "wrong"}))
        if not await siege.lasts():
            break
    async with siege.visitor(0) as client:
        signed_in = await sends(client, "/signin", owner)
    siege.tally.finding = f"the owner signs in: {'yes' if signed_in.status_code == 303 else 'NO'}"


ATTACKS: dict[str, Callable[[Siege], Coroutine[None, None, None]]] = {
    "unconfirmed hosts": unconfirmed_host,
    "a host in a loop": host_in_a_loop,
    "a host with every tool": host_with_every_tool,
    "a host and many strangers": host_and_many_strangers,
    "a host that books strangers": host_books_strangers,
    "moves and cancellations": moves_and_cancellations,
    "one stranger at many hosts": many_hosts,
    "forms": forms,
    "a Zoom day": zoom_day,
    "wrong passwords": wrong_passwords,
}


async def main(minutes: float) -> int:
    with tempfile.TemporaryDirectory(prefix="timetuna-abuse-") as temporary:
        folder = Path(temporary)
        with EmbeddedPostgres(folder / "postgres") as server:
            await bring_up_to_date(server.url)
            async with deployed(server.url, folder) as deployment:
                del deployment.environ["TIMETUNA_RATE_LIMIT"]
                deployment.environ["TIMETUNA_OPERATOR_EMAIL"] = "operator@timetuna.example"
                base = await deployment.web()
                await deployment.workers()
                ends_at = time.monotonic() + timedelta(minutes=minutes).total_seconds()
                sieges = {
                    name: Siege(deployment, base, name, number, ends_at) for number, name in enumerate(ATTACKS, start=1)
                }
                async with asyncio.TaskGroup() as group:
                    for name, siege in sieges.items():
                        group.create_task(ATTACKS[name](siege), name=name)
                # What is owed for long, such as a reminder, doesn't leave in the minutes that this lasts.
                await asyncio.sleep(10)
                return report(sieges, deployment)


def report(sieges: dict[str, Siege], deployment: Deployment) -> int:
    """Print a table; 1 where one stranger got more mails than the contract allows."""
    print("| attack | tries | accepted | mails to strangers | most to one | |\n|---|---|---|---|---|---|")
    worst = 0
    for name, siege in sieges.items():
        mailed = Counter(
            recipient
            for mail in deployment.mailbox.messages()
            for recipient in mail.recipients
            if recipient.endswith(f"@{siege.domain}")
        )
        most = max(mailed.values(), default=0)
        worst = max(worst, most)
        tally = siege.tally
        counted = f"{tally.tries.total():,} | {tally.accepted:,} | {mailed.total():,} to {len(mailed):,} | {most}"
        print(f"| {name} | {counted} | {tally.finding} |")
    return int(worst > OFTEN_TO_ONE_STRANGER)


if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="make abuse", description=__doc__)
    options.add_argument("--minutes", type=float, default=10.0)
    sys.exit(uvloop.run(main(options.parse_args().minutes)))
