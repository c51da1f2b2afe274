"""TimeTuna as an operator runs it: web and worker processes on PostgreSQL and Redis, with Zoom and SMTP beside it."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import httpx

from adapters.sandbox.mailbox import Mailbox
from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.accounts import ANNA, ZoomAccount
from adapters.sandbox.zoom.sandbox import SandboxZoom
from adapters.zoom.client import SCOPES
from application.ports.oauth import Grant
from domain.availability import MAX_PER_GUEST
from domain.connection import Connected, ProviderAccount, ProviderConnection
from domain.ids import HostId
from entrypoints.settings import ZOOM_CALLBACK
from tests.support.consent import consent
from tests.support.forks import forking
from tests.support.postgres import KEY, StoreInPostgres, store_in
from tests.support.processes import PATIENCE, Running, answers, free_port, redis_running, start_timetuna
from tests.support.tokens import an_api_token

Json = dict[str, Any]


class StartTimetuna(Protocol):
    """Starts a command in an environment, its output in a file."""

    async def __call__(self, output: Path, *arguments: str, environ: Mapping[str, str]) -> Running: ...


@dataclass
class Deployment:
    """Start what the test needs with `web` and `workers`; all of it ends with the test."""

    store: StoreInPostgres
    sandbox: SandboxZoom
    mailbox: Mailbox
    environ: dict[str, str]
    folder: Path
    running: list[Running] = field(default_factory=list[Running])
    started: Iterator[int] = field(default_factory=count)
    webs: dict[str, Running] = field(default_factory=dict[str, Running])
    start: StartTimetuna = start_timetuna

    async def web(self, *options: str, port: int | None = None) -> str:
        """Start one more web process, on a port of its own unless one is given, and return its address."""
        port = port or free_port()
        url = f"http://127.0.0.1:{port}"
        self.webs[url] = await self.begin("serve", "--port", str(port), *options)
        await answers(f"{url}/readyz", self.webs[url])
        return url

    async def workers(self, processes: int = 1, threads: int = 8) -> Running:
        """Start worker processes of their own, and wait until they work."""
        running = await self.begin("worker", "--processes", str(processes), "--threads", str(threads))

        async def all_ready() -> bool:
            assert running.process.returncode is None, running.says()
            return running.says().count("worker_ready") == processes

        await self.until(all_ready)
        return running

    async def host(self, handle: str = "anna", *, timezone: str = "Europe/Berlin") -> "ApiHost":
        """Make a host by the command line."""
        arguments = ("--email", f"{handle}@hosts.example", "--name", "Anna Höst", "--handle", handle)
        made = await self.begin("create-host", *arguments, "--timezone", timezone, "--json")
        assert await made.process.wait() == 0, made.says()
        # After the line that the log has of the token.
        told: Json = json.loads(made.says().splitlines()[-1])
        return ApiHost(told["id"], told["handle"], told["api_token"])

    async def begin(self, *arguments: str) -> Running:
        """Start a command."""
        # Several may start at once, and each has a file of its own.
        output = self.folder / f"{next(self.started)}-{arguments[0]}.log"
        running = await self.start(output, *arguments, environ=self.environ)
        self.running.append(running)
        return running

    async def command(self, *arguments: str) -> Running:
        """Run a command to its end."""
        running = await self.begin(*arguments)
        await running.process.wait()
        return running

    async def connect_zoom(
        self, host: "ApiHost", user: ZoomAccount = ANNA, *, expires_in: timedelta = timedelta(hours=1)
    ) -> None:
        """Connect one of the sandbox's accounts, without a browser."""
        pair = self.sandbox.authorize(user)
        now = datetime.now(UTC)
        account = ProviderAccount(user.id, user.account_id, user.email, user.name)
        grant = Grant(pair.access_token, pair.refresh_token, now + expires_in, frozenset(pair.scope.split()))
        async with self.store.begin() as uow:
            uow.connections.put(ProviderConnection(HostId(host.id), "zoom", account, Connected(), now), grant)

    async def signs_up_and_connects(self, client: httpx.AsyncClient, handle: str = "anna") -> "ApiHost":
        """Make a host as people do, by the forms, and connect the sandbox's Anna on its consent page."""
        self.sandbox.redirect_uris.append(self.environ["TIMETUNA_PUBLIC_URL"] + ZOOM_CALLBACK)
        details = {"email": f"{handle}@hosts.example", "name": "Anna Höst", "handle": handle}
        fields = details | {"timezone": "Europe/Berlin", "password": "correct horse"}
        signed_up = await sends(client, "/signup", fields)
        assert signed_up.status_code == httpx.codes.SEE_OTHER, signed_up.text
        gone = await sends(client, "/settings/providers/zoom/connect", {}, page="/settings/providers")
        code = await consent(gone.headers["location"], ANNA, SCOPES)
        state = dict(parse_qsl(urlsplit(gone.headers["location"]).query))["state"]
        back = await client.get(ZOOM_CALLBACK, params={"code": code, "state": state})
        assert back.headers["location"].endswith("zoom=connected"), back.headers
        host_id = await self.store.pool.fetchval("select id from hosts where handle = $1", handle)
        await self.confirms_address(host_id)
        return ApiHost(host_id, handle, await an_api_token(self.store.begin, host_id, datetime.now(UTC)))

    async def confirms_address(self, host_id: str) -> None:
        """Spare a test the mail that a host has signed up with."""
        async with self.store.begin() as uow:
            uow.accounts.confirm_email(HostId(host_id), datetime.now(UTC))

    async def owes_nothing(self, patience: float = PATIENCE) -> None:
        """Wait until all jobs are complete, but for the reminders of bookings that are days away."""
        done = "select count(*) = 0 from outbox where job <> 'remind_guest'"
        await self.until(lambda: self.store.pool.fetchval(done), patience)

    async def until(self, condition: Callable[[], Any], patience: float = PATIENCE) -> None:
        async with asyncio.timeout(patience):
            while not await condition():
                await asyncio.sleep(0.02)


async def sends(
    client: httpx.AsyncClient, path: str, fields: dict[str, str], *, page: str | None = None
) -> httpx.Response:
    """Send a form from the page that shows it."""
    shown = await client.get(page or path)
    assert "<form" in shown.text
    return await client.post(path, data=fields)


@dataclass(frozen=True)
class ApiHost:
    """A host who uses the API."""

    id: str
    handle: str
    api_token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.api_token}"}

    async def publishes(self, client: httpx.AsyncClient, **page: Any) -> str:
        """Publish a page with a half-hour event type and return its path under the public API."""
        body: Json = {
            "slug": "intro",
            "title": "Talk to me",
            "meeting_types": [{"type": "zoom"}],
            "availability": {"weekly": {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}},
            "event_types": [{"slug": "call", "title": "Intro call", "duration_minutes": 30}],
            # In most tests it is one guest who books again and again.
            "max_per_guest": MAX_PER_GUEST.most,
        }
        answer = await client.post("/api/v1/booking-pages", json=body | page, headers=self.headers)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return f"/api/v1/public/{self.handle}/{body['slug']}/call"


@asynccontextmanager
async def deployed(
    database_url: str, folder: Path, broker_url: str | None = None, *, start: StartTimetuna = start_timetuna
) -> AsyncGenerator[Deployment]:
    """Everything around TimeTuna's processes, which the test starts itself; a Redis unless there is a broker."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(store_in(database_url))
        sandbox = stack.enter_context(SandboxZoom())
        zoom_url = await stack.enter_async_context(serving(sandbox.app))
        mailbox = await stack.enter_async_context(Mailbox(folder / "mailbox"))
        broker_url = broker_url or await stack.enter_async_context(redis_running(folder))
        environ = {
            "PATH": "/usr/bin:/bin",
            "TIMETUNA_DATABASE_URL": database_url,
            "TIMETUNA_BROKER_URL": broker_url,
            "TIMETUNA_PUBLIC_URL": "http://timetuna.example",
            "TIMETUNA_SECRET_KEYS": b64encode(KEY).decode(),
            "TIMETUNA_SMTP_URL": mailbox.url,
            "TIMETUNA_MAIL_FROM": "invites@timetuna.example",
            "TIMETUNA_ZOOM_CLIENT_ID": sandbox.client_id,
            "TIMETUNA_ZOOM_CLIENT_SECRET": sandbox.client_secret,
            "TIMETUNA_ZOOM_SECRET_TOKENS": sandbox.secret_token,
            "TIMETUNA_ZOOM_AUTH_URL": zoom_url,
            "TIMETUNA_ZOOM_API_URL": f"{zoom_url}/v2",
            "TIMETUNA_RATE_LIMIT": "off",
        }
        deployment = Deployment(store, sandbox, mailbox, environ, folder, start=start)
        stack.push_async_callback(_kill_all, deployment.running)
        yield deployment


@asynccontextmanager
async def forked(database_url: str, folder: Path, broker_url: str | None = None) -> AsyncGenerator[Deployment]:
    """The same with processes that start quickly, for whoever starts them by the dozen."""
    with forking() as forks:
        async with deployed(database_url, folder, broker_url, start=forks.start) as deployment:
            yield deployment


async def _kill_all(running: list[Running]) -> None:
    for each in running:
        await each.kill()
