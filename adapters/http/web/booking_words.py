"""Sentences about a booking on pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from adapters.presentation.calendars import open_calendar_words
from adapters.presentation.language import gettext as _
from adapters.presentation.phone_numbers import international
from adapters.presentation.providers import words_of
from adapters.presentation.sentences import fallbacks, meetings
from adapters.presentation.sentences.calendar_problems import for_writing
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.meeting_types import label
from adapters.presentation.sentences.meetings import calls_you, meeting_id_words, you_call
from adapters.presentation.sentences.timeline import cancellation_reason, timeline_words, typed_reason
from adapters.presentation.times import starts
from adapters.presentation.zone_names import zone_name
from application.ports.booking_views import TimelineEntry
from application.ports.public_pages import PublicPage
from domain.booking import Booking, Cancellation
from domain.calendar import Calendar
from domain.calendar_entry import CalendarEntry
from domain.conference import Failed, NoConference, Pending, Ready
from domain.events import Party
from domain.host import Host
from domain.ids import CalendarId
from domain.meeting_type import (
    InPerson,
    MeetingType,
    MeetingTypeName,
    Phone,
    asks_for_number,
    name_of,
    provider_of,
)
from domain.provider import about


class Message(msgspec.Struct, frozen=True):
    """What came of something, on the page after it; `neutral` is what was neither done nor failed."""

    role: Literal["status", "alert"]
    text: str
    neutral: bool = False


class Offered(msgspec.Struct, frozen=True):
    """A meeting type as a guest sees it; `may_become_call` where the host calls if the online meeting fails."""

    name: MeetingTypeName
    label: str
    note: str
    asks_number: bool
    may_become_call: bool

    @classmethod
    def of(cls, meeting_type: MeetingType, public: PublicPage, usable: Sequence[MeetingType]) -> "Offered":
        """One of the `usable` types."""
        name = name_of(meeting_type)
        return cls(
            name=name,
            label=label(name),
            note=_note(meeting_type, public),
            asks_number=asks_for_number(meeting_type),
            may_become_call=provider_of(meeting_type) is not None
            and any(each.backup and asks_for_number(each) for each in usable),
        )


def guest_name(booking: Booking) -> str:
    """What a guest is called, also one whose details were erased."""
    return booking.guest.name or _("Guest (erased)")


def where(booking: Booking, host: Host, reader: Party) -> str:
    """How they meet, as one of them reads it."""
    if isinstance(booking.conference, Ready) and booking.conference.provider is None:
        return _("Online")
    match booking.meeting_type:
        case Phone(caller="host"):
            number = international(booking.guest.phone)
            return you_call(guest_name(booking), number) if reader == "host" else calls_you(host.name, number)
        case Phone(number=number):
            return you_call(host.name, number) if reader == "guest" else calls_you(guest_name(booking), number)
        case InPerson(address=address):
            return address
        case other:
            return label(name_of(other))


def state_words(booking: Booking) -> str:
    """Where a booking's meeting stands, in a few words for the host."""
    if booking.status == "cancelled":
        return _("Cancelled")
    match booking.conference:
        case Failed():
            return _("Action needed: no join link")
        case _ if booking.unreached:
            return _("Action needed: email not delivered")
        case _ if booking.overlapped:
            return _("Action needed: overlaps an event")
        case _ if booking.entry is not None and booking.entry.needs_host:
            return entry_attention(booking.entry)
        case Pending(failure=None):
            return _("The join link is being created")
        case Pending():
            return _("No join link yet. We’re trying again")
        case _ if booking.entry is not None and booking.entry.state == "pending" and booking.entry.problem:
            return _("Calendar not up to date yet. We’re trying again")
        case NoConference() | Ready():
            return _("Confirmed")


def entry_attention(entry: CalendarEntry) -> str:
    """What the host has to look at, of an entry that needs them."""
    match entry.state:
        case "deleted_in_calendar":
            return _("Action needed: deleted in your calendar")
        case "moved_in_calendar":
            return _("Action needed: moved in your calendar")
        case _:
            return _("Action needed: not in your calendar")


def entry_words(booking: Booking) -> str:
    """Where the event in the host's calendar stands."""
    entry = booking.entry
    if entry is None:
        return ""
    why = for_writing(entry.problem) if entry.problem else ""
    if booking.status == "cancelled" and entry.left_notified and entry.may_be_left:
        return joined(_("We couldn’t remove it, so it’s still in your calendar."), why)
    match entry.state:
        case "pending":
            return joined(_("Not up to date yet."), why)
        case "written":
            return _("In your calendar")
        case "removed":
            return _("Removed from your calendar")
        case "stuck":
            return joined(_("We couldn’t update your calendar."), why)
        case "deleted_in_calendar":
            return _("You deleted it in your calendar")
        case "moved_in_calendar":
            return _("You moved it in your calendar")


class EntryLink(msgspec.Struct, frozen=True):
    """Where the host sees the event in the calendar."""

    url: str
    label: str


def entry_link(booking: Booking, calendars: Mapping[CalendarId, Calendar]) -> EntryLink | None:
    """The way to the event; None where there is none, or its calendar gives no link.

    Args:
        calendars: those that are still connected.
    """
    entry = booking.entry
    if entry is None or entry.written is None or entry.written.remote.link is None or not entry.is_held:
        return None
    calendar = calendars.get(entry.calendar_id)
    return EntryLink(entry.written.remote.link, open_calendar_words(calendar.kind if calendar else None))


def needs_host(booking: Booking) -> bool:
    """Whether nothing goes on by itself here."""
    if booking.status != "confirmed":
        return False
    is_stuck = isinstance(booking.conference, Failed) or bool(booking.unreached) or bool(booking.overlapped)
    return is_stuck or (booking.entry is not None and booking.entry.needs_host)


def fallback_words(booking: Booking, host: Host, reader: Party) -> str | None:
    """Asked for, used, and why."""
    return fallbacks.fallback_words(booking, reader, host=host.name, guest=guest_name(booking))


def cancelling_words(booking: Booking, host: Host, reader: Party) -> str:
    """Who hears of it if the booking is cancelled now: nobody of what they were never told."""
    if booking.status == "held":
        return _("Nothing is booked yet, and {host} hasn’t heard of it.").format(host=host.name)
    if not booking.announced:
        return _("We haven’t sent an email about this booking yet, so we won’t send one now.")
    if booking.invited:
        return _("We’ll email everyone who is invited and remove it from their calendars.")
    if reader == "host":
        return _("We’ll email {guest}.").format(guest=guest_name(booking))
    return _("We’ll email you both and remove it from your calendars.")


def moving_words(booking: Booking, reader: Party) -> str:
    """Who hears of it if the booking is rescheduled now."""
    if booking.invited:
        return _("We’ll email everyone who is invited and move the calendar event.")
    if reader == "host":
        return _("We’ll email {guest} and move the calendar event.").format(guest=guest_name(booking))
    return _("We’ll email you both and move the calendar event.")


def cancelled_words(cancellation: Cancellation, booking: Booking, host: Host, reader: Party) -> str:
    """Who cancelled it, when, in the reader's zone, and why."""
    zone = booking.guest.timezone if reader == "guest" else host.timezone
    sentence = (
        _("You cancelled this booking on {when} ({zone}).")
        if cancellation.by == reader
        else _("{name} cancelled this booking on {when} ({zone}).")
    )
    sentence = sentence.format(
        name=_other(booking, host, reader), when=starts(cancellation.at, zone), zone=zone_name(zone)
    )
    return joined(sentence, typed_reason(cancellation_reason(cancellation.reason)))


def moved_words(booking: Booking, host: Host, reader: Party) -> str | None:
    """Who moved it from when and why, where it was moved."""
    if booking.move is None:
        return None
    zone = booking.guest.timezone if reader == "guest" else host.timezone
    sentence = (
        _("You rescheduled it from {before}.")
        if booking.move.by == reader
        else _("{name} rescheduled it from {before}.")
    )
    sentence = sentence.format(name=_other(booking, host, reader), before=starts(booking.move.from_start, zone))
    return joined(sentence, typed_reason(booking.move.reason))


def link_after_move(booking: Booking, start: datetime, reader: Party) -> str | None:
    """What becomes of the link at another time; None where there is nothing to say."""
    match booking.conference:
        case Ready(provider=str() as provider, made_for=made_for) if not about(provider).keeps_link(
            made_for or booking.slot.end, start
        ):
            stays = meeting_stays(booking) if reader == "host" else None
            sentence = _("That’s too far ahead for the join link, so we’ll create a new one.")
            return joined(sentence, stays)
        case Ready(provider=str() as provider) if reader == "host" and about(provider).shows_meetings:
            return _(
                "The join link stays the same. {provider} keeps showing the old time because TimeTuna can’t change "
                "meetings."
            ).format(provider=words_of(provider).name)
        case Ready():
            return _("The join link stays the same.")
        case _:
            return None


def meeting_stays(booking: Booking) -> str | None:
    """What stays at the provider once a meeting is no longer used; TimeTuna may neither change nor delete it."""
    return meetings.meeting_stays(booking.conference)


def shown_at_another_time(booking: Booking, zone: str) -> str | None:
    """Where a booking was moved and its provider's meeting wasn't."""
    match booking.conference:
        case Ready(provider=str() as provider, made_for=datetime() as made_for) as ready if (
            made_for != booking.slot.end and about(provider).shows_meetings
        ):
            number, there = meeting_id_words(ready), starts(made_for - booking.slot.duration, zone)
            sentence = (
                _(
                    "{name} still shows this meeting (meeting ID {number}) on {there}. The join link works at the "
                    "new time too."
                )
                if number
                else _("{name} still shows this meeting on {there}. The join link works at the new time too.")
            )
            return sentence.format(name=words_of(provider).name, number=number, there=there)
        case _:
            return None


def happened(entry: TimelineEntry, booking: Booking, zone: str) -> str:
    """What a booking's timeline tells, its instants as times of a zone."""
    return timeline_words(entry, lambda at: starts(at, zone), booking.additional_guests)


def _other(booking: Booking, host: Host, reader: Party) -> str:
    return host.name if reader == "guest" else guest_name(booking)


def _note(meeting_type: MeetingType, public: PublicPage) -> str:
    match meeting_type:
        case Phone(caller="host"):
            return _("{host} calls you.").format(host=public.host.name)
        case Phone(number=number):
            return _("You call {number}.").format(number=number)
        case InPerson(address=address):
            return address
        case _ if public.page.confirm_guest_email:
            return _("You get the link right after you confirm your booking by email.")
        case _:
            return _("You get the link right after booking.")
