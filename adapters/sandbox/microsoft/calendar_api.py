"""Graph's operations on calendars and their events."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.grants import Grants
from adapters.sandbox.microsoft.accounts import MicrosoftAccount
from adapters.sandbox.microsoft.calendar_events import READABLE, expanded, property_asked, selected, wished, written
from adapters.sandbox.microsoft.checking import instant
from adapters.sandbox.microsoft.errors import (
    GraphApiError,
    access_denied,
    bad_request,
    item_not_found,
    unauthenticated,
)
from adapters.sandbox.microsoft.mailboxes import GraphCalendar, GraphEvent, Mailboxes, Occurrence
from adapters.sandbox.microsoft.paging import names_selected, paged
from adapters.sandbox.microsoft.preferences import preferences
from adapters.sandbox.microsoft.scopes import CALENDARS, CALENDARS_READ

LONGEST_VIEW: Final = timedelta(days=1825)

CALENDAR_PROPERTIES: Final = frozenset(
    {"id", "name", "color", "hexColor", "isDefaultCalendar", "changeKey", "canShare", "canViewPrivateItems", "canEdit",
     "allowedOnlineMeetingProviders", "defaultOnlineMeetingProvider", "isTallyingResponses", "isRemovable", "owner"}
)  # fmt: skip


class CalendarApi:
    def __init__(self, grants: Grants, mailboxes: Mailboxes, accounts: Mapping[str, MicrosoftAccount]) -> None:
        self._grants = grants
        self._mailboxes = mailboxes
        self._accounts = accounts
        self.invited: list[str] = []
        """Everybody whom Exchange would have mailed, since an event names them as attendees."""

    def account(self, request: Request, *scopes: str) -> MicrosoftAccount:
        """Say whose token came with a request.

        Raises:
            Refused: it is no good, or has none of the scopes.
        """
        token = request.bearer()
        if token is None:
            raise unauthenticated("Access token is empty.")
        grant = self._grants.of(token)
        if not {*scopes} & {*grant.scopes}:
            raise access_denied()
        return self._accounts[grant.user_id]

    def calendars(self, request: Request) -> Reply:
        """Answer `GET /v1.0/me/calendars`."""
        account = self.account(request, CALENDARS, CALENDARS_READ)
        names = names_selected(request, CALENDAR_PROPERTIES)
        found = [selected(_calendar(each), names) for each in self._mailboxes.calendars(account)]
        return paged(request, found, context=f"users('{account.id}')/calendars")

    def view(self, request: Request) -> Reply:
        """Answer `GET /v1.0/me/calendars/{id}/calendarView`."""
        calendar = self._calendar(self.account(request, CALENDARS, CALENDARS_READ), request)
        start, end = self._bound(request, "startDateTime"), self._bound(request, "endDateTime")
        if end < start:
            raise bad_request("The end of the view is before its start.")
        if end - start > LONGEST_VIEW:
            text = "The range between the start and end dates is greater than the allowed range of 1825 days."
            raise GraphApiError(HTTPStatus.BAD_REQUEST, "ErrorCalendarViewRangeTooBig", text)
        shown = self._showing(request, calendar)
        found = [shown(each) for each in self._mailboxes.occurrences(calendar, start, end)]
        context = f"users('{calendar.user_id}')/calendars('{calendar.id}')/calendarView"
        allowed = frozenset({"startDateTime", "endDateTime", "$expand"})
        answer = paged(request, found, context=context, allowed=allowed)
        return answer.with_headers(("preference-applied", preferences(request).applied))

    def create(self, request: Request, *, knows_transactions: bool = True) -> tuple[Reply, bool]:
        """Answer `POST /v1.0/me/calendars/{id}/events`, and say whether the event was there before.

        What a repeated `transactionId` gets isn't documented; here it is the event that is there.
        """
        account = self.account(request, CALENDARS)
        calendar = self._calendar(account, request)
        self._writable(calendar)
        changes = wished(request, self._mailboxes.zone_of(account.id))
        key = changes.get("transaction_id")
        event = self._mailboxes.by_transaction(calendar, key) if key and knows_transactions else None
        if event is not None:
            return self._answer(request, calendar, event, HTTPStatus.CREATED), True
        start, end, subject = (changes.pop(name, None) for name in ("start", "end", "subject"))
        event = self._mailboxes.add(calendar, start, end, subject, **changes)
        self._invite(event)
        return self._answer(request, calendar, event, HTTPStatus.CREATED), False

    def event(self, request: Request) -> Reply:
        """Answer `GET`, `PATCH` and `DELETE` of `/v1.0/me/events/{id}`, in its calendar or without."""
        account = self.account(request, CALENDARS, *([CALENDARS_READ] if request.method == "GET" else []))
        event = self._mailboxes.event(account, request.parts[-1])
        calendar = None if event is None else self._mailboxes.calendar(account, event.calendar_id)
        if event is None or calendar is None or ("calendars" in request.parts and request.parts[3] != calendar.id):
            raise item_not_found()
        match request.method:
            case "GET":
                return self._answer(request, calendar, event)
            case "PATCH":
                self._writable(calendar)
                changes = wished(request, self._mailboxes.zone_of(account.id), event)
                changed = self._mailboxes.change(event, **changes)
                self._invite(changed)
                return self._answer(request, calendar, changed)
            case _:
                self._writable(calendar)
                self._mailboxes.remove(event)
                return Reply(HTTPStatus.NO_CONTENT)

    def _answer(
        self, request: Request, calendar: GraphCalendar, event: GraphEvent, status: int = HTTPStatus.OK
    ) -> Reply:
        body = self._showing(request, calendar)(Occurrence(event, 0, event.start, event.end))
        return json(body, status).with_headers(("preference-applied", preferences(request).applied))

    def _showing(self, request: Request, calendar: GraphCalendar) -> Callable[[Occurrence], dict[str, Any]]:
        """Write events with what the request asks for of them.

        Raises:
            GraphApiError: it asks for something that there isn't.
        """
        names, property_id, preferred = names_selected(request, READABLE), property_asked(request), preferences(request)

        def show(occurrence: Occurrence) -> dict[str, Any]:
            body = selected(written(occurrence, calendar, preferred, self._mailboxes), names)
            return expanded(body, occurrence.event, property_id)

        return show

    def _calendar(self, account: MicrosoftAccount, request: Request) -> GraphCalendar:
        found = self._mailboxes.calendar(account, request.parts[3])
        if found is None:
            raise item_not_found()
        return found

    def _writable(self, calendar: GraphCalendar) -> None:
        if not calendar.can_edit:
            raise access_denied()

    def _invite(self, event: GraphEvent) -> None:
        attendees: list[dict[str, Any]] = event.properties.get("attendees") or []
        self.invited += [each["emailAddress"]["address"] for each in attendees]

    def _bound(self, request: Request, name: str) -> datetime:
        """Read a bound of a view; without an offset it is UTC."""
        text = request.query.get(name)
        if text is None:
            raise bad_request(f"This request requires a time window. The query string parameter '{name}' is missing.")
        found = instant(text) or instant(f"{text}Z")
        if found is None:
            raise bad_request(f"The value '{text}' of parameter '{name}' is invalid.")
        return found


def _calendar(calendar: GraphCalendar) -> dict[str, Any]:
    return {
        "id": calendar.id,
        "name": calendar.name,
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": calendar.is_default,
        "changeKey": calendar.id[-20:],
        "canShare": calendar.is_default,
        "canViewPrivateItems": True,
        "canEdit": calendar.can_edit,
        "allowedOnlineMeetingProviders": ["teamsForBusiness"],
        "defaultOnlineMeetingProvider": "teamsForBusiness",
        "isTallyingResponses": calendar.is_default,
        "isRemovable": not calendar.is_default,
        "owner": {"name": calendar.owner_name, "address": calendar.owner_address},
    }
