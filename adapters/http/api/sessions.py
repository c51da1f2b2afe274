"""The calls about the browsers that a host is signed in with, and what happened to the account."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.reading import ApiRequest, known, read_query
from adapters.http.request_context import app_of
from adapters.presentation.sentences.security_events import security_event_words
from application.actor import HostActor
from domain.ids import SessionId
from domain.limits import ITEMS_LISTED
from domain.origin import Origin
from domain.security_events import SecurityEvent, what_of
from domain.session import Session


class OriginOut(msgspec.Struct, frozen=True):
    """Where a request came from; `browser` and `system` are empty where they aren't known."""

    network: str
    browser: str
    system: str


class SessionOut(msgspec.Struct, frozen=True):
    """A browser that is signed in; `last_active_at` is right to five minutes."""

    id: SessionId
    opened_at: datetime
    last_active_at: datetime
    origin: OriginOut | None


class SecurityEventOut(msgspec.Struct, frozen=True):
    """Something that happened to your account; `message` is for people, `origin` null where nobody asked for it."""

    at: datetime
    what: str
    message: str
    origin: OriginOut | None


class SecurityEventsOut(msgspec.Struct, frozen=True):
    """Some events, the latest first; `next` is the cursor of those that follow, null at the end."""

    items: tuple[SecurityEventOut, ...]
    next: str | None


class SecurityEventsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which events to list."""

    cursor: Annotated[
        str | None, msgspec.Meta(description="The previous response’s `next`. Leave it out for the first page.")
    ] = None
    limit: Annotated[int, ITEMS_LISTED.meta, msgspec.Meta(description="The most events to return.")] = 50


@get(
    "/sessions",
    opt=call(
        id="listSessions",
        summary="List the browsers that are signed in",
        scopes=("account:read",),
        result=list[SessionOut],
    ),
)
async def list_sessions(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    return answer([_shown(each) for each in await app_of(request).list_sessions(actor)])


@delete(
    "/sessions",
    opt=call(
        id="endSessions",
        summary="Sign out everywhere",
        description="Ends the sessions of all browsers. API tokens still work.",
        scopes=("account:write",),
        status=204,
    ),
)
async def end_sessions(request: ApiRequest, actor: NamedDependency[HostActor]) -> None:
    await app_of(request).sign_out_everywhere(actor)


@delete(
    "/sessions/{session_id:str}",
    opt=call(
        id="endSession",
        summary="Sign one browser out",
        description="If the session has already ended, nothing happens.",
        scopes=("account:write",),
        status=204,
        problems=("not-found",),
    ),
)
async def end_session(request: ApiRequest, actor: NamedDependency[HostActor], session_id: FromPath[str]) -> None:
    known(session_id)
    await app_of(request).end_session(actor, SessionId(session_id))


@get(
    "/security-events",
    opt=call(
        id="listSecurityEvents",
        summary="List what happened to your account",
        description="In the last 90 days, such as sign-ins, failed attempts and new API tokens.",
        scopes=("account:read",),
        query=SecurityEventsQuery,
        result=SecurityEventsOut,
        problems=("invalid-input",),
    ),
)
async def list_security_events(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    asked = read_query(request, SecurityEventsQuery)
    found = await app_of(request).list_security_events.page(actor, asked.cursor, asked.limit)
    return answer(SecurityEventsOut(tuple(map(_event, found.items)), found.next))


def _shown(session: Session) -> SessionOut:
    return SessionOut(session.id, session.opened_at, session.last_active_at, _origin(session.origin))


def _event(event: SecurityEvent) -> SecurityEventOut:
    return SecurityEventOut(event.at, what_of(event), security_event_words(event), _origin(event.origin))


def _origin(origin: Origin | None) -> OriginOut | None:
    return origin and OriginOut(origin.network, origin.browser or "", origin.system or "")
