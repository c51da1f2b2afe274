"""When does Zoom want to be asked again?"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

_SOONEST: Final = timedelta(seconds=1)
_LATEST: Final = timedelta(days=1)
_MOST_DIGITS: Final = 9


def wished_at(retry_after: str | None, now: datetime) -> datetime | None:
    """Read a `Retry-After` in any of the forms that Zoom has used, held between one second and one day from now.

    Zoom's own is an ISO 8601 instant; HTTP (RFC 9110, 10.2.3) has seconds and its own date format.
    """
    at = _instant((retry_after or "").strip(), now)
    if at is None:
        return None
    return min(max(at, now + _SOONEST), now + _LATEST).astimezone(UTC)


def next_midnight(now: datetime) -> datetime:
    """The next 00:00 UTC, when Zoom's daily limits start anew."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _instant(text: str, now: datetime) -> datetime | None:
    if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
        return now + timedelta(seconds=int(text))
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = parse(text)
        except (ValueError, OverflowError):
            continue
        return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return None
