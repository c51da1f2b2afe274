"""Microsoft: one API operation, and OAuth; nothing else ever leaves.

Source: Microsoft Graph v1.0, onlineMeeting: createOrGet; Microsoft identity platform, "OAuth 2.0 authorization code
flow" and "Refresh tokens".
"""

from datetime import timedelta
from typing import Final

import msgspec

from adapters.http_client.fitting import cut, utc_instant, whole_minutes
from adapters.http_client.oauth import HttpOAuthClient, OAuthProfile
from adapters.http_client.wire import read
from adapters.microsoft import refusals
from adapters.microsoft.oauth_refusals import REFUSALS
from adapters.microsoft.settings import MicrosoftTeamsSettings
from adapters.microsoft.signed_in import is_personal, signed_in
from adapters.microsoft.wire import OnlineMeeting
from adapters.presentation.language import ENGLISH_ALONE, Languages
from adapters.presentation.sentences.meeting_requests import meeting_topic
from application.ports.clock import Clock
from application.ports.meetings import Meeting, MeetingRequest
from application.ports.oauth import Grant, GrantCapabilities
from application.ports.provider import PersonalAccount, TryLater
from domain.connection import ProviderAccount
from domain.provider_problem import PersonalAccountUnsupported, UnexpectedResponse

MEETINGS: Final = "OnlineMeetings.ReadWrite"
SCOPES: Final = frozenset({MEETINGS})
CAPABILITIES: Final = GrantCapabilities(rotation="soft", revocation=None, needs_admin=True, personal_accounts=False)

_GRAPH: Final = "https://graph.microsoft.com/"
_LONGEST_SUBJECT: Final = 200


def profile(settings: MicrosoftTeamsSettings) -> OAuthProfile:
    """How Microsoft does OAuth. It can't be told of an end: its users take the app off their account themselves."""
    oauth = f"{settings.auth_url.rstrip('/')}/oauth2/v2.0"
    return OAuthProfile(
        provider="microsoft",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        redirect_uri=settings.redirect_uri,
        authorize_url=f"{oauth}/authorize",
        token_url=f"{oauth}/token",
        scopes=SCOPES,
        asked_for=f"openid profile email offline_access {_GRAPH}{MEETINGS}",
        asked_for_at_token=True,
        # Without the prompt, whoever is signed in already can't choose the account to connect.
        extra={"response_mode": "query", "prompt": "select_account"},
        capabilities=CAPABILITIES,
        refusals=REFUSALS,
        named=_named_shortly,
        who=lambda tokens: signed_in(tokens.id_token, settings.client_id),
        tracking_header="request-id",
    )


class MicrosoftTeamsClient(HttpOAuthClient):
    """Microsoft Teams behind the ports OAuthClient, AccountReader and MeetingCreator."""

    idempotent_creation = True

    def __init__(
        self,
        settings: MicrosoftTeamsSettings,
        clock: Clock,
        *,
        languages: Languages = ENGLISH_ALONE,
        total: timedelta = timedelta(seconds=10),
    ) -> None:
        super().__init__(profile(settings), clock, total)
        self._languages = languages
        self._meetings_url = f"{settings.api_url.rstrip('/')}/me/onlineMeetings/createOrGet"

    async def account(self, grant: Grant, /) -> ProviderAccount:
        """Read who has connected from what came with the tokens; nothing is asked of Microsoft."""
        operation = "account"
        if grant.account is None:
            raise self._calls.noted(operation, TryLater(UnexpectedResponse("microsoft")))
        if is_personal(grant.account):
            raise self._calls.noted(operation, PersonalAccount(PersonalAccountUnsupported("microsoft")))
        return grant.account

    async def create(self, grant: Grant, request: MeetingRequest, /) -> Meeting:
        operation = "create"
        sent = self._http.post_json(self._meetings_url, grant.access_token, _body(request, self._languages))
        answer = await self._calls.answer(operation, sent, refusals.API)
        made = read(answer.body, OnlineMeeting)
        if made is None or not made.is_joinable:
            raise self._calls.noted(operation, TryLater(UnexpectedResponse("microsoft"), left_behind=True), answer)
        return _kept(made)


def _body(request: MeetingRequest, languages: Languages) -> bytes:
    """Write the body of the request. Microsoft has no place for the agenda, and guests aren't invited by it."""
    end = request.start + timedelta(minutes=whole_minutes(request.duration))
    return msgspec.json.encode(
        {
            # With the user's id it names the meeting: whoever sends it again gets the meeting that is there.
            "externalId": request.key,
            "startDateTime": utc_instant(request.start),
            "endDateTime": utc_instant(end),
            "subject": cut(meeting_topic(request, languages), _LONGEST_SUBJECT),
        }
    )


def _kept(made: OnlineMeeting) -> Meeting:
    typed = made.join_meeting_id_settings
    if typed is None or not typed.join_meeting_id:
        return Meeting(join_url=made.join_web_url, meeting_id=made.id)
    return Meeting(join_url=made.join_web_url, meeting_id=typed.join_meeting_id, passcode=typed.passcode or None)


def _named_shortly(scopes: frozenset[str]) -> frozenset[str]:
    """Write scopes as they are asked for here: Microsoft names those of Graph with or without its address."""
    names = {each.removeprefix(_GRAPH) for each in scopes}
    return frozenset(MEETINGS if each.lower() == MEETINGS.lower() else each for each in names)
