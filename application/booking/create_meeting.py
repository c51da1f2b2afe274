"""Create the meeting that a booking waits for: the job behind every join link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from application.actor import System
from application.connections.connection_trouble import note_trouble
from application.connections.grants import UseGrant
from application.decisions import ApplyDecision, note_connection
from application.job_runner import Again, Backoff, Done, Outcome, Outside, Record
from application.jobs import CreateMeetingJob
from application.ports.booking_views import GuestBookingViews
from application.ports.clock import Clock
from application.ports.conflicts import Busy
from application.ports.meetings import Meeting, MeetingCreator, MeetingRequest
from application.ports.oauth import Grant, OAuthClient
from application.ports.provider import AccessTokenExpired, NotConnected, NotPermitted, OurFault, ProviderError, TryLater
from application.ports.unit_of_work import Begin, UnitOfWork
from domain.awaited_meeting import (
    attempt_meeting,
    meeting_created,
    meeting_delayed,
    meeting_fell_back,
    meeting_given_up,
    meeting_unused,
    meeting_unwanted,
)
from domain.booking import Booking
from domain.conference import Failure, FailureType, Pending, Ready
from domain.connection import ProviderConnection, ProviderStatus, statuses
from domain.fallback import FellBack, choose
from domain.host import Host
from domain.last_meetings import are_kept, first_kept, next_day
from domain.meeting_type import MeetingType, Obstacle, name_of, obstacle
from domain.provider import PROVIDERS, Provider, about
from domain.provider_problem import DailyLimitReached, NotSetUp, TimedOut

MAY_BE_UNCLEAR = 1
"""How often a request whose fate is unknown is repeated, where a repeat may make a second meeting."""


@dataclass(frozen=True)
class CreateMeeting:
    """Note the attempt, call the provider outside any transaction, record the answer if it is still waited for."""

    begin: Begin
    bookings: GuestBookingViews
    creators: Mapping[Provider, MeetingCreator]
    clients: Mapping[Provider, OAuthClient]
    use_grant: UseGrant
    clock: Clock
    backoff: Backoff
    apply: ApplyDecision

    async def __call__(self, uow: UnitOfWork, job: CreateMeetingJob, _attempts: int, /) -> Outcome | Outside:
        found = await uow.bookings.lock(job.booking_id)
        host = await uow.hosts.get(found.host_id) if found else None
        if found is None or host is None or not found.waits_for_link:
            return Done()
        repeatable = self._is_repeatable(_pending(found).provider)
        attempted = attempt_meeting(found, self.clock(), repeatable=repeatable)
        await self.apply(uow, attempted)
        return Outside(partial(self._call, attempted.booking, host))

    async def _call(self, booking: Booking, host: Host) -> Record:
        asking = _Asking(booking)
        answer = await self._ask(asking, _request(booking, host))
        return partial(self._record, asking=asking, answer=answer)

    async def _ask(self, asking: "_Asking", request: MeetingRequest) -> Meeting | ProviderError:
        """Ask for the meeting; a refused access token is renewed and tried once more."""
        name = _pending(asking.booking).provider
        creator, client = self.creators.get(name), self.clients.get(name)
        if creator is None or client is None:
            return NotPermitted(NotSetUp(name))
        try:
            grant = await self._grant(asking, client)
            await self._count(asking)
            try:
                return await creator.create(grant, request)
            except AccessTokenExpired:
                grant = await self._grant(asking, client, refused=grant)
                return await creator.create(grant, request)
        except AccessTokenExpired as error:
            return TryLater(error.problem)
        except ProviderError as error:
            return error

    async def _grant(self, asking: "_Asking", client: OAuthClient, refused: Grant | None = None) -> Grant:
        try:
            connection, grant = await self.use_grant(System(), asking.booking.host_id, client, refused=refused)
            asking.connected_at = connection.connected_at
        except TryLater as error:
            # The answer to a refresh may be lost; that leaves no meeting behind.
            raise TryLater(error.problem, at=error.at) from error
        return grant

    async def _count(self, asking: "_Asking") -> None:
        """Count the meeting before it is asked for, where the provider makes only so many a day.

        Raises:
            _LastMeetingsKept: those that are left of the day are for others.
            TryLater: somebody holds the connection for too long.
        """
        booking, provider = asking.booking, _pending(asking.booking).provider
        if first_kept(provider) is None:
            return
        try:
            if await self._is_counted(asking, is_known=False):
                return
            is_known = await self.bookings.is_known(booking.host_id, booking.contact.mailbox)
            if is_known and await self._is_counted(asking, is_known=True):
                return
        except Busy as error:
            raise TryLater(TimedOut(provider)) from error
        resets_at = next_day(self.clock())
        raise _LastMeetingsKept(DailyLimitReached(provider, resets_at), at=resets_at)

    async def _is_counted(self, asking: "_Asking", *, is_known: bool) -> bool:
        """Count the meeting unless it is one of the last, and the guest isn't known; the lock lets none slip through.

        In a unit of its own, so that no booking waits for a refresh.
        """
        booking, now = asking.booking, self.clock()
        provider = _pending(booking).provider
        async with self.begin() as uow:
            found = await uow.connections.lock(booking.host_id, provider)
            if found is None:
                return True
            if not is_known and are_kept(provider, found.meetings_today(now)):
                return False
            note_connection(uow, found.asked_for_a_meeting(now))
        asking.counted_at = now
        return True

    async def _record(self, uow: UnitOfWork, asking: "_Asking", answer: Meeting | ProviderError) -> Outcome:
        asked = asking.booking
        works = partial(self._note_success, asked) if isinstance(answer, Meeting) else None
        booking = await uow.bookings.lock(asked.id)
        if isinstance(answer, TryLater | OurFault):
            await self._note_no_meeting(uow, asking, answer)
        if booking is None or not booking.waits_as(asked):
            if isinstance(answer, Meeting) and booking is not None:
                await self.apply(uow, meeting_unwanted(booking, answer.meeting_id, self.clock()))
            return Done(works)
        match answer:
            case Meeting() if about(_pending(booking).provider).keeps_link(asked.slot.end, booking.slot.start):
                await self._ready(uow, booking, answer, made_for=asked.slot.end)
                return Done(works)
            case Meeting():
                await self.apply(uow, meeting_unused(booking, answer.meeting_id, self.clock()))
                return Again(self.clock())
            case TryLater() | OurFault():
                return await self._delay_or_give_up(uow, booking, answer)
            case _:
                if not await self._mark_connection(uow, asking, answer):
                    return await self._delay(uow, booking, answer, Again(self.clock(), failed=True))
                await self._give_up(uow, booking, _failure(answer), left_behind=answer.left_behind)
                return Done()

    async def _ready(self, uow: UnitOfWork, booking: Booking, meeting: Meeting, *, made_for: datetime) -> None:
        provider = _pending(booking).provider
        ready = Ready(meeting.join_url, meeting.meeting_id, meeting.passcode, provider, made_for)
        await self.apply(uow, meeting_created(booking, ready, self.clock()))

    async def _note_success(self, booking: Booking) -> None:
        """Tell the row that the account works; in a unit of its own, so that no booking waits for a refresh."""
        async with self.begin() as uow:
            found = await uow.connections.lock(booking.host_id, _pending(booking).provider)
            if found is not None:
                note_connection(uow, found.made_a_meeting(self.clock()))

    async def _delay_or_give_up(self, uow: UnitOfWork, booking: Booking, error: TryLater | OurFault) -> Outcome:
        conference = _pending(booking)
        wish = error.at if isinstance(error, TryLater) else None
        again = self.backoff(max(conference.attempts - 1, 0), wish=wish)
        if isinstance(error.problem, DailyLimitReached):
            # The account makes as many as it may, and goes on when its day begins.
            again = Again(again.at)
        unclear_too_often = (
            error.left_behind and conference.unclear >= MAY_BE_UNCLEAR and not self._is_repeatable(conference.provider)
        )
        if unclear_too_often or again.at >= booking.slot.start:
            await self._give_up(uow, booking, _failure(error), left_behind=error.left_behind)
            return Done()
        return await self._delay(uow, booking, error, again)

    async def _delay(self, uow: UnitOfWork, booking: Booking, error: ProviderError, again: Again) -> Again:
        delayed = meeting_delayed(
            booking,
            _failure(error),
            again.at,
            left_behind=error.left_behind,
            now=self.clock(),
            repeatable=self._is_repeatable(_pending(booking).provider),
        )
        await self.apply(uow, delayed)
        return again

    async def _give_up(self, uow: UnitOfWork, booking: Booking, failure: Failure, *, left_behind: bool) -> None:
        """Fall back by the host's own order, or leave the booking standing without a link."""
        waited = _pending(booking)
        # Nobody asks once more, so what a lost answer may have made is left behind now.
        left_behind = left_behind or (waited.unclear > 0 and self._is_repeatable(waited.provider))
        page = await uow.pages.lock(booking.host_id, booking.page_id)
        order = page.meeting_types_for(booking.event_type_id) if page else ()
        others = tuple(each for each in order if name_of(each) != name_of(booking.meeting_type))
        providers = await self._statuses(uow, booking)
        # What has just failed for good can't be what we fall back to, whatever its row says.
        providers[waited.provider] = "blocked"

        def hinders(each: MeetingType) -> Obstacle | None:
            return obstacle(each, providers, booking.guest.phone)

        choice = choose(name_of(booking.meeting_type), (booking.meeting_type, *others), hinders)
        now = self.clock()
        if isinstance(choice, FellBack):
            fallen = meeting_fell_back(booking, choice.meeting_type, failure, left_behind=left_behind, now=now)
            await self.apply(uow, fallen)
            return
        await self.apply(uow, meeting_given_up(booking, failure, left_behind=left_behind, now=now))

    async def _mark_connection(self, uow: UnitOfWork, asking: "_Asking", error: ProviderError) -> bool:
        """Remember on the connection what only the host or an administrator can mend.

        False where the host has connected again since we asked: the failure was the old connection's.
        """
        provider = _pending(asking.booking).provider
        client = self.clients.get(provider)
        found = await uow.connections.lock(asking.booking.host_id, provider)
        # A provider that this server no longer has settings for says nothing about the host's account.
        if found is None or client is None:
            return True
        if asking.connected_at is None:
            return found.problem is not None
        if asking.connected_at != found.connected_at:
            return False
        if isinstance(error, NotConnected | NotPermitted):
            await note_trouble(uow, asking.without_meeting(found, error), error, client.capabilities, self.clock())
        return True

    async def _note_no_meeting(self, uow: UnitOfWork, asking: "_Asking", error: TryLater | OurFault) -> None:
        """Count the meeting no longer, and remember a limit that the provider told of."""
        limit = error.problem if isinstance(error.problem, DailyLimitReached) else None
        if isinstance(error, _LastMeetingsKept) or (limit is None and asking.counted_at is None):
            return
        found = await uow.connections.lock(asking.booking.host_id, _pending(asking.booking).provider)
        if found is None:
            return
        after = asking.without_meeting(found, error)
        after = after if limit is None else after.reached_limit(limit.resets_at)
        if after != found:
            note_connection(uow, after)

    async def _statuses(self, uow: UnitOfWork, booking: Booking) -> dict[Provider, ProviderStatus]:
        stored: dict[Provider, ProviderStatus] = {}
        for provider in PROVIDERS:
            found = await uow.connections.get(booking.host_id, provider)
            if found is not None:
                stored[provider] = found.status
        return statuses(frozenset(self.creators), stored)

    def _is_repeatable(self, provider: Provider) -> bool:
        """Whether asking once more gives the meeting that an earlier request may have made."""
        creator = self.creators.get(provider)
        return creator is not None and creator.idempotent_creation


class _LastMeetingsKept(TryLater):
    """For this guest, whom the host doesn't know, the provider's day is over."""


@dataclass
class _Asking:
    """One attempt.

    Attributes:
        connected_at: tells the connection that was used from one that the host has made since.
        counted_at: when the meeting was counted; None where the provider makes as many as are wanted.
    """

    booking: Booking
    connected_at: datetime | None = None
    counted_at: datetime | None = None

    def without_meeting(self, found: ProviderConnection, error: ProviderError) -> ProviderConnection:
        """The connection as it is after an error; a meeting that may have been made goes on to count."""
        if self.counted_at is None or error.left_behind or found.connected_at != self.connected_at:
            return found
        return found.got_no_meeting(self.counted_at)


def _request(booking: Booking, host: Host) -> MeetingRequest:
    return MeetingRequest(
        booking_id=booking.id,
        title=booking.title,
        host_name=host.name,
        guest_name=booking.contact.name,
        language=host.language,
        start=booking.slot.start,
        duration=booking.slot.duration,
        timezone=booking.host_timezone,
    )


def _pending(booking: Booking) -> Pending:
    assert isinstance(booking.conference, Pending)
    return booking.conference


def _failure(error: ProviderError) -> Failure:
    kind: FailureType
    match error:
        case TryLater(problem=DailyLimitReached()):
            kind = "daily-limit"
        case TryLater(left_behind=True):
            kind = "unclear"
        case TryLater():
            kind = "try-later"
        case NotPermitted():
            kind = "not-permitted"
        case OurFault():
            kind = "misconfigured"
        case _:
            kind = "not-connected"
    return Failure(kind, error.problem)
