"""The API keeps to its description over stories: what a call has made is read, changed, removed and asked for again."""

import asyncio
from itertools import count
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from adapters.http.api.examples import examples_of
from adapters.http.api.routes import FOR_HOSTS, PUBLIC
from application.actor import HostActor
from tests.support.serving import Server, an_open_page
from tests.support.stored_passkeys import a_passkey, added

STORIES = settings(
    max_examples=6,
    stateful_step_count=8,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    # A story that fails is short enough as it is.
    phases=[Phase.generate],
)

BODIES = {each.opt["call"].id: each.opt["call"].body for each in (*PUBLIC, *FOR_HOSTS)}

# A schema can't say what a time zone or a free slug is, so what it allows may still be refused; and where there is no
# room for more, what was asked for isn't there afterwards.
_checks = cast("Any", checks)
UNFAIR = [_checks.positive_data_acceptance, _checks.ensure_resource_availability]


class Site:
    """A host's things over the API, and how schemathesis tells stories about them.

    Attributes:
        succeeded: the names of calls that did.
    """

    def __init__(self) -> None:
        self._server = Server(rate_limit=False)
        self._numbers = count()
        self.succeeded: set[str] = set()
        self._host, self._path = asyncio.run(an_open_page(self._server))
        *_, handle, page, event_type = self._path.split("/")
        self._here = {"handle": handle, "page": page, "event_type": event_type}
        self._headers = {"Authorization": f"Bearer {asyncio.run(self._server.memory.token_of(self._host))}"}
        # Schemathesis makes its types from the schema, so there are none to check here.
        self.described: Any = schemathesis.openapi.from_asgi("/api/openapi.json", self._server.litestar)

    def tells_stories_of(self, *calls: str) -> None:
        """Bodies of calls that make something are like the examples, or next to none would be accepted."""
        site = self

        class Stories(self.described.include(operation_id=list(calls)).as_state_machine()):
            def setup(self) -> None:
                ways_in = asyncio.run(site.ways_in())
                self.here = {**site._here, **ways_in, "booking_id": asyncio.run(site.books())}

            def before_call(self, case: Any) -> None:
                if case.meta is not None and case.meta.generation.mode != GenerationMode.POSITIVE:
                    return
                asked = case.path_parameters
                asked.update({each: self.here[each] for each in asked.keys() & self.here.keys()})
                if "token" in asked:
                    asked["token"] = asked["token"].rpartition("%2F")[2]
                makes = case.operation.method == "post" and "booking_id" not in asked
                if makes and BODIES[name_of(case)]:
                    case.body = site.like_the_example(name_of(case))

            def get_call_kwargs(self, _case: Any) -> dict[str, Any]:
                return {"headers": site._headers}

            def validate_response(self, response: Any, case: Any, *_: Any, **__: Any) -> None:
                if response.status_code < 300:
                    site.succeeded.add(name_of(case))
                case.validate_response(response, excluded_checks=UNFAIR, headers=site._headers)

        Stories.run(settings=STORIES)

    def leads(self, maker: str, *others: str, by: str = "manage_url") -> None:
        """From what a guest has made to calls about it: no link of OpenAPI can take a token out of an address."""
        [answers] = [each["responses"] for each in self.operations() if each["operationId"] == maker]
        link = {"parameters": {"token": f"$response.body#/{by}"}}
        answers["201"]["links"] = {each: {**link, "operationId": each} for each in others}

    def links_of(self, maker: str) -> set[str]:
        [answers] = [each["responses"].values() for each in self.operations() if each["operationId"] == maker]
        return {link for answer in answers for link in answer.get("links", ())}

    def operations(self) -> list[Any]:
        return [operation for path in self.described.raw_schema["paths"].values() for operation in path.values()]

    def like_the_example(self, call: str) -> Any:
        """A body with a slug, a name, a feed and a free time of its own."""
        body, number = next(iter(examples_of(BODIES[call]).values())), next(self._numbers)
        feed = f"https://calendar.example/{number}.ics"
        self._server.memory.feeds.publish(feed)
        changes: dict[str, Any] = {"slug": f"page-{number}", "name": f"Name {number}", "url": feed, "answers": {}}
        if "start" in body:
            changes["start"] = asyncio.run(self._free())
        return {**body, **{member: changes[member] for member in body.keys() & changes.keys()}}

    async def ways_in(self) -> dict[str, str]:
        """Each story has a session and a passkey of its own."""
        memory, host = self._server.memory, self._host
        passkey = a_passkey(host, f"phone-{next(self._numbers)}")
        await added(memory.store, passkey)
        await memory.store.sessions.open(host.id, memory.clock())
        [session, *_] = await memory.app.list_sessions(HostActor(host.id))
        return {"passkey_id": passkey.id, "session_id": session.id}

    async def books(self) -> str:
        """Each story has a booking of its own, at a time of its own."""
        guest = {"name": "Ana Brito", "email": f"ana-{next(self._numbers)}@guests.example", "timezone": "Europe/Lisbon"}
        async with self._server.client() as client:
            body = {"start": await self._free(), "meeting_type": "zoom", "guest": guest}
            return (await client.post(f"{self._path}/bookings", json=body)).json()["id"]

    async def _free(self) -> str:
        days = {"from": "2026-03-03", "to": "2026-05-01", "timezone": "UTC"}
        async with self._server.client() as client:
            return (await client.get(f"{self._path}/slots", params=days)).json()["slots"][0]


@pytest.mark.parametrize(
    "maker", ["createBookingPage", "createSchedule", "addWebhook", "createToken", "connectCalendar", "getPublicPage"]
)
def test_what_was_made_can_be_used_as_described(maker: str) -> None:
    site = Site()

    site.tells_stories_of(maker, *site.links_of(maker))

    assert maker in site.succeeded
    assert site.succeeded & site.links_of(maker)


def test_a_booking_can_be_used_as_described() -> None:
    site = Site()

    site.tells_stories_of(*site.links_of("bookForGuest"))

    assert {"cancelBooking", "resendMails"} & site.succeeded


def test_a_single_use_link_can_be_used_as_described() -> None:
    site = Site()

    site.tells_stories_of("createBookingPage", "makeBookingLink", "listBookingLinks", "removeBookingLink")

    assert {"makeBookingLink", "removeBookingLink"} <= site.succeeded


def test_a_guest_can_do_what_is_described() -> None:
    site = Site()
    theirs = {"getGuestBooking", "cancelGuestBooking", "rescheduleGuestBooking", "resendGuestMail"}
    site.leads("createBooking", *theirs)

    site.tells_stories_of("createBooking", *theirs)

    assert {"createBooking", *theirs} <= site.succeeded


def test_a_conversation_with_support_can_be_used_as_described() -> None:
    site = Site()
    theirs = {"getSupportThread", "writeToSupport"}
    site.leads("askSupport", *theirs, by="token")

    site.tells_stories_of("askSupport", *theirs)

    assert {"askSupport", *theirs} <= site.succeeded


@pytest.mark.parametrize("calls", [("listSessions", "endSession"), ("listPasskeys", "renamePasskey")])
def test_what_an_account_has_can_be_used_as_described(calls: tuple[str, ...]) -> None:
    site = Site()

    site.tells_stories_of(*calls)

    assert {*calls} == site.succeeded


def name_of(case: Any) -> str:
    return case.operation.definition.raw["operationId"]
