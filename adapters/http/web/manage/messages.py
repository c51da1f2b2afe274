"""Messages on the guest's booking page after an action or a change."""

from datetime import timedelta

from adapters.http.web.booking_words import Message, cancelled_words, fallback_words
from adapters.presentation.language import gettext as _
from adapters.presentation.language import ngettext
from adapters.presentation.sentences.fallbacks import booked_instead
from adapters.presentation.sentences.joined import joined
from adapters.presentation.sentences.meeting_types import is_now
from adapters.presentation.sentences.meetings import join_words
from adapters.presentation.sentences.refusals import refusal_sentence
from adapters.presentation.times import starts
from domain.booking import Booking
from domain.conference import Failed, Pending, Ready
from domain.errors import TooManyRequests
from domain.host import Host
from domain.meeting_type import name_of


def message_for(done: str, booking: Booking, *, is_open: bool) -> Message | None:
    """The words for a short code in the address, as far as the booking bears it out."""
    if booking.status == "held":
        return _about_the_link(done, booking)
    if not is_open:
        return None
    match done:
        case "mailed" if booking.announced:
            sent = _(
                "We’ve resent the email to {email}. Not there in a few minutes? Check your spam folder. Everything "
                "in it is also on this page."
            )
            return Message("status", sent.format(email=booking.contact.email))
        case "confirmed-before":
            return Message("status", _("You’ve confirmed this booking already."))
        case "moved" if booking.move and booking.move.by == "guest":
            return Message("status", _moved(booking))
        case _:
            return None


def _moved(booking: Booking) -> str:
    if not booking.announced:
        return _("Rescheduled.")
    if booking.invited:
        return _("Rescheduled. We’ve emailed everyone who is invited.")
    return _("Rescheduled. We’ve emailed you both.")


def mailed_before(refusal: TooManyRequests, booking: Booking) -> Message:
    hint = _("Check your spam folder, too: everything in the email is also on this page.")
    if booking.status == "held":
        hint = _("Check your spam folder too.")
    return Message("alert", joined(refusal_sentence(refusal), hint))


def _about_the_link(done: str, booking: Booking) -> Message | None:
    """The same while the booking waits to be confirmed."""
    match done:
        case "mailed":
            sent = _("We’ve sent the link to {email} again. Not there in a few minutes? Look in your spam folder.")
            return Message("status", sent.format(email=booking.guest.email))
        case _:
            return None


def mail_to_come(booking: Booking, link_wait: timedelta) -> str:
    """When the first mail leaves: it waits for the link, but not for longer than the setting says."""
    if not isinstance(booking.conference, Pending) or not link_wait:
        return _("We’ll email all of this to you in a moment.")
    # Rounded up, so that it is true.
    minutes = -(-link_wait // timedelta(minutes=1))
    sentence = ngettext(
        "We’ll email you as soon as the link is ready, within {n} minute.",
        "We’ll email you as soon as the link is ready, within {n} minutes.",
        minutes,
    )
    return sentence.format(n=minutes)


def announcement(booking: Booking, host: Host) -> str:
    """What a screen reader says when an open page changes to the present state."""
    if booking.cancellation is not None:
        return cancelled_words(booking.cancellation, booking, host, "guest")
    if booking.held_until is not None:
        return _("Check your email to confirm your booking.")
    conference = booking.conference
    match booking.last_change:
        case "rescheduled":
            when = starts(booking.slot.start, booking.guest.timezone)
            return _("Your booking was rescheduled to {time}.").format(time=when)
        case "link_replaced" if isinstance(conference, Ready):
            return _("Your booking has a new join link: {button}.").format(button=join_words(conference))
        case "switched":
            return is_now(name_of(booking.meeting_type))
        case _:
            return _state_of_meeting(booking, host)


def page_title(booking: Booking, host: Host, *, past: bool) -> str:
    parts = {"title": booking.title, "name": host.name}
    if booking.status == "held":
        return _("Check your email: {title} with {name}").format(**parts)
    if booking.status == "cancelled":
        return _("Cancelled: {title} with {name}").format(**parts)
    if past:
        return _("Past: {title} with {name}").format(**parts)
    if booking.fell_back:
        return _("{headline}: {title} with {name}").format(headline=booked_instead(booking), **parts)
    return _("You’re booked: {title} with {name}").format(**parts)


def _state_of_meeting(booking: Booking, host: Host) -> str:
    match booking.conference:
        case Ready() as ready:
            return _("Your link is ready: {button}.").format(button=join_words(ready))
        case Failed():
            return _("{name} will send the link.").format(name=host.name)
        case Pending(failure=None):
            return _("Your link is being created.")
        case Pending():
            return _("Your link is taking a little longer. It follows by email.")
        case _ if booking.last_change == "booked":
            return fallback_words(booking, host, "guest") or _("Your booking is confirmed.")
        case _:
            return fallback_words(booking, host, "guest") or _("The details of your meeting have changed.")
