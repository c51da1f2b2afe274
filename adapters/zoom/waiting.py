"""The end of Zoom's daily limit."""

from datetime import UTC, datetime, timedelta


def next_midnight(now: datetime) -> datetime:
    """The next 00:00 UTC, when Zoom's daily limits start anew."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
