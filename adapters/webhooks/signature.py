"""Signs by Standard Webhooks 1.0: HMAC-SHA256 over the id, the attempt's time and the body, joined by dots."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from hmac import digest

from domain.ids import WebhookEventId

SECRET_PREFIX = "whsec_"  # noqa: S105 - it only begins like one


def signed_headers(event_id: WebhookEventId, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers of one attempt; each secret signs, so that receivers can change over in their own time."""
    stamp = str(int(at.timestamp()))
    content = b".".join((event_id.encode(), stamp.encode(), body))
    return {
        "webhook-id": event_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{_signature(secret, content)}" for secret in secrets),
    }


def _signature(secret: str, content: bytes) -> str:
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    return b64encode(digest(key, content, sha256)).decode()
