"""The numbers of an installation, counted in memory."""

from collections import Counter
from datetime import datetime

from adapters.memory.state import Tables
from application.ports.metrics_snapshot import LAST_HOUR, Connections, Happened, MetricsSnapshot, OwedWork
from application.ports.owed import JobName
from domain.connection import ProviderStatus
from domain.meeting_type import MeetingTypeName
from domain.provider import Provider


def metrics_snapshot_of(tables: Tables, now: datetime) -> MetricsSnapshot:
    happened: Counter[tuple[str, MeetingTypeName]] = Counter()
    for booking_id, entries in tables.timeline.items():
        asked_for = tables.bookings[booking_id].requested
        happened.update((entry.what, asked_for) for entry in entries if now - LAST_HOUR < entry.at <= now)
    connections: Counter[tuple[Provider, ProviderStatus]] = Counter()
    connections.update((each.provider, each.status) for each, _ in tables.connections.values())
    jobs: set[JobName] = {job for job, _ in tables.work}
    return MetricsSnapshot(
        owed=tuple(_owed(job, tables, now) for job in sorted(jobs)),
        happened=tuple(Happened(*each, happened[each]) for each in sorted(happened)),
        connections=tuple(Connections(*each, connections[each]) for each in sorted(connections)),
    )


def _owed(job: JobName, tables: Tables, now: datetime) -> OwedWork:
    works = [work for (each, _), work in tables.work.items() if each == job]
    due = [work.due_at for work in works if work.due_at <= now or work.claim is not None]
    return OwedWork(job, len(works), len(due), min(due, default=None))
