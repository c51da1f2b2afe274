"""Revocation at a provider when a connection ends here.

Some providers end more than the one grant: there, nothing is revoked while something else relies on the same login.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never

import msgspec

from application.ports.oauth import Grant, OAuthClient
from application.ports.provider import ProviderError
from application.ports.unit_of_work import UnitOfWork
from domain.calendar import CalendarKind
from domain.ids import HostId
from domain.provider import Provider

Revoked = Literal["grant", "login", "project", "kept-for-meetings", "kept-for-calendars", "kept-for-others", "nothing"]
"""What ends at the provider, see GrantCapabilities; or whose connection keeps it from being told.

"kept-for-meetings" and "kept-for-calendars" are the host's own; "nothing" can be told to this provider.
"""


class Relying(msgspec.Struct, frozen=True):
    """The hosts whose meetings and whose calendars rely on one login."""

    meetings: frozenset[HostId]
    calendars: frozenset[HostId]


@dataclass(frozen=True)
class FindRelying:
    calendar_accounts: Mapping[CalendarKind, OAuthClient]

    async def __call__(self, uow: UnitOfWork, provider: Provider, user_id: str) -> Relying:
        calendars: list[HostId] = []
        for kind, client in self.calendar_accounts.items():
            if client.provider == provider:
                calendars += await uow.calendar_connections.hosts_on(kind, user_id)
        return Relying(frozenset(await uow.connections.hosts_on(provider, user_id)), frozenset(calendars))

    async def besides_meetings(self, uow: UnitOfWork, provider: Provider, user_id: str, of: HostId) -> Relying:
        """Who relies on the login apart from this host's meetings."""
        found = await self(uow, provider, user_id)
        return Relying(found.meetings - {of}, found.calendars)

    async def besides_calendars(self, uow: UnitOfWork, provider: Provider, user_id: str, of: HostId) -> Relying:
        """Who relies on the login apart from this host's calendars."""
        found = await self(uow, provider, user_id)
        return Relying(found.meetings, found.calendars - {of})


def revocation(client: OAuthClient | None, relying: Relying, host_id: HostId) -> Revoked:
    """What ends at the provider where this host's connection ends, and all of `relying` stay."""
    ends = None if client is None else client.capabilities.revocation
    match ends:
        case None:
            return "nothing"
        case "grant":
            return "grant"
        case "login" | "project":
            if host_id in relying.meetings:
                return "kept-for-meetings"
            if host_id in relying.calendars:
                return "kept-for-calendars"
            return "kept-for-others" if relying.meetings or relying.calendars else ends
        case _:
            assert_never(ends)


async def revoke(client: OAuthClient | None, grant: Grant | None, revoked: Revoked, now: datetime) -> None:
    """Tell the provider, which may fail without consequence."""
    if client is None or grant is None or revoked not in {"grant", "login", "project"}:
        return
    with suppress(ProviderError):
        if client.capabilities.revokes_access_tokens and not grant.works_at(now):
            # Its successor lives in memory only.
            grant = await client.refresh(grant)
        await client.revoke(grant)
