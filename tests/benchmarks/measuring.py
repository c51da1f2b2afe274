"""How two kinds of work are measured against each other."""

import json
import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx
import msgspec

from tests.benchmarks.filling import add_twins, fill_month
from tests.benchmarks.load import Load, post, put_load
from tests.support.deployment import ApiHost, Deployment
from tests.support.guests import submit

CONNECTIONS = 16
ROUNDS = 5
SECONDS = 3.0
TWINS = 200


class Measured(msgspec.Struct, frozen=True):
    """Requests a second of both, each the median of its rounds; `ratio` is the median of the rounds' ratios.

    Attributes:
        slow: what one of a hundred of ours takes longer than, in seconds; the median of the rounds as well.
    """

    ours: float
    floor: float
    ratio: float
    slow: float


async def served(deployment: Deployment, url: str) -> tuple[int, ApiHost]:
    """One web process, and hosts to book; no worker, as it would be on other machines."""
    deployment.environ |= {"TIMETUNA_RATE_LIMIT": "on", "TIMETUNA_TRUSTED_PROXIES": "127.0.0.1"}
    port = int((await deployment.web()).rsplit(":", 1)[1])
    host = await deployment.host("busy")
    await deployment.connect_zoom(host)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        ten_hours = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
        await host.publishes(client, availability={"weekly": ten_hours}, horizon_days=730)
    await fill_month(url, host.id)
    await add_twins(url, host.id, TWINS)
    return port, host


def submits(path: str, twins: range = range(1, TWINS + 1)) -> Iterator[bytes]:
    """Bookings of ever new times: each of these hosts gets one on each weekday, and then the next on each.

    Each is by a guest of their own from a network of their own, for the limits are on.
    """
    networks = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in count())
    for hour in range(7, 16):
        for day in range(400):
            start = datetime(2027, 4, 1, hour, tzinfo=UTC) + timedelta(days=day)
            if start.weekday() < 5:
                body = json.dumps(submit(start.isoformat())).encode()
                for twin in twins:
                    handle = f"twin-{twin}" if "api" in path else str(twin)
                    guest = f"{start:%y%m%d%H}-{twin}"
                    yield post(path.format(handle), body.replace(b"ana@", f"{guest}@".encode()), next(networks))


async def compare(
    port: int,
    ours: Callable[[], Iterator[bytes]],
    floor_port: int,
    theirs: Callable[[], Iterator[bytes]],
    *,
    connections: int = CONNECTIONS,
) -> Measured:
    """Measure both in turns, so that whatever else the machine does hits both alike."""
    rounds: list[tuple[Load, Load]] = []
    for number in range(ROUNDS + 1):
        pair = (
            await put_load(port, ours(), connections=connections, seconds=SECONDS),
            await put_load(floor_port, theirs(), connections=connections, seconds=SECONDS),
        )
        # The first round warms both up.
        rounds += [pair] if number else []
    return Measured(
        statistics.median(each.rate for each, _ in rounds),
        statistics.median(each.rate for _, each in rounds),
        statistics.median(each.rate / other.rate for each, other in rounds),
        statistics.median(each.slow for each, _ in rounds),
    )
