"""A host's calendars as pages show them."""

from datetime import datetime

import msgspec

from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.calendar_problems import for_reading
from application.actor import HostActor
from application.app import App
from domain.calendar import Calendar, CalendarConnection, CalendarState


class CalendarRow(msgspec.Struct, frozen=True):
    """A calendar with its state; `problem` says why it can't be read and what to do, if so."""

    calendar: Calendar
    connection: CalendarConnection
    state: CalendarState
    badge: str
    tone: str
    problem: str | None

    @classmethod
    def of(cls, calendar: Calendar, connection: CalendarConnection, now: datetime) -> "CalendarRow":
        state = calendar.state(now)
        badge, tone = {
            "fresh": (_("Connected"), "good"),
            "stale": (_("Can’t be read right now"), "warn"),
            "broken": (_("Can’t be read"), "bad"),
        }[state]
        problem = for_reading(calendar.problem) if calendar.problem else None
        if state == "broken" and problem is None:
            problem = _("It wasn’t read for a while. If this goes on, ask your administrator whether a worker runs.")
        return cls(calendar, connection, state, badge, tone, problem)


async def calendar_rows(app: App, actor: HostActor) -> list[CalendarRow]:
    """Those of the oldest connection first."""
    now = app.now()
    return [
        CalendarRow.of(calendar, shown.connection, now)
        for shown in await app.show_calendars(actor)
        for calendar in shown.calendars
    ]
