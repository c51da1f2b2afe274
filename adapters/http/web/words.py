"""What is said about a booking on a page?"""

import re

import msgspec

from domain.booking import Booking
from domain.conference import Failed, NoConference, Pending, Ready
from domain.events import Party
from domain.host import Host
from domain.meeting_type import InPerson, MeetingType, MeetingTypeName, Phone, asks_for_number, label_of, name_of

_LINK = re.compile(r"https?://[\x21-\x7e]{1,2000}")
_ZOOM_GROUPS = {9: (3, 6), 10: (3, 6), 11: (3, 7)}


class Offered(msgspec.Struct, frozen=True):
    """A meeting type as a guest sees it."""

    name: MeetingTypeName
    label: str
    note: str
    asks_number: bool

    @classmethod
    def of(cls, meeting_type: MeetingType, host: Host) -> "Offered":
        name = name_of(meeting_type)
        return cls(name, label_of(name), _note(meeting_type, host), asks_for_number(meeting_type))


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
        case Pending(failure=None):
            return "The join link is being created"
        case Pending():
            return "No join link yet, being tried again"
        case Failed():
            return "Action needed: no join link"
        case NoConference() | Ready():
            return "Confirmed"


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
