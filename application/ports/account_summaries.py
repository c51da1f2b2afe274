"""All accounts of an installation, as its operator looks at them."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.host import Host


class AccountSummary(msgspec.Struct, frozen=True):
    """An account, and how much it is used.

    Attributes:
        closed_at: when it was asked to be deleted; None for one that is in use.
        pages: how many booking pages it has.
        upcoming: how many confirmed bookings of it haven't ended.
    """

    host: Host
    email_confirmed_at: datetime | None
    closed_at: datetime | None
    pages: int
    upcoming: int


class AccountSummaries(Protocol):
    """Shows all accounts, to the operator alone."""

    async def account_summaries(self, now: datetime, named: str | None = None, /) -> list[AccountSummary]:
        """All accounts by handle; with a name only that whose handle, or whose address compared without case, it is."""
        ...
