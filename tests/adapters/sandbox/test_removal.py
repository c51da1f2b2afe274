"""Removals are announced as Zoom does, signed over the raw bytes."""

import hmac
import json
from collections.abc import AsyncGenerator
from hashlib import sha256

import pytest

from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.asgi import json as json_answer
from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.accounts import ANNA, BEN
from tests.adapters.sandbox.zoom_app import ZoomApp
from tests.support.stand_in import stand_in


class Notified:
    """An app's notification address."""

    def __init__(self, sandbox_secret: str) -> None:
        self.secret = sandbox_secret
        self.arrived: list[Request] = []
        self.app = stand_in(self._answer)

    async def _answer(self, request: Request) -> Reply:
        self.arrived.append(request)
        event = json.loads(request.body)
        if event["event"] != "endpoint.url_validation":
            return Reply(200)
        plain = event["payload"]["plainToken"]
        proof = hmac.new(self.secret.encode(), plain.encode(), sha256).hexdigest()
        return json_answer({"plainToken": plain, "encryptedToken": proof})


@pytest.fixture
async def notified(zoom: ZoomApp) -> AsyncGenerator[Notified]:
    there = Notified(zoom.sandbox.secret_token)
    async with serving(there.app) as url:
        zoom.sandbox.deauthorizations.url = f"{url}/deauthorized"
        yield there


async def test_a_removal_ends_the_tokens_and_is_announced(zoom: ZoomApp, notified: Notified) -> None:
    pair = zoom.sandbox.authorize(ANNA)

    notification = await zoom.sandbox.remove(ANNA)

    (request,) = notified.arrived
    event = json.loads(request.body)
    assert "app_deauthorized" == event["event"]
    assert 1795338000000 == event["event_ts"]
    assert ANNA.id == event["payload"]["user_id"]
    assert ANNA.account_id == event["payload"]["account_id"]
    assert zoom.sandbox.client_id == event["payload"]["client_id"]
    assert "2026-11-22T09:00:00.000Z" == event["payload"]["deauthorization_time"]
    assert notification is not None
    assert 200 == notification.status
    assert not await zoom.is_known(pair.access_token)
    assert "invalid_grant" == (await zoom.refreshes(pair.refresh_token)).json()["error"]


async def test_the_signature_covers_the_raw_bytes(zoom: ZoomApp, notified: Notified) -> None:
    zoom.sandbox.authorize(ANNA)
    await zoom.sandbox.remove(ANNA)

    (request,) = notified.arrived
    timestamp = request.headers["x-zm-request-timestamp"]
    signed = b"v0:" + timestamp.encode() + b":" + request.body
    expected = hmac.new(zoom.sandbox.secret_token.encode(), signed, sha256).hexdigest()

    assert "1795338000" == timestamp
    assert f"v0={expected}" == request.headers["x-zm-signature"]
    # Whoever parses and serializes again before checking gets other bytes.
    assert json.dumps(json.loads(request.body), sort_keys=True).encode() != request.body


async def test_revoking_announces_the_removal_too(zoom: ZoomApp, notified: Notified) -> None:
    await zoom.revokes(zoom.sandbox.authorize(ANNA).access_token)
    await zoom.sandbox.announced()

    assert [ANNA.id] == [json.loads(request.body)["payload"]["user_id"] for request in notified.arrived]


async def test_nothing_is_announced_where_nothing_was_installed(zoom: ZoomApp, notified: Notified) -> None:
    zoom.sandbox.authorize(BEN)

    assert await zoom.sandbox.remove(ANNA) is None
    assert [] == notified.arrived


async def test_without_an_address_nothing_is_announced(zoom: ZoomApp) -> None:
    pair = zoom.sandbox.authorize(ANNA)

    assert await zoom.sandbox.remove(ANNA) is None
    assert not await zoom.is_known(pair.access_token)


async def test_an_address_that_is_gone_is_noted(zoom: ZoomApp) -> None:
    async with serving(Notified("").app) as url:
        zoom.sandbox.deauthorizations.url = url
    zoom.sandbox.authorize(ANNA)

    notification = await zoom.sandbox.remove(ANNA)

    assert notification is not None
    assert "not delivered (ConnectError)" == notification.outcome


async def test_a_notification_can_be_sent_again_to_the_byte(zoom: ZoomApp, notified: Notified) -> None:
    zoom.sandbox.authorize(ANNA)
    first = await zoom.sandbox.remove(ANNA)
    assert first is not None
    zoom.clock.pass_by(minutes=10)

    await zoom.sandbox.deauthorizations.again(first)

    one, two = notified.arrived
    assert (one.body, one.headers["x-zm-signature"]) == (two.body, two.headers["x-zm-signature"])


async def test_the_address_is_checked_by_a_challenge(zoom: ZoomApp, notified: Notified) -> None:
    right = await zoom.sandbox.deauthorizations.checks_the_address()
    notified.secret = "another"
    wrong = await zoom.sandbox.deauthorizations.checks_the_address()

    assert [True, False] == [right, wrong]
    assert "x-zm-signature" in notified.arrived[0].headers
