"""Client for Zoom: two API operations and OAuth.

Source: Zoom API, GET /users/{userId} and POST /users/{userId}/meetings; Zoom's OAuth guide.
"""

from datetime import timedelta
from typing import Final
from urllib.parse import quote_plus, urlencode

from adapters.http_client.answer import Answer
from adapters.http_client.calls import Calls
from adapters.http_client.http import ProviderHttp
from adapters.http_client.wire import read
from adapters.zoom import oauth_refusals, refusals
from adapters.zoom.meetings import kept, meeting_body
from adapters.zoom.settings import ZoomSettings
from adapters.zoom.wire import CreatedMeeting, User
from application.ports.clock import Clock
from application.ports.provider import Capabilities, Grant, Meeting, MeetingRequest, NotPermitted, TryLater
from domain.connection import ProviderAccount
from domain.provider import Provider
from domain.provider_problem import MeetingsNotAllowed, PersonalRoomUsed, UnexpectedResponse
from domain.text import one_line

SCOPES: Final = frozenset({"user:read:user", "meeting:write:meeting"})

_TYPES_WITHOUT_MEETINGS: Final = frozenset({4, 99})


class ZoomClient:
    """Zoom behind the port ConferenceProvider; one for the whole process, closed by `aclose`."""

    provider: Provider = "zoom"
    scopes: frozenset[str] = SCOPES
    capabilities = Capabilities(
        rotation="strict",
        idempotent_creation=False,
        revocation="login",
        revokes_access_tokens=True,
        one_grant_per_login=True,
        pushes_deauthorization=True,
    )

    def __init__(self, settings: ZoomSettings, clock: Clock, *, total: timedelta = timedelta(seconds=10)) -> None:
        self._settings = settings
        self._http = ProviderHttp(self.provider, total, tracking_header="x-zm-trackingid")
        self._calls = Calls(self.provider, clock)
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
        return await self._calls.grant("exchange", self._post_form("/oauth/token", fields), oauth_refusals.EXCHANGE)

    async def refresh(self, grant: Grant, /) -> Grant:
        fields = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
        sent = self._post_form("/oauth/token", fields)
        return await self._calls.grant("refresh", sent, oauth_refusals.REFRESH, scopes=grant.scopes)

    async def revoke(self, grant: Grant, /) -> None:
        """Tell Zoom that we are done; Zoom then takes the app off the user's account and sends a notification."""
        sent = self._post_form("/oauth/revoke", {"token": grant.access_token})
        await self._calls.answer("revoke", sent, oauth_refusals.REFRESH, leaves_nothing=True)

    async def account(self, grant: Grant, /) -> ProviderAccount:
        operation = "account"
        sent = self._http.get(f"{self._api_url}/users/me", grant.access_token)
        answer = await self._calls.answer(operation, sent, refusals.MEANING, leaves_nothing=True)
        user = read(answer.body, User)
        if user is None:
            raise self._calls.noted(operation, TryLater(UnexpectedResponse("zoom")), answer)
        account = ProviderAccount(user.id, user.account_id, one_line(user.email), _name(user))
        if user.type in _TYPES_WITHOUT_MEETINGS:
            raise self._calls.noted(operation, NotPermitted(MeetingsNotAllowed("zoom"), account=account), answer)
        return account

    async def create(self, grant: Grant, request: MeetingRequest, /) -> Meeting:
        operation = "create"
        url = f"{self._api_url}/users/me/meetings"
        sent = self._http.post_json(url, grant.access_token, meeting_body(request))
        answer = await self._calls.answer(operation, sent, refusals.MEANING)
        created = read(answer.body, CreatedMeeting)
        if created is None or not created.is_joinable:
            raise self._calls.noted(operation, TryLater(UnexpectedResponse("zoom"), left_behind=True), answer)
        if created.is_personal_room:
            raise self._calls.noted(operation, NotPermitted(PersonalRoomUsed("zoom"), left_behind=True), answer)
        return kept(created)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _post_form(self, path: str, fields: dict[str, str]) -> Answer:
        # RFC 6749, 2.3.1: both are form-encoded before they go into the Basic header.
        client = (quote_plus(self._settings.client_id), quote_plus(self._settings.client_secret))
        return await self._http.post_form(f"{self._auth_url}{path}", fields, basic=client)


def _name(user: User) -> str:
    full = " ".join(part for part in (user.first_name, user.last_name) if part)
    return one_line(user.display_name or "") or one_line(full) or one_line(user.email)
