"""Where a booking takes place, in words."""

from adapters.mail.people import Pair
from domain.booking import Booking
from domain.conference import Ready
from domain.events import Party
from domain.meeting_type import InPerson, MeetingTypeName, Phone, label_of, name_of
from domain.text import one_line, several_lines


def place_lines(booking: Booking, people: Pair, reader: Party) -> tuple[str, ...]:
    """How they meet, as one of them reads it."""
    if isinstance(booking.conference, Ready) and booking.conference.provider is None:
        return ("Online",)
    match booking.meeting_type:
        case Phone() as phone:
            return "Phone call", _who_calls(phone, booking, people, reader)
        case InPerson(address=address):
            return "In person", *several_lines(address, 500).split("\n")
        case other:
            return (label_of(name_of(other)),)


def calendar_location(booking: Booking, people: Pair) -> str:
    """The same in one line for a calendar; a cancelled meeting has no link any more."""
    if isinstance(booking.conference, Ready):
        return one_line(booking.conference.join_url, 2000) if booking.status == "confirmed" else "Online"
    match booking.meeting_type:
        case Phone() as phone:
            return f"Phone: {_who_calls(phone, booking, people, None)}"
        case InPerson(address=address):
            return one_line(address, 500)
        case _:
            return "Online"


def _who_calls(phone: Phone, booking: Booking, people: Pair, reader: Party | None) -> str:
    if phone.caller == "host":
        caller, called, number = people.host, people.guest, booking.guest.phone
    else:
        caller, called, number = people.guest, people.host, phone.number
    at = f" at {one_line(number, 40)}" if number else ""
    if reader is None:
        return f"{caller.name} calls {called.name}{at}"
    if reader == phone.caller:
        return f"You call {called.name}{at}"
    return f"{caller.name} calls you{at}"


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
