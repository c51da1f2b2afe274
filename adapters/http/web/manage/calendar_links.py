"""Links that add a booking to web calendars.

By an address that opens a filled-in event. Spaces go as %20: Outlook shows a plus sign as it is.
"""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import msgspec

from adapters.http.web.booking_words import where
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.meetings import meeting_id_words
from domain.booking import Booking
from domain.conference import Failed, Pending, Ready
from domain.host import Host

_GOOGLE = "https://calendar.google.com/calendar/render"
_OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"
_MICROSOFT_365 = "https://outlook.office.com/calendar/0/deeplink/compose"


class CalendarLink(msgspec.Struct, frozen=True):
    name: str
    url: str


def calendar_links(booking: Booking, host: Host) -> tuple[CalendarLink, ...]:
    """Where a guest can save the booking as it is now; nothing in it can change or cancel the booking."""
    title = _("{title} with {name}").format(title=booking.title, name=host.name)
    details, location = "\n".join(_details(booking, host)), _location(booking, host)
    google = {
        "action": "TEMPLATE",
        "text": title,
        "dates": f"{_compact(booking.slot.start)}/{_compact(booking.slot.end)}",
        "location": location,
        "details": details,
    }
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": _extended(booking.slot.start),
        "enddt": _extended(booking.slot.end),
        "location": location,
        "body": details,
    }
    return (
        CalendarLink(_("Google Calendar"), _address(_GOOGLE, google)),
        CalendarLink("Outlook.com", _address(_OUTLOOK, outlook)),
        CalendarLink("Microsoft 365", _address(_MICROSOFT_365, outlook)),
    )


def _location(booking: Booking, host: Host) -> str:
    match booking.conference:
        case Ready(join_url=join_url):
            return join_url
        case Pending() | Failed():
            return _("Online")
        case _:
            return where(booking, host, "guest")


def _details(booking: Booking, host: Host) -> list[str]:
    match booking.conference:
        case Ready() as ready:
            number = meeting_id_words(ready)
            lines = [_("Join: {link}").format(link=ready.join_url)]
            lines += [_("Meeting ID: {number}").format(number=number)] if number else []
            lines += [_("Passcode: {passcode}").format(passcode=ready.passcode)] if ready.passcode else []
            return lines
        case Pending():
            return [_("The link follows by email.")]
        case Failed():
            return [_("{name} will send the link.").format(name=host.name)]
        case _:
            return [where(booking, host, "guest")]


def _address(base: str, query: dict[str, str]) -> str:
    return f"{base}?{urlencode(query, quote_via=quote)}"


def _compact(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _extended(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
