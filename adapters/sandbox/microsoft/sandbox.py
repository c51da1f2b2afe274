"""The Microsoft sandbox."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, ClassVar, Final
from uuid import uuid4

import msgspec

from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.microsoft.accounts import SAMPLES, MicrosoftAccount
from adapters.sandbox.microsoft.api import GraphApi
from adapters.sandbox.microsoft.calendar_api import CalendarApi
from adapters.sandbox.microsoft.calendar_edits import CalendarEdits
from adapters.sandbox.microsoft.calendar_events import READABLE
from adapters.sandbox.microsoft.calendar_faults import emptied, in_no_zone, leading_on
from adapters.sandbox.microsoft.canned import canned
from adapters.sandbox.microsoft.crowding import Crowds
from adapters.sandbox.microsoft.errors import bad_request, duplicate_transaction
from adapters.sandbox.microsoft.grants import TERMS, MicrosoftTokens, token_response
from adapters.sandbox.microsoft.mailboxes import ChangeType, GraphEvent, Mailboxes
from adapters.sandbox.microsoft.meetings import MicrosoftMeetings, StoredOnlineMeeting
from adapters.sandbox.microsoft.notices import Notices
from adapters.sandbox.microsoft.oauth import MicrosoftOAuth
from adapters.sandbox.microsoft.people import MicrosoftPages
from adapters.sandbox.microsoft.scopes import GRAPH, GUARDED, OFFLINE, USUAL
from adapters.sandbox.microsoft.subscriptions import Subscriptions
from adapters.sandbox.microsoft.switches import MAILBOX, MicrosoftEndpoint, MicrosoftFailure
from adapters.sandbox.microsoft.tenants import Tenants
from adapters.sandbox.microsoft.timezones import CUSTOM
from adapters.sandbox.provider import SandboxProvider, changed, not_found, utc_now
from adapters.sandbox.registration import Registration
from adapters.sandbox.switches import Switch

_LARGE: Final = 250
_GATEWAY: Final = b"<html><head><title>504 Gateway Time-out</title></head><body>Sorry</body></html>"


class SandboxMicrosoft(SandboxProvider[MicrosoftAccount, MicrosoftFailure, MicrosoftEndpoint]):
    """A Microsoft of one's own: strict about the wire format, and wrong in every way on request.

    Attributes:
        app: the ASGI application. Both of Microsoft's hosts are at its root: `/organizations` is the authority, and
            `/v1.0` the API's base.
        tenants: the organisations whose administrator has approved the app.
        mailboxes, calendar_api: calendars as their owners and as apps see them.
        subscriptions, notices: who is told of changes, and what they were told.
        crowds: how many calls there were in a mailbox at once.
    """

    endpoints: ClassVar = {
        ("GET", "/{authority:str}/oauth2/v2.0/authorize"): MicrosoftEndpoint.AUTHORIZE,
        ("POST", "/{authority:str}/oauth2/v2.0/authorize"): MicrosoftEndpoint.AUTHORIZE,
        ("POST", "/{authority:str}/oauth2/v2.0/token"): MicrosoftEndpoint.CODE,
        ("POST", "/v1.0/me/onlineMeetings/createOrGet"): MicrosoftEndpoint.MEETINGS,
        ("GET", "/v1.0/me/calendars"): MicrosoftEndpoint.CALENDARS,
        ("GET", "/v1.0/me/calendars/{calendar:str}/calendarView"): MicrosoftEndpoint.VIEW,
        ("POST", "/v1.0/me/calendars/{calendar:str}/events"): MicrosoftEndpoint.EVENTS,
        ("GET", "/v1.0/me/calendars/{calendar:str}/events/{event:str}"): MicrosoftEndpoint.EVENTS,
        ("PATCH", "/v1.0/me/calendars/{calendar:str}/events/{event:str}"): MicrosoftEndpoint.EVENTS,
        ("DELETE", "/v1.0/me/calendars/{calendar:str}/events/{event:str}"): MicrosoftEndpoint.EVENTS,
        ("GET", "/v1.0/me/events/{event:str}"): MicrosoftEndpoint.EVENTS,
        ("PATCH", "/v1.0/me/events/{event:str}"): MicrosoftEndpoint.EVENTS,
        ("DELETE", "/v1.0/me/events/{event:str}"): MicrosoftEndpoint.EVENTS,
        ("POST", "/v1.0/subscriptions"): MicrosoftEndpoint.SUBSCRIPTIONS,
        ("PATCH", "/v1.0/subscriptions/{subscription:str}"): MicrosoftEndpoint.SUBSCRIPTIONS,
        ("DELETE", "/v1.0/subscriptions/{subscription:str}"): MicrosoftEndpoint.SUBSCRIPTIONS,
    }
    terms = TERMS
    pages = MicrosoftPages

    def __init__(
        self,
        store: Path | None = None,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        redirect_uris: Iterable[str] = (),
        accounts: Iterable[MicrosoftAccount] = SAMPLES,
        app_name: str = "TimeTuna",
        base_url: str | None = None,
        latency: float = 0.0,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        registration = Registration(
            app_name, client_id or str(uuid4()), client_secret or token_urlsafe(30), list(redirect_uris)
        )
        super().__init__(
            store,
            registration,
            accounts,
            (MicrosoftAccount, MicrosoftFailure, MicrosoftEndpoint),
            latency,
            now,
            base_url,
        )
        self.tenants = Tenants(self._store)
        self._meetings = MicrosoftMeetings(self._store, now)
        self._oauth = MicrosoftOAuth(registration, self.grants, self._accounts, self.tenants, now)
        self._api = GraphApi(self.grants, self._meetings, self._accounts)
        self.mailboxes = Mailboxes(self._store, self._accounts, self._event_changed)
        self.calendar_api = CalendarApi(self.grants, self.mailboxes, self._accounts)
        self.notices = Notices(self._changes.happened)
        self.subscriptions = Subscriptions(
            self._store,
            self.calendar_api,
            self.mailboxes,
            self._accounts,
            self.grants,
            self.notices,
            now,
        )
        self.crowds = Crowds()
        self.people = MicrosoftPages(
            registration,
            self._accounts,
            self.grants,
            self._meetings,
            self.tenants,
            CalendarEdits(self._accounts, self.mailboxes, self.subscriptions, self.notices),
            self._log,
            self.switches,
        )

    @property
    def meetings(self) -> list[StoredOnlineMeeting]:
        """Every meeting made, oldest first."""
        return self._meetings.all()

    def authorize(self, account: MicrosoftAccount, scopes: tuple[str, ...] = USUAL) -> MicrosoftTokens:
        """Connect an account without a browser; what it was connected with before stays good."""
        with self._store.together():
            issued = self.grants.grant(account.id, scopes, offline=OFFLINE in scopes)
        return token_response(issued, self._oauth.id_token_of(account))

    def remove(self, account: MicrosoftAccount) -> None:
        """Take the app off an account, as its user would; Microsoft tells nobody."""
        self.grants.remove(account.id)

    def close(self) -> None:
        self.notices.close()
        super().close()

    def _event_changed(self, change: ChangeType, event: GraphEvent) -> None:
        self.subscriptions.notify(change, event)
        self._changes.happened()

    @contextmanager
    def _admitted(self, request: Request, endpoint: MicrosoftEndpoint) -> Generator[Reply | None]:
        grant = self.grants.behind(request.bearer() or "") if endpoint in MAILBOX else None
        if grant is None:
            yield None
            return
        with self.crowds.entered(grant.user_id) as has_room:
            yield None if has_room else canned(MicrosoftFailure.MAILBOX_CONCURRENCY, self._now())

    async def _beforehand(self, request: Request, endpoint: MicrosoftEndpoint) -> None:
        if endpoint is MicrosoftEndpoint.SUBSCRIPTIONS and request.method == "POST":
            await self.subscriptions.shake_hands(request)

    def _right(self, request: Request, endpoint: MicrosoftEndpoint) -> Reply:
        match endpoint:
            case MicrosoftEndpoint.AUTHORIZE if request.method == "GET":
                return self._oauth.consent(request)
            case MicrosoftEndpoint.AUTHORIZE:
                return self._oauth.decide(request)
            case MicrosoftEndpoint.CODE | MicrosoftEndpoint.REFRESH:
                return self._oauth.token(request)
            case MicrosoftEndpoint.MEETINGS:
                return self._api.create_or_get(request)
            case MicrosoftEndpoint.CALENDARS:
                return self.calendar_api.calendars(request)
            case MicrosoftEndpoint.VIEW:
                return self.calendar_api.view(request)
            case MicrosoftEndpoint.EVENTS if request.method == "POST":
                return self.calendar_api.create(request)[0]
            case MicrosoftEndpoint.EVENTS:
                return self.calendar_api.event(request)
            case MicrosoftEndpoint.SUBSCRIPTIONS if request.method == "POST":
                return self.subscriptions.create(request)
            case MicrosoftEndpoint.SUBSCRIPTIONS:
                return self.subscriptions.one(request)

    async def _wrong(self, request: Request, switch: Switch[MicrosoftFailure, MicrosoftEndpoint]) -> Reply:
        match switch.failure:
            case MicrosoftFailure.TOO_FEW_SCOPES:
                for scope in GUARDED:
                    self.grants.narrow(request.form().get("code", ""), without=scope)
                return await self._work(request, switch.on)
            case MicrosoftFailure.SHORT_SCOPES:
                answer = await self._work(request, switch.on)
                return changed(answer, scope=_said(answer, "scope").replace(GRAPH, "").lower())
            case MicrosoftFailure.REFRESH_MISSING:
                return changed(await self._work(request, switch.on), refresh_token=None)
            case MicrosoftFailure.ID_TOKEN_MISSING:
                return changed(await self._work(request, switch.on), id_token=None)
            case MicrosoftFailure.PERSONAL_ACCOUNT:
                someone = next(account for account in self.accounts if account.is_personal)
                return changed(await self._work(request, switch.on), id_token=self._oauth.id_token_of(someone))
            case MicrosoftFailure.APP_UNKNOWN:
                return self._oauth.page_of_error(request, 700016, "The application wasn't found in the directory.")
            case MicrosoftFailure.ADMIN_DECLINES:
                text = "The grant requires admin permission."
                return self._oauth.refused(request, "access_denied", 90094, text)
            case MicrosoftFailure.SIGN_IN_FAILS:
                return self._oauth.refused(request, "server_error", 90033, "A transient error has occurred.")
            case MicrosoftFailure.GATEWAY_TIMEOUT:
                await self._work(request, switch.on)
                return Reply(HTTPStatus.GATEWAY_TIMEOUT, _GATEWAY, (("content-type", "text/html"),))
            case MicrosoftFailure.NO_LINK:
                return changed(await self._work(request, switch.on), joinWebUrl=None)
            case MicrosoftFailure.FOREIGN_LINK:
                link = "https://teams.microsoft.com.evil.example/l/meetup-join/abc"
                return changed(await self._work(request, switch.on), joinWebUrl=link)
            case MicrosoftFailure.NO_ID:
                return changed(await self._work(request, switch.on), id=None)
            case failure if failure.where[0] in MAILBOX:
                return await self._wrong_in_mailbox(request, switch)
            case failure:
                return canned(failure, self._now())

    async def _wrong_in_mailbox(self, request: Request, switch: Switch[MicrosoftFailure, MicrosoftEndpoint]) -> Reply:
        match switch.failure:
            case MicrosoftFailure.LARGE_PAGES if int(request.query.get("$top", "0")) <= _LARGE:
                return await self._work(request, switch.on)
            case MicrosoftFailure.LARGE_PAGES:
                return Reply(HTTPStatus.GATEWAY_TIMEOUT, _GATEWAY, (("content-type", "text/html"),))
            case MicrosoftFailure.ENDLESS_PAGES:
                return leading_on(await self._work(request, switch.on), request.address)
            case MicrosoftFailure.FOREIGN_PAGES:
                return leading_on(await self._work(request, switch.on), "https://graph.evil.example/v1.0/me/calendars")
            case MicrosoftFailure.NO_VALUE:
                return changed(await self._work(request, switch.on), value=None)
            case MicrosoftFailure.NULL_MEMBERS:
                return emptied(await self._work(request, switch.on), *(READABLE - {"id", "start", "end"}))
            case MicrosoftFailure.NO_TIMES:
                return emptied(await self._work(request, switch.on), "start", "end")
            case MicrosoftFailure.CUSTOM_ZONE:
                return in_no_zone(await self._work(request, switch.on), CUSTOM)
            case MicrosoftFailure.TRANSACTION_UNKNOWN if request.method == "POST":
                return self.calendar_api.create(request, knows_transactions=False)[0]
            case MicrosoftFailure.TRANSACTION_REFUSED if request.method == "POST":
                answer, was_there = self.calendar_api.create(request)
                return duplicate_transaction().answer() if was_there else answer
            case MicrosoftFailure.TRANSACTION_UNKNOWN | MicrosoftFailure.TRANSACTION_REFUSED:
                return await self._work(request, switch.on)
            case failure:
                return canned(failure, self._now())

    def _unknown(self, request: Request) -> Reply:
        if request.path.startswith("/v1.0/"):
            return bad_request(f"Resource not found for the segment '{request.parts[-1]}'.").answer()
        return not_found()


def _said(answer: Reply, name: str) -> str:
    body: dict[str, Any] = msgspec.json.decode(answer.body) if answer.status == HTTPStatus.OK else {}
    return str(body.get(name, ""))
