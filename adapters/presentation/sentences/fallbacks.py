"""Why a booking uses another meeting type than the one that was asked for."""

from typing import assert_never

from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.failures import failure_for_guest
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.meeting_types import asked_for, how, instead_of, will_be
from adapters.presentation.sentences.obstacles import obstacle_words
from domain.booking import Booking
from domain.events import Party
from domain.fallback import ChosenByHost, FallbackReason, MeetingFailed, MeetingTypeUnusable
from domain.meeting_type import name_of


def fallback_words(booking: Booking, reader: Party, *, host: str, guest: str) -> str | None:
    """Asked for, used, and why, as one of them reads it; `host` and `guest` are their names."""
    if booking.fallback is None:
        return None
    return joined(
        asked_for(booking.requested, guest, reader),
        will_be(name_of(booking.meeting_type)),
        _why(booking.fallback, reader, host),
    )


def used_instead(booking: Booking) -> str:
    """In a few words, such as "by phone instead of Zoom"."""
    used, asked = how(name_of(booking.meeting_type)), instead_of(booking.requested)
    return _("{used} {instead_of_asked}").format(used=used, instead_of_asked=asked)


def fallback_headline(booking: Booking) -> str:
    """What has become of the booking, where it fell back."""
    return _("Booked, {by_phone_instead_of_zoom}").format(by_phone_instead_of_zoom=used_instead(booking))


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
