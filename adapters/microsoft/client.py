"""Microsoft Teams: one API operation beside signing in; nothing else ever leaves.

Source: Microsoft Graph v1.0, onlineMeeting: createOrGet.
"""

from datetime import timedelta
from typing import Final

import msgspec

from adapters.http_client.fitting import cut, utc_instant, whole_minutes
from adapters.http_client.oauth import HttpOAuthClient
from adapters.http_client.wire import read
from adapters.microsoft import refusals
from adapters.microsoft.account import GRAPH, profile
from adapters.microsoft.settings import MicrosoftTeamsSettings
from adapters.microsoft.signed_in import is_personal
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

_ASKED_FOR: Final = f"openid profile email offline_access {GRAPH}{MEETINGS}"
_LONGEST_SUBJECT: Final = 200


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
        super().__init__(profile(settings, MEETINGS, _ASKED_FOR, CAPABILITIES), clock, total)
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
