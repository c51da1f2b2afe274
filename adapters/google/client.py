"""Google Meet: one API operation beside signing in; nothing else ever leaves.

Source: Google Meet REST API v2, spaces.create.
"""

from datetime import timedelta
from typing import Final

import msgspec

from adapters.google import refusals
from adapters.google.account import GoogleAccountClient
from adapters.google.settings import GoogleMeetSettings
from adapters.google.wire import Space
from adapters.http_client.wire import read
from application.ports.clock import Clock
from application.ports.meetings import Meeting, MeetingRequest
from application.ports.oauth import Grant
from application.ports.provider import TryLater
from domain.provider_problem import UnexpectedResponse

SPACE_CREATED: Final = "https://www.googleapis.com/auth/meetings.space.created"
SCOPES: Final = frozenset({"openid", SPACE_CREATED})

# The default of an account is that guests knock, and a space made here has no list of invited people to let in.
_NEW_SPACE: Final = msgspec.json.encode({"config": {"accessType": "OPEN", "entryPointAccess": "ALL"}})


class GoogleMeetClient(GoogleAccountClient):
    """Google Meet behind the ports OAuthClient, AccountReader and MeetingCreator."""

    idempotent_creation = False

    def __init__(self, settings: GoogleMeetSettings, clock: Clock, *, total: timedelta = timedelta(seconds=10)) -> None:
        super().__init__(settings, clock, SCOPES, (SPACE_CREATED,), total)
        self._spaces_url = f"{settings.api_url.rstrip('/')}/v2/spaces"

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
