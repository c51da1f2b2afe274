"""The place of a booking, in words."""

from adapters.mail.people import Pair, Person, Reader
from adapters.presentation.language import gettext as _
from adapters.presentation.phone_numbers import international
from adapters.presentation.sentences.meeting_types import label
from adapters.presentation.sentences.meetings import calls_you, you_call
from domain.booking import Booking
from domain.conference import Ready
from domain.meeting_type import LONGEST_PHONE_NUMBER, LONGEST_PLACE, InPerson, Phone, name_of
from domain.text import one_line, several_lines


def place_lines(booking: Booking, people: Pair, reader: Reader) -> tuple[str, ...]:
    """How they meet, as one of them reads it."""
    if isinstance(booking.conference, Ready) and booking.conference.provider is None:
        return (_("Online"),)
    match booking.meeting_type:
        case Phone() as phone:
            return _("Phone call"), _who_calls(phone, booking, people, reader)
        case InPerson(address=address):
            return _("In person"), *several_lines(address, LONGEST_PLACE).split("\n")
        case other:
            return (label(name_of(other)),)


def calendar_location(booking: Booking, people: Pair, *, numbers: bool = True) -> str:
    """The same in one line for a calendar; a cancelled meeting has no link any more.

    Args:
        numbers: the reader may know who is called at which number.
    """
    if isinstance(booking.conference, Ready):
        return one_line(booking.conference.join_url, 2000) if booking.status == "confirmed" else _("Online")
    match booking.meeting_type:
        case Phone() as phone:
            return _phone_location(phone, booking, people, numbers=numbers)
        case InPerson(address=address):
            return one_line(address, LONGEST_PLACE)
        case _:
            return _("Online")


def _phone_location(phone: Phone, booking: Booking, people: Pair, *, numbers: bool) -> str:
    caller, called, number = _call(phone, booking, people)
    location = (
        _("Phone: {caller} calls {called} at {number}") if number and numbers else _("Phone: {caller} calls {called}")
    )
    return location.format(caller=caller.name, called=called.name, number=number)


def _who_calls(phone: Phone, booking: Booking, people: Pair, reader: Reader) -> str:
    caller, called, number = _call(phone, booking, people)
    if reader == "invitee":
        return _("{caller} calls {called}").format(caller=caller.name, called=called.name)
    return you_call(called.name, number) if reader == phone.caller else calls_you(caller.name, number)


def _call(phone: Phone, booking: Booking, people: Pair) -> tuple[Person, Person, str]:
    """Who calls, who is called, and at which number, if one is known."""
    if phone.caller == "host":
        caller, called, number = people.host, people.guest, international(booking.contact.phone)
    else:
        caller, called, number = people.guest, people.host, phone.number
    return caller, called, one_line(number or "", LONGEST_PHONE_NUMBER)
