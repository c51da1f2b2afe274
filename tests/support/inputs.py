"""Every text that the web process takes from outside, found in its own routes, forms and descriptions.

Whoever adds a field, a parameter or a call has it tried here without naming it anywhere.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from itertools import count
from typing import Any, Literal, cast
from urllib.parse import quote, unquote, urlencode

import httpx
import msgspec
from litestar.routes import HTTPRoute
from litestar.types import Method
from mcp_types import INTERNAL_ERROR

from adapters.google.calendar_notices import GoogleCalendarNotices
from adapters.http.dependencies import DEPENDENCIES
from adapters.microsoft.calendar_watcher import MicrosoftCalendarNotices
from adapters.sandbox.zoom.deauthorization import signed
from adapters.zoom.notifications import ZoomNotifications
from application.actor import HostActor, VisitorActor
from application.app import App
from application.ports.account_storage import MailToken, Purpose
from application.ports.calendar_reader import RemoteCalendar
from application.ports.calendar_watcher import CalendarNotices
from application.support.ask_support import SupportMessage
from domain.booking import Booking
from domain.booking_page import BookingPage, Question
from domain.calendar import CalendarKind
from domain.host import Host
from domain.ids import ScheduleId, SupportToken
from domain.schedule import Schedule
from tests.support.builders import (
    A_DAY,
    NOW,
    a_booking,
    a_page,
    an_event_type,
    at_the_harbour,
    phone_by_guest,
    zoom,
)
from tests.support.memory_app import MemoryApp
from tests.support.serving import API, TUESDAY_AT_TEN, Json, Server
from tests.support.store import keep
from tests.support.visiting import Visitor, a_signed_in_host

ZOOM_SECRET = "tuna-secret"

ANOTHER_TIME = "2026-03-03T12:00:00Z"

# What a text has to be, lest the rest of its request be refused before it is looked at.
EXAMPLES: dict[str, str] = {
    "additional_guests": "ben@guests.example",
    "address": "Hafenstraße 1",
    "country": "DE",
    "date": "2026-03-03",
    "email": "ana@guests.example",
    "from": "2026-03-02",
    "idempotency_key": "a-key",
    "join_url": "https://zoom.example/j/1",
    "key": "one-submit",
    "language": "en",
    "month": "2026-03",
    "number": "+49 30 555 1234",
    "phone": "+49 30 555 1234",
    "schedule_id": "a-schedule",
    "slug": "a-slug",
    "start": TUESDAY_AT_TEN,
    "starts": ANOTHER_TIME,
    "timezone": "Europe/Berlin",
    "to": "2026-03-05",
    "why_at": "2026-03-03T10:00",
}
CARRIED = ("name", "email", "phone", "guests", "link", "type", "q.q1", "utm_source", "theme", "accent", "mode", "lang",
           "preview")  # fmt: skip
"""Parameters of booking pages that every step hands on to the next."""

UNSEEN: dict[str, tuple[str, ...]] = {
    # Sent by scripts.
    "/pages/{page_id}/links/{link_id}/remove": (),
    "/pages/{page_id}/preview": ("title", "description", "do"),
    "/settings/passkeys": ("name", "credential"),
    "/signin/passkey/options": (),
    # On pages only where there is something to be done; buttons for the most part.
    "/b/{token}/confirm/{proof}": (),
    "/b/{token}/mail": (),
    "/b/{token}/proposed/{start}": (),
    "/b/{token}/release": (),
    "/bookings/{booking_id}/erase-guest": (),
    "/bookings/{booking_id}/resend": (),
    "/bookings/{booking_id}/calendar-entry/restore": (),
    "/bookings/{booking_id}/calendar-entry/accept": (),
    "/bookings/{booking_id}/retry": (),
    "/integrations/{name}/calendar/notifications": (),
    "/leave/{token}": (),
    "/settings/calendar-accounts/{connection_id}/reconnect": (),
    "/settings/email/confirmation": (),
    "/settings/passkeys/{passkey_id}/remove": ("password",),
    "/settings/passkeys/{passkey_id}/rename": ("name",),
    "/settings/providers/{provider}/use": (),
    "/settings/schedules/{schedule_id}/remove": (),
    "/settings/sessions/{session_id}/end": (),
    "/settings/webhooks/{webhook_id}/resume": (),
    "/unsubscribe/{token}": (),
}
"""Forms that no page of the world shows, with their fields."""

TOOLS = "/mcp"
OVERRULING = {"booking_id", "cursor"}
"""Arguments of tools with which others aren't looked at."""

CALENDAR_NOTICES = "/integrations/{name}/calendar/notifications"

FEED = "https://calendar.example/anna.ics"
RESET, CONFIRM = "resets-a-password", "confirms-an-address"
TOKENS = {"reset": {"token": RESET}, "confirm-email": {"token": CONFIRM}}

COOKIES: dict[str, tuple["Caller", str, str]] = {
    "timetuna_booked": ("guest", "GET", "/{handle}/{page}/{event_type}"),
    "timetuna_calendar_message": ("host", "GET", "/settings/providers"),
    "timetuna_device": ("guest", "POST", "/signin"),
    "timetuna_editing": ("host", "GET", "/settings/providers"),
    "timetuna_hours": ("guest", "GET", "/{handle}/{page}/{event_type}"),
    "timetuna_language": ("guest", "GET", "/{handle}/{page}/{event_type}"),
    "timetuna_new_page": ("host", "GET", "/pages/new/meeting"),
    "timetuna_new_token": ("host", "GET", "/settings/api-tokens"),
    "timetuna_passkey": ("guest", "POST", "/signin/passkey"),
    "timetuna_provider_message": ("host", "GET", "/settings/providers"),
    "timetuna_session": ("guest", "GET", "/settings/providers"),
    "timetuna_timezone": ("guest", "GET", "/{handle}/{page}/{event_type}"),
    "timetuna_webhook_secret": ("host", "GET", "/settings/webhooks/{webhook_id}"),
}
"""Each with a request that reads it."""

HEADERS = ("Accept-Language", "Authorization", "Content-Type", "Cookie", "Host", "Idempotency-Key", "Origin",
           "Sec-Fetch-Site", "User-Agent", "X-Forwarded-For")  # fmt: skip


Caller = Literal["host", "program", "guest"]
"""A browser that is signed in, a program with a host's token, and anybody."""


@dataclass(frozen=True)
class Sent:
    """A request as it leaves its caller; `path` and `query` are percent-encoded."""

    by: Caller
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True)
class Input:
    """One text of one request; `request` makes the request with another text in its place.

    Attributes:
        is_escaped: the text is percent-encoded on its way.
    """

    name: str
    request: Callable[[str], Sent]
    is_escaped: bool = False


@dataclass
class World:
    """A server with something behind every address, and somebody who may see it."""

    server: Server
    host: Host
    page: BookingPage
    booking: Booking
    visitor: Visitor
    program: httpx.AsyncClient
    params: dict[str, str]
    asked: SupportToken
    _signed_in: dict[Caller, list[tuple[bytes, bytes]]]

    @classmethod
    async def made(cls, **serving: Any) -> "World":
        memory = MemoryApp(notifications={"zoom": ZoomNotifications("our-app", (ZOOM_SECRET,), lambda: NOW)})
        readers: dict[CalendarKind, CalendarNotices] = {
            "google": GoogleCalendarNotices(),
            "microsoft": MicrosoftCalendarNotices(),
        }
        memory.ports = replace(memory.ports, calendar_notices=readers)
        memory.app = App(memory.ports)
        server = Server(memory, rate_limit=False, **serving)
        host, visitor = await a_signed_in_host(server)
        # The other screens of a new page are only shown to somebody who has been on the first.
        await visitor.sends("/pages/new", {"title": "Talk", "length": "30"})
        questions = (Question("q1", "What about?"), Question("q2", "Which?", kind="choice", choices=("this", "that")))
        memory.feeds.publish(FEED)
        [calendar] = (await memory.app.connect_feed(HostActor(host.id), FEED)).calendars
        memory.calendar_readers["caldav"].hold("anna", RemoteCalendar("https://dav.example/work/", "Work"))
        account = await memory.app.connect_caldav(HostActor(host.id), "dav.example", "anna", "app-password")
        event_type = an_event_type(questions=questions)
        page = await memory.page(a_page(host, event_type, meeting_types=(zoom, phone_by_guest, at_the_harbour)))
        await memory.connect(host)
        booking, schedule = a_booking(page), Schedule(ScheduleId(EXAMPLES["schedule_id"]), host.id, "Winter")
        await keep(memory.store, booking, schedule)
        async with memory.store.begin() as uow:
            tokens: tuple[tuple[Purpose, str], ...] = (("reset", RESET), ("confirm", CONFIRM))
            for purpose, token in tokens:
                uow.mail_tokens.remember(token, MailToken(host.id, purpose, host.email, NOW + A_DAY))
        pictured = await memory.app.set_picture(HostActor(host.id), "photo", b"\x89PNG")
        bearer = await memory.token_of(host)
        [api_token] = await memory.app.list_api_tokens(HostActor(host.id))
        added = await memory.app.add_webhook(HostActor(host.id), "https://hooks.example/", ("booking.created",))
        webhook, delivery = added.webhook, await memory.app.try_webhook(HostActor(host.id), added.webhook.id)
        assert booking.token
        asked = (await memory.app.ask_support(SupportMessage("ana@guests.example", "", "Hello"), "203.0.113.9")).token
        thread = await memory.app.show_support_thread(VisitorActor(asked))
        params = {
            "booking_id": booking.id,
            "calendar_id": calendar.id,
            "connection_id": account.connection.id,
            "event_type": event_type.slug,
            "event_type_id": event_type.id,
            "handle": host.handle,
            "kind": "google",
            "link": memory.desk_links.until(NOW + A_DAY),
            "name": "zoom",
            "page": page.slug,
            "page_id": page.id,
            "picture": f"{pictured.photo}.webp",
            "picture_kind": "photo",
            "provider": "zoom",
            "schedule_id": schedule.id,
            "start": ANOTHER_TIME,
            "thread_id": thread.id,
            "token": booking.token,
            "token_id": api_token.id,
            "webhook_id": webhook.id,
            "delivery_id": delivery.id,
        }
        cookie = "; ".join(f"{each.name}={each.value}" for each in visitor.client.cookies.jar)
        signed_in: dict[Caller, list[tuple[bytes, bytes]]] = {
            "host": [(b"cookie", cookie.encode())],
            "program": [(b"authorization", f"Bearer {bearer}".encode())],
            "guest": [],
        }
        return cls(server, host, page, booking, visitor, server.client(bearer), params, asked, signed_in)

    async def send(self, sent: Sent) -> int:
        """Ask the server without a client between, which would work on texts as well, and return the status.

        A tool's is the one that its refusal says.
        """
        return await self.prepared(sent)()

    def prepared(self, sent: Sent) -> Callable[[], Awaitable[int]]:
        """The same in two steps: only the second is the server's work."""
        given = [*self._signed_in[sent.by], *sent.headers]
        cookies = b"; ".join(value for name, value in given if name == b"cookie")
        others = [each for each in given if each[0] != b"cookie"]
        headers = [(b"host", b"timetuna.example"), *others, *([(b"cookie", cookies)] if cookies else [])]
        scope = {
            "type": "http",
            "method": sent.method,
            "path": unquote(sent.path, errors="replace"),
            "raw_path": sent.path.encode(),
            "query_string": sent.query.encode(),
            "http_version": "1.1",
            "scheme": "http",
            "server": ("timetuna.example", 80),
            "client": ("203.0.113.7", 4242),
            "root_path": "",
        }

        # Who streams an answer listens until the line ends.
        messages = iter([{"type": "http.request", "body": sent.body, "more_body": False}])

        async def receive() -> Any:
            return next(messages, {"type": "http.disconnect"})

        async def ask() -> int:
            statuses: list[int] = []
            bodies: list[bytes] = []

            async def send(message: Any) -> None:
                if message["type"] == "http.response.start":
                    statuses.append(message["status"])
                else:
                    bodies.append(message.get("body", b""))

            await cast("Any", self.server.litestar)({**scope, "headers": [*headers]}, receive, send)
            [status] = statuses
            return _told_by_tool(b"".join(bodies)) if (status, sent.path) == (200, TOOLS) else status

        return ask

    async def bookings(self) -> int:
        """How many there are."""
        listed = await self.server.memory.store.views.bookings(
            self.host.id, "upcoming", now=NOW, cursor=None, limit=100
        )
        return len(listed.items)

    async def inputs(self) -> list[Input]:
        """All of them."""
        described: Json = (await self.server.client().get("/api/openapi.json")).json()
        fields = [each for form in await self.forms() for each in self._fields(form)]
        return [
            *self._paths(),
            *self._queries(),
            *self._queries_of_calls(described),
            *self._headers(),
            *self._notices(),
            *self._bodies(described),
            *fields,
            *await self._tools(),
        ]

    async def forms(self) -> list["FoundForm"]:
        """The forms of all pages, with what they hold when they are opened, and those of `UNSEEN`."""
        found: dict[tuple[str, tuple[str, ...]], FoundForm] = {}
        for template, _ in self.routes("GET"):
            path = self.filled(template)
            for client in (self.visitor.client, self.server.client()):
                answer = await client.get(path, params={"start": ANOTHER_TIME, "date": "2026-03-03"})
                for form in forms_in(answer.text):
                    form.action = form.action or path
                    found.setdefault((form.action, tuple(form.names)), form)
        for template, names in UNSEEN.items():
            unseen = FoundForm(self.filled(template), dict.fromkeys(names, "text"), list(names))
            found.setdefault((unseen.action, names), unseen)
        return list(found.values())

    def routes(self, method: Method) -> Iterator[tuple[str, Any]]:
        """The templates of addresses outside the API and their handlers."""
        for route in self.server.litestar.routes:
            if isinstance(route, HTTPRoute) and not route.path.startswith(("/api/v1", "/mcp", "/static", "/sandbox")):
                for handler in route.route_handlers:
                    if method in handler.http_methods:
                        yield route.path, handler

    def filled(self, template: str, **others: str) -> str:
        """An address with what is there in the place of its parameters; of anything else there is none."""
        params = {**self.params, **TOKENS.get(template.split("/")[1], {}), **self._support(template), **others}
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda match: params.get(match[1], f"no-{match[1]}"), template)

    def _support(self, template: str) -> dict[str, str]:
        return {"token": self.asked} if "/support/" in template else {}

    def _paths(self) -> Iterator[Input]:
        for template, _ in self.routes("GET"):
            for name in re.findall(r"\{(\w+):", template):

                def request(text: str, template: str = template, name: str = name) -> Sent:
                    return Sent("host", "GET", self.filled(template, **{name: quote(text, safe="")}))

                yield Input(f"GET {template} {name}", request, is_escaped=True)

    def _queries(self) -> Iterator[Input]:
        for template, handler in self.routes("GET"):
            ours = {*DEPENDENCIES, "request", "self", *re.findall(r"\{(\w+):", template)}
            for name, parameter in handler.parsed_fn_signature.parameters.items():
                if name not in ours:
                    alias = getattr(parameter.kwarg_definition, "query", None) or name
                    yield self._query("host", template, alias, EXAMPLES)
        for template in ("/{handle}/{page}/{event_type}", "/embed/{handle}/{page}/{event_type}"):
            for name in CARRIED:
                yield self._query("guest", template, name, EXAMPLES)

    def _queries_of_calls(self, described: Json) -> Iterator[Input]:
        for path, operations in described["paths"].items():
            parameters = operations.get("get", {}).get("parameters", ())
            asked = [each for each in parameters if each["in"] == "query"]
            needed = {each["name"]: EXAMPLES[each["name"]] for each in asked if each.get("required")}
            for each in asked:
                yield self._query("program", path, each["name"], needed)

    def _query(self, by: Caller, template: str, name: str, others: dict[str, str], method: str = "GET") -> Input:
        def request(text: str) -> Sent:
            return Sent(by, method, self.filled(template), urlencode({**others, name: text}, errors="replace"))

        return Input(f"{method} {template}?{name}=", request, is_escaped=True)

    def _headers(self) -> Iterator[Input]:
        booking = self.filled(f"{API}/public/{{handle}}/{{page}}/{{event_type}}/bookings")
        page = self.filled("/{handle}/{page}/{event_type}")
        for method, path in (("POST", booking), ("GET", page), ("GET", "/settings/providers"), ("POST", "/signin")):
            for name in HEADERS:
                yield self._header("guest", method, path, name)
        for name, (by, method, template) in COOKIES.items():
            yield self._header(by, method, self.filled(template), "Cookie", f"{name}=")
        for name in ("X-Goog-Channel-Token", "X-Goog-Resource-State"):
            yield self._header("guest", "POST", self.filled(CALENDAR_NOTICES, name="google"), name)

    def _header(self, by: Caller, method: str, path: str, name: str, start: str = "") -> Input:
        def request(text: str) -> Sent:
            value = start + re.sub(r"[\r\n\0]", " ", text)
            return Sent(by, method, path, headers=((name.lower().encode(), value.encode()),))

        return Input(f"{method} {path} {name}: {start}", request)

    def _notices(self) -> Iterator[Input]:
        payload = {
            "user_data_retention": "false",
            "account_id": "account",
            "user_id": "user",
            "signature": "0" * 64,
            "deauthorization_time": "2026-03-02T08:00:00.000Z",
            "client_id": "our-app",
        }
        for path, changed in _with_another_text({"event": "app_deauthorized", "event_ts": 1, "payload": payload}):

            def request(text: str, changed: Callable[[str], Json] = changed) -> Sent:
                body = msgspec.json.encode(changed(text))
                proof = signed(body, ZOOM_SECRET, NOW)
                headers = tuple((name.encode(), value.encode()) for name, value in proof.items())
                return Sent("guest", "POST", "/integrations/zoom/deauthorized", body=body, headers=headers)

            yield Input(f"Zoom's notice {path}", request)
        address = self.filled(CALENDAR_NOTICES, name="microsoft")
        yield self._query("guest", address, "validationToken", {}, "POST")
        told = {
            "subscriptionId": "id",
            "subscriptionExpirationDateTime": "2026-03-02T08:00:00Z",
            "clientState": "secret",
        }
        for path, changed in _with_another_text(
            {"value": [{**told, "lifecycleEvent": "missed", "resource": "events"}]}
        ):

            def request_of_microsoft(text: str, changed: Callable[[str], Json] = changed) -> Sent:
                return Sent("guest", "POST", address, body=msgspec.json.encode(changed(text)), headers=(JSON,))

            yield Input(f"Microsoft's notice {path}", request_of_microsoft)

    def _bodies(self, described: Json) -> Iterator[Input]:
        for path, operations in described["paths"].items():
            for method, operation in operations.items():
                if "requestBody" in operation:
                    schema = operation["requestBody"]["content"]["application/json"]["schema"]
                    for where, changed in _with_another_text(_Examples(described)(schema)):

                        def request(
                            text: str, method: str = method, path: str = path, changed: Callable[[str], Json] = changed
                        ) -> Sent:
                            body = json.dumps(changed(text)).encode()
                            return Sent("program", method.upper(), self.filled(path), body=body, headers=(JSON,))

                        yield Input(f"{method.upper()} {path} {where}", request)

    async def tool_calls(self) -> list[tuple[str, Json]]:
        """Calls as tools are described: with every optional argument, and without those of `OVERRULING`."""
        listed = await self.program.post(TOOLS, json=tool_call("tools/list"), headers=dict(MCP_HEADERS))
        calls: list[tuple[str, Json]] = []
        for tool in listed.json()["result"]["tools"]:
            schema: Json = tool["inputSchema"]
            given = _Examples({"components": {"schemas": schema.get("$defs", {})}})(schema)
            given |= {name: self.params[name] for name in given if name.endswith("_id")}
            others = {name: each for name, each in given.items() if name not in OVERRULING - {*schema["required"]}}
            calls += [(tool["name"], each) for each in ([given] if given == others else [given, others])]
        return calls

    async def _tools(self) -> list[Input]:
        found = [self._to_tools("a call", changed) for _, changed in _with_another_text(tool_call("tools/call"))]
        keys = count()
        for name, arguments in await self.tool_calls():
            for where, changed in _with_another_text(arguments):

                def body(text: str, name: str = name, changed: Callable[[str], Json] = changed) -> Json:
                    given = changed(text)
                    # One that was used before is refused before anything else is looked at.
                    if given.get("idempotency_key") == EXAMPLES["idempotency_key"]:
                        given = {**given, "idempotency_key": f"key-{next(keys)}"}
                    return tool_call("tools/call", name=name, arguments=given)

                found.append(self._to_tools(f"{name}{where}", body))
        return found

    def _to_tools(self, name: str, body: Callable[[str], Json]) -> Input:
        def request(text: str) -> Sent:
            return Sent("program", "POST", TOOLS, body=json.dumps(body(text)).encode(), headers=MCP_HEADERS)

        return Input(f"{TOOLS} {name}", request)

    def _fields(self, form: "FoundForm") -> Iterator[Input]:
        for name in form.names:

            def request(text: str, name: str = name) -> Sent:
                body = urlencode({**form.fields, name: text}, errors="replace").encode()
                return Sent("host", "POST", form.action, body=body, headers=(FORM,))

            yield Input(f"POST {form.action} {name}", request, is_escaped=True)


JSON = (b"content-type", b"application/json")
FORM = (b"content-type", b"application/x-www-form-urlencoded")
MCP_HEADERS = (JSON, (b"accept", b"application/json, text/event-stream"))


def tool_call(method: str, **params: Json) -> Json:
    return {"jsonrpc": "2.0", "id": "a-call", "method": method, "params": params}


def _told_by_tool(answer: bytes) -> int:
    """The status of a tool's problem, or the like of an error of the protocol."""
    told: Json = msgspec.json.decode(answer)
    if "error" in told:
        return 500 if told["error"]["code"] == INTERNAL_ERROR else 400
    result = told["result"]
    return result["structuredContent"]["status"] if result.get("isError") else 200


@dataclass
class _Examples:
    """Values as the API's description has them, with every optional member."""

    described: Json

    def __call__(self, schema: Json, name: str = "") -> Json:
        if "$ref" in schema:
            return self(self.described["components"]["schemas"][schema["$ref"].rpartition("/")[2]], name)
        if "anyOf" in schema:
            return self(schema["anyOf"][0], name)
        if "enum" in schema:
            return "zoom" if "zoom" in schema["enum"] else schema["enum"][0]
        match schema["type"]:
            case "object" if "properties" in schema:
                return {key: self(each, key) for key, each in schema["properties"].items()}
            case "object":
                key = "2026-12-24" if name == "overrides" else "q1"
                return {key: self(schema["additionalProperties"], name)}
            case "array" if "prefixItems" in schema:
                return ["09:00", "17:00"]
            case "array":
                variants = schema["items"].get("anyOf", [schema["items"]])
                return [self(each, name) for each in variants]
            case "string":
                return "#123456" if name == "brand_color" else EXAMPLES.get(name, "text")
            case "integer":
                return min(max(30, schema.get("minimum", 0)), schema.get("maximum", 30))
            case kind:
                assert kind == "boolean", kind
                return False


@dataclass
class FoundForm:
    """A form that posts; `fields` hold what a browser would send, empty ones an example; `names` are all there are."""

    action: str
    fields: dict[str, str]
    names: list[str]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[FoundForm] = []
        self._open: FoundForm | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_post = given.get("method", "").lower() == "post"
            self._open = FoundForm(given.get("action", ""), {}, []) if is_post else None
            if self._open:
                self.found.append(self._open)
        elif self._open and tag in {"input", "textarea", "select", "button"} and given.get("name"):
            self._add(self._open, tag, given)

    def _add(self, form: FoundForm, tag: str, given: dict[str, str]) -> None:
        name = given["name"]
        if name not in form.names:
            form.names.append(name)
        is_left_out = given.get("type") == "checkbox" and "checked" not in given
        if tag != "button" and not is_left_out:
            form.fields.setdefault(name, given.get("value", "") or EXAMPLES.get(name.rpartition(".")[2], ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def forms_in(html: str) -> list[FoundForm]:
    parser = _Forms()
    parser.feed(html)
    return parser.found


def _with_another_text(value: Json, path: str = "") -> Iterator[tuple[str, Callable[[str], Json]]]:
    """For each text in a value, a key included: where it is, and how to put another in its place."""
    match value:
        case str():
            yield path, lambda text: text
        case dict():
            members = cast("dict[str, Json]", value)
            for key, each in members.items():
                for where, sent in _with_another_text(each, f"{path}.{key}"):
                    yield where, lambda text, k=key, s=sent: {**members, k: s(text)}
            yield f"{path} (a key)", lambda text: {**members, text: next(iter(members.values()), None)}
        case list():
            items = cast("list[Json]", value)
            for place, each in enumerate(items):
                for where, sent in _with_another_text(each, f"{path}.{place}"):
                    yield where, lambda text, p=place, s=sent: [*items[:p], s(text), *items[p + 1 :]]
        case _:
            pass
