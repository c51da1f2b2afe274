"""`make faults`: kills processes a thousand times while bookings are events in calendars, and says what it found."""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

from adapters.postgres.embedded.server import EmbeddedPostgres
from entrypoints.migrations import bring_up_to_date
from tests.faults.kills_and_calendars import Finding, Scale, Upheaval, calendars_beside
from tests.support.deployment import deployed
from tests.support.forks import forking


async def main(scale: Scale, seed: int) -> int:
    with tempfile.TemporaryDirectory(prefix="timetuna-faults-") as temporary:
        folder = Path(temporary)
        with EmbeddedPostgres(folder / "postgres") as server:
            await bring_up_to_date(server.url)
            async with (
                forking() as forks,
                deployed(server.url, folder) as deployment,
                calendars_beside(deployment) as calendars,
            ):
                deployment.start = forks.start
                return report(await Upheaval(deployment, calendars, scale, seed)())


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
    print("\n".join(wrong or ["nothing is wrong"]))
    return int(bool(wrong))


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=1000)
    options.add_argument("--bookings", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    told = options.parse_args()
    sys.exit(asyncio.run(main(Scale(told.kills, told.bookings, pause=1.5, patience=300), told.seed)))
