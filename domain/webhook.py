"""A webhook: an address of a program that is told what happens, and how that address has fared."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec

from domain.faults import InvalidValue, Malformed, NotOneOf, Required, TooLong
from domain.ids import HostId, PageId, WebhookId
from domain.webhook_delivery import WebhookDelivery
from domain.webhook_event import WEBHOOK_EVENT_TYPES, WebhookEventType
from domain.webhook_problem import EndpointAnswered, SecretLost, WebhookProblem

MOST_WEBHOOKS = 50
"""Of a host."""

LONGEST_WEBHOOK_URL = 2048

WARNED_AFTER = timedelta(days=1)
PAUSED_AFTER = timedelta(days=5)
"""Of nothing but failures."""

OVERLAP = timedelta(hours=24)
"""How long the secret before still signs beside a new one, unless told otherwise."""
LONGEST_OVERLAP = timedelta(days=7)

LANES = (1, 2)
"""As many requests go to one endpoint at once: the second only while there is more than the first can do."""

FAILS_AT_FULL_PACE = 10
"""An endpoint that has failed so often in a row is tried ever less often, whatever waits for it."""
SLOWEST_PACE = timedelta(minutes=1)

_GONE = 410
_LOWEST_PORT = 1024
_PORTS = {"https": 443, "http": 80}

WebhookState = Literal["active", "failing", "paused"]
PauseReason = Literal["gone", "failing", "distrusted"]
"""The endpoint has answered 410, or has failed for days; or somebody else may have been in the host's account."""

Alarm = Literal["warned", "paused"]
"""What a host is mailed about."""


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """Where events of a host are sent.

    Attributes:
        events: the types that it wants.
        page_id: it wants only bookings of this page; None: of all pages.
        failing_since: when the first of the present run of failures was; None after a success.
        failures: how many there were in a row.
        problem: of the last attempt.
        rests_until: nothing is sent before.
        warned_at: when the host was to be told of the present run of failures.
        secret_ends_at: until then the secret before the present one still signs.
    """

    id: WebhookId
    host_id: HostId
    url: str
    events: tuple[WebhookEventType, ...]
    page_id: PageId | None = None
    created_at: datetime
    pause: PauseReason | None = None
    failing_since: datetime | None = None
    failures: int = 0
    problem: WebhookProblem | None = None
    last_success_at: datetime | None = None
    rests_until: datetime | None = None
    warned_at: datetime | None = None
    secret_ends_at: datetime | None = None

    def __post_init__(self) -> None:
        check_webhook_url(self.url)
        check_webhook_events(self.events)
        if self.failures < 0 or (self.failures == 0) != (self.failing_since is None):
            raise ValueError("a webhook fails since its first failure")
        if self.warned_at is not None and self.failing_since is None:
            raise ValueError("a host is warned of a webhook that fails")

    @property
    def state(self) -> WebhookState:
        if self.pause is not None:
            return "paused"
        return "active" if self.failing_since is None else "failing"

    @property
    def host_name(self) -> str:
        """What may stand in a log or a mail: the rest of the address may be a secret."""
        return urlsplit(self.url).hostname or ""

    def wants(self, type: WebhookEventType, page_id: PageId | None) -> bool:
        """Whether an event is to be sent there."""
        if self.pause is not None or type not in self.events:
            return False
        return self.page_id is None or page_id is None or self.page_id == page_id

    def takes(self, delivery: WebhookDelivery) -> bool:
        """Whether a due delivery is attempted still: while it is paused, only what its host has asked for."""
        return self.pause is None or delivery.is_repeat or delivery.type == "ping"

    def is_resting(self, now: datetime) -> bool:
        return self.rests_until is not None and now < self.rests_until

    def succeeded(self, at: datetime) -> "Webhook":
        return msgspec.structs.replace(
            self,
            last_success_at=at,
            failing_since=None,
            failures=0,
            problem=None,
            rests_until=None,
            warned_at=None,
        )

    def failed(self, problem: WebhookProblem, at: datetime, *, wish: datetime | None = None) -> "Judged":
        """The webhook after a failure, and what its host has to be told.

        Args:
            wish: until when the endpoint wants to be left alone.
        """
        failures, since = self.failures + 1, self.failing_since or at
        rest = _rest_after(failures)
        waits = [*([at + rest] if rest else []), *([wish] if wish is not None else [])]
        failing = msgspec.structs.replace(
            self, problem=problem, failures=failures, failing_since=since, rests_until=max(waits, default=None)
        )
        if self.pause is not None:
            return Judged(failing)
        if problem == EndpointAnswered(_GONE):
            return Judged(msgspec.structs.replace(failing, pause="gone"), "paused")
        if self.warned_at is None:
            if at - since >= WARNED_AFTER:
                return Judged(msgspec.structs.replace(failing, warned_at=at), "warned")
        elif at - since >= PAUSED_AFTER and at - self.warned_at >= WARNED_AFTER:
            return Judged(msgspec.structs.replace(failing, pause="failing"), "paused")
        return Judged(failing)

    def resumed(self) -> "Webhook":
        """As if it had never failed: whatever was wrong is believed to be mended."""
        return msgspec.structs.replace(
            self, pause=None, failing_since=None, failures=0, problem=None, rests_until=None, warned_at=None
        )

    def distrusted(self) -> "Webhook":
        """Paused until its host says that it is theirs, however it has fared."""
        return msgspec.structs.replace(self.resumed(), pause="distrusted")

    def is_tried_now(self) -> "Webhook":
        """Its host wants something sent at once, however it has fared."""
        return msgspec.structs.replace(self, rests_until=None)

    def has_new_secret(self, overlap: timedelta, now: datetime) -> "Webhook":
        healed = self.resumed() if isinstance(self.problem, SecretLost) and self.pause is None else self
        return msgspec.structs.replace(healed, secret_ends_at=now + overlap if overlap else None)


class Judged(NamedTuple):
    """A webhook after an attempt; `alarm` is what its host is to be mailed about, once."""

    webhook: Webhook
    alarm: Alarm | None = None


class WebhookSecrets(msgspec.Struct, frozen=True):
    """What signs: base64 behind `whsec_`. `before` counts until the webhook's `secret_ends_at`."""

    present: str
    before: str | None = None

    def at(self, now: datetime, ends_at: datetime | None) -> tuple[str, ...]:
        """Those that sign at an instant."""
        if self.before is None or ends_at is None or now >= ends_at:
            return (self.present,)
        return (self.present, self.before)

    def __repr__(self) -> str:
        return "WebhookSecrets(…)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return []


def check_webhook_url(url: str) -> None:
    """Check the form of an address; where it leads is found out when it is saved, and at each connection.

    Raises InvalidValue.
    """
    if not url:
        raise InvalidValue(Required(), "url")
    if len(url) > LONGEST_WEBHOOK_URL:
        raise InvalidValue(TooLong(LONGEST_WEBHOOK_URL, len(url)), "url")
    if not _is_usable(url):
        raise InvalidValue(Malformed("webhook-address"), "url")


def check_webhook_events(events: tuple[WebhookEventType, ...]) -> None:
    """Raises InvalidValue for none, and for what isn't one."""
    if not events:
        raise InvalidValue(Required(), "events")
    if not set(events) <= set(WEBHOOK_EVENT_TYPES):
        raise InvalidValue(NotOneOf(WEBHOOK_EVENT_TYPES), "events")


def _is_usable(url: str) -> bool:
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        return False
    # Mail, databases and the like listen below; they must not be talked to.
    return port is None or port == _PORTS[parts.scheme] or port >= _LOWEST_PORT


def _rest_after(failures: int) -> timedelta | None:
    if failures < FAILS_AT_FULL_PACE:
        return None
    return min(SLOWEST_PACE, timedelta(seconds=2 ** min(failures - FAILS_AT_FULL_PACE, 10)))
