"""What the product owes: work that survives every crash until somebody has done it."""

from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

JobName = Literal[
    "create_meeting",
    "stop_waiting",
    "mail_guest",
    "mail_host",
    "remind_guest",
    "tell_refusal",
    "tell_connection",
    "keep_connection",
    "deauthorize",
    "mail_account",
    "delete_account",
    "mail_support",
    "copy_support",
]


class Work(msgspec.Struct, frozen=True):
    """One thing owed about one subject; owing it twice is owing it once, due at the earlier instant."""

    job: JobName
    subject: str
    due_at: datetime


class Claim(msgspec.Struct, frozen=True):
    """The right to do a piece of work, until its lease ends; `attempts` counts the claims before this one."""

    job: JobName
    subject: str
    id: int
    attempts: int


class Owed(Protocol):
    """The ledger of owed work inside a unit of work."""

    def owe(self, *work: Work) -> None:
        """Add work when the unit commits.

        Work that is being done right now MUST be done once more after it, never beside it.
        """
        ...

    async def take(self, claim: Claim, /) -> bool:
        """Start on a claim. MUST return true once per claim, however often its message is delivered.

        Lock the booking that the work is about first: whoever changes a booking owes work after locking it, and two
        who lock in different orders wait for each other.
        """
        ...

    def settle(self, claim: Claim, /) -> None:
        """Strike the work off. MUST change nothing if the claim has been given to somebody else since."""
        ...

    def postpone(self, claim: Claim, due_at: datetime, /) -> None:
        """Keep the work for later. MUST change nothing if the claim has been given to somebody else since."""
        ...

    def forgo(self, job: JobName, subject: str) -> None:
        """Strike off work that has become pointless, claimed or not."""
        ...


class Backlog(Protocol):
    """The ledger of owed work as the relay sees it."""

    async def claim(self, limit: int, lease: timedelta) -> list[Claim]:
        """Claim due work, oldest first; each claim belongs to one caller until its lease ends."""
        ...

    async def next_due_at(self) -> datetime | None:
        """When the earliest work that is owed falls due."""
        ...
