"""Hand a host everything that is stored about them, but what opens a door."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from application.actor import HostActor
from application.ports.accounts import Sessions
from application.ports.booking_views import BookingFilter, BookingView
from application.ports.clock import Clock
from application.ports.host_views import HostViews
from application.ports.unit_of_work import Begin, UnitOfWork
from application.spend_budget import SpendBudget
from domain.api_token import ApiToken, Scope
from domain.booking_link import UsedLink
from domain.booking_page import BookingPage
from domain.budgets import DOWNLOADS
from domain.calendar import Calendar, CalendarConnection
from domain.connection import ProviderConnection
from domain.errors import NotFound
from domain.host import Host
from domain.ids import HostId
from domain.origin import counted_network
from domain.picture import PictureDigest, PictureKind
from domain.schedule import Schedule
from domain.security_events import KEPT_FOR, DataExported, SecurityEvent
from domain.session import Session
from domain.webhook import Webhook

AT_ONCE = 200
MOST_EVENTS = 100_000
READS: tuple[Scope, ...] = ("account:read", "pages:read", "bookings:read", "webhooks")
_ALL: tuple[BookingFilter, ...] = ("upcoming", "past", "cancelled")


class PasskeyData(msgspec.Struct, frozen=True):
    """What can be told of a passkey without its key."""

    name: str
    added_at: datetime
    last_used_at: datetime | None


class AccountData(msgspec.Struct, frozen=True):
    """Passwords, sessions and tokens are stored as digests or sealed, and stay here, and so do
    the addresses of calendar feeds; bookings have their timelines, and pictures are WebP.
    """

    made_at: datetime
    account: Host
    email_confirmed_at: datetime | None
    pictures: dict[PictureKind, bytes]
    api_tokens: tuple[ApiToken, ...]
    sessions: tuple[Session, ...]
    security_events: tuple[SecurityEvent, ...]
    passkeys: tuple[PasskeyData, ...]
    connections: list[ProviderConnection]
    calendar_connections: list[CalendarConnection]
    calendars: list[Calendar]
    schedules: list[Schedule]
    webhooks: tuple[Webhook, ...]
    pages: list[BookingPage]
    booking_links: list[UsedLink]
    bookings: list[BookingView]


@dataclass(frozen=True)
class ExportData:
    begin: Begin
    views: HostViews
    sessions: Sessions
    spend: SpendBudget
    clock: Clock

    async def __call__(self, actor: HostActor) -> AccountData:
        """Record it, and return everything.

        Raises:
            Forbidden: for a token that may not read all of it.
            NotFound: the account is gone.
            TooManyRequests
        """
        for scope in READS:
            actor.require(scope)
        now = self.clock()
        async with self.begin() as uow:
            account = await uow.accounts.get(actor.host_id)
            if account is None:
                raise NotFound("account")
            await self.spend.within(uow, DOWNLOADS.of(counted_network(actor.origin)))
            uow.security_log.record(DataExported(host_id=actor.host_id, at=now, origin=actor.origin))
            webhooks = await uow.webhooks.of(actor.host_id)
            pictures = await _pictures(uow, account.host)
            api_tokens = await uow.api_tokens.of(actor.host_id)
            passkeys = await uow.passkeys.of(actor.host_id)
            events = await uow.security_log.of(actor.host_id, now - KEPT_FOR, MOST_EVENTS)
        pages = await self.views.pages(actor.host_id)
        async with self.begin() as uow:
            links = [link for each in pages for link in await uow.booking_links.of_page(each.id, now)]
        return AccountData(
            made_at=now,
            account=account.host,
            email_confirmed_at=account.email_confirmed_at,
            pictures=pictures,
            api_tokens=api_tokens,
            sessions=await self.sessions.of(actor.host_id, now),
            security_events=events,
            passkeys=tuple(PasskeyData(each.name, each.added_at, each.last_used_at) for each in passkeys),
            connections=await self.views.connections(actor.host_id),
            calendar_connections=await self.views.calendar_connections(actor.host_id),
            calendars=await self.views.calendars(actor.host_id),
            schedules=await self.views.schedules(actor.host_id),
            webhooks=webhooks,
            pages=pages,
            booking_links=links,
            bookings=await self._bookings(actor.host_id),
        )

    async def _bookings(self, host_id: HostId) -> list[BookingView]:
        """With their timelines, which lists leave out."""
        now, found = self.clock(), list[BookingView]()
        for show in _ALL:
            cursor: str | None = None
            while True:
                page = await self.views.bookings(host_id, show, now=now, cursor=cursor, limit=AT_ONCE)
                for each in page.items:
                    found.append(await self.views.booking(host_id, each.booking.id) or each)
                cursor = page.next
                if cursor is None:
                    break
        return found


async def _pictures(uow: UnitOfWork, host: Host) -> dict[PictureKind, bytes]:
    digests: dict[PictureKind, PictureDigest | None] = {"photo": host.photo, "logo": host.logo}
    found = dict[PictureKind, bytes]()
    for kind, digest in digests.items():
        if digest and (picture := await uow.pictures.find(digest)):
            found[kind] = picture.webp
    return found
