"""List an installation's accounts for its operator."""

from dataclasses import dataclass

from application.actor import System
from application.ports.account_summaries import AccountSummaries, AccountSummary
from application.ports.clock import Clock


@dataclass(frozen=True)
class ListAccounts:
    views: AccountSummaries
    clock: Clock

    async def __call__(self, _: System, named: str | None = None) -> list[AccountSummary]:
        """Return all accounts, or only that with this handle or address."""
        return await self.views.account_summaries(self.clock(), named)
