"""Entities beside the booking whose members mean nothing together can't be made."""

from datetime import timedelta

import msgspec
import pytest

from domain.api_token import ApiToken
from domain.booking_link import BookingLink
from domain.ids import (
    ApiTokenId,
    BookingLinkId,
    HostId,
    PageId,
    PasskeyId,
    SupportThreadId,
    WebhookDeliveryId,
    WebhookEventId,
    WebhookId,
)
from domain.passkey import Passkey
from domain.support_thread import SupportThread, ThreadMessage
from domain.webhook import Webhook
from domain.webhook_delivery import DELAYS, WebhookDelivery
from domain.webhook_problem import WebhookWasPaused
from tests.support.builders import NOW, a_connection, a_host, a_page, an_event_type

HOST = HostId("host")
EARLIER = NOW - timedelta(hours=1)
DELIVERY = WebhookDelivery(
    id=WebhookDeliveryId("delivery"),
    webhook_id=WebhookId("webhook"),
    event_id=WebhookEventId("event"),
    type="ping",
    created_at=NOW,
    next_attempt_at=NOW,
)
WEBHOOK = Webhook(id=WebhookId("webhook"), host_id=HOST, url="https://a.example/", events=("ping",), created_at=NOW)
PASSKEY = Passkey(PasskeyId("passkey"), HOST, b"id", b"key", 0, "Phone", NOW)
LINK = BookingLink(BookingLinkId("link"), HOST, PageId("page"), 1, NOW)
TOKEN = ApiToken(ApiTokenId("token"), HOST, "Program", ("*",), NOW)
THREAD = SupportThread(SupportThreadId("thread"), None, "a@a.example", "", "en", (ThreadMessage("visitor", NOW, "Hi"),))
TWICE = an_event_type()


@pytest.mark.parametrize(
    ("entity", "changes"),
    [
        pytest.param(DELIVERY, {"next_attempt_at": None}, id="a pending delivery that is never attempted"),
        pytest.param(DELIVERY, {"state": "delivered"}, id="a delivery that goes on"),
        pytest.param(DELIVERY, {"given_up": WebhookWasPaused()}, id="a delivery that goes on although it was given up"),
        pytest.param(DELIVERY, {"tries": len(DELAYS) + 1}, id="more tries than a round has"),
        pytest.param(WEBHOOK, {"failures": 1}, id="a webhook that fails since never"),
        pytest.param(WEBHOOK, {"failing_since": NOW}, id="a webhook that fails without a failure"),
        pytest.param(WEBHOOK, {"warned_at": NOW}, id="a warning of a webhook that works"),
        pytest.param(a_connection(a_host()), {"meetings_made": 1}, id="meetings on no day"),
        pytest.param(PASSKEY, {"sign_count": -1}, id="fewer signatures than none"),
        pytest.param(LINK, {"expires_at": EARLIER}, id="a link that was never good"),
        pytest.param(TOKEN, {"expires_at": NOW}, id="a token that was never good"),
        pytest.param(THREAD, {"messages": ()}, id="a conversation without a word"),
        pytest.param(
            a_page(a_host()),
            {"event_types": (TWICE, msgspec.structs.replace(TWICE, slug="another"))},
            id="two event types with one id",
        ),
    ],
)
def test_an_entity_that_contradicts_itself_cannot_be_made(entity: msgspec.Struct, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        msgspec.structs.replace(entity, **changes)
