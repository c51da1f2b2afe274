"""The unit of work, with the repositories inside it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

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
from application.ports.webhook_deliveries import WebhookDeliveries
from application.ports.webhook_events import WebhookEvents
from application.ports.webhooks import Webhooks


class UnitOfWork(Protocol):
    """Everything done inside commits together on a clean exit, and not at all on an exception."""

    @property
    def bookings(self) -> Bookings: ...

    @property
    def leave_tokens(self) -> LeaveTokens: ...

    @property
    def booking_mails(self) -> BookingMails: ...

    @property
    def booking_search(self) -> BookingSearch: ...

    @property
    def pages(self) -> Pages: ...

    @property
    def booking_links(self) -> BookingLinks: ...

    @property
    def schedules(self) -> Schedules: ...

    @property
    def hosts(self) -> Hosts: ...

    @property
    def pictures(self) -> Pictures: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def mail_tokens(self) -> MailTokens: ...

    @property
    def account_mails(self) -> AccountMails: ...

    @property
    def api_tokens(self) -> ApiTokens: ...

    @property
    def passkeys(self) -> Passkeys: ...

    @property
    def challenges(self) -> Challenges: ...

    @property
    def support_threads(self) -> SupportThreads: ...

    @property
    def connections(self) -> Connections: ...

    @property
    def calendars(self) -> Calendars: ...

    @property
    def calendar_connections(self) -> CalendarConnections: ...

    @property
    def calendar_watches(self) -> CalendarWatches: ...

    @property
    def webhooks(self) -> Webhooks: ...

    @property
    def webhook_events(self) -> WebhookEvents: ...

    @property
    def webhook_deliveries(self) -> WebhookDeliveries: ...

    @property
    def security_log(self) -> SecurityLog: ...

    @property
    def suppressions(self) -> Suppressions: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def rate_limiter(self) -> RateLimiter: ...


Begin = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
