"""How does TimeTuna talk to Zoom? Two API operations, and OAuth; nothing else ever leaves.

Source: Zoom API, GET /users/{userId} and POST /users/{userId}/meetings; Zoom's OAuth guide.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote_plus, urlencode

import structlog

from adapters.zoom import words
from adapters.zoom.answer import Answer
from adapters.zoom.http import ZoomHttp
from adapters.zoom.meetings import kept, meeting_body
from adapters.zoom.oauth_refusals import exchange_refusal, oauth_code, refresh_refusal
from adapters.zoom.refusals import api_code, api_refusal
from adapters.zoom.settings import ZoomSettings
from adapters.zoom.wire import CreatedMeeting, Tokens, User, read
from application.ports.clock import Clock
from application.ports.provider import Grant, Meeting, MeetingRequest, NotPermitted, OurFault, ProviderError, TryLater
from domain.connection import Provider, ProviderAccount
from domain.text import one_line

SCOPES: Final = frozenset({"user:read:user", "meeting:write:meeting"})

_TYPES_WITHOUT_MEETINGS: Final = frozenset({4, 99})
_LONGEST_TRACKING_ID: Final = 100

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


class ZoomClient:
    """Zoom behind the port ConferenceProvider; one for the whole process, closed by `aclose`."""

    provider: Provider = "zoom"
    scopes: frozenset[str] = SCOPES

    def __init__(self, settings: ZoomSettings, clock: Clock, *, total: timedelta = timedelta(seconds=10)) -> None:
        self._settings = settings
        self._clock = clock
        self._http = ZoomHttp(total)
        self._auth_url = settings.auth_url.rstrip("/")
        self._api_url = settings.api_url.rstrip("/")

    def authorize_url(self, state: str, code_challenge: str) -> str:
        """Where to send the host's browser. The scopes aren't in it: Zoom takes them from the app's registration."""
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "state": state,
            "code_challenge": code_challenge,
            # Zoom takes "plain" where this is missing.
            "code_challenge_method": "S256",
        }
        return f"{self._auth_url}/oauth/authorize?{urlencode(query)}"

    async def exchange(self, code: str, code_verifier: str, /) -> Grant:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": code_verifier,
        }
        return await self._tokens("exchange", fields, exchange_refusal, frozenset())

    async def refresh(self, grant: Grant, /) -> Grant:
        fields = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
        return await self._tokens("refresh", fields, refresh_refusal, grant.scopes)

    async def revoke(self, grant: Grant, /) -> None:
        """Tell Zoom that we are done; Zoom then takes the app off the user's account and sends a notification."""
        operation = "revoke"
        try:
            answer = await self._post_form("/oauth/revoke", {"token": grant.access_token})
        except TryLater as error:
            raise _noted(operation, TryLater(error.reason)) from None
        if not answer.is_success:
            raise _noted(operation, refresh_refusal(answer, self._clock()), answer, oauth_code(answer))

    async def account(self, grant: Grant, /) -> ProviderAccount:
        operation = "account"
        try:
            answer = await self._http.get(f"{self._api_url}/users/me", grant.access_token)
        except TryLater as error:
            # Reading leaves nothing behind.
            raise _noted(operation, TryLater(error.reason)) from None
        if not answer.is_success:
            raise _noted(operation, api_refusal(answer, self._clock()), answer, api_code(answer))
        user = read(answer.body, User)
        if user is None:
            raise _noted(operation, TryLater(words.UNINTELLIGIBLE), answer)
        if user.type in _TYPES_WITHOUT_MEETINGS:
            raise _noted(operation, NotPermitted(words.NO_MEETINGS), answer)
        return ProviderAccount(user.id, user.account_id, one_line(user.email), _name(user))

    async def create(self, grant: Grant, request: MeetingRequest, /) -> Meeting:
        operation = "create"
        try:
            answer = await self._http.post_json(
                f"{self._api_url}/users/me/meetings", grant.access_token, meeting_body(request)
            )
        except TryLater as error:
            raise _noted(operation, error) from None
        if not answer.is_success:
            raise _noted(operation, api_refusal(answer, self._clock()), answer, api_code(answer))
        created = read(answer.body, CreatedMeeting)
        if created is None or not created.is_joinable:
            raise _noted(operation, TryLater(words.UNINTELLIGIBLE, left_behind=True), answer)
        if created.is_personal_room:
            raise _noted(operation, NotPermitted(words.PERSONAL_ROOM, left_behind=True), answer)
        return kept(created)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _tokens(
        self,
        operation: str,
        fields: dict[str, str],
        refusal: Callable[[Answer, datetime], ProviderError],
        scopes: frozenset[str],
    ) -> Grant:
        # Counted from before the call, so that a slow answer never makes a token look younger than it is.
        asked_at = self._clock()
        try:
            answer = await self._post_form("/oauth/token", fields)
        except TryLater as error:
            raise _noted(operation, error) from None
        if not answer.is_success:
            raise _noted(operation, refusal(answer, self._clock()), answer, oauth_code(answer))
        tokens = read(answer.body, Tokens)
        if tokens is None:
            # The old refresh token may be dead already, and the new one is lost.
            raise _noted(operation, TryLater(words.UNINTELLIGIBLE, left_behind=True), answer)
        return Grant(
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            expires_at=asked_at + timedelta(seconds=tokens.expires_in),
            # RFC 6749, 5.1: left out means unchanged.
            scopes=scopes if tokens.scope is None else frozenset(tokens.scope.split()),
        )

    async def _post_form(self, path: str, fields: dict[str, str]) -> Answer:
        # RFC 6749, 2.3.1: both are form-encoded before they go into the Basic header.
        client = (quote_plus(self._settings.client_id), quote_plus(self._settings.client_secret))
        return await self._http.post_form(f"{self._auth_url}{path}", client, fields)


def _name(user: User) -> str:
    full = " ".join(part for part in (user.first_name, user.last_name) if part)
    return one_line(user.display_name or "") or one_line(full) or one_line(user.email)


def _noted(
    operation: str, error: ProviderError, answer: Answer | None = None, code: int | str | None = None
) -> ProviderError:
    """Log a failure without a word of what was sent or answered, and hand it back to be raised."""
    log = _log.error if isinstance(error, OurFault) else _log.warning
    log(
        "zoom_call_failed",
        operation=operation,
        outcome=type(error).__name__,
        left_behind=error.left_behind,
        status=None if answer is None else answer.status,
        code=code,
        tracking_id=None if answer is None else (answer.tracking_id or "")[:_LONGEST_TRACKING_ID] or None,
    )
    return error
