"""Sentences about calendars that can't be read, for the host who can act on it."""

from typing import assert_never

from adapters.presentation.language import gettext as _
from domain.calendar_problem import (
    AccessLost,
    AddressNotAllowed,
    CalendarGone,
    CalendarPermission,
    CalendarPermissionMissing,
    CalendarProblem,
    CalendarsBlockedByAdmin,
    CalendarsNotSetUp,
    CalendarTooComplex,
    CalendarTooLarge,
    NoCalendars,
    NoCalendarServer,
    NotACalendar,
    PasswordRefused,
    SentElsewhere,
    ServerBusy,
    ServerRefused,
    ServerTooSlow,
    ServerUnreachable,
    SignInEnded,
)


def for_connecting(problem: CalendarProblem) -> str:
    """What is wrong with an address that was just typed, and what to do."""
    match problem:
        case AddressNotAllowed():
            return _(
                "This address leads into a private network or isn’t secured by https. Use a public https address, or "
                "ask your administrator to allow the network."
            )
        case ServerUnreachable():
            return _("We can’t reach this server. Check the address for typos.")
        case ServerTooSlow():
            return _("The server took too long to answer. Try again.")
        case ServerBusy():
            return _("The server is busy or has technical problems. Try again in a few minutes.")
        case ServerRefused(401 | 403):
            return _("The server refused access. Copy the secret address from your calendar’s settings again.")
        case ServerRefused(404 | 410):
            return _("There is no calendar at this address. Copy it from your calendar’s settings again.")
        case ServerRefused(status):
            return _("The server refused our request (status {status}).").format(status=status)
        case NotACalendar():
            return _(
                "This address doesn’t lead to a calendar. Copy the address that ends in .ics from your calendar’s "
                "settings, not the one of the page that you see."
            )
        case CalendarTooLarge(megabytes):
            return _("This calendar is larger than {n} MB, which is more than we can read.").format(n=megabytes)
        case CalendarTooComplex():
            return _(
                "This calendar has more events than we can work out, or some that repeat too often. Remove such events "
                "and try again."
            )
        case AccessLost():
            return _("This server can’t read the stored address any more. Add the calendar again.")
        case NoCalendarServer():
            return _("We found no calendar server at this address. Look for a CalDAV address in your provider’s help.")
        case NoCalendars():
            return _("This account has no calendar for events. Create one there and try again.")
        case SentElsewhere(host):
            return _(
                "The server sends us on to {host}, which is another site. If you trust that site with your password, "
                "enter its address instead."
            ).format(host=host)
        case CalendarGone():
            return _("The account no longer holds this calendar.")
        case CalendarsNotSetUp():
            return _("This server’s settings for the provider are missing or wrong. Ask your administrator.")
        case SignInEnded():
            return _("We’re no longer allowed in. Press Reconnect.")
        case PasswordRefused():
            return _("The server doesn’t accept this user name and password. Use an app password, and check both.")
        case CalendarPermissionMissing(missing):
            return _("A permission is missing: {names}. Connect again, and leave all boxes checked.").format(
                names=", ".join(map(_permission, missing))
            )
        case CalendarsBlockedByAdmin():
            return _("An administrator of your organisation has to allow TimeTuna first.")
        case _:
            assert_never(problem)


def _permission(permission: CalendarPermission) -> str:
    match permission:
        case "list":
            return _("see the list of your calendars")
        case "read":
            return _("see when you are busy")
        case "write":
            return _("add events to your calendars")


def for_reading(problem: CalendarProblem) -> str:
    """Why a calendar that was read before can't be read now, and what to do."""
    match problem:
        case ServerUnreachable():
            return _("The server can’t be reached. We keep trying.")
        case ServerTooSlow():
            return _("The server takes too long to answer. We keep trying.")
        case ServerBusy():
            return _("The server is busy or has technical problems. We keep trying.")
        case NotACalendar():
            return _("The server sends something that isn’t a calendar. If this keeps happening, connect it again.")
        case ServerRefused(404 | 410):
            return _("The calendar is no longer at its address. Remove it here and add its new address.")
        case PasswordRefused():
            return _("The server no longer accepts the password. Press Reconnect, and use a new app password.")
        case _:
            return for_connecting(problem)


def for_writing(problem: CalendarProblem) -> str:
    """Why a booking's event can't be written to a calendar, and what to do."""
    match problem:
        case AccessLost():
            return _("The calendar is no longer connected. Connect it again under Connected providers.")
        case CalendarGone():
            return _("The account no longer holds this calendar. Choose another one on your booking page.")
        case ServerRefused(403 | 405):
            return _("The server doesn’t let us write to this calendar.")
        case ServerRefused(507):
            return _("The calendar has no room left.")
        case _:
            return for_reading(problem)
