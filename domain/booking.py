"""A booking and its transitions."""

from datetime import datetime, timedelta
from typing import ClassVar, Generic, Literal, NamedTuple, TypeVar

import msgspec

from domain.additional_guest import AdditionalGuest, check_additional_guests
from domain.availability import BUFFER_MINUTES
from domain.booking_page import DURATION_MINUTES, LONGEST_TITLE, MOST_QUESTIONS, Answer, check_reminders
from domain.calendar_entry import CalendarEntry
from domain.conference import Conference, Failed, NoConference, Pending, Ready, delay_announced
from domain.errors import AlreadyCancelled, BookingClosed, HoldEnded, Past, Unconfirmed
from domain.events import (
    PARTIES,
    Booked,
    BookingEvent,
    CancellationReason,
    Cancelled,
    Held,
    Party,
    Recipient,
    Rescheduled,
)
from domain.fallback import ChosenByHost, FallbackReason, MeetingTypeUnusable
from domain.ids import BookingId, BookingLinkId, CalendarId, EventTypeId, GuestToken, HostId, PageId
from domain.limits import check_text
from domain.mailbox import mailbox_of
from domain.meeting_type import MeetingType, MeetingTypeName, Obstacle, name_of, provider_of
from domain.person import check_person
from domain.phone_number import check_phone_number
from domain.provider import about
from domain.slot import Slot
from domain.tracking import check_tracking
from domain.zones import check_zone

LONGEST_REASON = 500
"""Of what people say when they cancel or move."""

HELD_FOR = timedelta(minutes=15)
"""How long a time is kept for a guest who has yet to confirm the address."""

_SECOND = timedelta(seconds=1)
_LONGEST = timedelta(minutes=DURATION_MINUTES.most)

Status = Literal["held", "confirmed", "cancelled"]
Change = Literal["booked", "link_added", "link_replaced", "fell_back", "switched", "rescheduled", "cancelled"]


class GuestUnknown(Exception):
    """The guest's details were erased."""


class Guest(msgspec.Struct, frozen=True):
    """Who has booked.

    Attributes:
        phone: in E.164, with `;ext=` and digits behind it where there is an extension.
        language: the BCP 47 tag of the language that mails are in.
    """

    name: str
    email: str
    timezone: str
    phone: str | None = None
    language: str = "en"

    def __post_init__(self) -> None:
        check_person(self.name, self.email)
        check_zone(self.timezone)
        if self.phone is not None:
            check_phone_number(self.phone)

    @property
    def mailbox(self) -> str:
        """What the address is counted by."""
        return mailbox_of(self.email)


class ErasedGuest(msgspec.Struct, frozen=True):
    """Somebody who had booked, and whose details were erased since; the booking is shown in the host's `timezone`."""

    timezone: str

    name: ClassVar[None] = None
    email: ClassVar[None] = None
    mailbox: ClassVar[None] = None
    phone: ClassVar[None] = None
    language: ClassVar[None] = None


class Cancellation(msgspec.Struct, frozen=True):
    """Who gave the time back, when and why."""

    by: Party
    at: datetime
    reason: CancellationReason = ""

    def __post_init__(self) -> None:
        if isinstance(self.reason, str):
            check_text(self.reason, LONGEST_REASON, "reason", required=False)


class Move(msgspec.Struct, frozen=True):
    """Who moved the booking last, from where and why."""

    by: Party
    from_start: datetime
    reason: str = ""

    def __post_init__(self) -> None:
        check_text(self.reason, LONGEST_REASON, "reason", required=False)


class Overlap(msgspec.Struct, frozen=True):
    """An event in a calendar of the host's that takes some of a meeting's time.

    Attributes:
        is_over: it isn't there any more.
    """

    calendar_id: CalendarId
    slot: Slot
    found_at: datetime
    is_over: bool = False


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """A promise of time between a host and a guest.

    Attributes:
        token: opens the guest's page; None where the key that sealed it is lost.
        host_timezone: the host's at the time of booking; meetings are created in it.
        additional_guests: whom the guest brings along; those who have left keep their places.
        requested: what the guest asked for; differs from `meeting_type` after a `fallback`.
        link_id: of the single-use link that it was made by.
        tracking: the `utm_*` parameters of the address that the guest came by.
        held_until: the guest has until then to confirm the address; until that is done the booking is nobody's but the
            guest's, and from then on it is as if it had never been. None once it is confirmed.
        announced: mails may go out, with or without the link; from then on each change is a new revision.
        revision: the SEQUENCE of the calendar event.
        changed_at: the instant of this revision, whole seconds, strictly rising: the calendar event's DTSTAMP.
        last_change: what this revision is about.
        reminders: how long before its start the guest is reminded, each time once.
        unreached: whom the mail server takes no mail for.
        entry: in the host's calendar; None where the page wrote to none.
        overlaps: events that were found over it, each told once; at another time than the meeting after a move.
        version: of the stored booking; each save raises it.
    """

    id: BookingId
    token: GuestToken | None
    host_id: HostId
    page_id: PageId
    event_type_id: EventTypeId
    title: str
    slot: Slot
    buffer_before: timedelta
    buffer_after: timedelta
    guest: Guest | ErasedGuest
    host_timezone: str
    requested: MeetingTypeName
    meeting_type: MeetingType
    fallback: FallbackReason | None
    conference: Conference
    answers: tuple[Answer, ...] = ()
    tracking: dict[str, str] = {}
    additional_guests: tuple[AdditionalGuest, ...] = ()
    link_id: BookingLinkId | None = None
    cancellation: Cancellation | None = None
    move: Move | None = None
    held_until: datetime | None = None
    announced: bool = False
    revision: int = 0
    created_at: datetime
    changed_at: datetime
    last_change: Change = "booked"
    reminders: tuple[timedelta, ...] = ()
    unreached: tuple[Recipient, ...] = ()
    entry: CalendarEntry | None = None
    overlaps: tuple[Overlap, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        # Each booking that is read or changed passes here: what is mostly empty is asked for first.
        check_text(self.title, LONGEST_TITLE, "title")
        check_zone(self.host_timezone, "host_timezone")
        if self.buffer_before:
            BUFFER_MINUTES.check_minutes(self.buffer_before, "buffer_before")
        if self.buffer_after:
            BUFFER_MINUTES.check_minutes(self.buffer_after, "buffer_after")
        if self.tracking:
            check_tracking(self.tracking)
        if self.reminders:
            check_reminders(self.reminders)
        if self.additional_guests:
            check_additional_guests(self.additional_guests)
        self._refuse_contradictions()

    def _refuse_contradictions(self) -> None:
        """Raises ValueError for members that mean nothing together."""
        provider, conference = provider_of(self.meeting_type), self.conference
        is_cancelled = self.cancellation is not None
        match conference:
            case NoConference() if provider is not None and not is_cancelled:
                raise ValueError("a meeting online is made, ready, or given up")
            case Pending() if provider != conference.provider or is_cancelled:
                raise ValueError("a booking waits for a meeting of its own type's provider, while it isn't cancelled")
            case Ready(provider=str()) if provider != conference.provider:
                raise ValueError("a meeting is of the provider of its type")
            case Failed() if provider is None:
                raise ValueError("only a meeting online can fail")
            case _:
                pass
        if (self.fallback is None) != (name_of(self.meeting_type) == self.requested):
            raise ValueError("a booking has fallen back exactly where it isn't of the type that was asked for")
        if is_cancelled != (self.last_change == "cancelled"):
            raise ValueError("nothing follows a cancellation")
        if self.held_until is not None and (
            is_cancelled or self.announced or self.revision or self.move or isinstance(conference, Ready | Failed)
        ):
            raise ValueError("nothing has happened to a booking that is held")
        if not (self.announced or is_cancelled or self.held_until) and (
            self.revision or not isinstance(conference, Pending)
        ):
            raise ValueError("a booking is announced at once, unless it waits for its first link")
        if self.revision < 0 or self.version < 1:
            raise ValueError("revisions begin at 0, versions at 1")
        if not self.revision and self.last_change not in {"booked", "cancelled"}:
            raise ValueError("each change that is mailed is a revision")
        if self.move is None:
            if self.last_change == "rescheduled":
                raise ValueError("a booking that was moved says from where")
        elif self.move.from_start == self.slot.start:
            raise ValueError("a booking is moved to another time")
        if self.changed_at.microsecond or self.created_at - self.changed_at >= _SECOND:
            raise ValueError("a revision is stamped in whole seconds, and not before the booking was made")
        if self.slot.end - self.slot.start > _LONGEST:
            raise ValueError("a meeting is no longer than any event type")
        if len(self.answers) > MOST_QUESTIONS:
            raise ValueError("there are no more answers than questions")
        if isinstance(self.guest, ErasedGuest) and (self.answers or self.tracking or self.additional_guests):
            raise ValueError("nothing is left of a guest who was erased")
        if self.unreached and not _are_recipients(self.unreached, self.additional_guests):
            raise ValueError("each whom no mail reaches is named once, and still comes")

    @property
    def status(self) -> Status:
        if self.cancellation is not None:
            return "cancelled"
        return "confirmed" if self.held_until is None else "held"

    @property
    def fell_back(self) -> bool:
        """Whether another meeting type took the place of the one asked for, and nobody chose it."""
        return self.fallback is not None and not isinstance(self.fallback, ChosenByHost)

    def is_expired(self, now: datetime) -> bool:
        """Whether it was held, and nobody has confirmed it in time."""
        return self.status == "held" and self.held_until is not None and self.held_until <= now

    @property
    def contact(self) -> Guest:
        """The guest, for whoever mails or calls them.

        Raises:
            GuestUnknown: the details were erased; nobody is told anything about such a booking.
        """
        if isinstance(self.guest, ErasedGuest):
            raise GuestUnknown
        return self.guest

    @property
    def invited(self) -> dict[int, AdditionalGuest]:
        """The additional guests who haven't left, by their places."""
        return {place: each for place, each in enumerate(self.additional_guests) if each.left_at is None}

    @property
    def guest_addresses(self) -> tuple[str, ...]:
        """The addresses that a change of the booking is mailed to, the guest's first. Raises GuestUnknown."""
        return (self.contact.email, *(each.email for each in self.invited.values()))

    @property
    def occupied(self) -> Slot:
        """The host's time that nobody else can book: the meeting and its buffers."""
        return self.slot.padded(self.buffer_before, self.buffer_after)

    def occupies(self, now: datetime) -> bool:
        """Whether its time is taken."""
        return self.cancellation is None and not self.is_expired(now)

    @property
    def overlapped(self) -> tuple[Overlap, ...]:
        """The events that are over the meeting as it is now."""
        return tuple(each for each in self.overlaps if not each.is_over and each.slot.overlaps(self.slot))

    @property
    def waits_for_link(self) -> bool:
        return self.status == "confirmed" and isinstance(self.conference, Pending)

    def waits_as(self, asked: "Booking") -> bool:
        """Whether it still waits for what was asked for, and not for another provider's meeting by now."""
        mine, theirs = self.conference, asked.conference
        return self.waits_for_link and (
            isinstance(mine, Pending) and isinstance(theirs, Pending) and mine.provider == theirs.provider
        )

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be changed."""
        return self.status == "confirmed" and self.slot.end > now

    def wants_reminder(self, at: datetime, now: datetime) -> bool:
        """Whether the guest is to be reminded at this instant, and it isn't too late."""
        is_due_then = any(self.slot.start - each == at for each in self.reminders)
        return self.status == "confirmed" and is_due_then and now < self.slot.start


def _are_recipients(unreached: tuple[Recipient, ...], guests: tuple[AdditionalGuest, ...]) -> bool:
    invited = {place for place, each in enumerate(guests) if each.left_at is None}
    return len(set(unreached)) == len(unreached) and invited.union(PARTIES).issuperset(unreached)


Event_co = TypeVar("Event_co", bound=BookingEvent, covariant=True)


class Decision(NamedTuple, Generic[Event_co]):
    """The next state of a booking, and what has happened to it; without events nothing changes."""

    booking: Booking
    events: tuple[Event_co, ...] = ()


def conference_for(meeting_type: MeetingType) -> Conference:
    provider = provider_of(meeting_type)
    return NoConference() if provider is None else Pending(provider)


def book(
    *,
    id: BookingId,
    token: GuestToken,
    host_id: HostId,
    page_id: PageId,
    event_type_id: EventTypeId,
    title: str,
    slot: Slot,
    buffer_before: timedelta,
    buffer_after: timedelta,
    guest: Guest,
    host_timezone: str,
    requested: MeetingTypeName,
    meeting_type: MeetingType,
    why: Obstacle | None,
    answers: tuple[Answer, ...],
    tracking: dict[str, str],
    now: datetime,
    reminders: tuple[timedelta, ...] = (),
    unproven: bool = False,
    writes_to: CalendarId | None = None,
    link_id: BookingLinkId | None = None,
    additional_guests: tuple[AdditionalGuest, ...] = (),
    by: Party = "guest",
) -> Decision[Booked | Held]:
    """Take the booking; it is held where the guest's address is `unproven`, and confirmed otherwise."""
    booking = Booking(
        id=id,
        token=token,
        host_id=host_id,
        page_id=page_id,
        event_type_id=event_type_id,
        title=title,
        slot=slot,
        buffer_before=buffer_before,
        buffer_after=buffer_after,
        guest=guest,
        host_timezone=host_timezone,
        requested=requested,
        meeting_type=meeting_type,
        fallback=MeetingTypeUnusable(why) if why else None,
        conference=conference_for(meeting_type),
        answers=answers,
        tracking=tracking,
        additional_guests=additional_guests,
        link_id=link_id,
        held_until=now + HELD_FOR,
        created_at=now,
        changed_at=now.replace(microsecond=0),
        reminders=reminders,
        entry=CalendarEntry(calendar_id=writes_to, owed_since=now) if writes_to else None,
    )
    if unproven:
        return Decision(booking, (Held(booking_id=id, at=now, until=now + HELD_FOR),))
    return _confirmed(booking, now, by)


def confirm(booking: Booking, meeting_type: MeetingType, why: Obstacle | None, now: datetime) -> Decision[Booked]:
    """Take a held booking for good, as if it were booked now.

    Args:
        meeting_type: the booking's own, or the one that it falls back to because of `why`.

    Raises:
        BookingClosed: it isn't held any more, or over.
    """
    if booking.held_until is None or booking.is_expired(now):
        raise BookingClosed(HoldEnded())
    if booking.slot.end <= now:
        raise BookingClosed(Past())
    fallback = MeetingTypeUnusable(why) if why else booking.fallback
    chosen = msgspec.structs.replace(
        booking,
        meeting_type=meeting_type,
        fallback=reason_for(meeting_type, booking, fallback),
        conference=conference_for(meeting_type),
        unreached=(),
    )
    return _confirmed(chosen, now, "guest")


def release(booking: Booking, now: datetime) -> Booking:
    """A held booking as its guest has given it back; nothing of it is kept."""
    return msgspec.structs.replace(
        booking,
        held_until=None,
        cancellation=Cancellation("guest", now),
        conference=NoConference(),
        last_change="cancelled",
    )


def cancel(booking: Booking, by: Party, reason: CancellationReason, now: datetime) -> Decision[Cancelled]:
    """Free the time and tell both sides.

    Raises:
        BookingClosed: it is cancelled already, or over.
    """
    refuse_closed(booking, now)
    conference = booking.conference
    if isinstance(conference, Pending):
        conference = NoConference()
    cancelled = revised(booking, "cancelled", now, cancellation=Cancellation(by, now, reason), conference=conference)
    event = Cancelled(booking_id=booking.id, at=now, by=by, reason=reason, conference=booking.conference)
    return Decision(cancelled, (event,))


def reschedule(booking: Booking, slot: Slot, by: Party, now: datetime, reason: str = "") -> Decision[Rescheduled]:
    """Move the booking; its link is kept for as long as the provider keeps it good, else a new one is made.

    Nothing has happened where it lies there already.

    Raises:
        BookingClosed: it is cancelled, or over.
    """
    refuse_closed(booking, now)
    if lies_at(booking, slot.start):
        return Decision(booking)
    instead_of: Ready | None = None
    conference = booking.conference
    match conference:
        case Ready(provider=str() as provider) as link if not about(provider).keeps_link(
            link.made_for or booking.slot.end, slot.start
        ):
            instead_of, conference = link, conference_for(booking.meeting_type)
        case Failed():
            conference = conference_for(booking.meeting_type)
        case Pending() as waiting:
            conference = msgspec.structs.replace(waiting, announced=delay_announced(waiting))
        case _:
            pass
    moved = changed(
        booking, "rescheduled", now, slot=slot, move=Move(by, booking.slot.start, reason), conference=conference
    )
    event = Rescheduled(
        booking_id=booking.id,
        at=now,
        by=by,
        reason=reason,
        from_start=booking.slot.start,
        to_start=slot.start,
        conference=conference,
        instead_of=instead_of,
        announced_before=booking.announced,
        remind_at=_reminders_ahead(moved, now),
    )
    return Decision(moved, (event,))


def lies_at(booking: Booking, start: datetime) -> bool:
    """Whether moving the booking there would change nothing."""
    return booking.slot.start == start


def refuse_closed(booking: Booking, now: datetime) -> None:
    """Let only a booking through that can still be changed.

    Raises:
        BookingClosed: the booking is cancelled, over, or held until its guest confirms the address.
    """
    if booking.held_until is not None:
        raise BookingClosed(Unconfirmed(booking.held_until))
    if booking.cancellation is not None:
        raise BookingClosed(AlreadyCancelled(booking.cancellation.at, booking.cancellation.by))
    if booking.slot.end <= now:
        raise BookingClosed(Past())


def reason_for(used: MeetingType, booking: Booking, why: FallbackReason | None) -> FallbackReason | None:
    """Why another meeting type is used than the one asked for; none where a later change has come back to that."""
    return None if name_of(used) == booking.requested else why


def revised(booking: Booking, change: Change, now: datetime, **members: object) -> Booking:
    """Begin the next revision, with a stamp of its own, by changing these members."""
    stamp = max(now.replace(microsecond=0), booking.changed_at + _SECOND)
    return msgspec.structs.replace(
        booking, revision=booking.revision + 1, changed_at=stamp, last_change=change, **members
    )


def changed(booking: Booking, change: Change, now: datetime, **members: object) -> Booking:
    """Change these members: by a new revision, unless nobody has been told of the booking yet."""
    if booking.announced:
        return revised(booking, change, now, **members)
    return msgspec.structs.replace(booking, **members)


def _confirmed(booking: Booking, now: datetime, by: Party) -> Decision[Booked]:
    """Where nothing has to be created online, it is announced at once."""
    confirmed = msgspec.structs.replace(
        booking,
        held_until=None,
        announced=isinstance(booking.conference, NoConference),
        created_at=now,
        changed_at=now.replace(microsecond=0),
    )
    why = booking.fallback.obstacle if isinstance(booking.fallback, MeetingTypeUnusable) else None
    event = Booked(
        booking_id=booking.id,
        at=now,
        by=by,
        conference=booking.conference,
        fell_back=why,
        remind_at=_reminders_ahead(confirmed, now),
    )
    return Decision(confirmed, (event,))


def _reminders_ahead(booking: Booking, now: datetime) -> tuple[datetime, ...]:
    """When the guest is reminded; whoever books later than that has it in mind anyway."""
    return tuple(at for each in booking.reminders if (at := booking.slot.start - each) > now)
