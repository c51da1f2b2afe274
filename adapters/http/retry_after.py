"""The header that says when to try again."""

from math import ceil

from domain.errors import CalendarsUnreadable, Overloaded, TooManyRequests


def retry_after(refusal: TooManyRequests | Overloaded | CalendarsUnreadable) -> dict[str, str]:
    """`Retry-After` in whole seconds, rounded up so that it is true."""
    return {"Retry-After": str(max(1, ceil(refusal.retry_after.total_seconds())))}
