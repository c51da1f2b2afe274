"""What the contract tests ask of a store, whatever it is made of."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import msgspec

from adapters.http.api.webhook_bodies import JsonWebhookBodies
from adapters.presentation.language import ENGLISH_ALONE
from adapters.public_holidays.calculated import CalculatedHolidays
from adapters.vault.system import SystemIds
from application.booking.ask_calendars import AskCalendars
from application.booking.book import BookTime
from application.booking.host_availability import HostAvailability
from application.calendars.timings import DEFAULT_TIMINGS
from application.calendars.use_account import UseCalendarAccount
from application.decisions import ApplyDecision
from application.jobs import Due
from application.ports.accounts import Authorizations, Sessions
from application.ports.api_tokens import BearerTokens
from application.ports.changes import Changes
from application.ports.outbox import Backlog
from application.ports.rate_limiter import RateLimiter
from application.ports.unit_of_work import Begin, UnitOfWork
from application.ports.views import Views
from application.spend_budget import SpendBudget
from application.webhooks.record_events import RecordBookingEvents
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.host import Host
from domain.ids import HostId
from domain.schedule import Schedule

Stored = TypeVar("Stored", Booking, BookingPage, Schedule)

APPLY = ApplyDecision(timedelta(seconds=60), RecordBookingEvents(JsonWebhookBodies(ENGLISH_ALONE)))


class HasSessions(Protocol):
    @property
    def sessions(self) -> Sessions: ...


class Store(HasSessions, Protocol):
    @property
    def begin(self) -> Begin: ...
    @property
    def backlog(self) -> Backlog: ...
    @property
    def views(self) -> Views: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def bearer_tokens(self) -> BearerTokens: ...
    @property
    def authorizations(self) -> Authorizations: ...
    @property
    def rate_limiter(self) -> RateLimiter: ...


async def keep(store: Store, *things: Host | Schedule | BookingPage | Booking | Due) -> None:
    """Store things, in one unit and in this order."""
    async with store.begin() as uow:
        for thing in things:
            match thing:
                case Host():
                    uow.hosts.add(thing, None)
                case Schedule():
                    uow.schedules.add(thing)
                case BookingPage():
                    uow.pages.add(thing)
                case Booking():
                    uow.bookings.add(thing)
                case Due():
                    uow.outbox.enqueue(thing)


async def host_of_session(store: HasSessions, token: str, now: datetime) -> HostId | None:
    """Who is signed in with it then."""
    found = await store.sessions.find(token, now)
    return found.host.id if found else None


def once_saved(thing: Stored) -> Stored:
    """What is read of it after it was saved."""
    return msgspec.structs.replace(thing, version=thing.version + 1)


@asynccontextmanager
async def a_unit_that_fails(store: Store) -> AsyncGenerator[UnitOfWork]:
    """Open a unit of work that ends in an exception, after all that is done in it."""
    with suppress(_ChangedOurMind):
        async with store.begin() as uow:
            yield uow
            raise _ChangedOurMind


class _ChangedOurMind(Exception):
    pass


def book_on(store: Store, now: datetime) -> BookTime:
    """Book in a store, without limits and calendars."""

    def clock() -> datetime:
        return now

    use_account, unlimited = UseCalendarAccount(store.begin, {}, {}, clock), SpendBudget(None, clock)
    return BookTime(
        store.begin,
        store.views,
        HostAvailability(store.views, frozenset(), CalculatedHolidays(), clock),
        AskCalendars(store.begin, store.views, use_account, {}, clock, DEFAULT_TIMINGS, unlimited),
        frozenset(),
        unlimited,
        clock,
        SystemIds(),
        APPLY,
    )
