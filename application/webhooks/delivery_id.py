"""Names that follow from what they name, so that nothing is named twice however often its unit is tried."""

from hashlib import sha256

from domain.ids import WebhookDeliveryId, WebhookEventId, WebhookId


def event_id_of(*parts: str) -> WebhookEventId:
    """The name of what has happened; it has no dot, as the signature needs it."""
    return WebhookEventId(_name("evt", *parts))


def delivery_id_of(event_id: WebhookEventId, webhook_id: WebhookId) -> WebhookDeliveryId:
    return WebhookDeliveryId(_name("dlv", event_id, webhook_id))


def _name(prefix: str, *parts: str) -> str:
    return f"{prefix}_{sha256('/'.join((prefix, *parts)).encode()).hexdigest()[:32]}"
