"""Calendars of the sandbox's accounts, and whom they are shared with."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from adapters.sandbox.google.accounts import GoogleAccount
from adapters.sandbox.google.opaque import calendar_id
from adapters.sandbox.store import Store

Role = Literal["freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner"]

ROLES: Final[tuple[Role, ...]] = ("freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")
"""From the least to the most."""


class SandboxCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """One calendar.

    Attributes:
        roles: of the accounts that it is shared with.
        is_gone: its owner has deleted it.
    """

    id: str
    owner_id: str
    summary: str
    time_zone: str
    is_primary: bool = False
    roles: dict[str, Role] = {}
    is_gone: bool = False

    def role_of(self, account: GoogleAccount) -> Role | None:
        return "owner" if account.id == self.owner_id else self.roles.get(account.id)


class GoogleCalendars:
    """All calendars. Each account has a primary one, whose id is the account's address."""

    def __init__(self, store: Store, accounts: Mapping[str, GoogleAccount]) -> None:
        self._accounts = accounts
        self._rows = store.table("calendar", SandboxCalendar)

    def all(self) -> list[SandboxCalendar]:
        """List the calendars, those of one account after another, its primary one first."""
        others = [each for each in self._rows.values() if not each.is_primary]
        return [
            calendar
            for account in self._accounts.values()
            for calendar in (self._primary(account), *others)
            if calendar.owner_id == account.id and not calendar.is_gone
        ]

    def of(self, account: GoogleAccount) -> list[SandboxCalendar]:
        """List what the account's own list of calendars holds."""
        mine = [each for each in self.all() if each.role_of(account)]
        return sorted(mine, key=lambda each: (each.owner_id != account.id, not each.is_primary))

    def get(self, id_: str) -> SandboxCalendar | None:
        """Find a calendar by its id."""
        account = next((each for each in self._accounts.values() if each.email == id_), None)
        found = self._rows.get(id_) if account is None else self._primary(account)
        return None if found is None or found.is_gone else found

    def seen_by(self, account: GoogleAccount, id_: str) -> SandboxCalendar | None:
        """Find a calendar that an account has access to; `primary` is its own."""
        calendar = self.get(account.email if id_ == "primary" else id_)
        return calendar if calendar is not None and calendar.role_of(account) else None

    def owner(self, calendar: SandboxCalendar) -> GoogleAccount:
        return self._accounts[calendar.owner_id]

    def add(self, account: GoogleAccount, summary: str, *, time_zone: str | None = None) -> SandboxCalendar:
        """Make an account one more calendar."""
        made = SandboxCalendar(
            id=calendar_id(), owner_id=account.id, summary=summary, time_zone=time_zone or account.time_zone
        )
        return self._put(made)

    def share(self, calendar: SandboxCalendar, account: GoogleAccount, role: Role) -> SandboxCalendar:
        """Give another account access."""
        return self._put(msgspec.structs.replace(calendar, roles={**calendar.roles, account.id: role}))

    def delete(self, calendar: SandboxCalendar) -> None:
        """Take a calendar away, as its owner can."""
        self._put(msgspec.structs.replace(calendar, is_gone=True))

    def _put(self, calendar: SandboxCalendar) -> SandboxCalendar:
        self._rows.put(calendar.id, calendar)
        return calendar

    def _primary(self, account: GoogleAccount) -> SandboxCalendar:
        return self._rows.get(account.email) or SandboxCalendar(
            id=account.email,
            owner_id=account.id,
            summary=account.email,
            time_zone=account.time_zone,
            is_primary=True,
        )


def list_entry(calendar: SandboxCalendar, account: GoogleAccount) -> dict[str, Any]:
    """Write a calendar as an account's list of calendars has it."""
    return {
        "kind": "calendar#calendarListEntry",
        "etag": f'"{calendar.id}"',
        "id": calendar.id,
        "summary": calendar.summary,
        "timeZone": calendar.time_zone,
        "colorId": "14",
        "backgroundColor": "#9fe1e7",
        "foregroundColor": "#000000",
        "selected": True,
        "accessRole": calendar.role_of(account),
        "defaultReminders": [],
        "conferenceProperties": {"allowedConferenceSolutionTypes": ["hangoutsMeet"]},
        **({"primary": True} if calendar.is_primary and calendar.owner_id == account.id else {}),
    }
