"""`make bench`: how fast TimeTuna is, as ratios against a bare floor measured in the same run."""

import argparse
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from adapters.postgres.embedded.server import EmbeddedPostgres
from entrypoints.migrations import bring_up_to_date
from tests.benchmarks.asked_calendars import measured_asking
from tests.benchmarks.calendars import measured_calendars
from tests.benchmarks.followed import measured_following
from tests.benchmarks.links import measured_links
from tests.benchmarks.site import measured_site
from tests.benchmarks.starting import measured_starting
from tests.benchmarks.table import Row, print_head, print_row
from tests.benchmarks.webhooks import measured_webhooks

SECTIONS: dict[str, Callable[[str, Path], Awaitable[list[Row]]]] = {
    "site": measured_site,
    "starting": measured_starting,
    "links": measured_links,
    "calendars": measured_calendars,
    "asked": measured_asking,
    "followed": measured_following,
    "webhooks": measured_webhooks,
}


async def main() -> int:
    """Print a row as soon as it is measured; 1 where a goal isn't met."""
    met = True
    options = argparse.ArgumentParser(prog="make bench", description=__doc__)
    options.add_argument("sections", nargs="*", metavar="section", help=f"of {', '.join(SECTIONS)}; all by default")
    asked: list[str] = options.parse_args().sections
    if unknown := set(asked) - set(SECTIONS):
        options.error(f"no such section: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="timetuna-bench-") as temporary:
        folder = Path(temporary)
        with EmbeddedPostgres(folder / "postgres") as server:
            await bring_up_to_date(server.url)
            print_head()
            for name in asked or SECTIONS:
                for row in await SECTIONS[name](server.url, folder):
                    print_row(row)
                    met &= row.met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
