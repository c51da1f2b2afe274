"""Organisations that have approved the app."""

import msgspec

from adapters.sandbox.microsoft.accounts import MicrosoftAccount
from adapters.sandbox.store import Store


class Approval(msgspec.Struct, frozen=True):
    """What an administrator has said for everybody in one organisation."""

    tenant: str
    approved: bool


class Tenants:
    def __init__(self, store: Store) -> None:
        self._approvals = store.table("approval", Approval)

    def approve(self, tenant: str, *, approved: bool = True) -> None:
        """Let an administrator approve the app for everybody, or take that back."""
        self._approvals.put(tenant, Approval(tenant, approved))

    def has_approved(self, tenant: str) -> bool:
        found = self._approvals.get(tenant)
        return found is not None and found.approved

    def may_consent(self, account: MicrosoftAccount) -> bool:
        return account.users_may_consent or self.has_approved(account.tenant)
