"""One transaction for all changes of a use case."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from adapters.postgres.account_storage import PostgresAccountMails, PostgresAccounts, PostgresMailTokens
from adapters.postgres.api_tokens import PostgresApiTokens
from adapters.postgres.booking_links import PostgresBookingLinks
from adapters.postgres.bookings import PostgresBookings
from adapters.postgres.calendar_connections import PostgresCalendarConnections
from adapters.postgres.calendar_watches import PostgresCalendarWatches
from adapters.postgres.calendars import PostgresCalendars
from adapters.postgres.connections import PostgresConnections
from adapters.postgres.hosts import PostgresHosts
from adapters.postgres.outbox import PostgresOutbox
from adapters.postgres.pages import PostgresPages
from adapters.postgres.passkeys import PostgresChallenges, PostgresPasskeys
from adapters.postgres.pictures import PostgresPictures
from adapters.postgres.pool import Pool
from adapters.postgres.rate_limiter import PostgresRateLimiter
from adapters.postgres.schedules import PostgresSchedules
from adapters.postgres.security_log import PostgresSecurityLog
from adapters.postgres.support import PostgresSupportThreads
from adapters.postgres.suppressions import PostgresSuppressions
from adapters.postgres.transaction import Transaction
from adapters.postgres.webhook_deliveries import PostgresWebhookDeliveries
from adapters.postgres.webhook_events import PostgresWebhookEvents
from adapters.postgres.webhooks import PostgresWebhooks
from application.ports.outbox import Dispatcher
from application.ports.vault import Vault
from domain.security_events import SecurityEvent


def _unwatched(_event: SecurityEvent) -> None:
    """Ignore the event."""


class PostgresStore:
    """Begins units of work.

    Args:
        dispatcher: told of due jobs after each commit that stored some; without one they wait until they are leased.
        watch: called with each security event after the commit that stored it.
    """

    def __init__(
        self,
        pool: Pool,
        vault: Vault,
        dispatcher: Dispatcher | None = None,
        watch: Callable[[SecurityEvent], None] = _unwatched,
    ) -> None:
        self._pool = pool
        self._vault = vault
        self._dispatcher = dispatcher
        self._watch = watch

    def begin(self) -> "PostgresUnitOfWork":
        return PostgresUnitOfWork(Transaction(self._pool), self._vault, self._dispatcher, self._watch)


class PostgresUnitOfWork:
    """Good for one `async with`.

    What keeps nothing is made when it is asked for: a use case needs two or three of twenty.
    """

    def __init__(
        self,
        transaction: Transaction,
        vault: Vault,
        dispatcher: Dispatcher | None,
        watch: Callable[[SecurityEvent], None],
    ) -> None:
        self._transaction = transaction
        self._vault = vault
        self._dispatcher = dispatcher
        self._watch = watch
        self.bookings = PostgresBookings(transaction, vault, dispatcher.lasts if dispatcher else None)
        self.calendars = PostgresCalendars(transaction)
        self.security_log = PostgresSecurityLog(transaction)

    @property
    def leave_tokens(self) -> PostgresBookings:
        return self.bookings

    @property
    def booking_mails(self) -> PostgresBookings:
        return self.bookings

    @property
    def booking_search(self) -> PostgresBookings:
        return self.bookings

    @property
    def pages(self) -> PostgresPages:
        return PostgresPages(self._transaction)

    @property
    def booking_links(self) -> PostgresBookingLinks:
        return PostgresBookingLinks(self._transaction)

    @property
    def schedules(self) -> PostgresSchedules:
        return PostgresSchedules(self._transaction)

    @property
    def hosts(self) -> PostgresHosts:
        return PostgresHosts(self._transaction)

    @property
    def pictures(self) -> PostgresPictures:
        return PostgresPictures(self._transaction)

    @property
    def accounts(self) -> PostgresAccounts:
        return PostgresAccounts(self._transaction)

    @property
    def mail_tokens(self) -> PostgresMailTokens:
        return PostgresMailTokens(self._transaction)

    @property
    def account_mails(self) -> PostgresAccountMails:
        return PostgresAccountMails(self._transaction)

    @property
    def api_tokens(self) -> PostgresApiTokens:
        return PostgresApiTokens(self._transaction)

    @property
    def passkeys(self) -> PostgresPasskeys:
        return PostgresPasskeys(self._transaction)

    @property
    def challenges(self) -> PostgresChallenges:
        return PostgresChallenges(self._transaction)

    @property
    def support_threads(self) -> PostgresSupportThreads:
        return PostgresSupportThreads(self._transaction, self._vault)

    @property
    def connections(self) -> PostgresConnections:
        return PostgresConnections(self._transaction, self._vault)

    @property
    def calendar_connections(self) -> PostgresCalendarConnections:
        return PostgresCalendarConnections(self._transaction, self._vault)

    @property
    def calendar_watches(self) -> PostgresCalendarWatches:
        return PostgresCalendarWatches(self._transaction)

    @property
    def webhooks(self) -> PostgresWebhooks:
        return PostgresWebhooks(self._transaction, self._vault)

    @property
    def webhook_events(self) -> PostgresWebhookEvents:
        return PostgresWebhookEvents(self._transaction)

    @property
    def webhook_deliveries(self) -> PostgresWebhookDeliveries:
        return PostgresWebhookDeliveries(self._transaction)

    @property
    def suppressions(self) -> PostgresSuppressions:
        return PostgresSuppressions(self._transaction)

    @property
    def outbox(self) -> PostgresOutbox:
        return PostgresOutbox(self._transaction)

    @property
    def rate_limiter(self) -> PostgresRateLimiter:
        return PostgresRateLimiter(self._transaction.lock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._transaction.finish()
        finally:
            await self._transaction.close()
        if error is not None:
            return
        if self._dispatcher is not None:
            if self._transaction.leased:
                self._dispatcher.send(self._transaction.leased)
            if self._transaction.makes_work_due:
                self._dispatcher.look()
        for event in self.security_log.recorded:
            self._watch(event)
