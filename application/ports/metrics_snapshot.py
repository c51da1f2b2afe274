"""How the whole installation is doing, in numbers and without names."""

from datetime import datetime, timedelta

import msgspec

from application.ports.owed import JobName
from domain.connection import ProviderStatus
from domain.meeting_type import MeetingTypeName
from domain.provider import Provider

LAST_HOUR = timedelta(hours=1)


class OwedWork(msgspec.Struct, frozen=True):
    """Work of one kind that isn't done yet.

    Attributes:
        count: all of it, that for later included.
        due: how much of it is due by now, or being done.
        oldest_due_at: since when the longest of that has been due; while it is being done, the end of its lease.
    """

    job: JobName
    count: int
    due: int
    oldest_due_at: datetime | None


class Happened(msgspec.Struct, frozen=True):
    """How often something happened to bookings in the last hour; `what` is the name on their timelines."""

    what: str
    requested: MeetingTypeName
    count: int


class Connections(msgspec.Struct, frozen=True):
    provider: Provider
    status: ProviderStatus
    count: int


class MetricsSnapshot(msgspec.Struct, frozen=True):
    """Each part is in ascending order; what isn't there at all is left out."""

    owed: tuple[OwedWork, ...]
    happened: tuple[Happened, ...]
    connections: tuple[Connections, ...]
