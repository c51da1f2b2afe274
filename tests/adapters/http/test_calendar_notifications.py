"""Notices about calendars over HTTP: what is answered to whom, and what costs nothing."""

from dataclasses import replace

import msgspec
import pytest

from adapters.google.calendar_notices import GoogleCalendarNotices
from adapters.http.calendar_notifications import LARGEST_NOTIFICATION
from adapters.microsoft.calendar_watcher import MicrosoftCalendarNotices
from application.app import App
from application.calendars.receive_notices import TOGETHER
from application.jobs import ReadCalendarJob
from domain.calendar import CalendarKind
from tests.support.serving import Server
from tests.support.watched_calendar import World

GOOGLE = "/integrations/google/calendar/notifications"
MICROSOFT = "/integrations/microsoft/calendar/notifications"


async def serving(kind: CalendarKind = "google") -> tuple[World, Server]:
    """A watched calendar, and a server that reads the provider's own words."""
    world = await World(kind).connected()
    notices = {"google": GoogleCalendarNotices(), "microsoft": MicrosoftCalendarNotices()}
    world.memory.ports = replace(world.memory.ports, calendar_notices=notices)
    world.memory.app = App(world.memory.ports)
    return world, Server(world.memory)


def secret_of(world: World) -> str:
    [watch] = world.watcher.kept.values()
    return watch.new.secret


async def readings_owed(world: World) -> int:
    """How many readings of the main calendar a notice has brought."""
    world.memory.clock.advance(TOGETHER)
    leases = await world.memory.backlog.lease(10, TOGETHER)
    main = (await world.main()).id
    return sum(each.job == ReadCalendarJob(main) for each in leases)


def graph(*changes: dict[str, str]) -> bytes:
    return msgspec.json.encode({"value": [{"subscriptionId": "s", **each} for each in changes]})


async def test_a_message_of_a_channel_owes_a_reading() -> None:
    world, server = await serving()
    headers = {"X-Goog-Channel-Token": secret_of(world), "X-Goog-Resource-State": "exists"}

    answer = await server.client().post(GOOGLE, headers=headers)

    assert (202, b"") == (answer.status_code, answer.content)
    assert 1 == await readings_owed(world)


async def test_many_notifications_in_one_body_owe_one_reading() -> None:
    world, server = await serving("microsoft")
    ours = {"clientState": secret_of(world), "changeType": "updated", "resource": "r"}
    body = graph(ours, {**ours, "clientState": "somebody else's"}, ours)

    answer = await server.client().post(MICROSOFT, content=body)

    assert 202 == answer.status_code
    assert 1 == await readings_owed(world)


async def test_the_handshake_is_answered_with_the_token_as_plain_text() -> None:
    _, server = await serving("microsoft")

    answer = await server.client().post(f"{MICROSOFT}?validationToken=Validation%3A%20a%2Bb%20%3Cb%3E")

    assert (200, "Validation: a+b <b>") == (answer.status_code, answer.text)
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("path", "headers", "body", "status"),
    [
        (GOOGLE, {"X-Goog-Channel-Token": "guessed", "X-Goog-Resource-State": "exists"}, b"", 202),
        (GOOGLE, {"X-Goog-Resource-State": "exists"}, b"", 202),
        (GOOGLE, {}, b"", 400),
        (MICROSOFT, {}, graph({"clientState": "guessed", "changeType": "updated", "resource": "r"}), 202),
        (MICROSOFT, {}, b"{", 400),
        (MICROSOFT, {}, b"x" * (LARGEST_NOTIFICATION + 1), 413),
        ("/integrations/caldav/calendar/notifications", {}, b"", 404),
    ],
    ids=["wrong secret", "no secret", "no notice", "wrong state", "not JSON", "too large", "no such provider"],
)
async def test_what_shows_no_secret_of_ours_changes_nothing(
    path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    world, server = await serving()

    answer = await server.client().post(path, headers=headers, content=body)

    assert status == answer.status_code
    assert 0 == await readings_owed(world)
