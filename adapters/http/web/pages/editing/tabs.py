"""Editor tabs, their fields and error counts."""

from typing import Literal, get_args

import msgspec

from adapters.http.web.forms import Errors
from adapters.presentation.language import gettext as _
from adapters.presentation.language import marked

TabName = Literal["booking", "availability", "calendars", "questions", "notifications", "share"]
TABS: tuple[TabName, ...] = get_args(TabName)

_WORDS: dict[TabName, str] = {
    "booking": marked("Booking"),
    "availability": marked("Availability"),
    "calendars": marked("Calendars"),
    "questions": marked("Questions"),
    "notifications": marked("Notifications"),
    "share": marked("Share"),
}
_NAMED: dict[str, TabName] = {name: name for name in TABS}
_AVAILABILITY = {"schedule", "hours", "date", "notice", "not_today", "horizon", "before", "after", "interval", "cap"}
_HOLIDAYS = {"holidays_country", "holidays_region"}
_NOTIFICATIONS = {"lead", "remind"}


class Tab(msgspec.Struct, frozen=True):
    """`wrong` counts what is to be checked on it."""

    name: TabName
    words: str
    wrong: int


def tabs(errors: Errors) -> tuple[Tab, ...]:
    homes = [tab_of(field) for field in errors]
    return tuple(Tab(name, _(_WORDS[name]), homes.count(name)) for name in TABS)


def tab_of(field: str) -> TabName:
    first = field.partition(".")[0]
    if first in _AVAILABILITY | _HOLIDAYS:
        return "availability"
    if first == "calendars":
        return "calendars"
    if first in _NOTIFICATIONS:
        return "notifications"
    if first == "sites":
        return "share"
    if first == "question" or field.endswith(".questions"):
        return "questions"
    return "booking"


def opened(wished: str, errors: Errors) -> TabName:
    """The tab to show: the first with something to check, else the one that was open."""
    wrong = {tab_of(field) for field in errors}
    if wrong:
        return next(each for each in TABS if each in wrong)
    return _NAMED.get(wished, TABS[0])
