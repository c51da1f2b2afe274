"""A CalDAV server that answers as it is told, for what no real one does when it is asked to."""

import hashlib
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx

from adapters.caldav.reader import CaldavReader
from adapters.http_client.addresses import Reachable
from adapters.http_client.pinned import PinnedTransport
from application.ports.calendar_reader import CaldavLogin, ReadingQuery
from domain.slot import Slot
from tests.support.calendar_places import WorkOutHere

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SPAN = Slot(NOW, NOW + timedelta(days=31))
HOST = "dav.example.com"
WORK = f"https://{HOST}/anna/work/"
LOGIN = CaldavLogin(f"https://{HOST}/", "anna", "secret")
QUERY = ReadingQuery(WORK, SPAN, "Europe/Berlin")

NAMESPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'

Answer = httpx.Response | Callable[[httpx.Request], httpx.Response]


class ScriptedServer(PinnedTransport):
    """Whatever hosts there are.

    server.answers["PROPFIND https://dav.example.com/"] = multistatus(...)
    """

    def __init__(self) -> None:
        super().__init__(Reachable())
        self.answers: dict[str, Answer] = {}
        self.asked: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(httpx.Request(request.method, request.url, headers=request.headers))
        answer = self.answers.get(f"{request.method} {request.url}", httpx.Response(404))
        found = answer if isinstance(answer, httpx.Response) else answer(request)
        # A new one each time: a body is read once.
        return httpx.Response(found.status_code, headers=found.headers, stream=httpx.ByteStream(found.content))

    @property
    def way(self) -> list[str]:
        """What was asked for, in order."""
        return [f"{each.method} {each.url}" for each in self.asked]

    @property
    def passwords(self) -> list[str]:
        """The schemes by which a password went along, where one did."""
        return [each.headers["Authorization"].split(" ")[0] for each in self.asked if "Authorization" in each.headers]


@asynccontextmanager
async def reading(server: ScriptedServer, *, seconds: float = 5) -> AsyncGenerator[CaldavReader]:
    reader = CaldavReader(server, lambda: NOW, WorkOutHere(), WorkOutHere(), longest=timedelta(seconds=seconds))
    yield reader
    await reader.aclose()


def multistatus(*responses: str) -> httpx.Response:
    return httpx.Response(207, text=f"<d:multistatus {NAMESPACES}>{''.join(responses)}</d:multistatus>")


def resource(href: str, properties: str = "", *, status: str = "200 OK") -> str:
    propstat = f"<d:propstat><d:prop>{properties}</d:prop><d:status>HTTP/1.1 {status}</d:status></d:propstat>"
    return f"<d:response><d:href>{href}</d:href>{propstat}</d:response>"


def failed(href: str, status: str) -> str:
    return f"<d:response><d:href>{href}</d:href><d:status>HTTP/1.1 {status}</d:status></d:response>"


A_CALENDAR = "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>"
A_COLLECTION = "<d:resourcetype><d:collection/></d:resourcetype>"


def principal(path: str) -> str:
    return f"<d:current-user-principal><d:href>{path}</d:href></d:current-user-principal>"


def home(path: str) -> str:
    return f"<c:calendar-home-set><d:href>{path}</d:href></c:calendar-home-set>"


def an_event(uid: str = "1", lines: str = "DTSTART:20261205T100000Z\nDURATION:PT1H") -> str:
    data = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:{uid}\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    return resource(f"/anna/work/{uid}.ics", f"<c:calendar-data>{data}</c:calendar-data>")


def holds(server: ScriptedServer, *resources: str, ctag: str = "7") -> None:
    """Let the calendar be there, with these resources."""
    server.answers[f"PROPFIND {WORK}"] = multistatus(
        resource("/anna/work/", f"{A_CALENDAR}<s:getctag>{ctag}</s:getctag>")
    )
    server.answers[f"REPORT {WORK}"] = multistatus(*resources)


def wants(scheme: str, answer: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    """Answer only who shows the right password by this scheme."""

    def respond(request: httpx.Request) -> httpx.Response:
        shown = request.headers.get("Authorization", "")
        is_right = _is_right_digest(request) if scheme == "Digest" else shown == "Basic YW5uYTpzZWNyZXQ="
        challenge = 'Digest realm="dav", nonce="n1", qop="auth"' if scheme == "Digest" else 'Basic realm="dav"'
        return answer if is_right else httpx.Response(401, headers={"WWW-Authenticate": challenge})

    return respond


def _is_right_digest(request: httpx.Request) -> bool:
    shown = request.headers.get("Authorization", "")
    if not shown.startswith("Digest "):
        return False
    said = dict(each.split("=", 1) for each in shown.removeprefix("Digest ").split(", "))
    value = {name: text.strip('"') for name, text in said.items()}

    def md5(*parts: str) -> str:
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    ours = md5("anna", "dav", "secret"), md5(request.method, request.url.raw_path.decode())
    return value["response"] == md5(ours[0], "n1", value["nc"], value["cnonce"], "auth", ours[1])
