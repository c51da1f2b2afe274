"""Words for webhooks and their deliveries."""

import msgspec

from adapters.presentation.language import gettext as _
from adapters.presentation.language import ngettext
from adapters.presentation.sentences.webhook_problems import attempt_error, distrust, webhook_problem
from adapters.presentation.times import starts, to_the_second
from domain.webhook import Webhook
from domain.webhook_delivery import DeliveryAttempt, WebhookDelivery
from domain.webhook_event import WebhookEventType


class EventChoice(msgspec.Struct, frozen=True):
    """An event that can be chosen, and when it is sent."""

    type: WebhookEventType
    words: str


class WebhookRow(msgspec.Struct, frozen=True):
    """A webhook with its state in a word and in sentences."""

    webhook: Webhook
    badge: str
    tone: str
    words: str
    problem: str | None


class DeliveryRow(msgspec.Struct, frozen=True):
    delivery: WebhookDelivery
    badge: str
    tone: str
    words: str


def event_choices() -> tuple[EventChoice, ...]:
    """All but `ping`, which is sent when it is asked for."""
    return (
        EventChoice("booking.created", _("A booking is confirmed.")),
        EventChoice("booking.link_ready", _("Its join link is ready, or has changed.")),
        EventChoice("booking.link_failed", _("No join link could be made. It needs you.")),
        EventChoice("booking.fell_back", _("It now uses a different meeting type.")),
        EventChoice("booking.rescheduled", _("It’s rescheduled.")),
        EventChoice("booking.cancelled", _("It is cancelled.")),
        EventChoice("booking.guest_left", _("An additional guest leaves it.")),
        EventChoice("connection.broken", _("A meeting provider or calendar needs you.")),
    )


def webhook_row(webhook: Webhook, zone: str) -> WebhookRow:
    problem = None if webhook.problem is None else webhook_problem(webhook.problem)
    last = webhook.last_success_at
    match webhook.state:
        case "active":
            if last is None:
                return WebhookRow(webhook, _("New"), "", _("No event was sent yet."), None)
            words = _("Last taken: {time}.").format(time=starts(last, zone))
            return WebhookRow(webhook, _("Works"), "good", words, None)
        case "failing":
            since = starts(webhook.failing_since or webhook.created_at, zone)
            words = _("It has taken no event since {time}. We keep trying.").format(time=since)
            return WebhookRow(webhook, _("Failing"), "warn", words, problem)
        case "paused" if webhook.pause == "distrusted":
            return WebhookRow(webhook, _("Paused"), "bad", distrust(), problem)
        case "paused":
            words = _("Nothing is sent until you resume it. Events are kept for 30 days.")
            return WebhookRow(webhook, _("Paused"), "bad", words, problem)


def delivery_row(delivery: WebhookDelivery, zone: str) -> DeliveryRow:
    tries = len(delivery.attempts)
    counted = ngettext("{n} attempt", "{n} attempts", tries).format(n=tries)
    match delivery.state:
        case "delivered":
            return DeliveryRow(delivery, _("Delivered"), "good", counted)
        case "failed":
            problem = delivery.problem
            return DeliveryRow(delivery, _("Failed"), "bad", counted if problem is None else webhook_problem(problem))
        case "pending" if not tries:
            return DeliveryRow(delivery, _("Waiting"), "", _("It’s sent in a moment."))
        case "pending":
            at = to_the_second(delivery.next_attempt_at or delivery.created_at, zone)
            words = _("{attempts}. Next: {time}.").format(attempts=counted, time=at)
            return DeliveryRow(delivery, _("Waiting"), "warn", words)


def attempt_words(attempt: DeliveryAttempt) -> str:
    if attempt.problem is None:
        return _("answered {status}").format(status=attempt.status)
    return attempt_error(attempt.problem)
