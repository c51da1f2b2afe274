"""The calls about calendars whose busy times can't be booked."""

from datetime import datetime
from typing import Any, cast

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.reading import ApiRequest, known, read_body
from adapters.http.request_context import app_of
from adapters.presentation.sentences.calendar_problems import for_reading
from application.actor import HostActor
from application.calendars.change_rules import RulesEdit
from domain.busy import CalendarRules
from domain.calendar import Calendar, CalendarConnection, CalendarConnectionStatus, CalendarKind, CalendarState
from domain.calendar_problem import CalendarPermissionMissing, CalendarProblem
from domain.ids import CalendarConnectionId, CalendarId


class CalendarProblemOut(msgspec.Struct, frozen=True):
    """Why a calendar can't be read; `message` is for people."""

    type: str
    message: str


class CalendarOut(msgspec.Struct, frozen=True):
    """A calendar; `state` is `stale` while its last reading still counts, and `broken` once none does.

    Where `rules_apply` is false, the provider tells only when its owner is busy: `rules` change nothing.
    """

    id: CalendarId
    connection_id: CalendarConnectionId
    kind: CalendarKind
    name: str
    timezone: str
    writable: bool
    state: CalendarState
    read_at: datetime | None
    problem: CalendarProblemOut | None
    unreadable_events: int
    rules: CalendarRules
    rules_apply: bool


class ReadCalendarOut(CalendarOut, frozen=True):
    """A calendar after a reading; its provider wants to be asked nothing before `left_alone_until`."""

    left_alone_until: datetime | None


class CalendarConnectionOut(msgspec.Struct, frozen=True):
    """Where calendars are read from; of a feed, `account` is the host name of its address."""

    id: CalendarConnectionId
    kind: CalendarKind
    account: str
    state: CalendarConnectionStatus
    problem: CalendarProblemOut | None
    connected_at: datetime


class ConnectedOut(CalendarConnectionOut, frozen=True):
    """A new connection with its calendars."""

    calendars: tuple[CalendarOut, ...]


class _NewConnection(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    pass


class NewFeed(_NewConnection, frozen=True, tag="ical_feed"):
    """An iCalendar feed; `name` is by default what the calendar calls itself."""

    url: str
    name: str = ""


class NewCaldavAccount(_NewConnection, frozen=True, tag="caldav"):
    """An account at a CalDAV server; `url` may be any address of the server, or its name alone."""

    url: str
    username: str
    password: str


_NEW: type[NewFeed | NewCaldavAccount] = cast("Any", NewFeed | NewCaldavAccount)


class CalendarEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rules: RulesEdit = RulesEdit()


@get(
    "/calendar-connections",
    opt=call(
        id="listCalendarConnections",
        summary="List your calendar connections",
        scopes=("account:read",),
        result=list[CalendarConnectionOut],
    ),
)
async def list_connections(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    shown = await app_of(request).show_calendars(actor)
    return answer([_connection(each.connection, each.calendars) for each in shown])


@post(
    "/calendar-connections",
    opt=call(
        id="connectCalendar",
        summary="Connect a calendar feed or a CalDAV account",
        scopes=("account:write",),
        description="We read it right away, and its calendars block your time on all your pages. Feed addresses and "
        "passwords are secrets: no response shows them. If you connect an account again, with the same `url` and "
        "`username`, it keeps its calendars and gets the new password.",
        body=_NEW,
        status=201,
        result=ConnectedOut,
        problems=("invalid-input", "too-many-requests"),
    ),
)
async def connect(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    app = app_of(request)
    match await read_body(request, _NEW):
        case NewFeed(url, name):
            made = await app.connect_feed(actor, url, name)
        case NewCaldavAccount(url, username, password):
            made = await app.connect_caldav(actor, url, username, password)
    shown = _connection(made.connection, made.calendars)
    calendars = tuple(calendar_for_host(each, app.now()) for each in made.calendars)
    return answer(ConnectedOut(**msgspec.structs.asdict(shown), calendars=calendars), 201)


@delete(
    "/calendar-connections/{connection_id:str}",
    opt=call(
        id="disconnectCalendar",
        summary="Disconnect a calendar",
        scopes=("account:write",),
        description="Deletes its address and everything we read. Its calendars no longer block your time.",
        status=204,
        problems=("not-found",),
    ),
)
async def disconnect(request: ApiRequest, actor: NamedDependency[HostActor], connection_id: FromPath[str]) -> None:
    known(connection_id)
    await app_of(request).disconnect_calendars(actor, CalendarConnectionId(connection_id))


@get(
    "/calendars",
    opt=call(id="listCalendars", summary="List your calendars", scopes=("account:read",), result=list[CalendarOut]),
)
async def list_calendars(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    app = app_of(request)
    shown = await app.show_calendars(actor)
    return answer([calendar_for_host(each, app.now()) for connection in shown for each in connection.calendars])


@get(
    "/calendars/{calendar_id:str}",
    opt=call(
        id="getCalendar",
        summary="Read a calendar’s state",
        scopes=("account:read",),
        result=CalendarOut,
        problems=("not-found",),
    ),
)
async def get_calendar(
    request: ApiRequest, actor: NamedDependency[HostActor], calendar_id: FromPath[str]
) -> ASGIResponse:
    known(calendar_id)
    app = app_of(request)
    return answer(calendar_for_host(await app.show_calendars.one(actor, CalendarId(calendar_id)), app.now()))


@patch(
    "/calendars/{calendar_id:str}",
    opt=call(
        id="changeCalendar",
        summary="Change which events of a calendar block",
        scopes=("account:write",),
        description="Rules that you leave out stay the same. Changes apply right away, unless `rules_apply` is false.",
        body=CalendarEdit,
        result=CalendarOut,
        problems=("invalid-input", "not-found"),
    ),
)
async def change_calendar(
    request: ApiRequest, actor: NamedDependency[HostActor], calendar_id: FromPath[str]
) -> ASGIResponse:
    known(calendar_id)
    app = app_of(request)
    edit = await read_body(request, CalendarEdit)
    return answer(
        calendar_for_host(await app.change_calendar_rules(actor, CalendarId(calendar_id), edit.rules), app.now())
    )


@post(
    "/calendars/{calendar_id:str}/read",
    opt=call(
        id="readCalendar",
        summary="Read a calendar now",
        scopes=("account:write",),
        description="Returns the calendar as it is afterwards, even if we couldn’t read it. Until `left_alone_until` "
        "we don’t ask, because the provider wants us to wait. We read it automatically then.",
        result=ReadCalendarOut,
        problems=("not-found", "too-many-requests"),
    ),
)
async def read_calendar(
    request: ApiRequest, actor: NamedDependency[HostActor], calendar_id: FromPath[str]
) -> ASGIResponse:
    known(calendar_id)
    app = app_of(request)
    read = await app.read_calendar_now(actor, CalendarId(calendar_id))
    shown = msgspec.structs.asdict(calendar_for_host(read.calendar, app.now()))
    return answer(ReadCalendarOut(**shown, left_alone_until=read.left_alone_until))


def calendar_for_host(calendar: Calendar, now: datetime) -> CalendarOut:
    return CalendarOut(
        id=calendar.id,
        connection_id=calendar.connection_id,
        kind=calendar.kind,
        name=calendar.name,
        timezone=calendar.timezone,
        writable=calendar.writable,
        state=calendar.state(now),
        read_at=calendar.read_at,
        problem=_problem(calendar.problem),
        unreadable_events=calendar.unreadable_events,
        rules=calendar.rules,
        rules_apply=calendar.rules_apply,
    )


def _connection(connection: CalendarConnection, calendars: tuple[Calendar, ...]) -> CalendarConnectionOut:
    lacks = CalendarPermissionMissing(connection.lacks) if connection.lacks else None
    problem = connection.problem or next((each.problem for each in calendars if each.problem), lacks)
    return CalendarConnectionOut(
        connection.id,
        connection.kind,
        connection.account,
        connection.status,
        _problem(problem),
        connection.connected_at,
    )


def _problem(problem: CalendarProblem | None) -> CalendarProblemOut | None:
    return problem and CalendarProblemOut(str(problem.__struct_config__.tag), for_reading(problem))
