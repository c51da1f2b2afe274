"""What kinds of calendars are called."""

from collections.abc import Mapping

from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked
from domain.calendar import CalendarKind

_PRODUCTS: Mapping[CalendarKind, str] = {
    "google": "Google Calendar",
    "microsoft": "Outlook Calendar",
    "caldav": "CalDAV",
    "ical_feed": marked("iCal feed"),
}


def calendar_product(kind: CalendarKind) -> str:
    return _(_PRODUCTS[kind])
