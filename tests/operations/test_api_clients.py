"""The API's description pleases a linter, and generators make clients of it that work."""

import asyncio
import json
import shutil
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from domain.booking_page import BookingPage
from domain.host import Host
from tests.operations import npm
from tests.operations.npm import node, ran
from tests.support.builders import a_host, a_page
from tests.support.serving import Server, over_http

HERE = Path(__file__).parent / "clients"


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of `clients/package.json`."""
    folder = tmp_path_factory.mktemp("clients")
    npm.install(HERE, folder)
    shutil.copy(HERE / "story.ts", folder)
    return folder


@pytest.fixture
def server() -> Server:
    return Server(rate_limit=False)


@pytest.fixture
def host() -> Host:
    return a_host()


@pytest.fixture
async def page(server: Server, host: Host) -> BookingPage:
    await server.memory.host(host)
    await server.memory.connect(host)
    return await server.memory.page(a_page(host))


@pytest.fixture
async def description(server: Server, tmp_path: Path) -> Path:
    told = tmp_path / "openapi.json"
    told.write_bytes((await server.client().get("/api/openapi.json")).content)
    return told


async def test_the_linter_has_nothing_to_say(tools: Path, description: Path) -> None:
    told = node(tools, *script("@redocly/cli", "bin/cli.js"), "lint", "--format=json", str(description))

    assert {"errors": 0, "warnings": 0, "ignored": 0} == json.loads(told)["totals"]


async def test_a_typescript_client_books_moves_and_cancels(
    tools: Path, description: Path, server: Server, host: Host, page: BookingPage
) -> None:
    fetching = ("-i", str(description), "-o", "client", "-c", "@hey-api/client-fetch")
    node(tools, *script("@hey-api/openapi-ts", "bin/run.js"), *fetching)
    strictly = ("--strict", "--target", "es2022", "--module", "commonjs", "--outDir", "js")
    node(tools, *script("typescript", "bin/tsc"), *strictly, "story.ts")

    async with over_http(server) as url:
        token = await server.memory.token_of(host)
        told = await asyncio.to_thread(node, tools, "js/story.js", url, token, host.handle, page.slug)

    found = json.loads(told)
    assert "cancelled" == found["status"]
    assert found["first"] < found["start"]


async def test_a_python_client_books_moves_and_cancels(
    tmp_path: Path, description: Path, server: Server, host: Host, page: BookingPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate = (
        "generate",
        "--meta",
        "none",
        "--path",
        str(description),
        "--output-path",
        str(tmp_path / "made_client"),
    )
    told = ran(tmp_path, sys.executable, "-m", "openapi_python_client", *generate)
    assert "Warning" not in told
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    async with over_http(server) as url:
        found = await python_story(url, await server.memory.token_of(host), host.handle, page.slug)

    assert "cancelled" == found.status
    assert 1 == found.revision


async def python_story(url: str, token: str, handle: str, page: str) -> Any:
    """The story that `clients/story.ts` tells; the types of what was made aren't there to be checked here."""
    made, models = import_module("made_client"), import_module("made_client.models")
    async with (
        made.Client(base_url=url, raise_on_unexpected_status=True) as guest,
        made.AuthenticatedClient(base_url=url, token=token, raise_on_unexpected_status=True) as host,
    ):
        shown = await call("public.get_public_page", handle, page, client=guest)
        [event_type] = shown.event_types
        path = (handle, page, event_type.slug)
        days = {"from_": date(2026, 3, 3), "to": date(2026, 3, 6), "timezone": "Europe/Berlin"}
        free = await call("public.list_slots", *path, client=guest, **days)
        body = models.BookingRequest(
            start=free.slots[0],
            meeting_type=models.BookingRequestMeetingType(event_type.meeting_types[0].type_),
            guest=models.GuestDetails("Ana Brito", "ana@guests.example", "America/Sao_Paulo"),
        )
        booked = await call("public.create_booking", *path, client=guest, body=body, idempotency_key="a-key-of-its-own")
        moved = models.MoveIn(start=free.slots[3])
        await call("public.reschedule_guest_booking", booked.manage_url.rpartition("/")[2], client=guest, body=moved)
        return await call("host.cancel_booking", booked.id, client=host, body=models.CancellationIn("Ill"))


async def call(name: str, *path: str, **more: Any) -> Any:
    return await import_module(f"made_client.api.{name}").asyncio(*path, **more)


def script(package: str, path: str) -> tuple[str]:
    return (str(Path("node_modules") / package / path),)
