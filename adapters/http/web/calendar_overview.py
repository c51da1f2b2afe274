"""A host's calendars as pages show them."""

from datetime import datetime

import msgspec

from adapters.presentation.calendars import calendar_product
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.calendar_problems import for_reading
from application.actor import HostActor
from application.app import App
from application.calendars.show_calendars import ShownConnection
from domain.calendar import Calendar, CalendarConnection, CalendarState
from domain.calendar_problem import CalendarPermissionMissing


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
        if calendar.read_at is None and problem is None:
            return cls(calendar, connection, state, _("Not read yet"), "", None)
        if state == "broken" and problem is None:
            problem = _(
                "We haven’t read it for a while. If this continues, ask your administrator whether a worker is running."
            )
        return cls(calendar, connection, state, badge, tone, problem)

    @property
    def account(self) -> str | None:
        """Whose it is; None where it's called like its account, as Google's main calendar is."""
        account = self.connection.account
        return None if account.casefold() == self.calendar.name.casefold() else account


class CalendarConnectionRow(msgspec.Struct, frozen=True):
    """A connection with its calendars.

    Attributes:
        problem: why none of its calendars can be read until somebody acts, and what to do.
        lacks: what its host didn't allow, and what that means.
        left_alone_until: its provider wants to be asked nothing before, not even by "Read now".
        being_read: how many of its calendars their host waits for.
    """

    connection: CalendarConnection
    product: str
    calendars: tuple[CalendarRow, ...]
    badge: str
    tone: str
    problem: str | None
    lacks: str | None
    left_alone_until: datetime | None
    being_read: int

    @classmethod
    def of(cls, shown: ShownConnection, now: datetime) -> "CalendarConnectionRow":
        connection = shown.connection
        rows = tuple(CalendarRow.of(each, connection, now) for each in shown.calendars)
        match connection.status:
            case "needs_reconnect":
                badge, tone = _("Needs reconnecting"), "bad"
            case "blocked":
                badge, tone = _("Not permitted"), "bad"
            case "connected":
                known = [each for each in rows if each.calendar.read_at or each.problem]
                worst = max(known, key=lambda each: _WORSE.index(each.state), default=None)
                badge, tone = (worst.badge, worst.tone) if worst else (_("Connected"), "good")
        problem = for_reading(connection.problem) if connection.problem else None
        lacks = for_reading(CalendarPermissionMissing(connection.lacks)) if connection.lacks else None
        left_alone = connection.left_alone_until if connection.is_left_alone(now) else None
        being_read = 0 if problem or left_alone else sum(each.is_awaited for each in shown.calendars)
        product = calendar_product(connection.kind)
        return cls(connection, product, rows, badge, tone, problem, lacks, left_alone, being_read)


_WORSE: tuple[CalendarState, ...] = ("fresh", "stale", "broken")


async def calendar_connection_rows(app: App, actor: HostActor) -> list[CalendarConnectionRow]:
    """The oldest connection first."""
    now = app.now()
    return [CalendarConnectionRow.of(each, now) for each in await app.show_calendars(actor)]


async def calendar_rows(app: App, actor: HostActor) -> list[CalendarRow]:
    """Those of the oldest connection first."""
    return [row for connection in await calendar_connection_rows(app, actor) for row in connection.calendars]
