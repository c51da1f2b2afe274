"""Subscriptions are made with a handshake, and tell of every change."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from adapters.sandbox.asgi import Reply
from adapters.sandbox.microsoft.accounts import MIA, TOM
from adapters.sandbox.microsoft.subscriptions import LifecycleEvent
from tests.adapters.sandbox.microsoft.microsoft_app import MicrosoftApp
from tests.adapters.sandbox.zoom_app import bearer
from tests.support.graph_listener import Listener, gives_back, listening

AT_TWO = datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


@pytest.fixture
async def listener() -> AsyncGenerator[Listener]:
    async with listening() as listener:
        yield listener


@pytest.fixture
def token(microsoft: MicrosoftApp) -> str:
    return microsoft.calendar_token()


async def hears(microsoft: MicrosoftApp, listener: Listener, count: int) -> list[dict[str, Any]]:
    await microsoft.sandbox.until(lambda: len(listener.heard) >= count)
    return [notice for _, notice in listener.heard]


async def test_both_addresses_have_to_give_the_token_back(
    microsoft: MicrosoftApp, token: str, listener: Listener
) -> None:
    made = await microsoft.subscribes(token, listener.url)

    assert (201, ["/notifications", "/lifecycle"]) == (made.status_code, listener.handshakes)
    assert [made.json()["id"]] == [each.id for each in microsoft.sandbox.subscriptions.all()]


@pytest.mark.parametrize(
    "answer",
    [gives_back("{token}", 202), gives_back("{token}", content_type="text/html"), gives_back("other"), Reply(404)],
)
async def test_an_address_that_does_not_is_refused(
    microsoft: MicrosoftApp, token: str, listener: Listener, answer: Reply
) -> None:
    listener.validates = lambda token: Reply(
        answer.status, answer.body.replace(b"{token}", token.encode()), answer.headers
    )

    refused = await microsoft.subscribes(token, listener.url)

    assert (400, "ValidationError") == (refused.status_code, refused.json()["error"]["code"])
    assert [] == microsoft.sandbox.subscriptions.all()


@pytest.mark.parametrize(
    "changes",
    [
        {"notificationUrl": "http://127.0.0.1:1/nobody"},
        {"notificationUrl": "http://app.example/notifications"},
        {"notificationUrl": None},
        {"clientState": "x" * 129},
        {"changeType": "moved"},
        {"resource": "me/messages"},
        {"resource": "me/calendars/unknown/events"},
        {"expirationDateTime": "2026-11-29T09:00:01Z"},
        {"expirationDateTime": "2026-11-22T09:00:00Z"},
        {"colour": "red"},
    ],
)
async def test_a_subscription_that_cannot_be_is_refused(
    microsoft: MicrosoftApp, token: str, listener: Listener, changes: dict[str, Any]
) -> None:
    refused = await microsoft.subscribes(token, listener.url, **changes)

    assert refused.is_client_error
    assert [] == microsoft.sandbox.subscriptions.all()


async def test_every_change_of_the_calendar_is_told_with_the_client_state(
    microsoft: MicrosoftApp, token: str, listener: Listener
) -> None:
    subscription = (await microsoft.subscribes(token, listener.url)).json()
    mailboxes = microsoft.sandbox.mailboxes
    event = mailboxes.add(microsoft.main(), AT_TWO, AT_TWO + AN_HOUR)
    mailboxes.change(event, subject="Other")
    await microsoft.http.delete(f"/v1.0/me/events/{event.id}", headers=bearer(token))
    mailboxes.add(mailboxes.calendars(MIA)[1], AT_TWO, AT_TWO + AN_HOUR)
    mailboxes.add(microsoft.main(TOM), AT_TWO, AT_TWO + AN_HOUR)

    heard = await hears(microsoft, listener, 3)

    assert {"created", "updated", "deleted"} == {each["changeType"] for each in heard}
    assert {(subscription["id"], "a-secret-of-the-app", event.id)} == {
        (each["subscriptionId"], each["clientState"], each["resourceData"]["id"]) for each in heard
    }
    assert "Private" not in str(heard)
    await microsoft.sandbox.until(lambda: {202} == {each.status for each in microsoft.sandbox.notices.sent})
    assert 3 == len(microsoft.sandbox.notices.sent)


async def test_subscriptions_with_one_address_are_told_together(
    microsoft: MicrosoftApp, token: str, listener: Listener
) -> None:
    for _ in range(2):
        await microsoft.subscribes(token, listener.url)

    microsoft.sandbox.mailboxes.add(microsoft.main(), AT_TWO, AT_TWO + AN_HOUR)

    assert 2 == len(await hears(microsoft, listener, 2))
    assert 1 == len(microsoft.sandbox.notices.sent)


async def test_nothing_is_told_once_it_is_over(microsoft: MicrosoftApp, token: str, listener: Listener) -> None:
    def changes() -> None:
        microsoft.sandbox.mailboxes.add(microsoft.main(), AT_TWO, AT_TWO + AN_HOUR)

    path = f"/v1.0/subscriptions/{(await microsoft.subscribes(token, listener.url)).json()['id']}"
    deleted = [(await microsoft.http.delete(path, headers=bearer(token))).status_code for _ in range(2)]
    changes()
    await microsoft.subscribes(token, listener.url)
    microsoft.clock.pass_by(days=6)
    changes()
    await microsoft.subscribes(microsoft.calendar_token(), listener.url)
    microsoft.sandbox.subscriptions.loses_notifications = True
    changes()
    microsoft.sandbox.subscriptions.loses_notifications = False
    microsoft.sandbox.remove(MIA)
    changes()

    assert ([204, 404], []) == (deleted, microsoft.sandbox.notices.sent)


async def test_a_subscription_is_renewed_and_lives_at_least_45_minutes(
    microsoft: MicrosoftApp, token: str, listener: Listener
) -> None:
    path = f"/v1.0/subscriptions/{(await microsoft.subscribes(token, listener.url)).json()['id']}"

    async def renews(until: str) -> httpx.Response:
        return await microsoft.http.patch(path, json={"expirationDateTime": until}, headers=bearer(token))

    assert "2026-11-29T09:00:00Z" == (await renews("2026-11-29T09:00:00Z")).json()["expirationDateTime"]
    assert "2026-11-22T09:45:00Z" == (await renews("2026-11-22T09:01:00Z")).json()["expirationDateTime"]
    assert 400 == (await renews("2026-12-24T09:00:00Z")).status_code


@pytest.mark.parametrize(("event", "left"), [("reauthorizationRequired", 1), ("missed", 1), ("subscriptionRemoved", 0)])
async def test_an_app_hears_what_becomes_of_its_subscription(
    microsoft: MicrosoftApp, token: str, listener: Listener, event: LifecycleEvent, left: int
) -> None:
    subscription = (await microsoft.subscribes(token, listener.url)).json()["id"]

    await microsoft.http.post("/control", json={"lifecycle": {"id": subscription, "event": event}})

    await hears(microsoft, listener, 1)
    [(path, notice)] = listener.heard
    assert ("/lifecycle", event, subscription, "a-secret-of-the-app") == (
        path, notice["lifecycleEvent"], notice["subscriptionId"], notice["clientState"]
    )  # fmt: skip
    assert left == len(microsoft.sandbox.subscriptions.all())


async def test_a_notification_can_come_twice(microsoft: MicrosoftApp, token: str, listener: Listener) -> None:
    await microsoft.subscribes(token, listener.url)
    microsoft.sandbox.mailboxes.add(microsoft.main(), AT_TWO, AT_TWO + AN_HOUR)

    microsoft.sandbox.notices.again(microsoft.sandbox.notices.sent[0])

    one, other = await hears(microsoft, listener, 2)
    assert one == other
