"""Names of the kinds of calendars."""

from collections.abc import Mapping

from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked
from domain.calendar import CalendarKind
from domain.provider import Provider

_PRODUCTS: Mapping[CalendarKind, str] = {
    "google": marked("Google Calendar"),
    "microsoft": marked("Outlook Calendar"),
    "caldav": marked("CalDAV"),
    "ical_feed": marked("iCal feed"),
}


ACCOUNTS: Mapping[CalendarKind, Provider] = {"google": "google", "microsoft": "microsoft"}
"""Whose accounts hosts sign in to, to connect their calendars."""


def calendar_product(kind: CalendarKind) -> str:
    return _(_PRODUCTS[kind])


def open_calendar_words(kind: CalendarKind | None) -> str:
    """What leads from a booking to its event; None where the calendar is no longer connected."""
    match kind:
        case "google":
            return _("Open in Google Calendar")
        case "microsoft":
            return _("Open in Outlook")
        case _:
            return _("Open in your calendar")
