"""Client for Microsoft: one API operation and OAuth.

Source: Microsoft Graph v1.0, onlineMeeting: createOrGet; Microsoft identity platform, "OAuth 2.0 authorization code
flow" and "Refresh tokens".
"""

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec

from adapters.http_client.calls import Calls
from adapters.http_client.fitting import cut, utc_instant, whole_minutes
from adapters.http_client.http import ProviderHttp
from adapters.http_client.wire import Tokens, read
from adapters.microsoft import oauth_refusals, refusals
from adapters.microsoft.settings import MicrosoftTeamsSettings
from adapters.microsoft.signed_in import is_personal, signed_in
from adapters.microsoft.wire import OnlineMeeting
from application.ports.clock import Clock
from application.ports.provider import Capabilities, Grant, Meeting, MeetingRequest, PersonalAccount, TryLater
from domain.connection import ProviderAccount
from domain.provider import Provider
from domain.provider_problem import PersonalAccountUnsupported, UnexpectedResponse

MEETINGS: Final = "OnlineMeetings.ReadWrite"
SCOPES: Final = frozenset({MEETINGS})

_GRAPH: Final = "https://graph.microsoft.com/"
_ASKED_FOR: Final = f"openid profile email offline_access {_GRAPH}{MEETINGS}"
_LONGEST_SUBJECT: Final = 200


class MicrosoftTeamsClient:
    """Microsoft Teams behind the port ConferenceProvider; one for the whole process, closed by `aclose`."""

    provider: Provider = "microsoft"
    scopes: frozenset[str] = SCOPES
    capabilities = Capabilities(
        rotation="soft", idempotent_creation=True, revocation=None, needs_admin=True, personal_accounts=False
    )

    def __init__(
        self, settings: MicrosoftTeamsSettings, clock: Clock, *, total: timedelta = timedelta(seconds=10)
    ) -> None:
        self._settings = settings
        self._http = ProviderHttp(self.provider, total, tracking_header="request-id")
        self._calls = Calls(self.provider, clock)
        self._oauth_url = f"{settings.auth_url.rstrip('/')}/oauth2/v2.0"
        self._meetings_url = f"{settings.api_url.rstrip('/')}/me/onlineMeetings/createOrGet"

    def authorize_url(self, state: str, code_challenge: str) -> str:
        """Where to send the host's browser."""
        query = {
            "response_type": "code",
            "response_mode": "query",
            "client_id": self._settings.client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": _ASKED_FOR,
            "state": state,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
            # Without it, whoever is signed in already can't choose the account to connect.
            "prompt": "select_account",
        }
        return f"{self._oauth_url}/authorize?{urlencode(query)}"

    async def exchange(self, code: str, code_verifier: str, /) -> Grant:
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "code_verifier": code_verifier,
            "scope": _ASKED_FOR,
            **self._client,
        }
        sent = self._http.post_form(f"{self._oauth_url}/token", fields)
        return _named_shortly(await self._calls.grant("exchange", sent, oauth_refusals.EXCHANGE, who=self._who))

    async def refresh(self, grant: Grant, /) -> Grant:
        """Trade the refresh token for a new pair. The old one isn't dead, so that a lost answer costs nothing."""
        fields = {
            "grant_type": "refresh_token",
            "refresh_token": grant.refresh_token,
            "scope": _ASKED_FOR,
            **self._client,
        }
        sent = self._http.post_form(f"{self._oauth_url}/token", fields)
        fresh = await self._calls.grant(
            "refresh", sent, oauth_refusals.REFRESH, scopes=grant.scopes, refresh_token=grant.refresh_token
        )
        # A refresh is nobody's sign-in: who has connected is who it was.
        return msgspec.structs.replace(_named_shortly(fresh), account=grant.account)

    async def revoke(self, grant: Grant, /) -> None:
        """Do nothing: Microsoft can't be told. Its users take the app off their account themselves."""
        del grant

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
        sent = self._http.post_json(self._meetings_url, grant.access_token, _body(request))
        answer = await self._calls.answer(operation, sent, refusals.API)
        made = read(answer.body, OnlineMeeting)
        if made is None or not made.is_joinable:
            raise self._calls.noted(operation, TryLater(UnexpectedResponse("microsoft"), left_behind=True), answer)
        return _kept(made)

    async def aclose(self) -> None:
        await self._http.aclose()

    @property
    def _client(self) -> dict[str, str]:
        return {"client_id": self._settings.client_id, "client_secret": self._settings.client_secret}

    def _who(self, tokens: Tokens) -> ProviderAccount | None:
        return signed_in(tokens.id_token, self._settings.client_id)


def _body(request: MeetingRequest) -> bytes:
    """Write the body of the request. Microsoft has no place for the agenda, and guests aren't invited by it."""
    end = request.start + timedelta(minutes=whole_minutes(request.duration))
    return msgspec.json.encode(
        {
            # With the user's id it names the meeting: whoever sends it again gets the meeting that is there.
            "externalId": request.key,
            "startDateTime": utc_instant(request.start),
            "endDateTime": utc_instant(end),
            "subject": cut(request.topic, _LONGEST_SUBJECT),
        }
    )


def _kept(made: OnlineMeeting) -> Meeting:
    typed = made.join_meeting_id_settings
    if typed is None or not typed.join_meeting_id:
        return Meeting(join_url=made.join_web_url, meeting_id=made.id)
    return Meeting(join_url=made.join_web_url, meeting_id=typed.join_meeting_id, passcode=typed.passcode or None)


def _named_shortly(grant: Grant) -> Grant:
    """Write scopes as they are asked for here: Microsoft names those of Graph with or without its address."""
    names = {each.removeprefix(_GRAPH) for each in grant.scopes}
    known = {MEETINGS if each.lower() == MEETINGS.lower() else each for each in names}
    return msgspec.structs.replace(grant, scopes=frozenset(known))
