"""End watches at the provider."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable, SignedIn
from application.ports.calendar_watcher import CalendarWatcher, Watch
from application.ports.clock import Clock
from application.ports.oauth import OAuthClient
from application.ports.provider import AccessTokenExpired, ProviderError
from domain.calendar import CalendarKind
from domain.calendar_watch import CalendarWatch


@dataclass(frozen=True)
class EndWatches:
    """Tell the provider that nobody wants to hear of changes any more, which may fail without consequence.

    It then tells a while longer, and nobody listens.
    """

    watchers: Mapping[CalendarKind, CalendarWatcher]
    accounts: Mapping[CalendarKind, OAuthClient]
    clock: Clock

    async def __call__(self, kind: CalendarKind, access: CalendarAccess, watches: Sequence[CalendarWatch]) -> None:
        watcher, client = self.watchers.get(kind), self.accounts.get(kind)
        if watcher is None:
            return
        if client is not None and isinstance(access, SignedIn) and not access.grant.works_at(self.clock()):
            try:
                # Its successor lives in memory only.
                access = SignedIn(await client.refresh(access.grant))
            except ProviderError:
                return

        async def end(watch: CalendarWatch) -> None:
            if watch.expires_at is not None:
                with suppress(CalendarUnreadable, AccessTokenExpired):
                    await watcher.unwatch(access, Watch(watch.id, watch.remote, watch.expires_at))

        await asyncio.gather(*map(end, watches))
