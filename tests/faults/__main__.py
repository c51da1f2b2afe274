"""`make faults`: kills processes a thousand times, and says what it found.

First while bookings get meetings, mails and webhooks, then while they are events in calendars that their hosts edit.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.postgres.embedded.server import EmbeddedPostgres
from entrypoints.migrations import bring_up_to_date
from tests.faults.kills_and_bookings import BookingsAmidKills
from tests.faults.kills_and_calendars import Finding, Scale, Upheaval, calendars_beside
from tests.support.deployment import Deployment, forked

PATIENCE = 300.0

BOOKED_WITH_WEBHOOKS = 1000


async def main(only: str | None, scale: Scale, seed: int) -> int:
    wrong = 0
    if only != "calendars":
        wrong |= await bookings(seed)
    if only != "bookings":
        wrong |= await calendars(scale, seed)
    return wrong


async def bookings(seed: int) -> int:
    async with a_deployment() as deployment:
        run = BookingsAmidKills(deployment, bookings=BOOKED_WITH_WEBHOOKS, seed=seed, pause=2, patience=PATIENCE)
        outcome = await run(rounds=20)
    print(f"{outcome.killed} killed, {len(outcome.bookings)} bookings, {len(outcome.events)} events, ", end="")
    print(f"{len(outcome.made)} meetings, {len(outcome.mails)} mails")
    return say(outcome.wrong())


async def calendars(scale: Scale, seed: int) -> int:
    async with a_deployment() as deployment, calendars_beside(deployment) as beside:
        return report(await Upheaval(deployment, beside, scale, seed)())


@asynccontextmanager
async def a_deployment() -> AsyncGenerator[Deployment]:
    with tempfile.TemporaryDirectory(prefix="timetuna-faults-") as temporary:
        folder = Path(temporary)
        with EmbeddedPostgres(folder / "postgres") as server:
            await bring_up_to_date(server.url)
            async with forked(server.url, folder) as deployment:
                yield deployment


def report(found: Finding) -> int:
    """Print what was done and what is wrong; 1 where anything is."""
    print(f"{found.seconds:.0f} s:", ", ".join(f"{what} {times:,}" for what, times in sorted(found.did.items())))
    live = sum(map(len, found.wanted.values()))
    print(f"{live} live bookings, {sum(map(len, found.held.values()))} events, entries are {found.states}")
    wrong = [f"owed: {found.owed}"] if found.owed else []
    wrong += [f"mailed: {each}" for each in found.mailed]
    for calendar, wanted in found.wanted.items():
        held = found.held[calendar]
        wrong += [f"missing in {calendar}: {each}" for each in (Counter(wanted) - Counter(held)).elements()]
        wrong += [f"too many in {calendar}: {each}" for each in (Counter(held) - Counter(wanted)).elements()]
    if found.states != {"confirmed": {"written"}, "cancelled": {"removed"}}:
        wrong.append("not all are as they should be")
    return say(wrong)


def say(wrong: list[str]) -> int:
    print("\n".join(wrong or ["nothing is wrong"]))
    return int(bool(wrong))


if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="make faults", description=__doc__)
    options.add_argument("--only", choices=("bookings", "calendars"))
    options.add_argument("--kills", type=int, default=1000, help="of the calendars' run")
    options.add_argument("--bookings", type=int, default=300, help="of the calendars' run")
    options.add_argument("--seed", type=int, default=1)
    told = options.parse_args()
    sys.exit(asyncio.run(main(told.only, Scale(told.kills, told.bookings, pause=1.5, patience=PATIENCE), told.seed)))
