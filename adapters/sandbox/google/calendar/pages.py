"""Pages on which a person changes the events of an account's calendar, by dragging or by plain forms."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from importlib import resources
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec

from adapters.sandbox.asgi import Reply, Request, page, see_other
from adapters.sandbox.google.calendar.calendars import GoogleCalendars, SandboxCalendar
from adapters.sandbox.google.calendar.errors import invalid
from adapters.sandbox.google.calendar.events import GoogleEvents, SandboxEvent
from adapters.sandbox.google.calendar.week import SHOWN_AS, fields_of, form_times, grid_rules, shown_as, week_of
from adapters.sandbox.google.errors import GoogleApiError
from adapters.sandbox.pages import render

_YEARS: Final = range(2000, 2100)
_FILES: Final = resources.files("adapters.sandbox") / "static"
_CSS: Final = ("content-type", "text/css; charset=utf-8")
_JS: Final = ("content-type", "text/javascript; charset=utf-8")
_KEPT: Final = ("cache-control", "max-age=300")
_POLICY: Final = (
    "content-security-policy",
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'",
)


class CalendarPages:
    """The calendar as its owner sees it.

    A program can send the forms too: `POST /calendar` with `do` (`add`, `save`, `move` or `delete`), `calendar`,
    `event`, `title`, `starts` and `ends` (local times such as `2026-12-01T10:00`, or days, the last one included), and
    `shown_as`.
    """

    def __init__(self, calendars: GoogleCalendars, events: GoogleEvents, now: Callable[[], datetime]) -> None:
        self._calendars = calendars
        self._events = events
        self._now = now

    def state(self) -> list[dict[str, Any]]:
        """Say what is in all calendars, without what was deleted."""
        return [
            {
                "id": calendar.id,
                "summary": calendar.summary,
                "events": [
                    {"id": each.id, "start": each.begins, "end": each.ends, "summary": each.given.get("summary", "")}
                    for each in self._events.of(calendar)
                    if each.status != "cancelled"
                ],
            }
            for calendar in self._calendars.all()
        ]

    def week(self, request: Request, problem: str = "") -> Reply:
        """Show a week, the present one unless told."""
        calendar = self._chosen(request.query)
        zone = ZoneInfo(calendar.time_zone)
        today = self._now().astimezone(zone).date()
        monday = _monday(request.query.get("week", ""), today)
        email = self._calendars.owner(calendar).email
        return self._page(
            request,
            "google/calendar.html",
            calendar=calendar,
            calendars=[(each, self._calendars.owner(each)) for each in self._calendars.all()],
            week=week_of(self._events.of(calendar), monday, zone, email),
            monday=monday,
            today=today,
            before=monday - timedelta(days=7),
            after=monday + timedelta(days=7),
            choices=SHOWN_AS,
            problem=problem,
        )

    def event(self, request: Request, problem: str = "") -> Reply:
        """Show one event in a form."""
        calendar = self._chosen(request.query)
        event = self._found(calendar, request.query)
        starts, ends = form_times(event, ZoneInfo(calendar.time_zone))
        return self._page(
            request,
            "google/event.html",
            calendar=calendar,
            event=event,
            title=event.given.get("summary", ""),
            starts=starts,
            ends=ends,
            shown_as=shown_as(event, self._calendars.owner(calendar).email),
            choices=SHOWN_AS,
            week=_monday(starts[:10], self._now().date()),
            problem=problem,
        )

    def change(self, request: Request) -> Reply:
        """Take a form."""
        form = request.form()
        again = msgspec.structs.replace(request, query=form)
        try:
            self._do(self._chosen(form), form)
        except GoogleApiError as error:
            is_about_one = form.get("do") == "save"
            shown = self.event(again, str(error)) if is_about_one else self.week(again, str(error))
            return msgspec.structs.replace(shown, status=HTTPStatus.BAD_REQUEST)
        query = {name: form[name] for name in ("calendar", "week") if name in form}
        return see_other(request.href(f"/calendar?{urlencode(query)}"))

    def style(self) -> Reply:
        rules = (_FILES / "calendar.css").read_text("utf-8") + grid_rules()
        return Reply(HTTPStatus.OK, rules.encode(), (_CSS, _KEPT))

    def script(self) -> Reply:
        return Reply(HTTPStatus.OK, (_FILES / "calendar.js").read_bytes(), (_JS, _KEPT))

    def _page(self, request: Request, template: str, **shown: Any) -> Reply:
        rendered = render(request, template, layout="google/base.html", **shown)
        headers = [each for each in page("").headers if each[0] != _POLICY[0]]
        return msgspec.structs.replace(rendered, headers=(*headers, _POLICY))

    def _chosen(self, form: Mapping[str, str]) -> SandboxCalendar:
        return self._calendars.get(form.get("calendar", "")) or self._calendars.all()[0]

    def _found(self, calendar: SandboxCalendar, form: Mapping[str, str]) -> SandboxEvent:
        return self._events.get(calendar, form.get("event", ""))

    def _do(self, calendar: SandboxCalendar, form: Mapping[str, str]) -> None:
        email = self._calendars.owner(calendar).email
        match form.get("do"):
            case "add":
                fields = fields_of(form.get("shown_as", "busy"), email)
                given = {name: value for name, value in fields.items() if value is not None}
                title = form.get("title") or "Busy"
                self._events.insert(calendar, {**given, **_times(calendar, form), "summary": title})
            case "save":
                fields = fields_of(form.get("shown_as", "busy"), email)
                changes = {**fields, **_times(calendar, form), "summary": form.get("title", "")}
                self._events.patch(calendar, form.get("event", ""), changes)
            case "move":
                self._events.patch(calendar, form.get("event", ""), _times(calendar, form))
            case "delete":
                self._events.delete(calendar, form.get("event", ""))
            case _:
                raise invalid("Nothing to do.")


def _times(calendar: SandboxCalendar, form: Mapping[str, str]) -> dict[str, Any]:
    starts, ends = form.get("starts", ""), form.get("ends", "")
    try:
        if "all_day" in form or "T" not in starts:
            first, last = (date.fromisoformat(each[:10]) for each in (starts, ends))
            return {"start": {"date": f"{first}"}, "end": {"date": f"{last + timedelta(days=1)}"}}
        local = [datetime.fromisoformat(each).replace(tzinfo=ZoneInfo(calendar.time_zone)) for each in (starts, ends)]
    except ValueError as error:
        raise invalid("Give a start and an end, such as 2026-12-01T10:00.") from error
    begins, finishes = ({"dateTime": each.astimezone(UTC).isoformat()} for each in local)
    return {"start": begins, "end": finishes}


def _monday(text: str, today: date) -> date:
    """The week that is meant, or the present one: a time at the edge of time has no weeks around it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    day = day if day.year in _YEARS else today
    return day - timedelta(days=day.weekday())
