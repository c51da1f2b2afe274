"""Delete a host's account: nobody gets in from then on, guests are told, and then everything stored is erased."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from application.accounts.ask_for_mail import ask
from application.accounts.confirm_identity import ConfirmIdentity
from application.actor import HostActor, System
from application.booking.access import BookingById
from application.booking.cancel import CancelBooking
from application.calendars.disconnect_calendars import DisconnectCalendars
from application.connections.disconnect_provider import DisconnectProvider
from application.effects import account_closed, carry_out
from application.job_runner import Again, Done, Outcome, Outside, Record
from application.jobs import DeleteAccountJob
from application.ports.account_storage import AccountMail, AccountMailKind
from application.ports.booking_views import HostBookingViews
from application.ports.clock import Clock, Ids
from application.ports.host_views import HostPages, HostViews
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.booking import Booking
from domain.errors import BookingClosed, Checks, NotFound
from domain.events import AccountClosed
from domain.faults import Mismatch, Required
from domain.host import HANDLE_KEPT_FOR
from domain.ids import HostId
from domain.origin import Origin
from domain.security_events import AccountDeleted

AT_ONCE = 50
LOOKS_AGAIN_AFTER = timedelta(seconds=10)
WAITS_FOR_MAILS = timedelta(days=7)
WAITS_FOR_LATECOMERS = timedelta(seconds=30)
"""Whoever booked while the pages went away was answered by then, and is among those who are told."""


@dataclass(frozen=True)
class CloseAccount:
    """The first step, whoever asks for it."""

    begin: Begin
    views: HostPages
    clock: Clock
    ids: Ids

    async def __call__(self, host_id: HostId, kind: AccountMailKind, origin: Origin | None) -> None:
        """Let nobody in any more, take the pages away, mail the host at a confirmed address, and enqueue the rest.

        Raises NotFound: the account is gone.
        """
        pages, now = await self.views.pages(host_id), self.clock()
        async with self.begin() as uow:
            host = await uow.hosts.lock(host_id)
            account = await uow.accounts.get(host_id)
            if host is None or account is None:
                raise NotFound("account")
            farewell = AccountMail(
                id=self.ids.new_id(),
                kind=kind,
                host_id=None,
                email=host.email,
                name=host.name,
                language=host.language,
                asked_at=now,
            )
            uow.accounts.close(host.id, now)
            uow.security_log.record(AccountDeleted(host_id=host.id, at=now, origin=origin))
            for page in pages:
                uow.pages.remove(host.id, page.id)
            uow.webhooks.forget_host(host.id)
            carry_out(uow, account_closed(host.id, now))
            if account.email_confirmed_at:
                ask(uow, farewell)


@dataclass(frozen=True)
class DeleteAccountOf:
    """For the operator, who needs no password."""

    close: CloseAccount

    async def __call__(self, _: System, host_id: HostId) -> None:
        """Begin to delete somebody's account, with all that was booked there. Raises NotFound."""
        await self.close(host_id, "account_deleted_by_operator", None)


@dataclass(frozen=True)
class DeleteAccount:
    begin: Begin
    views: HostBookingViews
    confirm: ConfirmIdentity
    close: CloseAccount
    clock: Clock

    async def upcoming_bookings(self, actor: HostActor) -> int:
        """Count what would be cancelled. Raises Forbidden."""
        host_id, found, cursor = actor.require("account:read"), 0, None
        while True:
            page = await self.views.bookings(host_id, "upcoming", now=self.clock(), cursor=cursor, limit=200)
            found += len(page.items)
            cursor = page.next
            if cursor is None:
                return found

    async def __call__(self, actor: HostActor, handle: str, password: str, *, cancel_bookings: bool) -> None:
        """Begin to delete the host's own account.

        Raises:
            Forbidden
            NotFound: the account is gone.
            TooManyRequests: the password was wrong too often.
        """
        host_id = actor.require("account:write")
        await self._check(actor, handle, password, cancel_bookings=cancel_bookings)
        await self.close(host_id, "account_deleted", actor.origin)

    async def _check(self, actor: HostActor, handle: str, password: str, *, cancel_bookings: bool) -> None:
        checks = Checks()
        if not cancel_bookings and await self.upcoming_bookings(actor):
            checks.note("cancel_bookings", Required())
        async with self.begin() as uow:
            host = await uow.hosts.get(actor.host_id)
        if host is None:
            raise NotFound("account")
        if handle.strip().lower() != host.handle:
            checks.note("handle", Mismatch())
        await self.confirm(actor, password, checks)
        checks.done()


@dataclass(frozen=True)
class FinishDeleting:
    """Cancel what was booked, end the connections, and erase everything once all guests were told."""

    begin: Begin
    views: HostViews
    cancel: CancelBooking
    disconnect: DisconnectProvider
    disconnect_calendars: DisconnectCalendars
    clock: Clock

    async def __call__(self, uow: UnitOfWork, job: DeleteAccountJob, _attempts: int, /) -> Outcome | Outside:
        account = await uow.accounts.get(job.host_id)
        if account is None or account.closed_at is None:
            return Done()
        return Outside(partial(self._call, job.host_id, account.closed_at))

    async def _call(self, host_id: HostId, closed_at: datetime) -> Record:
        pages = await self.views.pages(host_id)
        async with self.begin() as uow:
            # One that was being made elsewhere while the others were taken away.
            for page in pages:
                uow.pages.remove(host_id, page.id)
        for connection in await self.views.connections(host_id):
            await self.disconnect.of(System(), host_id, connection.provider)
        for booking in await self._coming(host_id):
            with suppress(BookingClosed, NotFound):
                await self.cancel(BookingById(System(), booking.id), AccountClosed())
        if self.clock() >= closed_at + WAITS_FOR_LATECOMERS:
            # Until then what was cancelled is taken out of them.
            await self.disconnect_calendars.all_of(System(), host_id)
        more = await self._coming(host_id)
        return partial(self._record, host_id=host_id, closed_at=closed_at, more=bool(more))

    async def _record(self, uow: UnitOfWork, host_id: HostId, closed_at: datetime, *, more: bool) -> Outcome:
        now = self.clock()
        owing = more or await uow.accounts.has_mails_to_send(host_id)
        late = now < closed_at + WAITS_FOR_LATECOMERS
        if late or (owing and now < closed_at + WAITS_FOR_MAILS):
            return Again(now + (timedelta(0) if more else LOOKS_AGAIN_AFTER))
        uow.accounts.erase(host_id, now + HANDLE_KEPT_FOR)
        return Done()

    async def _coming(self, host_id: HostId) -> list[Booking]:
        page = await self.views.bookings(host_id, "upcoming", now=self.clock(), cursor=None, limit=AT_ONCE)
        return [view.booking for view in page.items]
