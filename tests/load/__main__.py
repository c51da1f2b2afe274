"""`make load`: whether two web and two worker processes hold mixed traffic for long, and what it does to them."""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import uvloop

from entrypoints.migrations import bring_up_to_date
from tests.benchmarks.filling import add_twins, fill_month
from tests.load.traffic import MIX, Answered, Traffic
from tests.operations.brokers import Redis
from tests.operations.postgres_servers import Server, servers
from tests.support.deployment import Deployment, deployed
from tests.support.processes import Running

HOSTS = 200
SHARE = 0.7
"""Of what is answered when everybody sends as fast as they can."""

WARM, FASTEST = 5.0, 20.0
GROWTH = 1.05
ZOOM_TAKES = 3.0
WORKERS_LIVE = 20.0
SETTLE = 600.0


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
    traffic = Traffic(int(url.rsplit(":", 1)[1]), HOSTS, [host.api_token], random.Random(20261130))

    await traffic.run(WARM)
    traffic.answered.clear()
    print("… measuring how much is answered at most", file=sys.stderr)
    await traffic.run(FASTEST)
    fastest = len(traffic.answered) / FASTEST
    traffic.answered.clear()

    print(f"… sending {SHARE * fastest:,.0f} requests a second for {seconds:,.0f} s", file=sys.stderr)
    before = memory(deployment.running)
    troubles = [_troubles(deployment, database, broker, workers, seconds)] if troubled else []
    await asyncio.gather(traffic.run(seconds, SHARE * fastest), *troubles)
    after = memory(deployment.running)
    deployment.sandbox.switches.latency = 0
    await deployment.owes_nothing(SETTLE)
    kept = {row["id"] for row in await deployment.store.pool.fetch("select id from bookings")}
    lost = [each for each in traffic.made if each.id not in kept]
    return report(traffic.answered, fastest, seconds, (before, after), len(traffic.made), len(lost), troubled=troubled)


async def _troubles(
    deployment: Deployment, database: Server, broker: Redis, workers: list[Running], seconds: float
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
            await asyncio.to_thread(database.stop)
            await asyncio.to_thread(lambda: database.start(fsync="on"))
        elif not killed and loop.time() > began + 2 * seconds / 3:
            killed = True
            await broker.kill()
            await broker.start()


def memory(running: Sequence[Running]) -> int:
    """What web and worker processes hold, their children too, in bytes that nobody shares."""
    total = 0
    for each in running:
        if each.process.returncode is None:
            total += sum(map(_private, _family(each.process.pid)))
    return total


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(found for child in children for found in _family(int(child)))]


def _private(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


def report(
    answered: Sequence[Answered],
    fastest: float,
    seconds: float,
    held: tuple[int, int],
    made: int,
    lost: int,
    *,
    troubled: bool,
) -> int:
    print(
        f"\nAt most {fastest:,.0f} requests a second; {len(answered) / seconds:,.0f} were sent, for {seconds:,.0f} s."
    )
    print("\n| requests | answered | 50th | 95th | 99th | 99.9th percentile |\n|---|---|---|---|---|---|")
    for kind, share in MIX:
        took = [1000 * each.seconds for each in answered if each.kind == kind and 200 <= each.status < 300]
        thousandths = statistics.quantiles(took, n=1000)
        points = " | ".join(f"{thousandths[at - 1]:.0f} ms" for at in (500, 950, 990, 999))
        print(f"| {share} % {kind} | {len(took):,} | {points} |")
    others = Counter((each.kind, each.status) for each in answered if not 200 <= each.status < 300)
    before, after = held
    print(f"\nOther answers: {_listed(others)}.")
    print(f"Bookings that were answered for: {made:,}, of which {lost} are gone.")
    print(f"Memory: {before / 2**20:.0f} MiB at the begin, {after / 2**20:.0f} MiB at the end.")
    if troubled:
        return 1 if lost else 0
    return 1 if lost or others or after > GROWTH * before else 0


def _listed(others: Counter[tuple[str, int]]) -> str:
    return ", ".join(f"{count} × {kind} {status}" for (kind, status), count in sorted(others.items())) or "none"


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
