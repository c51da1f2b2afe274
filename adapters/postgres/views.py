"""Read models, in one round trip each."""

from datetime import datetime

from adapters.postgres.booking_views import PostgresBookingViews
from adapters.postgres.metrics_snapshot import take_metrics_snapshot
from adapters.postgres.offers import PostgresOffers
from adapters.postgres.reads import every, first
from adapters.postgres.tables import (
    CALENDAR_CONNECTIONS,
    CALENDARS,
    CONNECTIONS,
    HOSTS,
    PAGE,
    PAGE_PARTS,
    PAGES,
    SCHEDULES,
)
from application.jobs import KeepConnectionJob, tag_of
from application.ports.account_summaries import AccountSummary
from application.ports.metrics_snapshot import MetricsSnapshot
from domain.booking_page import BookingPage
from domain.calendar import Calendar, CalendarConnection
from domain.connection import ProviderConnection
from domain.ids import HostId, PageId
from domain.provider import Provider
from domain.schedule import Schedule

_PAGES = f"select {PAGE} from booking_pages as p {PAGE_PARTS}"


class PostgresViews(PostgresOffers, PostgresBookingViews):
    async def pages(self, host_id: HostId, /) -> list[BookingPage]:
        rows = await self._pool.fetch(f"{_PAGES} where p.host_id = $1 order by p.id", host_id)
        return [PAGES.read(row) for row in rows]

    async def page(self, host_id: HostId, page_id: PageId, /) -> BookingPage | None:
        row = await first(self._pool, f"{_PAGES} where p.host_id = $1 and p.id = $2", host_id, page_id)
        return None if row is None else PAGES.read(row)

    async def schedules(self, host_id: HostId, /) -> list[Schedule]:
        sql = f'select {SCHEDULES.select} from schedules as s where s.host_id = $1 order by s.name collate "C"'
        return [SCHEDULES.read(row) for row in await self._pool.fetch(sql, host_id)]

    async def connections(self, host_id: HostId, /) -> list[ProviderConnection]:
        sql = f"select {CONNECTIONS.select} from provider_connections as c where c.host_id = $1 order by c.provider"
        return [CONNECTIONS.read(row) for row in await self._pool.fetch(sql, host_id)]

    async def calendar_connections(self, host_id: HostId, /) -> list[CalendarConnection]:
        sql = f"""
            select {CALENDAR_CONNECTIONS.select} from calendar_connections as k
            where k.host_id = $1 order by k.connected_at, k.id
        """
        return [CALENDAR_CONNECTIONS.read(row) for row in await self._pool.fetch(sql, host_id)]

    async def calendars(self, host_id: HostId, /) -> list[Calendar]:
        sql = f"""
            select {CALENDARS.select} from calendars as c
            join calendar_connections as k on k.id = c.connection_id
            where c.host_id = $1 order by k.connected_at, k.id, c.name, c.id
        """
        return [CALENDARS.read(row) for row in await self._pool.fetch(sql, host_id)]

    async def account_summaries(self, now: datetime, named: str | None = None, /) -> list[AccountSummary]:
        sql = f"""
            select
                {HOSTS.select}, h.email_confirmed_at, h.closed_at,
                (select count(*) from booking_pages where host_id = h.id) as pages,
                (
                    select count(*) from bookings where host_id = h.id and status = 'confirmed' and end_at > $1
                ) as upcoming
            from hosts as h
            where $2::text is null or h.handle = $2 or lower(h.email) = lower($2)
            order by h.handle
        """
        return [
            AccountSummary(HOSTS.read(row), row["email_confirmed_at"], row["closed_at"], row["pages"], row["upcoming"])
            for row in await every(self._pool, sql, now, named)
        ]

    async def superseded(self, host_id: HostId, /) -> frozenset[Provider]:
        sql = """
            select c.provider from provider_connections as c
            where c.host_id = $1 and exists (
                select from provider_connections as o
                where o.provider = c.provider and o.account_user_id = c.account_user_id
                    and o.host_id <> c.host_id and o.connected_at > c.connected_at
            )
        """
        return frozenset(row["provider"] for row in await self._pool.fetch(sql, host_id))

    async def idle_connections(
        self, providers: frozenset[Provider], since: datetime, limit: int, /
    ) -> list[tuple[HostId, Provider]]:
        sql = """
            select host_id, provider from provider_connections
            where coalesce(refreshed_at, connected_at) <= $1 and state ->> 'state' = 'connected'
                and provider = any($3::text[])
                and not exists (
                    select from outbox where job = $4 and payload ->> 'host_id' = host_id
                        and payload ->> 'provider' = provider
                )
            order by coalesce(refreshed_at, connected_at), host_id, provider
            limit $2
        """
        rows = await self._pool.fetch(sql, since, limit, list(providers), tag_of(KeepConnectionJob))
        return [(row["host_id"], row["provider"]) for row in rows]

    async def metrics_snapshot(self, now: datetime, /) -> MetricsSnapshot:
        return await take_metrics_snapshot(self._pool, now)
