"""What is said about a booking on a page?"""

import re
from datetime import datetime
from typing import Literal

import msgspec

from adapters.http.web.times import starts
from domain.booking import Booking
from domain.conference import Failed, NoConference, Pending, Ready
from domain.events import Party
from domain.host import Host
from domain.meeting_type import (
    InPerson,
    MeetingType,
    MeetingTypeName,
    Phone,
    asks_for_number,
    label_of,
    name_of,
    provider_of,
)
from domain.slot import Slot

_LINK = re.compile(r"https?://[\x21-\x7e]{1,2000}")
_ZOOM_GROUPS = {9: (3, 6), 10: (3, 6), 11: (3, 7)}


class Message(msgspec.Struct, frozen=True):
    """What came of something, on the page after it."""

    role: Literal["status", "alert"]
    text: str


class Offered(msgspec.Struct, frozen=True):
    """A meeting type as a guest sees it; one that is `online` may fail later, and be replaced by a phone call."""

    name: MeetingTypeName
    label: str
    note: str
    asks_number: bool
    online: bool

    @classmethod
    def of(cls, meeting_type: MeetingType, host: Host) -> "Offered":
        name = name_of(meeting_type)
        return cls(
            name=name,
            label=label_of(name),
            note=_note(meeting_type, host),
            asks_number=asks_for_number(meeting_type),
            online=provider_of(meeting_type) is not None,
        )


def join_words(ready: Ready) -> str:
    """What the button says; a link that the host added by hand may lead anywhere."""
    match ready.provider:
        case "zoom":
            return "Join Zoom meeting"
        case "google":
            return "Join Google Meet"
        case "microsoft":
            return "Join Microsoft Teams meeting"
        case None:
            return "Join meeting"


def is_link(url: str) -> bool:
    """Whether an address may become something to click on."""
    return _LINK.fullmatch(url) is not None


def meeting_id_words(ready: Ready) -> str:
    """The meeting ID grouped as Zoom shows it (812 3456 7890), another provider's as it is, or nothing."""
    number = ready.meeting_id or ""
    if ready.provider != "zoom" or not (number.isascii() and number.isdigit()) or len(number) not in _ZOOM_GROUPS:
        return number
    first, second = _ZOOM_GROUPS[len(number)]
    return f"{number[:first]} {number[first:second]} {number[second:]}"


def where(booking: Booking, host: Host, reader: Party) -> str:
    """How they meet, as one of them reads it."""
    if isinstance(booking.conference, Ready) and booking.conference.provider is None:
        return "Online"
    match booking.meeting_type:
        case Phone(caller="host"):
            called = f" at {booking.guest.phone}" if booking.guest.phone else ""
            return f"You call {booking.guest.name}{called}" if reader == "host" else f"{host.name} calls you{called}"
        case Phone(number=number):
            return f"You call {host.name} at {number}" if reader == "guest" else f"{booking.guest.name} calls {number}"
        case InPerson(address=address):
            return address
        case other:
            return label_of(name_of(other))


def state_words(booking: Booking) -> str:
    """Where a booking's meeting stands, in a few words for the host."""
    if booking.status == "cancelled":
        return "Cancelled"
    match booking.conference:
        case Failed():
            return "Action needed: no join link"
        case _ if booking.unreached:
            return "Action needed: mail not delivered"
        case Pending(failure=None):
            return "The join link is being created"
        case Pending():
            return "No join link yet, being tried again"
        case NoConference() | Ready():
            return "Confirmed"


def needs_host(booking: Booking) -> bool:
    """Whether nothing goes on by itself here."""
    return booking.status == "confirmed" and (isinstance(booking.conference, Failed) or bool(booking.unreached))


def in_a_sentence(name: MeetingTypeName) -> str:
    match name:
        case "zoom":
            return "a Zoom meeting"
        case "google_meet":
            return "a Google Meet call"
        case "microsoft_teams":
            return "a Microsoft Teams meeting"
        case "phone":
            return "a phone call"
        case "in_person":
            return "a meeting in person"


def fallback_words(booking: Booking, reader: Party) -> str | None:
    """Asked for, used, and why."""
    if booking.fell_back is None:
        return None
    who = "You" if reader == "guest" else booking.guest.name
    asked, used = in_a_sentence(booking.requested), in_a_sentence(name_of(booking.meeting_type))
    return f"{who} asked for {asked}. It will be {used} instead. The reason: {booking.fell_back}"


def cancelled_words(booking: Booking, host: Host, reader: Party) -> str:
    """Who cancelled it, and when, in the reader's zone."""
    zone = booking.guest.timezone if reader == "guest" else host.timezone
    when = f" on {starts(booking.cancelled_at, zone)} ({zone})" if booking.cancelled_at else ""
    if booking.cancelled_by is None:
        return f"This booking was cancelled{when}."
    return f"{_called(booking.cancelled_by, booking, host, reader)} cancelled this booking{when}."


def moved_words(booking: Booking, host: Host, reader: Party) -> str | None:
    """Who moved it from when, where it was moved."""
    if booking.previous_start is None or booking.moved_by is None:
        return None
    zone = booking.guest.timezone if reader == "guest" else host.timezone
    who = _called(booking.moved_by, booking, host, reader)
    reason = f" Reason: {booking.move_reason}" if booking.move_reason else ""
    return f"{who} moved it from {starts(booking.previous_start, zone)}.{reason}"


def link_after_move(booking: Booking, start: datetime, reader: Party) -> str | None:
    """What becomes of the link at another time; None where there is nothing to say."""
    moved = msgspec.structs.replace(booking, slot=Slot.lasting(booking.slot.duration, start))
    match booking.conference:
        case Ready(provider=str()) as link if not moved.reaches(link.made_for or booking.slot.end):
            stays = f" {zoom_keeps(booking)}" if reader == "host" and zoom_keeps(booking) else ""
            return f"That is too far off for the join link, so both of you get a new one.{stays}"
        case Ready(provider="zoom") if reader == "host":
            return "The join link stays the same. Zoom goes on showing the old time: TimeTuna may not change meetings."
        case Ready():
            return "The join link stays the same."
        case _:
            return None


def zoom_keeps(booking: Booking) -> str | None:
    """What stays at Zoom once a meeting is no longer used; TimeTuna may neither change nor delete it."""
    match booking.conference:
        case Ready(provider="zoom") as ready:
            number = meeting_id_words(ready)
            which = f" (meeting ID {number})" if number else ""
            return f"The Zoom meeting{which} stays in your Zoom account. You can delete it there."
        case _:
            return None


def zoom_shows_another_time(booking: Booking, zone: str) -> str | None:
    """Where a booking was moved and its Zoom meeting wasn't."""
    match booking.conference:
        case Ready(provider="zoom", made_for=datetime() as made_for) as ready if made_for != booking.slot.end:
            number = meeting_id_words(ready)
            which = f" (meeting ID {number})" if number else ""
            there = starts(made_for - booking.slot.duration, zone)
            return (
                f"Zoom still shows this meeting{which} on {there}. The join link is right at the new time all the same."
            )
        case _:
            return None


def _called(party: Party, booking: Booking, host: Host, reader: Party) -> str:
    if party == reader:
        return "You"
    return host.name if party == "host" else booking.guest.name


def _note(meeting_type: MeetingType, host: Host) -> str:
    match meeting_type:
        case Phone(caller="host"):
            return f"{host.name} calls you."
        case Phone(number=number):
            return f"You call {number}."
        case InPerson(address=address):
            return address
        case _:
            return "You get the link right after booking."
