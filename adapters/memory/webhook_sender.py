"""Endpoints in memory: what each answers is set by the test."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from application.ports.webhooks import Sent
from domain.webhook_event import WebhookEvent

TAKEN = Sent(5, 204)


class SentEvent(msgspec.Struct, frozen=True):
    """A request that has arrived."""

    url: str
    event: WebhookEvent
    secrets: tuple[str, ...]
    at: datetime


class MemoryWebhookSender:
    """Takes everything, unless told otherwise.

    sender = MemoryWebhookSender()
    sender.answer("https://hooks.example/", Sent(5, 500, EndpointAnswered(500)))

    Attributes:
        meanwhile: called before each answer.
    """

    def __init__(self) -> None:
        self.sent: list[SentEvent] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self.inside: set[str] = set()
        self._answers: dict[str, Sent] = {}

    def answer(self, url: str, sent: Sent = TAKEN) -> None:
        """Let an endpoint answer so from now on."""
        self._answers[url] = sent

    async def leads_inside(self, url: str, /) -> bool:
        return url in self.inside

    async def send(self, url: str, event: WebhookEvent, secrets: Sequence[str], at: datetime, /) -> Sent:
        self.sent.append(SentEvent(url, event, tuple(secrets), at))
        self.meanwhile()
        return self._answers.get(url, TAKEN)
