"""Client for Google: one API operation, the account that connected, and OAuth.

Source: Google Meet REST API v2, spaces.create; Google Identity, "Using OAuth 2.0 for Web Server Applications".
"""

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec

from adapters.google import oauth_refusals, refusals
from adapters.google.settings import GoogleMeetSettings
from adapters.google.wire import Space, User
from adapters.http_client.calls import Calls
from adapters.http_client.http import ProviderHttp
from adapters.http_client.wire import read
from application.ports.clock import Clock
from application.ports.provider import Capabilities, Grant, Meeting, MeetingRequest, TryLater
from domain.connection import ProviderAccount
from domain.provider import Provider
from domain.provider_problem import UnexpectedResponse
from domain.text import one_line

SPACE_CREATED: Final = "https://www.googleapis.com/auth/meetings.space.created"
SCOPES: Final = frozenset({"openid", SPACE_CREATED})

_ASKED_FOR: Final = f"openid email {SPACE_CREATED}"

# The default of an account is that guests knock, and a space made here has no list of invited people to let in.
_NEW_SPACE: Final = msgspec.json.encode({"config": {"accessType": "OPEN", "entryPointAccess": "ALL"}})


class GoogleMeetClient:
    """Google Meet behind the port ConferenceProvider; one for the whole process, closed by `aclose`."""

    provider: Provider = "google"
    scopes: frozenset[str] = SCOPES
    capabilities = Capabilities(rotation="none", idempotent_creation=False, revocation="project")

    def __init__(self, settings: GoogleMeetSettings, clock: Clock, *, total: timedelta = timedelta(seconds=10)) -> None:
        self._settings = settings
        self._http = ProviderHttp(self.provider, total)
        self._calls = Calls(self.provider, clock)
        self._spaces_url = f"{settings.api_url.rstrip('/')}/v2/spaces"

    def authorize_url(self, state: str, code_challenge: str) -> str:
        """Where to send the host's browser."""
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": _ASKED_FOR,
            "state": state,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
            # Together they bring a refresh token also to a host who has said yes before.
            "access_type": "offline",
            "prompt": "consent",
        }
        return f"{self._settings.auth_url}?{urlencode(query)}"

    async def exchange(self, code: str, code_verifier: str, /) -> Grant:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": code_verifier,
            **self._client,
        }
        sent = self._http.post_form(self._settings.token_url, fields)
        return await self._calls.grant("exchange", sent, oauth_refusals.EXCHANGE)

    async def refresh(self, grant: Grant, /) -> Grant:
        """Trade the refresh token for an access token; Google sends no other one, so that this one stays."""
        fields = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token, **self._client}
        sent = self._http.post_form(self._settings.token_url, fields)
        return await self._calls.grant(
            "refresh", sent, oauth_refusals.REFRESH, scopes=grant.scopes, refresh_token=grant.refresh_token
        )

    async def revoke(self, grant: Grant, /) -> None:
        """Tell Google that we are done. It ends everything that the user has allowed to this app's whole project."""
        # The refresh token can be revoked however old the access token is.
        sent = self._http.post_form(self._settings.revoke_url, {"token": grant.refresh_token})
        await self._calls.answer("revoke", sent, oauth_refusals.REFRESH, leaves_nothing=True)

    async def account(self, grant: Grant, /) -> ProviderAccount:
        operation = "account"
        sent = self._http.get(self._settings.userinfo_url, grant.access_token)
        answer = await self._calls.answer(operation, sent, refusals.USERINFO, leaves_nothing=True)
        user = read(answer.body, User)
        if user is None:
            raise self._calls.noted(operation, TryLater(UnexpectedResponse("google")), answer)
        email = one_line(user.email)
        return ProviderAccount(user.sub, user.sub, email, one_line(user.name or "") or email)

    async def create(self, grant: Grant, request: MeetingRequest, /) -> Meeting:
        """Make a space. It has neither title nor time, so that nothing of the booking goes to Google."""
        del request
        operation = "create"
        sent = self._http.post_json(self._spaces_url, grant.access_token, _NEW_SPACE)
        answer = await self._calls.answer(operation, sent, refusals.API)
        space = read(answer.body, Space)
        code = None if space is None else space.code
        if space is None or code is None:
            raise self._calls.noted(operation, TryLater(UnexpectedResponse("google"), left_behind=True), answer)
        return Meeting(join_url=space.meeting_uri, meeting_id=code)

    async def aclose(self) -> None:
        await self._http.aclose()

    @property
    def _client(self) -> dict[str, str]:
        return {"client_id": self._settings.client_id, "client_secret": self._settings.client_secret}
