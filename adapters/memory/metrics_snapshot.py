"""The numbers of an installation, counted in memory."""

from collections import Counter
from datetime import datetime

from adapters.memory.backlog import not_taken_since
from adapters.memory.state import Tables
from application.jobs import MAIL_JOBS, tag_of
from application.ports.metrics_snapshot import (
    LAST_HOUR,
    MAIL_TAKEN,
    MOST_FAILED,
    AttemptCount,
    CalendarCount,
    ConnectionCount,
    DeliveryCount,
    Happened,
    JobsInOutbox,
    MetricsSnapshot,
    QuotaUse,
    WebhookCount,
)
from domain.calendar import CalendarKind, CalendarState
from domain.connection import ProviderStatus, day_of
from domain.meeting_type import MeetingTypeName
from domain.provider import Provider
from domain.webhook import WebhookState
from domain.webhook_delivery import WebhookDelivery
from domain.webhook_problem import result_of


def metrics_snapshot_of(tables: Tables, now: datetime) -> MetricsSnapshot:
    happened: Counter[tuple[str, MeetingTypeName]] = Counter()
    for booking_id, entries in tables.timeline.items():
        asked_for = tables.bookings[booking_id].requested
        happened.update((entry.what, asked_for) for entry in entries if now - LAST_HOUR < entry.at <= now)
    connections: Counter[tuple[Provider, ProviderStatus]] = Counter()
    connections.update((each.provider, each.status) for each, _ in tables.connections.values())
    deliveries = [each for each, _ in tables.webhook_deliveries.values()]
    results = Counter(_result(each) for each in deliveries if now - LAST_HOUR < each.created_at <= now)
    states: Counter[WebhookState] = Counter(each.state for each, _ in tables.webhooks.values())
    calendars: Counter[tuple[CalendarKind, CalendarState]] = Counter()
    calendars.update((each.calendar.kind, each.calendar.state(now)) for each in tables.calendars.values())
    quotas: dict[Provider, int] = {}
    for each, _ in tables.connections.values():
        if each.meetings_on == day_of(now):
            quotas[each.provider] = max(each.meetings_made, quotas.get(each.provider, 0))
    return MetricsSnapshot(
        jobs=tuple(_jobs(tag, tables, now) for tag in sorted({tag for tag, _ in tables.outbox})),
        happened=tuple(Happened(*each, happened[each]) for each in sorted(happened)),
        connections=tuple(ConnectionCount(*each, connections[each]) for each in sorted(connections)),
        deliveries=tuple(DeliveryCount(each, results[each]) for each in sorted(results)),
        attempts=tuple(AttemptCount(*each) for each in sorted(tables.webhook_attempts.items())),
        webhooks=tuple(WebhookCount(each, states[each]) for each in sorted(states)),
        oldest_delivery_at=min((each.created_at for each in deliveries if each.state == "pending"), default=None),
        not_taken_since=not_taken_since(tables, now),
        calendars=tuple(CalendarCount(*each, calendars[each]) for each in sorted(calendars)),
        quotas=tuple(QuotaUse(each, quotas[each]) for each in sorted(quotas)),
        mails_kept=_mails_kept(tables, now),
    )


def _result(delivery: WebhookDelivery) -> str:
    if delivery.state == "delivered":
        return delivery.state
    problem = delivery.attempts[-1].problem if delivery.attempts else None
    return "waiting" if problem is None else result_of(problem)


def _jobs(tag: str, tables: Tables, now: datetime) -> JobsInOutbox:
    stored = [each for (kind, _), each in tables.outbox.items() if kind == tag]
    due = [each.fell_due_at for each in stored if each.due_at <= now or each.lease_id is not None]
    failed = [each.owed_since for each in stored if each.owed_since is not None]
    return JobsInOutbox(tag, len(stored), len(due), min((*due, *failed), default=None), min(len(failed), MOST_FAILED))


def _mails_kept(tables: Tables, now: datetime) -> int:
    timelines = tables.timeline.values()
    taken = max(
        (each.at for all_ in timelines for each in all_ if each.what in MAIL_TAKEN and each.at <= now), default=None
    )
    tags = {tag_of(each) for each in MAIL_JOBS}
    owed = [each.owed_since for (tag, _), each in tables.outbox.items() if tag in tags and each.owed_since is not None]
    return min(len([since for since in owed if taken is None or since > taken]), MOST_FAILED)
