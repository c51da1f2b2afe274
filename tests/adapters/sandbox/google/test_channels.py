"""The sandbox tells an app of changes as Google does: by messages without a body, and not for sure."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.calendar.calendars import SandboxCalendar
from adapters.sandbox.google.scopes import CALENDAR_USUAL
from adapters.sandbox.google.switches import GoogleFailure
from adapters.sandbox.serve import serving
from tests.adapters.sandbox.google.google_app import HOUR, GoogleApp, watched
from tests.support.stand_in import stand_in

TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
WATCH = "/calendars/primary/events/watch"


class Receiver:
    """Where messages go; `statuses` are what it answers first."""

    def __init__(self) -> None:
        self.messages: list[Request] = []
        self.statuses: list[int] = []
        self.address = ""

    async def answer(self, request: Request) -> Reply:
        self.messages.append(request)
        return Reply(self.statuses.pop(0) if self.statuses else 204)

    @property
    def states(self) -> list[str]:
        return [each.headers["x-goog-resource-state"] for each in self.messages]


@pytest.fixture
async def receiver() -> AsyncGenerator[Receiver]:
    receiver = Receiver()
    async with serving(stand_in(receiver.answer)) as url:
        receiver.address = f"{url}/notifications"
        yield receiver


@pytest.fixture
def calendar(google: GoogleApp) -> SandboxCalendar:
    return google.sandbox.calendars.of(GINA)[0]


async def watches(google: GoogleApp, **wish: Any) -> dict[str, Any]:
    answer = await google.asks_calendar("POST", WATCH, token_of(google), json=watched(**wish))
    await google.sandbox.channels.all_sent()
    return answer.json()


async def changes(google: GoogleApp, calendar: SandboxCalendar) -> None:
    google.sandbox.events.add(calendar, TEN, TEN + HOUR, summary="Secret")
    await google.sandbox.channels.all_sent()


def token_of(google: GoogleApp) -> str:
    return google.sandbox.authorize(GINA, CALENDAR_USUAL).access_token


async def test_a_channel_begins_with_a_message_and_sends_one_for_each_change(
    google: GoogleApp, receiver: Receiver, calendar: SandboxCalendar
) -> None:
    channel = await watches(google, address=receiver.address)

    await changes(google, calendar)

    assert ["sync", "exists"] == receiver.states
    last = receiver.messages[-1]
    assert (channel["id"], channel["resourceId"], "a-secret", "2") == tuple(
        last.headers[f"x-goog-{name}"] for name in ("channel-id", "resource-id", "channel-token", "message-number")
    )
    assert ("POST", "/notifications", b"") == (last.method, last.path, last.body)
    assert "Secret" not in str(last)


async def test_a_message_is_repeated_where_the_app_is_out_of_order_and_not_where_it_refuses(
    google: GoogleApp, receiver: Receiver
) -> None:
    receiver.statuses = [503, 200]
    await watches(google, address=receiver.address)
    receiver.statuses = [404]
    await watches(google, address=receiver.address)

    assert [(503, 200), (404,)] == [each.statuses for each in google.sandbox.channels.pushes]


async def test_nothing_comes_after_a_stop_or_the_end_of_its_time(
    google: GoogleApp, receiver: Receiver, calendar: SandboxCalendar
) -> None:
    stopped = await watches(google, address=receiver.address)
    ended = await watches(google, address=receiver.address, params={"ttl": "3600"})
    known = {"id": stopped["id"], "resourceId": stopped["resourceId"]}
    answers = [
        (await google.asks_calendar("POST", "/channels/stop", token_of(google), json=body)).status_code
        for body in ({**known, "resourceId": "other"}, known, known)
    ]
    google.clock.pass_by(hours=1)

    await changes(google, calendar)

    assert [404, 204, 404] == answers
    assert ["sync", "sync"] == receiver.states
    assert (google.clock().timestamp() * 1000) == int(ended["expiration"])


async def test_a_channel_lives_a_week_at_most(google: GoogleApp, receiver: Receiver) -> None:
    channel = await watches(google, address=receiver.address, params={"ttl": "99999999"})

    assert google.clock() + timedelta(days=7) == datetime.fromtimestamp(int(channel["expiration"]) / 1000, UTC)


async def test_messages_can_be_lost(google: GoogleApp, receiver: Receiver, calendar: SandboxCalendar) -> None:
    google.sandbox.fail(GoogleFailure.PUSHES_LOST)
    await watches(google, address=receiver.address)
    await watches(google, address=receiver.address)
    await google.http.post("/control", json={"lose_pushes": True})
    await changes(google, calendar)
    await google.http.post("/control", json={"lose_pushes": False})
    await changes(google, calendar)

    assert ["sync", "exists"] == receiver.states


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"address": "http://timetuna.example/notifications"}, (400, "push.webhookUrlNotHttps")),
        ({"address": "https://refused.example/notifications"}, (401, "push.webhookUrlUnauthorized")),
        ({"id": "with a space"}, (400, "invalidChannelId")),
        ({"id": "taken"}, (400, "channelIdNotUnique")),
        ({"type": "email"}, (400, "channelUnknown")),
        ({"token": "x" * 257}, (400, "invalidChannelToken")),
        ({"params": {"ttl": "long"}}, (400, "invalidTtl")),
    ],
)
async def test_a_channel_that_cannot_be_is_refused(
    google: GoogleApp, calendar: SandboxCalendar, wish: dict[str, Any], expected: tuple[int, str]
) -> None:
    google.sandbox.channels.open(calendar, watched(id="taken"))
    google.sandbox.channels.refused.add("refused.example")

    answer = await google.asks_calendar("POST", WATCH, token_of(google), json=watched(**wish))

    error = answer.json()["error"]
    assert expected == (error["code"], error["errors"][0]["reason"])
