"""The Google sandbox."""

from collections.abc import Callable, Iterable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import ClassVar, Final

import msgspec

from adapters.sandbox.asgi import Reply, Request
from adapters.sandbox.google.accounts import SAMPLES, GoogleAccount
from adapters.sandbox.google.api import GoogleApi
from adapters.sandbox.google.calendar.api import GoogleCalendarApi
from adapters.sandbox.google.calendar.calendars import GoogleCalendars
from adapters.sandbox.google.calendar.channels import GoogleChannels
from adapters.sandbox.google.calendar.events import GoogleEvents
from adapters.sandbox.google.calendar.pages import CalendarPages
from adapters.sandbox.google.calendar.sample import fill
from adapters.sandbox.google.canned import canned, spoiled
from adapters.sandbox.google.errors import GoogleApiError
from adapters.sandbox.google.grants import TERMS, GoogleTokens, token_response
from adapters.sandbox.google.oauth import GoogleOAuth
from adapters.sandbox.google.people import GooglePages
from adapters.sandbox.google.scopes import EVENTS_FREE_BUSY, EVENTS_OWNED, SPACE_CREATED, USUAL
from adapters.sandbox.google.spaces import MOST_A_MINUTE_PER_USER, Spaces, StoredSpace
from adapters.sandbox.google.switches import GoogleEndpoint, GoogleFailure
from adapters.sandbox.provider import SandboxProvider, changed, not_found, utc_now
from adapters.sandbox.registration import Registration
from adapters.sandbox.switches import Switch

_EVENTS: Final = "/calendar/v3/calendars/{calendar_id:str}/events"
_GATEWAY: Final = b"<html><head><title>Error 502 (Server Error)!!1</title></head><body>Sorry</body></html>"


class SandboxGoogle(SandboxProvider[GoogleAccount, GoogleFailure, GoogleEndpoint]):
    """A Google of one's own: strict about the wire format, and wrong in every way on request.

    Attributes:
        app: the ASGI application. Everything of Google's several hosts is at its root: authorizing at
            `/o/oauth2/v2/auth`, tokens at `/token`, the root is the base of the Meet API, and `/calendar/v3` of the
            Calendar API.
        calendar_api, calendars, events, channels: what the accounts' owners and Google do with calendars.
    """

    endpoints: ClassVar = {
        ("GET", "/o/oauth2/v2/auth"): GoogleEndpoint.AUTHORIZE,
        ("POST", "/o/oauth2/v2/auth"): GoogleEndpoint.AUTHORIZE,
        ("POST", "/token"): GoogleEndpoint.CODE,
        ("POST", "/revoke"): GoogleEndpoint.REVOKE,
        ("GET", "/userinfo"): GoogleEndpoint.USERINFO,
        ("POST", "/v2/spaces"): GoogleEndpoint.SPACES,
        ("GET", "/calendar/v3/users/me/calendarList"): GoogleEndpoint.CALENDARS,
        ("POST", "/calendar/v3/freeBusy"): GoogleEndpoint.FREE_BUSY,
        ("GET", _EVENTS): GoogleEndpoint.EVENTS,
        ("POST", _EVENTS): GoogleEndpoint.INSERT,
        ("GET", f"{_EVENTS}/{{event_id:str}}"): GoogleEndpoint.EVENT,
        ("PATCH", f"{_EVENTS}/{{event_id:str}}"): GoogleEndpoint.PATCH,
        ("DELETE", f"{_EVENTS}/{{event_id:str}}"): GoogleEndpoint.DELETE,
        ("POST", f"{_EVENTS}/watch"): GoogleEndpoint.WATCH,
        ("POST", "/calendar/v3/channels/stop"): GoogleEndpoint.STOP,
    }
    terms = TERMS
    pages = GooglePages

    def __init__(
        self,
        store: Path | None = None,
        *,
        client_id: str | None = None,
        client_secret: str | None = None,
        redirect_uris: Iterable[str] = (),
        accounts: Iterable[GoogleAccount] = SAMPLES,
        app_name: str = "TimeTuna",
        base_url: str | None = None,
        latency: float = 0.0,
        spaces_a_minute: int = MOST_A_MINUTE_PER_USER,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        registration = Registration(
            app_name,
            client_id or f"{token_hex(6)}.apps.googleusercontent.com",
            client_secret or f"GOCSPX-{token_urlsafe(21)}",
            list(redirect_uris),
        )
        super().__init__(
            store, registration, accounts, (GoogleAccount, GoogleFailure, GoogleEndpoint), latency, now, base_url
        )
        self._spaces = Spaces(self._store, now, spaces_a_minute)
        self._oauth = GoogleOAuth(registration, self.grants, self._accounts, now)
        self._api = GoogleApi(self.grants, self._spaces, self._accounts)
        self.calendars = GoogleCalendars(self._store, self._accounts)
        self.events = GoogleEvents(self._store, now)
        self.channels = GoogleChannels(self._store, now, self._changes.happened)
        self.events.changed = self.channels.tell
        self.calendar_api = GoogleCalendarApi(
            self.grants, self._accounts, self.calendars, self.events, self.channels, now
        )
        self.people = GooglePages(
            registration,
            self._accounts,
            self.grants,
            self._spaces,
            CalendarPages(self.calendars, self.events, now),
            self.channels,
            self._log,
            self.switches,
        )

    @property
    def spaces(self) -> list[StoredSpace]:
        """Every space made, oldest first."""
        return self._spaces.all()

    def authorize(self, account: GoogleAccount, scopes: tuple[str, ...] = USUAL) -> GoogleTokens:
        """Connect an account without a browser; what it was connected with before stays good."""
        with self._store.together():
            return token_response(self.grants.grant(account.id, scopes))

    def fill_calendar(self, account: GoogleAccount) -> None:
        """Give an account's own calendar some events this week and the next, unless it ever had any."""
        [calendar, *_] = self.calendars.of(account)
        fill(calendar, self.events, account.email, self._now())

    def remove(self, account: GoogleAccount) -> None:
        """Take the app off an account, as its user would; Google tells nobody."""
        self.grants.remove(account.id)

    def close(self) -> None:
        self.channels.close()
        super().close()

    def _right(self, request: Request, endpoint: GoogleEndpoint) -> Reply:
        match endpoint:
            case GoogleEndpoint.AUTHORIZE if request.method == "GET":
                return self._oauth.consent(request)
            case GoogleEndpoint.AUTHORIZE:
                return self._oauth.decide(request)
            case GoogleEndpoint.CODE | GoogleEndpoint.REFRESH:
                return self._oauth.token(request)
            case GoogleEndpoint.REVOKE:
                return self._oauth.revoke(request)
            case GoogleEndpoint.USERINFO:
                return self._api.userinfo(request)
            case GoogleEndpoint.SPACES:
                return self._api.create(request)
            case GoogleEndpoint.CALENDARS:
                return self.calendar_api.list_calendars(request)
            case GoogleEndpoint.FREE_BUSY:
                return self.calendar_api.free_busy(request)
            case GoogleEndpoint.EVENTS:
                return self.calendar_api.list_events(request)
            case GoogleEndpoint.EVENT:
                return self.calendar_api.get(request)
            case GoogleEndpoint.INSERT:
                return self.calendar_api.insert(request)
            case GoogleEndpoint.PATCH:
                return self.calendar_api.patch(request)
            case GoogleEndpoint.DELETE:
                return self.calendar_api.delete(request)
            case GoogleEndpoint.WATCH:
                return self.calendar_api.watch(request)
            case GoogleEndpoint.STOP:
                return self.calendar_api.stop(request)

    async def _wrong(self, request: Request, switch: Switch[GoogleFailure, GoogleEndpoint]) -> Reply:
        match switch.failure:
            case GoogleFailure.TOO_FEW_SCOPES:
                for scope in (SPACE_CREATED, EVENTS_FREE_BUSY):
                    self.grants.narrow(request.form().get("code", ""), without=scope)
                return await self._work(request, switch.on)
            case GoogleFailure.WRITING_UNTICKED:
                self.grants.narrow(request.form().get("code", ""), without=EVENTS_OWNED)
                return await self._work(request, switch.on)
            case GoogleFailure.PUSHES_LOST:
                with self.channels.muted():
                    return await self._work(request, switch.on)
            case GoogleFailure.TRUNCATED:
                answer = await self._work(request, switch.on)
                return msgspec.structs.replace(answer, body=answer.body[: len(answer.body) // 2])
            case GoogleFailure.ENDLESS_PAGES:
                return changed(await self._work(request, switch.on), nextPageToken="P0")
            case GoogleFailure.CALENDAR_ERRORS | GoogleFailure.CALENDAR_NOT_FOUND | GoogleFailure.CALENDAR_LEFT_OUT:
                return spoiled(await self._work(request, switch.on), switch.failure)
            case GoogleFailure.APP_BLOCKED:
                return self._oauth.page_of_error(request, "admin_policy_enforced", "Access blocked.")
            case GoogleFailure.BAD_GATEWAY:
                await self._work(request, switch.on)
                return Reply(HTTPStatus.BAD_GATEWAY, _GATEWAY, (("content-type", "text/html"),))
            case GoogleFailure.NO_LINK:
                return changed(await self._work(request, switch.on), meetingUri=None)
            case GoogleFailure.FOREIGN_LINK:
                return changed(
                    await self._work(request, switch.on), meetingUri="https://meet.google.com.evil.example/abc"
                )
            case GoogleFailure.NO_NAME:
                return changed(await self._work(request, switch.on), name=None)
            case GoogleFailure.REFRESH_MISSING:
                return changed(await self._work(request, switch.on), refresh_token=None)
            case GoogleFailure.REFRESH_REPLACED:
                answer = await self._work(request, switch.on)
                if answer.status != HTTPStatus.OK:
                    return answer
                return changed(answer, refresh_token=self.grants.again(request.form().get("refresh_token", "")))
            case failure:
                return canned(failure, switch.on, self._now())

    def _unknown(self, request: Request) -> Reply:
        if request.path.startswith(("/v2/", "/calendar/v3/")):
            return GoogleApiError(HTTPStatus.NOT_FOUND, "NOT_FOUND", "Method not found.").answer()
        return not_found()
