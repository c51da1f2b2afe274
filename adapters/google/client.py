"""Google: one API operation, who has connected, and OAuth; nothing else ever leaves.

Source: Google Meet REST API v2, spaces.create; Google Identity, "Using OAuth 2.0 for Web Server Applications".
"""

from datetime import timedelta
from typing import Final

import msgspec

from adapters.google import refusals
from adapters.google.oauth_refusals import REFUSALS
from adapters.google.settings import GoogleMeetSettings
from adapters.google.wire import GoogleUser, Space
from adapters.http_client.oauth import HttpOAuthClient, OAuthProfile
from adapters.http_client.wire import read
from application.ports.clock import Clock
from application.ports.meetings import Meeting, MeetingRequest
from application.ports.oauth import Grant, GrantCapabilities
from application.ports.provider import TryLater
from domain.connection import ProviderAccount
from domain.provider_problem import UnexpectedResponse
from domain.text import one_line

SPACE_CREATED: Final = "https://www.googleapis.com/auth/meetings.space.created"
SCOPES: Final = frozenset({"openid", SPACE_CREATED})
CAPABILITIES: Final = GrantCapabilities(rotation="none", revocation="project")

# The default of an account is that guests knock, and a space made here has no list of invited people to let in.
_NEW_SPACE: Final = msgspec.json.encode({"config": {"accessType": "OPEN", "entryPointAccess": "ALL"}})


def profile(settings: GoogleMeetSettings) -> OAuthProfile:
    """How Google does OAuth. Revoking ends all that the user has allowed to this app's whole project."""
    return OAuthProfile(
        provider="google",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        redirect_uri=settings.redirect_uri,
        authorize_url=settings.auth_url,
        token_url=settings.token_url,
        revoke_url=settings.revoke_url,
        scopes=SCOPES,
        asked_for=f"openid email {SPACE_CREATED}",
        # Together they bring a refresh token also to a host who has said yes before.
        extra={"access_type": "offline", "prompt": "consent"},
        capabilities=CAPABILITIES,
        refusals=REFUSALS,
    )


class GoogleMeetClient(HttpOAuthClient):
    """Google Meet behind the ports OAuthClient, AccountReader and MeetingCreator."""

    idempotent_creation = False

    def __init__(self, settings: GoogleMeetSettings, clock: Clock, *, total: timedelta = timedelta(seconds=10)) -> None:
        super().__init__(profile(settings), clock, total)
        self._userinfo_url = settings.userinfo_url
        self._spaces_url = f"{settings.api_url.rstrip('/')}/v2/spaces"

    async def account(self, grant: Grant, /) -> ProviderAccount:
        operation = "account"
        sent = self._http.get(self._userinfo_url, grant.access_token)
        answer = await self._calls.answer(operation, sent, refusals.USERINFO, leaves_nothing=True)
        user = read(answer.body, GoogleUser)
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
