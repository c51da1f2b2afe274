"""Zoom: two API operations, and OAuth; nothing else ever leaves.

Source: Zoom API, GET /users/{userId} and POST /users/{userId}/meetings; Zoom's OAuth guide.
"""

from datetime import timedelta
from typing import Final

from adapters.http_client.oauth import HttpOAuthClient, OAuthProfile
from adapters.http_client.wire import read
from adapters.presentation.language import ENGLISH_ALONE, Languages
from adapters.zoom import refusals
from adapters.zoom.meetings import kept, meeting_body
from adapters.zoom.oauth_refusals import REFUSALS
from adapters.zoom.settings import ZoomSettings
from adapters.zoom.wire import CreatedMeeting, ZoomUser
from application.ports.clock import Clock
from application.ports.meetings import Meeting, MeetingRequest
from application.ports.oauth import Grant, GrantCapabilities
from application.ports.provider import NotPermitted, TryLater
from domain.connection import ProviderAccount
from domain.provider_problem import MeetingsNotAllowed, PersonalRoomUsed, UnexpectedResponse
from domain.text import one_line

SCOPES: Final = frozenset({"user:read:user", "meeting:write:meeting"})
CAPABILITIES: Final = GrantCapabilities(
    rotation="strict",
    revocation="login",
    revokes_access_tokens=True,
    one_grant_per_login=True,
    pushes_deauthorization=True,
)

_TYPES_WITHOUT_MEETINGS: Final = frozenset({4, 99})


def profile(settings: ZoomSettings) -> OAuthProfile:
    """How Zoom does OAuth. The scopes aren't asked for: Zoom takes them from the app's registration."""
    oauth = f"{settings.auth_url.rstrip('/')}/oauth"
    return OAuthProfile(
        provider="zoom",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        redirect_uri=settings.redirect_uri,
        authorize_url=f"{oauth}/authorize",
        token_url=f"{oauth}/token",
        # Zoom then takes the app off the user's account, and sends a notification.
        revoke_url=f"{oauth}/revoke",
        scopes=SCOPES,
        basic=True,
        capabilities=CAPABILITIES,
        refusals=REFUSALS,
        tracking_header="x-zm-trackingid",
    )


class ZoomClient(HttpOAuthClient):
    """Zoom behind the ports OAuthClient, AccountReader and MeetingCreator."""

    idempotent_creation = False

    def __init__(
        self,
        settings: ZoomSettings,
        clock: Clock,
        *,
        languages: Languages = ENGLISH_ALONE,
        total: timedelta = timedelta(seconds=10),
    ) -> None:
        super().__init__(profile(settings), clock, total)
        self._languages = languages
        self._api_url = settings.api_url.rstrip("/")

    async def account(self, grant: Grant, /) -> ProviderAccount:
        operation = "account"
        sent = self._http.get(f"{self._api_url}/users/me", grant.access_token)
        answer = await self._calls.answer(operation, sent, refusals.MEANING, leaves_nothing=True)
        user = read(answer.body, ZoomUser)
        if user is None:
            raise self._calls.noted(operation, TryLater(UnexpectedResponse("zoom")), answer)
        account = ProviderAccount(user.id, user.account_id, one_line(user.email), _name(user))
        if user.type in _TYPES_WITHOUT_MEETINGS:
            raise self._calls.noted(operation, NotPermitted(MeetingsNotAllowed("zoom"), account=account), answer)
        return account

    async def create(self, grant: Grant, request: MeetingRequest, /) -> Meeting:
        operation = "create"
        url = f"{self._api_url}/users/me/meetings"
        sent = self._http.post_json(url, grant.access_token, meeting_body(request, self._languages))
        answer = await self._calls.answer(operation, sent, refusals.MEANING)
        created = read(answer.body, CreatedMeeting)
        if created is None or not created.is_joinable:
            raise self._calls.noted(operation, TryLater(UnexpectedResponse("zoom"), left_behind=True), answer)
        if created.is_personal_room:
            raise self._calls.noted(operation, NotPermitted(PersonalRoomUsed("zoom"), left_behind=True), answer)
        return kept(created)


def _name(user: ZoomUser) -> str:
    full = " ".join(part for part in (user.first_name, user.last_name) if part)
    return one_line(user.display_name or "") or one_line(full) or one_line(user.email)
