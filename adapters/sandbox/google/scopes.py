"""Scopes that an app can request, with their descriptions."""

from collections.abc import Iterable, Mapping
from typing import Final

OPENID: Final = "openid"
EMAIL: Final = "https://www.googleapis.com/auth/userinfo.email"
PROFILE: Final = "https://www.googleapis.com/auth/userinfo.profile"
SPACE_CREATED: Final = "https://www.googleapis.com/auth/meetings.space.created"
SPACE_READONLY: Final = "https://www.googleapis.com/auth/meetings.space.readonly"
SPACE_SETTINGS: Final = "https://www.googleapis.com/auth/meetings.space.settings"

_CALENDAR: Final = "https://www.googleapis.com/auth/calendar"
CALENDAR: Final = _CALENDAR
CALENDAR_READONLY: Final = f"{_CALENDAR}.readonly"
CALENDARS_LISTED: Final = f"{_CALENDAR}.calendarlist.readonly"
FREE_BUSY: Final = f"{_CALENDAR}.freebusy"
EVENTS: Final = f"{_CALENDAR}.events"
EVENTS_READONLY: Final = f"{_CALENDAR}.events.readonly"
EVENTS_FREE_BUSY: Final = f"{_CALENDAR}.events.freebusy"
EVENTS_OWNED: Final = f"{_CALENDAR}.events.owned"
EVENTS_OWNED_READONLY: Final = f"{_CALENDAR}.events.owned.readonly"

SIGN_IN: Final[Mapping[str, str]] = {
    OPENID: "Associate you with your personal info on Google",
    EMAIL: "See your primary Google Account email address",
    PROFILE: "See your personal info, including any personal info you've made publicly available",
}
"""What comes with signing in; it can't be unticked."""

API: Final[Mapping[str, str]] = {
    SPACE_CREATED: "Create, edit, and see information about your Google Meet conferences created by the app.",
    SPACE_READONLY: "Read information about any of your Google Meet conferences",
    SPACE_SETTINGS: "Edit, and see settings for all of your Google Meet calls.",
    CALENDAR: "See, edit, share, and permanently delete all the calendars you can access using Google Calendar",
    CALENDAR_READONLY: "See and download any calendar you can access using your Google Calendar",
    CALENDARS_LISTED: "See the list of Google calendars you’re subscribed to",
    FREE_BUSY: "View your availability in your calendars",
    EVENTS: "View and edit events on all your calendars",
    EVENTS_READONLY: "View events on all your calendars",
    EVENTS_FREE_BUSY: "See the availability on Google calendars you have access to",
    EVENTS_OWNED: "See, create, change, and delete events on Google calendars you own",
    EVENTS_OWNED_READONLY: "See the events on Google calendars you own",
}
USUAL: Final = (OPENID, EMAIL, SPACE_CREATED)
CALENDAR_USUAL: Final = (OPENID, EMAIL, CALENDARS_LISTED, EVENTS_FREE_BUSY, EVENTS_OWNED)

_SHORT: Final[Mapping[str, str]] = {"email": EMAIL, "profile": PROFILE}


def named_in_full(scopes: Iterable[str]) -> list[str]:
    """Write scopes as Google's answers have them: `email` and `profile` are asked for by short names."""
    return list(dict.fromkeys(_SHORT.get(scope, scope) for scope in scopes))
