"""The operations of the Calendar API: who may do what, and what comes of it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.google.accounts import GoogleAccount
from adapters.sandbox.google.calendar.calendars import ROLES, GoogleCalendars, Role, SandboxCalendar, list_entry
from adapters.sandbox.google.calendar.channels import GoogleChannels, channel_resource
from adapters.sandbox.google.calendar.errors import condition_not_met, forbidden, invalid, not_found
from adapters.sandbox.google.calendar.events import GoogleEvents, SandboxEvent, busy_resource, event_resource
from adapters.sandbox.google.calendar.fields import EVENT, LIST_OF_CALENDARS, LIST_OF_EVENTS, Mask, mask_of, masked
from adapters.sandbox.google.calendar.invitations import Invitations, wish_of
from adapters.sandbox.google.calendar.listing import MOST, bound, events_in, header, page_of, sync_token, window_of
from adapters.sandbox.google.calendar.resource import filled_up, json_body
from adapters.sandbox.google.errors import scope_insufficient, unauthenticated
from adapters.sandbox.google.scopes import (
    CALENDAR,
    CALENDAR_READONLY,
    CALENDARS_LISTED,
    EVENTS,
    EVENTS_FREE_BUSY,
    EVENTS_OWNED,
    EVENTS_OWNED_READONLY,
    EVENTS_READONLY,
    FREE_BUSY,
)
from adapters.sandbox.google.switches import GoogleEndpoint
from adapters.sandbox.grants import Grants
from domain.busy import merged
from domain.slot import Slot

MOST_CALENDARS: Final = 50
MOST_LISTED: Final = 250
LONGEST_FREE_BUSY: Final = timedelta(days=90)

_LISTS: Final = frozenset({CALENDAR, CALENDAR_READONLY, CALENDARS_LISTED})
_READS_ALL: Final = frozenset({CALENDAR, CALENDAR_READONLY, EVENTS, EVENTS_READONLY})
_READS_OWNED: Final = frozenset({EVENTS_OWNED, EVENTS_OWNED_READONLY})
_READS: Final = _READS_ALL | _READS_OWNED | {EVENTS_FREE_BUSY}
_WRITES_ALL: Final = frozenset({CALENDAR, EVENTS})
_WRITES: Final = _WRITES_ALL | {EVENTS_OWNED}

SCOPES: Final[Mapping[GoogleEndpoint, frozenset[str]]] = {
    GoogleEndpoint.CALENDARS: _LISTS,
    GoogleEndpoint.FREE_BUSY: frozenset({CALENDAR, CALENDAR_READONLY, FREE_BUSY, EVENTS_FREE_BUSY}),
    GoogleEndpoint.EVENTS: _READS,
    GoogleEndpoint.EVENT: _READS,
    GoogleEndpoint.INSERT: _WRITES,
    GoogleEndpoint.PATCH: _WRITES,
    GoogleEndpoint.DELETE: _WRITES,
    GoogleEndpoint.WATCH: _READS,
    GoogleEndpoint.STOP: _READS | _LISTS,
}
"""One of these is enough; whose calendar it is can ask for more."""


class _Caller(msgspec.Struct, frozen=True):
    account: GoogleAccount
    scopes: frozenset[str]


class GoogleCalendarApi:
    """The operations.

    Attributes:
        most_a_page: how much a page holds at most, however much is asked for.
        invitations: what would have been mailed.
    """

    def __init__(
        self,
        grants: Grants,
        accounts: Mapping[str, GoogleAccount],
        calendars: GoogleCalendars,
        events: GoogleEvents,
        channels: GoogleChannels,
        now: Callable[[], datetime],
    ) -> None:
        self.most_a_page = MOST
        self.invitations = Invitations()
        self._grants = grants
        self._accounts = accounts
        self._calendars = calendars
        self._events = events
        self._channels = channels
        self._now = now

    def list_calendars(self, request: Request) -> Reply:
        """Answer `calendarList.list`."""
        caller = self._caller(request, GoogleEndpoint.CALENDARS)
        least = request.query.get("minAccessRole", ROLES[0])
        if least not in ROLES:
            raise invalid("Invalid value for: minAccessRole")
        found = [
            entry
            for each in self._calendars.of(caller.account)
            if ROLES.index((entry := list_entry(each, caller.account))["accessRole"]) >= ROLES.index(least)
        ]
        rows, more = page_of(found, request.query, usual=100, most=min(self.most_a_page, MOST_LISTED))
        body = {"kind": "calendar#calendarList", "etag": '"p33"', "items": list(rows)}
        body |= {"nextSyncToken": f"CL{len(found)}"} if more is None else {"nextPageToken": more}
        return _partly(request, body, LIST_OF_CALENDARS)

    def list_events(self, request: Request) -> Reply:
        """Answer `events.list`; there are no series, so that `singleEvents` changes nothing."""
        caller = self._caller(request, GoogleEndpoint.EVENTS)
        calendar, role = self._calendar(caller, request)
        show = self._shown_to(request, caller, calendar, role)
        rows, more = page_of(events_in(self._events, calendar, request.query), request.query, most=self.most_a_page)
        most_attendees = int(request.query.get("maxAttendees", "0"))
        body = {
            **header(calendar, self._now().astimezone(UTC), role),
            "items": [_few_attendees(show(each), most_attendees) for each in rows],
        }
        if more is None:
            body["nextSyncToken"] = sync_token(calendar, self._events.version)
        else:
            body["nextPageToken"] = more
        return _partly(request, body, LIST_OF_EVENTS)

    def get(self, request: Request) -> Reply:
        """Answer `events.get`; a deleted event is there, cancelled."""
        caller = self._caller(request, GoogleEndpoint.EVENT)
        calendar, role = self._calendar(caller, request)
        event = self._events.get(calendar, request.parts[5])
        return _partly(request, self._shown_to(request, caller, calendar, role)(event), EVENT)

    def insert(self, request: Request) -> Reply:
        """Answer `events.insert`."""
        calendar = self._writable(request, GoogleEndpoint.INSERT)
        tell = self._telling(request, calendar)
        made = self._events.insert(calendar, json_body(request))
        tell(made)
        return self._whole(request, calendar, made)

    def patch(self, request: Request) -> Reply:
        """Answer `events.patch`."""
        calendar = self._writable(request, GoogleEndpoint.PATCH)
        event = self._events.get(calendar, request.parts[5])
        _match(request, event)
        tell = self._telling(request, calendar)
        patched = self._events.patch(calendar, event.id, filled_up(json_body(request), event.given))
        tell(patched)
        return self._whole(request, calendar, patched)

    def delete(self, request: Request) -> Reply:
        """Answer `events.delete`."""
        calendar = self._writable(request, GoogleEndpoint.DELETE)
        event = self._events.get(calendar, request.parts[5])
        _match(request, event)
        tell = self._telling(request, calendar)
        self._events.delete(calendar, event.id)
        tell(event)
        return Reply(HTTPStatus.NO_CONTENT)

    def free_busy(self, request: Request) -> Reply:
        """Answer `freeBusy.query`; what is wrong with one calendar is inside of the answer."""
        caller = self._caller(request, GoogleEndpoint.FREE_BUSY)
        wish = json_body(request)
        try:
            start, end = (str(wish[name]) for name in ("timeMin", "timeMax"))
            ids = [str(item["id"]) for item in wish.get("items", [])]
        except (KeyError, TypeError) as error:
            raise invalid("Required", "required") from error
        window_of({"timeMin": start, "timeMax": end})
        if bound(end) - bound(start) > LONGEST_FREE_BUSY:
            raise invalid("The requested time range is too long.", "timeRangeTooLong")
        span = Slot(bound(start).astimezone(UTC), bound(end).astimezone(UTC))
        too_many = len(ids) > min(int(wish.get("calendarExpansionMax", MOST_CALENDARS)), MOST_CALENDARS)
        found = {
            id_: _errors("tooManyCalendarsRequested") if too_many else self._busy(caller, id_, span) for id_ in ids
        }
        return json({"kind": "calendar#freeBusy", "timeMin": start, "timeMax": end, "calendars": found})

    def watch(self, request: Request) -> Reply:
        """Answer `events.watch`."""
        caller = self._caller(request, GoogleEndpoint.WATCH)
        calendar, role = self._calendar(caller, request)
        self._shown_to(request, caller, calendar, role)
        return json(channel_resource(self._channels.open(calendar, json_body(request))))

    def stop(self, request: Request) -> Reply:
        """Answer `channels.stop`."""
        self._caller(request, GoogleEndpoint.STOP)
        self._channels.stop(json_body(request))
        return Reply(HTTPStatus.NO_CONTENT)

    def _caller(self, request: Request, endpoint: GoogleEndpoint) -> _Caller:
        token = request.bearer()
        if token is None:
            raise unauthenticated("CREDENTIALS_MISSING")
        grant = self._grants.of(token)
        if not SCOPES[endpoint] & frozenset(grant.scopes):
            raise scope_insufficient()
        return _Caller(self._accounts[grant.user_id], frozenset(grant.scopes))

    def _calendar(self, caller: _Caller, request: Request) -> tuple[SandboxCalendar, Role]:
        calendar = self._calendars.seen_by(caller.account, request.parts[3])
        role = None if calendar is None else calendar.role_of(caller.account)
        if calendar is None or role is None:
            raise not_found()
        return calendar, role

    def _writable(self, request: Request, endpoint: GoogleEndpoint) -> SandboxCalendar:
        caller = self._caller(request, endpoint)
        calendar, role = self._calendar(caller, request)
        if role not in {"owner", "writer"} or (role != "owner" and not _WRITES_ALL & caller.scopes):
            raise forbidden("requiredAccessLevel", "You need to have writer access to this calendar.")
        return calendar

    def _telling(self, request: Request, calendar: SandboxCalendar) -> Callable[[SandboxEvent], None]:
        wish, owner = wish_of(request.query), self._calendars.owner(calendar).email
        return lambda event: self.invitations.tell(wish, event, owner)

    def _shown_to(
        self, request: Request, caller: _Caller, calendar: SandboxCalendar, role: Role
    ) -> Callable[[SandboxEvent], dict[str, Any]]:
        """Choose how much of a calendar's events the caller sees."""
        reads_it = caller.scopes & _READS_ALL or (role == "owner" and caller.scopes & _READS_OWNED)
        if reads_it and role != "freeBusyReader":
            return lambda event: self._resource(request, calendar, event)
        if not reads_it and EVENTS_FREE_BUSY not in caller.scopes:
            raise scope_insufficient()
        return lambda event: busy_resource(event, calendar)

    def _whole(self, request: Request, calendar: SandboxCalendar, event: SandboxEvent) -> Reply:
        return _partly(request, self._resource(request, calendar, event), EVENT)

    def _resource(self, request: Request, calendar: SandboxCalendar, event: SandboxEvent) -> dict[str, Any]:
        query = urlencode({"calendar": calendar.id, "event": event.id})
        link = f"{request.origin}{request.href('/calendar/event')}?{query}"
        return event_resource(event, calendar, self._calendars.owner(calendar).email, link)

    def _busy(self, caller: _Caller, id_: str, span: Slot) -> dict[str, Any]:
        calendar = self._calendars.seen_by(caller.account, id_)
        if calendar is None:
            return _errors("notFound")
        email = self._calendars.owner(calendar).email
        taken = (
            Slot(max(each.begins, span.start), min(each.ends, span.end))
            for each in self._events.of(calendar)
            if each.begins < each.ends and each.takes_time_of(email) and Slot(each.begins, each.ends).overlaps(span)
        )
        return {"busy": [{"start": _utc(each.start), "end": _utc(each.end)} for each in merged(taken)]}


def _partly(request: Request, body: Mapping[str, Any], known: Mask) -> Reply:
    fields = request.query.get("fields")
    return json(body if fields is None else masked(body, mask_of(fields, known)))


def _match(request: Request, event: SandboxEvent) -> None:
    if request.headers.get("if-match", event.etag) not in {event.etag, "*"}:
        raise condition_not_met()


def _few_attendees(event: dict[str, Any], most: int) -> dict[str, Any]:
    attendees: list[dict[str, Any]] = event.get("attendees", [])
    if not most or len(attendees) <= most:
        return event
    return {**event, "attendees": [each for each in attendees if each.get("self")], "attendeesOmitted": True}


def _errors(*reasons: str) -> dict[str, Any]:
    errors: Iterable[dict[str, str]] = ({"domain": "global", "reason": reason} for reason in reasons)
    return {"errors": list(errors), "busy": []}


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
