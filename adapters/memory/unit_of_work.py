"""A unit of work on memory: everything in it is stored together, or not at all."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from adapters.memory.account_storage import MemoryAccountMails, MemoryAccounts, MemoryMailTokens
from adapters.memory.api_tokens import MemoryApiTokens
from adapters.memory.booking_links import MemoryBookingLinks
from adapters.memory.bookings import MemoryBookings
from adapters.memory.calendar_connections import MemoryCalendarConnections
from adapters.memory.calendar_watches import MemoryCalendarWatches
from adapters.memory.calendars import MemoryCalendars
from adapters.memory.connections import MemoryConnections
from adapters.memory.hosts import MemoryHosts
from adapters.memory.outbox import MemoryOutbox
from adapters.memory.pages import MemoryPages
from adapters.memory.passkeys import MemoryChallenges, MemoryPasskeys
from adapters.memory.pictures import MemoryPictures
from adapters.memory.rate_limiter import MemoryRateLimiterInUnit
from adapters.memory.schedules import MemorySchedules
from adapters.memory.security_log import MemorySecurityLog
from adapters.memory.state import State
from adapters.memory.support import MemorySupportThreads
from adapters.memory.suppressions import MemorySuppressions
from adapters.memory.transaction import MemoryTransaction
from adapters.memory.webhook_deliveries import MemoryWebhookDeliveries
from adapters.memory.webhook_events import MemoryWebhookEvents
from adapters.memory.webhooks import MemoryWebhooks
from application.ports.account_storage import AccountMails, Accounts, MailTokens
from application.ports.api_tokens import ApiTokens
from application.ports.booking_links import BookingLinks
from application.ports.booking_mails import BookingMails
from application.ports.booking_search import BookingSearch
from application.ports.bookings import Bookings
from application.ports.calendar_watches import CalendarWatches
from application.ports.calendars import CalendarConnections, Calendars
from application.ports.connections import Connections
from application.ports.hosts import Hosts
from application.ports.leave_tokens import LeaveTokens
from application.ports.outbox import Outbox
from application.ports.pages import Pages
from application.ports.passkeys import Challenges, Passkeys
from application.ports.pictures import Pictures
from application.ports.rate_limiter import RateLimiter
from application.ports.schedules import Schedules
from application.ports.security_log import SecurityLog
from application.ports.support import SupportThreads
from application.ports.suppressions import Suppressions
from application.ports.unit_of_work import Begin, UnitOfWork
from application.ports.webhook_deliveries import WebhookDeliveries
from application.ports.webhook_events import WebhookEvents
from application.ports.webhooks import Webhooks


class MemoryUnitOfWork:
    """Writes take effect at a clean exit, in the order in which they were made; reads see what is committed.

    So a unit doesn't see its own writes. A row that it has locked, or is about to write, is held until it ends.
    """

    def __init__(self, transaction: MemoryTransaction) -> None:
        bookings = MemoryBookings(transaction)
        self.bookings: Bookings = bookings
        self.leave_tokens: LeaveTokens = bookings
        self.booking_mails: BookingMails = bookings
        self.booking_search: BookingSearch = bookings
        self.pages: Pages = MemoryPages(transaction)
        self.booking_links: BookingLinks = MemoryBookingLinks(transaction)
        self.schedules: Schedules = MemorySchedules(transaction)
        self.hosts: Hosts = MemoryHosts(transaction)
        self.pictures: Pictures = MemoryPictures(transaction)
        self.accounts: Accounts = MemoryAccounts(transaction)
        self.mail_tokens: MailTokens = MemoryMailTokens(transaction)
        self.account_mails: AccountMails = MemoryAccountMails(transaction)
        self.api_tokens: ApiTokens = MemoryApiTokens(transaction)
        self.passkeys: Passkeys = MemoryPasskeys(transaction)
        self.challenges: Challenges = MemoryChallenges(transaction)
        self.support_threads: SupportThreads = MemorySupportThreads(transaction)
        self.connections: Connections = MemoryConnections(transaction)
        self.calendars: Calendars = MemoryCalendars(transaction)
        self.calendar_connections: CalendarConnections = MemoryCalendarConnections(transaction)
        self.calendar_watches: CalendarWatches = MemoryCalendarWatches(transaction)
        self.webhooks: Webhooks = MemoryWebhooks(transaction)
        self.webhook_events: WebhookEvents = MemoryWebhookEvents(transaction)
        self.webhook_deliveries: WebhookDeliveries = MemoryWebhookDeliveries(transaction)
        self.security_log: SecurityLog = MemorySecurityLog(transaction)
        self.suppressions: Suppressions = MemorySuppressions(transaction)
        self.outbox: Outbox = MemoryOutbox(transaction)
        self.rate_limiter: RateLimiter = MemoryRateLimiterInUnit(transaction)


def beginning(state: State) -> Begin:
    return lambda: _unit(state)


@asynccontextmanager
async def _unit(state: State) -> AsyncGenerator[UnitOfWork]:
    transaction = MemoryTransaction(state)
    try:
        yield MemoryUnitOfWork(transaction)
        await transaction.commit()
    finally:
        transaction.end()
