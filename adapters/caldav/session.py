"""Requests with one account's password, which goes to no other site than the one it was typed for."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, TypeVar

import httpx
import msgspec

from adapters.caldav.authentication import PasswordAuth
from adapters.caldav.multistatus import DavResource, NotMultistatus, multistatus
from adapters.http_client.bodies import BodyBroken, BodyTooLarge, bounded_body
from adapters.http_client.outside import is_busy
from adapters.http_client.sites import same_site
from adapters.http_client.waiting import wished_at
from application.ports.calendar_reader import CaldavLogin, CalendarUnreadable
from application.ports.clock import Clock
from domain.calendar_problem import (
    AddressNotAllowed,
    CalendarTooComplex,
    CalendarTooLarge,
    NotACalendar,
    PasswordRefused,
    SentElsewhere,
    ServerBusy,
    ServerRefused,
    ServerUnreachable,
)

T = TypeVar("T")

_Take = Callable[[httpx.Response], Awaitable[T]]

LARGEST: Final = 20 * 2**20
LARGEST_FILE: Final = 2**20
"""Of one event: some two seconds of work, and far more than any has without attachments."""
MOST_REDIRECTS: Final = 5


class DavAnswer(msgspec.Struct, frozen=True):
    """What was said about resources, and by which address in the end."""

    url: httpx.URL
    resources: tuple[DavResource, ...]


class DavReply(msgspec.Struct, frozen=True):
    """What a server said to a request about one file.

    Attributes:
        etag: as it came, which may be beyond ASCII (RFC 9110); empty where the server names none.
    """

    status: int
    etag: bytes
    body: bytes

    @property
    def is_success(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class DavSession:
    """Asks on behalf of one account."""

    def __init__(self, client: httpx.AsyncClient, login: CaldavLogin, clock: Clock, largest: int = LARGEST) -> None:
        self._client = client
        self._home = httpx.URL(login.url)
        self._auth = PasswordAuth(login.username, login.password)
        self._clock = clock
        self._largest = largest

    async def about(self, url: httpx.URL, body: bytes) -> tuple[httpx.URL, DavResource]:
        """Ask for properties of one resource.

        Raises:
            CalendarUnreadable, httpx.HTTPError
        """
        answer = await self.ask("PROPFIND", url, body, depth=0)
        if not answer.resources:
            raise CalendarUnreadable(NotACalendar())
        found = answer.resources[0]
        if found.status != HTTPStatus.OK:
            raise CalendarUnreadable(ServerRefused(found.status))
        return answer.url, found

    async def ask(self, method: str, url: httpx.URL, body: bytes, *, depth: int) -> DavAnswer:
        """Send a request, and follow where it is redirected to.

        Raises:
            CalendarUnreadable, httpx.HTTPError
        """
        headers = {b"Content-Type": b"application/xml; charset=utf-8", b"Depth": b"%d" % depth}
        return DavAnswer(*await self._followed(method, url, body, headers, self._resources))

    async def call(self, method: str, url: httpx.URL, body: bytes = b"", **headers: bytes) -> DavReply:
        """Send a request about one file, whatever becomes of it; redirects are followed.

        Args:
            headers: with underscores for hyphens.

        Raises:
            CalendarUnreadable: the password was refused, or the server is busy.
            httpx.HTTPError
        """
        named = {name.replace("_", "-").encode(): value for name, value in headers.items()}
        return (await self._followed(method, url, body, named, self._reply))[1]

    async def _followed(
        self, method: str, url: httpx.URL, body: bytes, headers: dict[bytes, bytes], take: _Take[T]
    ) -> tuple[httpx.URL, T]:
        for _ in range(MOST_REDIRECTS + 1):
            # Whatever else a redirect would have us show or remember.
            url = url.copy_with(userinfo=b"", fragment=None)
            self._check(url)
            answered = await self._sent(self._client.build_request(method, url, content=body, headers=headers), take)
            if not isinstance(answered, httpx.URL):
                return url, answered
            url = answered
        raise CalendarUnreadable(ServerUnreachable())

    def _check(self, url: httpx.URL) -> None:
        """Whether the password may go there, whoever names the address."""
        if not url.host:
            raise CalendarUnreadable(ServerUnreachable())
        if not same_site(self._home.host, url.host):
            raise CalendarUnreadable(SentElsewhere(url.host))
        if self._home.scheme == "https" != url.scheme:
            raise CalendarUnreadable(AddressNotAllowed())

    async def _sent(self, request: httpx.Request, take: _Take[T]) -> httpx.URL | T:
        # By hand, as httpx would read the whole body of a response that asks for a password.
        steps = self._auth.auth_flow(request)
        request = next(steps)
        while True:
            response = await self._client.send(request, stream=True, auth=None)
            try:
                request = steps.send(response)
            except StopIteration:
                return await self._taken(response, take)
            finally:
                await response.aclose()

    async def _taken(self, response: httpx.Response, take: _Take[T]) -> httpx.URL | T:
        status = response.status_code
        if response.has_redirect_location:
            return response.url.join(response.headers["location"])
        if status == HTTPStatus.UNAUTHORIZED:
            raise CalendarUnreadable(PasswordRefused())
        if status not in {HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.INSUFFICIENT_STORAGE} and is_busy(response):
            raise CalendarUnreadable(ServerBusy(), wished_at(response.headers.get("retry-after"), self._clock()))
        return await take(response)

    async def _reply(self, response: httpx.Response) -> DavReply:
        try:
            body = await bounded_body(response, LARGEST_FILE)
        except BodyTooLarge:
            raise CalendarUnreadable(CalendarTooLarge(LARGEST_FILE // 2**20)) from None
        except BodyBroken:
            raise CalendarUnreadable(ServerUnreachable()) from None
        etag = response.headers.get("etag", "").encode(response.headers.encoding)
        return DavReply(response.status_code, etag, body)

    async def _resources(self, response: httpx.Response) -> tuple[DavResource, ...]:
        status = response.status_code
        if status == HTTPStatus.INSUFFICIENT_STORAGE:
            raise CalendarUnreadable(CalendarTooComplex())
        if status != HTTPStatus.MULTI_STATUS:
            # A page that says "sign in" is a success, too.
            raise CalendarUnreadable(NotACalendar() if response.is_success else ServerRefused(status))
        try:
            body = await bounded_body(response, self._largest)
            return tuple(await asyncio.to_thread(multistatus, body))
        except BodyTooLarge:
            raise CalendarUnreadable(CalendarTooLarge(self._largest // 2**20)) from None
        except (BodyBroken, NotMultistatus):
            raise CalendarUnreadable(NotACalendar()) from None
