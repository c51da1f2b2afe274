"""Reads `Retry-After`."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

_SOONEST: Final = timedelta(seconds=1)
_LATEST: Final = timedelta(days=1)
_MOST_DIGITS: Final = 9


def wished_at(retry_after: str | None, now: datetime) -> datetime | None:
    """Read a `Retry-After` in any of the forms that are in use, held between one second and one day from now.

    HTTP (RFC 9110, 10.2.3) has seconds and its own date format; Zoom also sends an ISO 8601 instant.
    """
    at = _instant((retry_after or "").strip(), now)
    if at is None:
        return None
    return min(max(at, now + _SOONEST), now + _LATEST).astimezone(UTC)


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
