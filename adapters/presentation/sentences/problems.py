"""Titles and explanations of the problem types (RFC 9457), in the reader's language."""

import msgspec

from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked


class _Words(msgspec.Struct, frozen=True):
    """`title` is the same in every answer of a type; `text` explains it on the page that `type` leads to."""

    title: str
    text: str


def problem_title(code: str) -> str:
    return _(_WORDS[code].title)


def problem_text(code: str) -> str:
    """What the type means and what to do, for its own page."""
    return _(_WORDS[code].text)


def problem_detail(code: str) -> str:
    """What happened, where the framework refused a request and no refusal of ours says more."""
    return _(_DETAILS.get(code, _WORDS[code].text))


_WORDS: dict[str, _Words] = {
    "invalid-input": _Words(
        marked("Invalid input"),
        marked(
            "Something in the request is missing, malformed or not allowed. Each entry of “errors” names one member "
            "by its dotted path, such as guest.email, and says what to change. Nothing was stored."
        ),
    ),
    "unauthorized": _Words(
        marked("Not signed in"),
        marked(
            "The call needs a host’s API token in the header “Authorization: Bearer …”, and the one that was sent is "
            "missing or not known. The session of a browser doesn’t count for the API."
        ),
    ),
    "forbidden": _Words(
        marked("Not allowed"),
        marked(
            "The request isn’t allowed. If it came from a form in the browser, another site sent it: open the "
            "page here and send the form from it."
        ),
    ),
    "not-found": _Words(
        marked("Not found"),
        marked(
            "There’s nothing at this address. Check it for typos. The host may also have renamed the booking "
            "page or taken it offline."
        ),
    ),
    "method-not-allowed": _Words(
        marked("Method not allowed"),
        marked("The address exists, but not for this HTTP method. The header “Allow” lists the methods that it takes."),
    ),
    "slot-taken": _Words(
        marked("This time is no longer free"),
        marked(
            "Someone else has booked it, or the host’s calendar shows them as busy (“reason” is “busy”), or the page "
            "takes no more bookings that day (“daily-cap”). Nothing was booked. “alternatives” lists up to three of "
            "the nearest free times."
        ),
    ),
    "slot-not-offered": _Words(
        marked("This time is not offered"),
        marked(
            "The start is not one of those that the page offers: outside the host’s hours, too soon, too far ahead, "
            "or off the steps of the page. “alternatives” lists up to three nearest times that can be booked."
        ),
    ),
    "no-meeting-type-available": _Words(
        marked("This page is not taking bookings"),
        marked(
            "None of the page’s ways to meet can be used right now. “detail” says why, for example that no Zoom "
            "account is connected. Nothing was booked. The host has been notified and can connect an account or "
            "turn on another meeting type."
        ),
    ),
    "meeting-type-not-offered": _Words(
        marked("This meeting type is not offered"),
        marked(
            "The page doesn’t have this meeting type switched on. The page’s own description lists those that it has."
        ),
    ),
    "booking-closed": _Words(
        marked("This booking can no longer be changed"),
        marked("The booking is cancelled or over, so it can’t be cancelled or rescheduled."),
    ),
    "event-erased": _Words(
        marked("Event erased"),
        marked(
            "The guest’s details were erased from this event. Receivers may have it under the same id with other "
            "content, so it isn’t sent again. Nothing changed."
        ),
    ),
    "calendar-busy": _Words(
        marked("Your calendar is busy"),
        marked(
            "One of the calendars that block this page is busy then. To book anyway, send “despite_calendars” true."
        ),
    ),
    "booking-open": _Words(
        marked("This booking is still to come"),
        marked("A guest’s details can be erased once the booking is cancelled or over. Nothing changed."),
    ),
    "schedule-in-use": _Words(
        marked("This schedule is in use"),
        marked("Booking pages take their hours from it; “detail” names them. Give them other hours, then delete it."),
    ),
    "too-large": _Words(
        marked("Too large"),
        marked("The body of the request is larger than this call takes. Nothing was stored."),
    ),
    "unsupported-media-type": _Words(
        marked("Unsupported media type"),
        marked("The call takes a JSON body, announced by the header “Content-Type: application/json”."),
    ),
    "idempotency-key-reused": _Words(
        marked("Idempotency-Key used twice"),
        marked(
            "The same Idempotency-Key was sent before with another body. Use a new key for each new booking, and the "
            "same key only to repeat a request exactly."
        ),
    ),
    "link-ended": _Words(
        marked("This link can’t be used any more"),
        marked(
            "A single-use link is good for as many bookings as its host allows, until it expires or the host deletes "
            "it. Nothing was booked. A cancelled booking gives its use back. Ask the host for a new link."
        ),
    ),
    "too-many-bookings": _Words(
        marked("Too many bookings"),
        marked(
            "This email address has as many upcoming bookings on this page as its host allows. Nothing was booked. "
            "Reschedule or cancel one of them, or book again once one is over."
        ),
    ),
    "too-many-requests": _Words(
        marked("Too many requests"),
        marked(
            "There were too many tries from one network in a short time, or too many emails to one address, "
            "changes of one booking, or bookings. Nothing changed. The header “Retry-After” says how many "
            "seconds to wait."
        ),
    ),
    "overloaded": _Words(
        marked("Busy right now"),
        marked("The server is busy. Nothing changed. The header “Retry-After” says how many seconds to wait."),
    ),
    "calendar-unreadable": _Words(
        marked("Times can’t be checked right now"),
        marked(
            "One of the host’s calendars can’t be read, so we don’t know whether the host is free. Nothing was booked. "
            "The header “Retry-After” says how many seconds to wait."
        ),
    ),
    "unavailable": _Words(
        marked("Not available right now"),
        marked(
            "The server can’t reach its database, so it doesn’t know whether anything was saved. Send the request "
            "again: a booking is never made twice. The header “Retry-After” says how many seconds to wait."
        ),
    ),
    "internal-error": _Words(
        marked("Something went wrong on our side"),
        marked(
            "Something unexpected went wrong on the server. It has been logged for the administrator. Try again "
            "in a moment."
        ),
    ),
}

_DETAILS: dict[str, str] = {
    "not-found": marked("There’s nothing at this address."),
    "method-not-allowed": marked("This address doesn’t take this HTTP method."),
    "too-large": marked("That’s too large. Nothing was saved."),
    "overloaded": marked("We’re busy right now. Nothing changed. Try again in a few seconds."),
    "unavailable": marked(
        "We can’t reach our database right now. Try again in a few seconds: a booking is never made twice."
    ),
    "internal-error": marked("We’ve logged it. Try again in a moment."),
    "invalid-input": marked("The request could not be read."),
    "unsupported-media-type": marked("Send the body as JSON, with the header “Content-Type: application/json”."),
}
