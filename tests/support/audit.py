"""Looks up what the package index knows of the releases in uv.lock: `make audit` fails where one is vulnerable.

The index says so with each release's metadata, so nothing else is asked and nothing is installed. Where the index can't
be reached, that is said and nothing fails: whoever works on a train isn't kept from it.
"""

import asyncio
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

ROOT = Path(__file__).parents[2]
AT_ONCE = 8
PATIENCE = 10.0


class Release(msgspec.Struct, frozen=True, order=True):
    """A locked package; `metadata` is where the index describes it."""

    name: str
    version: str
    metadata: str


class Vulnerability(msgspec.Struct, frozen=True):
    """What the index knows of a weakness; `withdrawn` is set where it turned out to be none."""

    id: str
    summary: str | None = None
    fixed_in: list[str] = []
    link: str | None = None
    withdrawn: str | None = None


class _Metadata(msgspec.Struct, frozen=True):
    vulnerabilities: list[Vulnerability] = []


def locked(lock: str) -> list[Release]:
    """The releases in a lock file that came from an index."""
    packages: list[dict[str, Any]] = tomllib.loads(lock)["package"]
    return sorted(
        Release(each["name"], each["version"], _metadata_of(each["source"]["registry"], each["name"], each["version"]))
        for each in packages
        if "registry" in each["source"]
    )


async def looked_up(client: httpx.AsyncClient, releases: list[Release]) -> dict[Release, list[Vulnerability] | None]:
    """The known vulnerabilities of each; None where the index didn't say."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(release: Release) -> list[Vulnerability] | None:
        async with gate:
            try:
                answer = await client.get(release.metadata)
                found = msgspec.json.decode(answer.raise_for_status().content, type=_Metadata)
            except (httpx.HTTPError, msgspec.DecodeError):
                return None
            return [each for each in found.vulnerabilities if each.withdrawn is None]

    # One by itself first: where it gets no answer, none of the others would.
    first = await one(releases[0])
    if first is None:
        return dict.fromkeys(releases)
    return dict(zip(releases, [first, *await asyncio.gather(*map(one, releases[1:]))], strict=True))


def report(found: dict[Release, list[Vulnerability] | None]) -> tuple[list[str], int]:
    """What to print, and the exit status."""
    unknown = [each for each, vulnerabilities in found.items() if vulnerabilities is None]
    lines = [
        f"{release.name} {release.version}: {each.id} {each.summary or ''}".rstrip()
        + (f" Fixed in {', '.join(each.fixed_in)}." if each.fixed_in else " No release fixes it yet.")
        + (f" {each.link}" if each.link else "")
        for release, vulnerabilities in found.items()
        for each in vulnerabilities or ()
    ]
    vulnerable = bool(lines)
    if len(unknown) == len(found):
        lines.append("NOT CHECKED: the package index can’t be reached, so nothing is known of any locked package.")
    elif unknown:
        lines.append(f"NOT CHECKED: {', '.join(each.name for each in unknown)}.")
    known = len(found) - len(unknown)
    if known and not vulnerable:
        lines.append(f"No vulnerability is known of {known} locked packages.")
    return lines, int(vulnerable)


def main() -> int:
    async def found() -> dict[Release, list[Vulnerability] | None]:
        async with httpx.AsyncClient(timeout=PATIENCE, follow_redirects=True) as client:
            return await looked_up(client, locked((ROOT / "uv.lock").read_text(encoding="utf-8")))

    lines, status = report(asyncio.run(found()))
    print("\n".join(lines))
    return status


def _metadata_of(registry: str, name: str, version: str) -> str:
    index = urlsplit(registry)
    return f"{index.scheme}://{index.netloc}/pypi/{name}/{version}/json"


if __name__ == "__main__":
    sys.exit(main())
