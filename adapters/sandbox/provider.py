"""Request handling shared by all provider sandboxes."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Final, Generic, Self

import msgspec
from litestar import Litestar

from adapters.sandbox.asgi import Connection, Reply, Request, json, page
from adapters.sandbox.changes import PATIENCE, Bell
from adapters.sandbox.grants import Grants, Terms
from adapters.sandbox.provider_pages import PageChange, ProviderPages, Show
from adapters.sandbox.refused import Refused
from adapters.sandbox.registration import A, Registration
from adapters.sandbox.routing import Handle, HttpMethod, Routed, on, routes
from adapters.sandbox.seen import Log, Seen
from adapters.sandbox.store import Store
from adapters.sandbox.switches import E, F, Switch, Switches

_HTML: Final = b"<html><head><title>503 Service Temporarily Unavailable</title></head><body>Sorry</body></html>"
_XML: Final = b'<?xml version="1.0" encoding="UTF-8"?><result><status>true</status></result>'


def utc_now() -> datetime:
    return datetime.now(UTC)


class SandboxProvider(AbstractContextManager[Any], ABC, Generic[A, F, E]):
    """A provider of one's own: it notes what arrives, fails on request, and does its work where it doesn't.

    Attributes:
        endpoints: the provider's own wire: the method and path of each. `code` stands for the whole token endpoint, of
            which `refresh` is the other half.
        terms, grants: the tokens; `grants.grace` and `grants.testing` change their lives.
        pages, people: what people see, and `/control`.
        app: the ASGI application.
        client_id, client_secret: what the app shows.
        redirect_uris: the OAuth allow list; it can be changed.
        switches: the failures that are on, and the latency.
    """

    endpoints: ClassVar[Mapping[tuple[HttpMethod, str], Any]]
    terms: ClassVar[Terms]
    pages: ClassVar[type[ProviderPages[Any, Any, Any, Any]]]
    people: ProviderPages[Any, Any, Any, Any]

    def __init__(
        self,
        store: Path | None,
        registration: Registration,
        accounts: Iterable[A],
        kinds: tuple[type[A], type[F], type[E]],
        latency: float,
        now: Callable[[], datetime],
        base_url: str | None,
    ) -> None:
        account_type, failures, endpoints = kinds
        self.client_id = registration.client_id
        self.client_secret = registration.client_secret
        self.redirect_uris = registration.redirect_uris
        self._now = now
        self._changes = Bell()
        self._store = Store(store)
        self._accounts = self._store.table("account", account_type)
        for account in accounts:
            self.add(account)
        self.grants = Grants(self._store, now, self.terms)
        self._log = Log()
        self.switches = Switches(failures, endpoints, latency, self._changes.happened)
        self.app = Routed(self._routes, self, base_url)

    @property
    def accounts(self) -> list[A]:
        return list(self._accounts.values())

    @property
    def requests(self) -> list[Seen]:
        """Every request of an app or of the consent page, oldest first; a person's other clicks aren't in it."""
        return self._log.requests

    @property
    def secrets(self) -> list[str]:
        """Everything handed out by this process that must turn up in no log, mail or table."""
        return list(self.grants.handed_out)

    def add(self, account: A) -> None:
        """Add an account, or replace the one with this id."""
        self._accounts.put(account.id, account)

    def fail(
        self,
        failure: F | str,
        *,
        on: E | str | None = None,
        times: int | None = 1,
        seconds: float | None = None,
    ) -> None:
        """Let the next calls fail, as `Switches.fail` says."""
        self.switches.fail(failure, on=on, times=times, seconds=seconds)

    def works(self, on: E | str | None = None) -> None:
        """Put everything right, or one endpoint."""
        self.switches.works(on)

    async def until(self, is_so: Callable[[], bool], *, within: float = PATIENCE) -> None:
        """Wait until something is so here, such as a number of requests or meetings.

        Raises:
            TimeoutError: it wasn't, within so many seconds.
        """
        await self._changes.until(is_so, within=within)

    def arrived(self, endpoint: E | str) -> list[Seen]:
        """List the requests at one endpoint."""
        return [seen for seen in self.requests if seen.endpoint == endpoint]

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def _right(self, request: Request, endpoint: E) -> Reply:
        """Do what the provider does.

        Raises:
            Refused: the provider says no.
        """

    async def _beforehand(self, request: Request, endpoint: E) -> None:
        """Do what the provider does before that and has to wait for, such as calling the app back.

        Raises:
            Refused: the provider says no.
        """

    @abstractmethod
    async def _wrong(self, request: Request, switch: Switch[F, E]) -> Reply:
        """Fail in one of the ways that only this provider has."""

    @abstractmethod
    def _unknown(self, request: Request) -> Reply:
        """Answer a request that is for none of the endpoints and pages."""

    def _admitted(self, request: Request, endpoint: E) -> AbstractContextManager[Reply | None]:
        """Let a request in for as long as the block lasts; what it yields is the answer to one that isn't."""
        del request, endpoint
        return nullcontext()

    def _dressed(self, answer: Reply, endpoint: E) -> Reply:
        """Add the headers that the provider sends with everything."""
        del endpoint
        return answer

    @classmethod
    @cache
    def _routes(cls) -> Litestar:
        return routes(
            [
                *(on("GET", path, _shows(show)) for path, show in cls.pages.shown().items()),
                *(on("POST", path, _changes(change)) for path, change in cls.pages.changed().items()),
                *(on(method, path, _serves(endpoint)) for (method, path), endpoint in cls.endpoints.items()),
            ],
            cls._not_routed,
        )

    def _not_routed(self, request: Request) -> Reply:
        seen = self._log.note(request, self._now())
        answer = self._unknown(request)
        seen.status = answer.status
        self._changes.happened()
        return answer

    async def serve(self, request: Request, connection: Connection, endpoint: E) -> Reply | None:
        """Note a request at an endpoint, and answer it or fail as told."""
        seen = self._log.note(request, self._now())
        if b"grant_type=refresh_token" in request.body and endpoint.value == "code":
            endpoint = self.switches.endpoints("refresh")
        seen.endpoint = endpoint
        with self._admitted(request, endpoint) as turned_away:
            answer = turned_away or await self._answer(request, connection, endpoint, seen)
        if answer is not None:
            answer = self._dressed(answer, endpoint)
            seen.status = answer.status
        self._changes.happened()
        return answer

    async def _answer(self, request: Request, connection: Connection, endpoint: E, seen: Seen) -> Reply | None:
        if self.switches.latency and endpoint.value != "authorize":
            await asyncio.sleep(self.switches.latency)
        switch = self.switches.take(endpoint)
        # Whoever waits for this request sees the failure with it.
        seen.failure = None if switch is None else switch.failure
        self._changes.happened()
        if switch is None:
            return await self._work(request, endpoint)
        return await self._failed(request, connection, switch)

    async def _failed(self, request: Request, connection: Connection, switch: Switch[F, E]) -> Reply | None:
        match switch.failure.value:
            case "slow":
                await connection.lost(within=switch.seconds)
                return await self._work(request, switch.on)
            case "hang-before":
                await connection.lost(within=switch.seconds)
            case "hang-after":
                await self._work(request, switch.on)
                await connection.lost(within=switch.seconds)
            case "drop-before":
                pass
            case "drop-after":
                await self._work(request, switch.on)
            case other:
                return _from_a_gateway(other) or await self._wrong(request, switch)
        await connection.cut()
        return None

    async def _work(self, request: Request, endpoint: E) -> Reply:
        try:
            await self._beforehand(request, endpoint)
            with self._store.together():
                answer = self._right(request, endpoint)
        except Refused as refusal:
            answer = refusal.answer()
        self._changes.happened()
        return answer


def _shows(show: Show) -> Handle[SandboxProvider[Any, Any, Any]]:
    async def handle(sandbox: SandboxProvider[Any, Any, Any], request: Request, _: Connection) -> Reply:
        return show(sandbox.people, request)

    return handle


def _changes(change: PageChange) -> Handle[SandboxProvider[Any, Any, Any]]:
    async def handle(sandbox: SandboxProvider[Any, Any, Any], request: Request, _: Connection) -> Reply:
        return await change(sandbox.people, request)

    return handle


def _serves(endpoint: StrEnum) -> Handle[SandboxProvider[Any, Any, Any]]:
    async def handle(sandbox: SandboxProvider[Any, Any, Any], request: Request, connection: Connection) -> Reply | None:
        return await sandbox.serve(request, connection, endpoint)

    return handle


def not_found() -> Reply:
    return page("<!doctype html><title>404</title><h1>404</h1><p>Not found.</p>", HTTPStatus.NOT_FOUND)


def changed(answer: Reply, **changes: str | None) -> Reply:
    """Change fields of a success; None takes one out."""
    if answer.status not in (HTTPStatus.OK, HTTPStatus.CREATED):
        return answer
    body: dict[str, Any] = msgspec.json.decode(answer.body)
    return json({name: value for name, value in {**body, **changes}.items() if value is not None}, answer.status)


def _from_a_gateway(failure: str) -> Reply | None:
    match failure:
        case "unavailable-html":
            return Reply(HTTPStatus.SERVICE_UNAVAILABLE, _HTML, (("content-type", "text/html"),))
        case "ok-xml":
            return Reply(HTTPStatus.OK, _XML, (("content-type", "application/xml"),))
        case "ok-empty":
            return Reply(HTTPStatus.OK)
        case "redirect":
            return Reply(HTTPStatus.FOUND, b"", (("location", "https://elsewhere.example/"),))
        case _:
            return None
