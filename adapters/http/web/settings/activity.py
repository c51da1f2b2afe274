"""Settings → Profile: where the host is signed in, what happened lately, and what to do if that wasn't them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER

from adapters.http.sessions import clear_cookie
from adapters.http.settings import HttpSettings
from adapters.http.web.templating import shown
from adapters.presentation.calendars import calendar_product
from adapters.presentation.providers import PROVIDER_NAMES
from adapters.presentation.sentences.security_events import (
    browser_words,
    failures_words,
    place_words,
    security_event_words,
)
from application.actor import HostActor
from application.app import App
from domain.host import Host
from domain.ids import SessionId
from domain.security_events import KEPT_FOR, SecurityEvent, SignInFailed, SignInWay
from domain.session import LASTS, LASTS_UNUSED, Session

MOST_SESSIONS = 50
MOST_EVENTS = 500
MOST_ENTRIES = 100


class SessionRow(msgspec.Struct, frozen=True):
    id: SessionId
    browser: str
    network: str | None
    last_active_at: datetime
    is_this_one: bool


class ConnectedAccount(msgspec.Struct, frozen=True):
    """An account of somebody's at a provider, and since when it is connected."""

    name: str
    account: str
    at: datetime


class Entry(msgspec.Struct, frozen=True):
    """Something that happened; of failures in a row the latest, with how many there were."""

    words: str
    place: str
    at: datetime


class Activity(msgspec.Struct, frozen=True):
    """What is shown; `more_sessions` are left out.

    Attributes:
        is_whole: nothing that happened is left out.
        kept_days: how long events are listed.
        session_days: when a session ends, since the sign-in.
        unused_days: the same without use.
    """

    sessions: list[SessionRow]
    more_sessions: int
    entries: list[Entry]
    is_whole: bool
    kept_days: int = KEPT_FOR.days
    session_days: int = LASTS.days
    unused_days: int = LASTS_UNUSED.days


async def activity_of(app: App, actor: HostActor, *, whole: bool) -> Activity:
    """What there is to show: the latest, or all of it."""
    sessions = await app.list_sessions(actor)
    events = await app.list_security_events(actor, None if whole else MOST_EVENTS)
    shown_sessions, entries = sessions, list(_entries(events))
    if not whole:
        shown_sessions = sessions[:MOST_SESSIONS]
        whole = len(events) < MOST_EVENTS and len(entries) <= MOST_ENTRIES
        entries = entries[:MOST_ENTRIES]
    return Activity(
        sessions=[_row(each, actor) for each in shown_sessions],
        more_sessions=len(sessions) - len(shown_sessions),
        entries=entries,
        is_whole=whole,
    )


@post("/settings/sessions/{session_id:str}/end")
async def end_session(
    app: NamedDependency[App],
    actor: NamedDependency[HostActor],
    settings: NamedDependency[HttpSettings],
    session_id: FromPath[str],
) -> Redirect:
    await app.end_session(actor, SessionId(session_id))
    if session_id == actor.session:
        return Redirect("/signin?done=ended", status_code=HTTP_303_SEE_OTHER, cookies=[clear_cookie(settings)])
    return Redirect("/settings/profile?done=session-ended", status_code=HTTP_303_SEE_OTHER)


@get("/settings/not-me")
async def ask_not_me(
    app: NamedDependency[App], host: NamedDependency[Host], actor: NamedDependency[HostActor]
) -> Template:
    ends, connected = await app.disown.preview(actor), await _connected(app, actor)
    return shown("settings/not_me.html", me=host, ends=ends, connected=connected)


@post("/settings/not-me")
async def not_me(app: NamedDependency[App], actor: NamedDependency[HostActor]) -> Redirect:
    await app.disown(actor)
    return Redirect("/settings/password?saved=not-me", status_code=HTTP_303_SEE_OTHER)


async def _connected(app: App, actor: HostActor) -> list[ConnectedAccount]:
    """Where bookings go to, the latest first."""
    providers = [each.connection for each in (await app.show_connections(actor)).values()]
    accounts = [
        ConnectedAccount(PROVIDER_NAMES[each.provider], each.account.email, each.connected_at)
        for each in providers
        if each is not None
    ]
    calendars = [each.connection for each in await app.show_calendars(actor)]
    accounts += [ConnectedAccount(calendar_product(each.kind), each.account, each.connected_at) for each in calendars]
    return sorted(accounts, key=lambda each: each.at, reverse=True)


def _row(session: Session, actor: HostActor) -> SessionRow:
    origin = session.origin
    return SessionRow(
        id=session.id,
        browser=browser_words(origin),
        network=origin and origin.network,
        last_active_at=session.last_active_at,
        is_this_one=session.id == actor.session,
    )


def _entries(events: Sequence[SecurityEvent]) -> Iterator[Entry]:
    """Failures in a row are one entry, or a stranger who guesses could hide the rest behind them."""
    for way, run in groupby(events, _failed_way):
        happened = list(run)
        if way:
            yield _entry(happened[0], failures_words(len(happened), way))
        else:
            yield from (_entry(each, security_event_words(each)) for each in happened)


def _failed_way(event: SecurityEvent) -> SignInWay | None:
    return event.way if isinstance(event, SignInFailed) else None


def _entry(event: SecurityEvent, words: str) -> Entry:
    return Entry(words, place_words(event.origin), event.at)
