"""Sentences about bookings that use another meeting type than the one that was asked for."""

from typing import assert_never

from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked
from adapters.presentation.sentences.failures import failure_for_guest
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.meeting_types import asked_for, will_be
from adapters.presentation.sentences.obstacles import obstacle_words
from domain.booking import Booking
from domain.events import Party
from domain.fallback import ChosenByHost, FallbackReason, MeetingFailed, MeetingTypeUnusable
from domain.meeting_type import MeetingTypeName, name_of

Instead = tuple[MeetingTypeName, MeetingTypeName]
"""The meeting type that is used, and the one that was asked for."""

_BOOKED: dict[Instead, str] = {
    ("zoom", "google_meet"): marked("Booked, on Zoom instead of Google Meet"),
    ("zoom", "microsoft_teams"): marked("Booked, on Zoom instead of Microsoft Teams"),
    ("zoom", "phone"): marked("Booked, on Zoom instead of by phone"),
    ("zoom", "in_person"): marked("Booked, on Zoom instead of in person"),
    ("google_meet", "zoom"): marked("Booked, on Google Meet instead of Zoom"),
    ("google_meet", "microsoft_teams"): marked("Booked, on Google Meet instead of Microsoft Teams"),
    ("google_meet", "phone"): marked("Booked, on Google Meet instead of by phone"),
    ("google_meet", "in_person"): marked("Booked, on Google Meet instead of in person"),
    ("microsoft_teams", "zoom"): marked("Booked, on Microsoft Teams instead of Zoom"),
    ("microsoft_teams", "google_meet"): marked("Booked, on Microsoft Teams instead of Google Meet"),
    ("microsoft_teams", "phone"): marked("Booked, on Microsoft Teams instead of by phone"),
    ("microsoft_teams", "in_person"): marked("Booked, on Microsoft Teams instead of in person"),
    ("phone", "zoom"): marked("Booked, by phone instead of Zoom"),
    ("phone", "google_meet"): marked("Booked, by phone instead of Google Meet"),
    ("phone", "microsoft_teams"): marked("Booked, by phone instead of Microsoft Teams"),
    ("phone", "in_person"): marked("Booked, by phone instead of in person"),
    ("in_person", "zoom"): marked("Booked, in person instead of Zoom"),
    ("in_person", "google_meet"): marked("Booked, in person instead of Google Meet"),
    ("in_person", "microsoft_teams"): marked("Booked, in person instead of Microsoft Teams"),
    ("in_person", "phone"): marked("Booked, in person instead of by phone"),
}

_NOW: dict[Instead, str] = {
    ("zoom", "google_meet"): marked("Now on Zoom instead of Google Meet"),
    ("zoom", "microsoft_teams"): marked("Now on Zoom instead of Microsoft Teams"),
    ("zoom", "phone"): marked("Now on Zoom instead of by phone"),
    ("zoom", "in_person"): marked("Now on Zoom instead of in person"),
    ("google_meet", "zoom"): marked("Now on Google Meet instead of Zoom"),
    ("google_meet", "microsoft_teams"): marked("Now on Google Meet instead of Microsoft Teams"),
    ("google_meet", "phone"): marked("Now on Google Meet instead of by phone"),
    ("google_meet", "in_person"): marked("Now on Google Meet instead of in person"),
    ("microsoft_teams", "zoom"): marked("Now on Microsoft Teams instead of Zoom"),
    ("microsoft_teams", "google_meet"): marked("Now on Microsoft Teams instead of Google Meet"),
    ("microsoft_teams", "phone"): marked("Now on Microsoft Teams instead of by phone"),
    ("microsoft_teams", "in_person"): marked("Now on Microsoft Teams instead of in person"),
    ("phone", "zoom"): marked("Now by phone instead of Zoom"),
    ("phone", "google_meet"): marked("Now by phone instead of Google Meet"),
    ("phone", "microsoft_teams"): marked("Now by phone instead of Microsoft Teams"),
    ("phone", "in_person"): marked("Now by phone instead of in person"),
    ("in_person", "zoom"): marked("Now in person instead of Zoom"),
    ("in_person", "google_meet"): marked("Now in person instead of Google Meet"),
    ("in_person", "microsoft_teams"): marked("Now in person instead of Microsoft Teams"),
    ("in_person", "phone"): marked("Now in person instead of by phone"),
}


def fallback_words(booking: Booking, reader: Party, *, host: str, guest: str) -> str | None:
    """Asked for, used, and why, as one of them reads it; `host` and `guest` are their names."""
    if booking.fallback is None:
        return None
    return joined(
        asked_for(booking.requested, guest, reader),
        will_be(name_of(booking.meeting_type)),
        _why(booking.fallback, reader, host),
    )


def booked_instead(booking: Booking) -> str:
    """The headline of a booking that fell back."""
    return _(_BOOKED[_instead(booking)])


def now_instead(booking: Booking) -> str:
    """The same where another type was told before."""
    return _(_NOW[_instead(booking)])


def _instead(booking: Booking) -> Instead:
    return name_of(booking.meeting_type), booking.requested


def fallback_reason(reason: FallbackReason) -> str:
    """Why, for programs, which show it to anybody."""
    match reason:
        case MeetingTypeUnusable(obstacle):
            return obstacle_words(obstacle)
        case MeetingFailed(failure):
            # Both sides read this; what the host can do about it is on the timeline.
            return failure_for_guest(failure)
        case ChosenByHost():
            return _("The host chose another way to meet.")
        case _:
            assert_never(reason)


def _why(reason: FallbackReason, reader: Party, host: str) -> str:
    if not isinstance(reason, ChosenByHost):
        return fallback_reason(reason)
    if reader == "host":
        return _("You chose another way to meet.")
    return _("{host} chose another way to meet.").format(host=host)
