"""The state of the whole installation, in numbers and without names."""

from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec

from domain.calendar import CalendarKind, CalendarState
from domain.connection import ProviderStatus
from domain.meeting_type import MeetingTypeName
from domain.provider import Provider
from domain.webhook import WebhookState

LAST_HOUR = timedelta(hours=1)

MOST_FAILED: Final = 100
"""So many failed jobs are counted; more are no other news."""

MAIL_TAKEN: Final = ("mail_accepted", "reminder_accepted", "proposal_accepted")
"""What timelines say where the mail server has taken an email."""


class JobsInOutbox(msgspec.Struct, frozen=True):
    """The jobs of one kind that aren't complete yet.

    Attributes:
        job: their tag.
        count: all of them, those for later included.
        due: how many are due by now, or leased.
        owed_since: since when the first of those has been due, leased or not, or of those that failed and wait for
            their next try.
        failed: how many have failed and are tried again, up to MOST_FAILED.
    """

    job: str
    count: int
    due: int
    owed_since: datetime | None
    failed: int


class Happened(msgspec.Struct, frozen=True):
    """How often something happened to bookings in the last hour; `what` is the name on their timelines."""

    what: str
    requested: MeetingTypeName
    count: int


class ConnectionCount(msgspec.Struct, frozen=True):
    provider: Provider
    status: ProviderStatus
    count: int


class DeliveryCount(msgspec.Struct, frozen=True):
    """What has become of the last hour's events on their way to webhooks.

    Attributes:
        result: `delivered`, the name of the last attempt's problem, or `waiting` before the first.
    """

    result: str
    count: int


class AttemptCount(msgspec.Struct, frozen=True):
    """How many requests to webhooks came to a result: `delivered`, or the name of a problem."""

    result: str
    count: int


class CalendarCount(msgspec.Struct, frozen=True):
    kind: CalendarKind
    state: CalendarState
    count: int


class QuotaUse(msgspec.Struct, frozen=True):
    """How many meetings the busiest account at a provider has made today, by UTC, as its quotas count."""

    provider: Provider
    meetings: int


class WebhookCount(msgspec.Struct, frozen=True):
    state: WebhookState
    count: int


class MetricsSnapshot(msgspec.Struct, frozen=True):
    """Each part is in ascending order; what isn't there at all is left out.

    Attributes:
        attempts: since this installation has been there.
        oldest_delivery_at: when the oldest of the events was sent on its way that a webhook is still to take.
        not_taken_since: since when the oldest due job waits that nobody has started.
        mails_kept: how many mails have failed and are tried again, up to MOST_FAILED, of those that fell due after the
            mail server took the last one of a booking. A recipient that it puts off for days is none of them once it
            has taken another's mail; where it is away, all are.
    """

    jobs: tuple[JobsInOutbox, ...]
    happened: tuple[Happened, ...]
    connections: tuple[ConnectionCount, ...]
    deliveries: tuple[DeliveryCount, ...] = ()
    attempts: tuple[AttemptCount, ...] = ()
    webhooks: tuple[WebhookCount, ...] = ()
    oldest_delivery_at: datetime | None = None
    not_taken_since: datetime | None = None
    mails_kept: int = 0
    calendars: tuple[CalendarCount, ...] = ()
    quotas: tuple[QuotaUse, ...] = ()


class MetricsSnapshots(Protocol):
    """Takes metrics over all hosts."""

    async def metrics_snapshot(self, now: datetime, /) -> MetricsSnapshot:
        """Count over all hosts: jobs, the last hour's events of bookings, connections, calendars, webhooks, deliveries.

        MUST be cheap enough to be asked every few seconds.
        """
        ...
