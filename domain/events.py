"""Events of a booking, in the past tense."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from domain.calendar_problem import CalendarProblem
from domain.conference import Conference, Failure, Ready
from domain.ids import BookingId, HostId
from domain.mail_problem import MailProblem
from domain.meeting_type import MeetingTypeName, Obstacle
from domain.provider import Provider
from domain.slot import Slot

Party = Literal["guest", "host"]
PARTIES: tuple[Party, ...] = ("guest", "host")

Recipient = Party | int
"""Who is mailed about a booking: a side, or an additional guest, by the place among `Booking.additional_guests`."""


class AccountClosed(msgspec.Struct, frozen=True, tag="account_closed"):
    """The host has deleted their account, and with it what was booked."""


CancellationReason = str | AccountClosed
"""Why a booking was cancelled: what somebody typed, or a reason of ours."""


class HostAsked(msgspec.Struct, frozen=True, tag_field="cause", tag="host_asked"):
    """The host wants it tried again."""


class Reconnected(msgspec.Struct, frozen=True, tag_field="cause", tag="reconnected"):
    """The host has connected an account at the provider."""

    provider: Provider


class ConnectionGone(msgspec.Struct, frozen=True, tag_field="cause", tag="connection_gone"):
    """The account at the provider is no longer connected, so that another way to meet has to be found."""

    provider: Provider


RetryCause = HostAsked | Reconnected | ConnectionGone

EVENT_VERSION = 1
"""The version of the shape in which events are stored; a change that older events can't be read as takes the next."""


class BookingEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="what"):
    """Something that happened to a booking; its tag is a stable name, for programs too."""

    booking_id: BookingId
    at: datetime


class Booked(BookingEvent, frozen=True, kw_only=True, tag="booked"):
    """`remind_at` are the instants at which the guest is reminded."""

    by: Party = "guest"
    conference: Conference
    fell_back: Obstacle | None = None
    remind_at: tuple[datetime, ...] = ()


class Held(BookingEvent, frozen=True, kw_only=True, tag="held"):
    """The time is kept `until` then for a guest who has to confirm the address first."""

    until: datetime


class ConfirmationWantedAgain(BookingEvent, frozen=True, kw_only=True, tag="confirmation_wanted_again"):
    """The guest wants the mail with the link that confirms the booking once more."""


class MeetingAttempted(BookingEvent, frozen=True, kw_only=True, tag="meeting_attempted"):
    """`left_behind` is true where the attempt before never reported back: a meeting of it may exist unused."""

    attempt: int
    left_behind: bool


class MeetingCreated(BookingEvent, frozen=True, kw_only=True, tag="meeting_created"):
    """`announced_before` is true where mails without the link had gone out, so that this one is an update."""

    meeting_id: str | None
    after: timedelta
    announced_before: bool


class MeetingDelayed(BookingEvent, frozen=True, kw_only=True, tag="meeting_delayed"):
    failure: Failure
    next_try_at: datetime
    left_behind: bool


class MeetingFellBack(BookingEvent, frozen=True, kw_only=True, tag="meeting_fell_back"):
    """The booking was taken, then its meeting type stopped working for good."""

    to: MeetingTypeName
    why: Failure
    conference: Conference
    announced_before: bool
    left_behind: bool


class MeetingGivenUp(BookingEvent, frozen=True, kw_only=True, tag="meeting_given_up"):
    failure: Failure
    announced_before: bool
    left_behind: bool


class MeetingUnused(BookingEvent, frozen=True, kw_only=True, tag="meeting_unused"):
    """A meeting was made, but the booking no longer waited for it."""

    meeting_id: str


class MeetingRetried(BookingEvent, frozen=True, kw_only=True, tag="meeting_retried"):
    """The creation is tried now, whenever it was to be tried."""

    cause: RetryCause


class LinkAdded(BookingEvent, frozen=True, kw_only=True, tag="link_added"):
    """The host pasted a link where there was none."""


class LinkReplaced(BookingEvent, frozen=True, kw_only=True, tag="link_replaced"):
    """The host pasted a link; `instead_of` is the one that it replaces."""

    instead_of: Ready


class MeetingSwitched(BookingEvent, frozen=True, kw_only=True, tag="meeting_switched"):
    """The host chose another meeting type; `instead_of` is the link that is used no more."""

    to: MeetingTypeName
    conference: Conference
    announced_before: bool
    instead_of: Ready | None


class WaitedLongEnough(BookingEvent, frozen=True, kw_only=True, tag="waited_long_enough"):
    """The mails stop waiting for the link."""


class MailAccepted(BookingEvent, frozen=True, kw_only=True, tag="mail_accepted"):
    party: Recipient
    revision: int


class MailRefused(BookingEvent, frozen=True, kw_only=True, tag="mail_refused"):
    party: Recipient
    revision: int
    problem: MailProblem


class MailsWantedAgain(BookingEvent, frozen=True, kw_only=True, tag="mails_wanted_again"):
    """`party` is the guest who wants the own mail again; None is the host, who has both sent."""

    revision: int
    party: Party | None = None


class ReminderAccepted(BookingEvent, frozen=True, kw_only=True, tag="reminder_accepted"):
    """`place` is an additional guest's; None is the guest."""

    place: int | None = None


class ReminderRefused(BookingEvent, frozen=True, kw_only=True, tag="reminder_refused"):
    """`place` is an additional guest's; None is the guest."""

    problem: MailProblem
    place: int | None = None


class TimesProposed(BookingEvent, frozen=True, kw_only=True, tag="times_proposed"):
    """The host proposed other times to the guest; `note` is what the host typed."""

    starts: tuple[datetime, ...]
    note: str = ""


class ProposalAccepted(BookingEvent, frozen=True, kw_only=True, tag="proposal_accepted"):
    pass


class ProposalRefused(BookingEvent, frozen=True, kw_only=True, tag="proposal_refused"):
    problem: MailProblem


class Cancelled(BookingEvent, frozen=True, kw_only=True, tag="cancelled"):
    """`conference` is the one that there was."""

    by: Party
    reason: CancellationReason
    conference: Conference


class Rescheduled(BookingEvent, frozen=True, kw_only=True, tag="rescheduled"):
    """`instead_of` is the link that doesn't reach the new time; `conference` is what holds from now on."""

    by: Party
    reason: str
    from_start: datetime
    to_start: datetime
    conference: Conference
    instead_of: Ready | None
    announced_before: bool
    remind_at: tuple[datetime, ...]


class GuestLeft(BookingEvent, frozen=True, kw_only=True, tag="guest_left"):
    """An additional guest won't come; `place` is theirs."""

    place: int


EraseCause = Literal["host_asked", "retention"]
"""The host wanted it, or the booking is older than this server keeps guests' details."""


class GuestErased(BookingEvent, frozen=True, kw_only=True, tag="guest_erased"):
    """Who had booked is no longer known."""

    cause: EraseCause


EntryStepTaken = Literal["added", "updated", "removed"]


class EntryWritten(BookingEvent, frozen=True, kw_only=True, tag="entry_written"):
    """The host's calendar has taken the booking's entry, a change of it, or its removal."""

    step: EntryStepTaken


class EntryFailed(BookingEvent, frozen=True, kw_only=True, tag="entry_failed"):
    """The host's calendar doesn't take what is owed to it.

    Attributes:
        is_stuck: it isn't tried again.
        is_left: the booking is cancelled, and the host has to be told that the entry is still there.
    """

    problem: CalendarProblem
    is_stuck: bool
    is_left: bool = False


class EntryDeleted(BookingEvent, frozen=True, kw_only=True, tag="entry_deleted"):
    """The host has deleted the entry in the calendar."""


class EntryMoved(BookingEvent, frozen=True, kw_only=True, tag="entry_moved"):
    """The host has moved the entry in the calendar."""

    from_start: datetime
    to_start: datetime
    to_end: datetime


class EntryRestored(BookingEvent, frozen=True, kw_only=True, tag="entry_restored"):
    """The host wants the entry back as it was."""


class OverlapFound(BookingEvent, frozen=True, kw_only=True, tag="overlap_found"):
    """A calendar of the host's has events over the meeting.

    Attributes:
        calendar: its name.
        slots: the events that were found for the first time.
        back: those that had gone before.
    """

    host_id: HostId
    calendar: str
    slots: tuple[Slot, ...]
    back: tuple[Slot, ...] = ()


class OverlapEnded(BookingEvent, frozen=True, kw_only=True, tag="overlap_ended"):
    """An event over the meeting, or the meeting itself, was moved or removed."""


Event = (
    Booked
    | Held
    | ConfirmationWantedAgain
    | MeetingAttempted
    | MeetingCreated
    | MeetingDelayed
    | MeetingFellBack
    | MeetingGivenUp
    | MeetingUnused
    | MeetingRetried
    | LinkAdded
    | LinkReplaced
    | MeetingSwitched
    | WaitedLongEnough
    | MailAccepted
    | MailRefused
    | MailsWantedAgain
    | ReminderAccepted
    | ReminderRefused
    | TimesProposed
    | ProposalAccepted
    | ProposalRefused
    | Cancelled
    | Rescheduled
    | GuestLeft
    | GuestErased
    | EntryWritten
    | EntryFailed
    | EntryDeleted
    | EntryMoved
    | EntryRestored
    | OverlapFound
    | OverlapEnded
)


def what_of(event: Event) -> str:
    """The stable name of what happened."""
    return str(event.__struct_config__.tag)
