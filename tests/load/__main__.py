"""`make load`: whether two web and two worker processes hold mixed traffic for long, and what it does to them."""

import argparse
import asyncio
import json
import math
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from http import HTTPStatus
from pathlib import Path

import httpx
import msgspec
import uvloop

from adapters.sandbox.zoom.accounts import ANNA
from entrypoints.migrations import bring_up_to_date
from tests.benchmarks.filling import add_twins, fill_month
from tests.load.traffic import MIX, Answered, Traffic
from tests.support.brokers import Redis
from tests.support.deployment import ApiHost, Deployment, deployed
from tests.support.postgres_servers import Server, servers
from tests.support.processes import Running, children

HOSTS = 700
"""Zoom takes a hundred calls a day for each: with fewer, some of ten minutes' bookings would wait for the next day."""

SHARE = 0.7
"""Of what is answered when everybody sends as fast as they can."""

WARM = 60.0
"""Seconds until what a process keeps of each host has grown to its limits."""

FASTEST = 20.0

GROWTH = 1.05
ZOOM_TAKES = 3.0
WORKERS_LIVE = 20.0
BACK_WITHIN = 10.0
"""Seconds until every process has found a PostgreSQL that is back."""

SETTLE = 600.0
"""Seconds, or shorter once nothing is owed."""

_OWED = "select job, count(*) as count from outbox where job <> 'remind_guest' group by job order by job"


async def main() -> int:
    options = argparse.ArgumentParser(prog="make load", description=__doc__)
    options.add_argument("--seconds", type=float, default=600)
    options.add_argument(
        "--troubled",
        action="store_true",
        help="restart PostgreSQL, kill Redis, kill a worker every 20 seconds, and let Zoom answer after three",
    )
    asked = options.parse_args()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="timetuna-load-")))
        made = stack.enter_context(servers())
        database = made.add("database")
        await asyncio.to_thread(database.create)
        await asyncio.to_thread(lambda: database.start(fsync="on"))
        await bring_up_to_date(database.url)
        broker = Redis(folder)
        await broker.start()
        stack.push_async_callback(broker.kill)
        deployment = await stack.enter_async_context(deployed(database.url, folder, broker.url))
        return await _measured(deployment, database, broker, asked.seconds, troubled=asked.troubled)


async def _measured(deployment: Deployment, database: Server, broker: Redis, seconds: float, *, troubled: bool) -> int:
    deployment.environ |= {"TIMETUNA_RATE_LIMIT": "on", "TIMETUNA_TRUSTED_PROXIES": "127.0.0.1"}
    url = await deployment.web("--workers", "2")
    workers = [await deployment.workers() for _ in range(2)]
    host = await deployment.host("busy")
    await deployment.connect_zoom(host)
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        hours = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
        phone = [{"type": "zoom"}, {"type": "phone", "caller": "guest", "number": "+4930123456"}]
        await host.publishes(client, availability={"weekly": hours}, horizon_days=730, meeting_types=phone)
    await fill_month(database.url, host.id)
    await add_twins(database.url, host.id, HOSTS)
    for number in range(1, HOSTS + 1):
        twin = ApiHost(f"twin{number}", f"twin-{number}", "")
        account = msgspec.structs.replace(ANNA, id=f"twin{number}", email=f"twin-{number}@zoom.example")
        deployment.sandbox.add(account)
        await deployment.connect_zoom(twin, account)
    traffic = Traffic(int(url.rsplit(":", 1)[1]), HOSTS, [host.api_token], random.Random(20261130))

    await traffic.run(WARM)
    traffic.answered.clear()
    print("… measuring how much is answered at most", file=sys.stderr)
    await traffic.run(FASTEST)
    fastest = len(traffic.answered) / FASTEST
    traffic.answered.clear()

    print(f"… sending {SHARE * fastest:,.0f} requests a second for {seconds:,.0f} s", file=sys.stderr)
    before = Memory(memory(deployment.webs.values()), memory(workers))
    away = Away()
    troubles = [_troubles(deployment, database, broker, workers, seconds, away)] if troubled else []
    await asyncio.gather(traffic.run(seconds, SHARE * fastest), *troubles)
    after = Memory(memory(deployment.webs.values()), memory(workers))
    deployment.sandbox.switches.latency = 0
    with suppress(TimeoutError):
        await deployment.owes_nothing(SETTLE)
    owed = await deployment.store.pool.fetch(_OWED)
    stored = await deployment.store.pool.fetch("select id, start_at, conference ->> 'status' as status from bookings")
    kept = {row["id"]: row["start_at"] for row in stored}
    outcome = Outcome(
        bookings=len(traffic.starts),
        lost=sum(kept.get(booking) not in starts for booking, starts in traffic.starts.items()),
        owed=", ".join(f"{row['count']:,} × {row['job']}" for row in owed),
        without_link=sum(row["status"] not in {"ready", "none"} for row in stored),
        grown=after.web > GROWTH * before.web or (not troubled and after.workers > GROWTH * before.workers),
    )
    print(f"\nAt most {fastest:,.0f} requests a second; {SHARE * fastest:,.0f} were sent, for {seconds:,.0f} s.")
    for name, held, holds in (("web processes", before.web, after.web), ("workers", before.workers, after.workers)):
        print(f"Memory of {name}: {held / 2**20:.0f} MiB at the begin, {holds / 2**20:.0f} MiB at the end.")
    for cause, count in Counter(_failures(deployment.webs.values())).most_common():
        print(f"{count} × {cause}")
    return report(traffic.answered, outcome, away)


async def _troubles(
    deployment: Deployment, database: Server, broker: Redis, workers: list[Running], seconds: float, away: "Away"
) -> None:
    deployment.sandbox.switches.latency = ZOOM_TAKES
    loop = asyncio.get_running_loop()
    end, began = loop.time() + seconds, loop.time()
    restarted = killed = False
    while loop.time() < end - 1:
        await asyncio.sleep(min(WORKERS_LIVE, end - loop.time()))
        await workers.pop(0).kill()
        workers.append(await deployment.workers())
        if not restarted and loop.time() > began + seconds / 3:
            restarted = True
            away.since = time.perf_counter()
            await asyncio.to_thread(database.stop)
            await asyncio.to_thread(lambda: database.start(fsync="on"))
            away.until = time.perf_counter()
        elif not killed and loop.time() > began + 2 * seconds / 3:
            killed = True
            await broker.kill()
            await broker.start()


class Away(msgspec.Struct):
    """From when to when PostgreSQL was away, by `time.perf_counter`."""

    since: float = math.inf
    until: float = math.inf

    def excuses(self, answered: Answered) -> bool:
        """Whether the guest was told to try again while there was nothing else to tell."""
        return (
            answered.status == HTTPStatus.SERVICE_UNAVAILABLE
            and answered.says_when
            and self.since < answered.at < self.until + BACK_WITHIN
        )


class Memory(msgspec.Struct, frozen=True):
    """Bytes that web and worker processes hold."""

    web: int
    workers: int


class Outcome(msgspec.Struct, frozen=True):
    """What has become of bookings that were answered for; `lost` are those at another time, too.

    Attributes:
        owed: jobs that weren't done when everything should have settled.
    """

    bookings: int
    lost: int
    owed: str
    without_link: int
    grown: bool


def memory(running: Iterable[Running]) -> int:
    """What these processes hold, their children too, in bytes that nobody shares."""
    return sum(map(_private, (pid for each in running for pid in _family(each.process.pid))))


def _family(pid: int) -> list[int]:
    try:
        return [pid, *(found for child in children(pid) for found in _family(child))]
    except FileNotFoundError:
        return []


def _private(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def _failures(webs: Iterable[Running]) -> Iterator[str]:
    """What requests failed of that were answered with 500."""
    for line in "".join(each.says() for each in webs).splitlines():
        if '"event": "request_failed"' in line:
            yield json.loads(line)["exception"].rstrip().splitlines()[-1]


def report(answered: Sequence[Answered], outcome: Outcome, away: Away) -> int:
    print("\n| requests | answered | 50th | 95th | 99th | 99.9th percentile |\n|---|---|---|---|---|---|")
    for kind, share in MIX:
        took = [1000 * each.seconds for each in answered if each.kind == kind and each.is_success]
        thousandths = statistics.quantiles(took, n=1000)
        points = " | ".join(f"{thousandths[at - 1]:.0f} ms" for at in (500, 950, 990, 999))
        print(f"| {share} % {kind} | {len(took):,} | {points} |")
    others = [each for each in answered if not each.is_success]
    excused = [each for each in others if away.excuses(each)]
    wrong = [each for each in others if not away.excuses(each)]
    print(f"\nTold to try again while PostgreSQL was away: {_listed(excused)}.")
    print(f"Other answers: {_listed(wrong)}.")
    print(f"Bookings that were answered for: {outcome.bookings:,}, of which {outcome.lost} are gone or elsewhere.")
    print(f"Bookings that wait for a link in the end: {outcome.without_link}.")
    print(f"Jobs that are due {SETTLE:.0f} s later: {outcome.owed or 'none'}.")
    return 1 if wrong or outcome.lost or outcome.owed or outcome.without_link or outcome.grown else 0


def _listed(answered: Sequence[Answered]) -> str:
    counted = Counter((each.kind, each.status) for each in answered)
    return ", ".join(f"{count} × {kind} {status}" for (kind, status), count in sorted(counted.items())) or "none"


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
