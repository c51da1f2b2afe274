"""The API operation: create a meeting or get the existing one."""

from collections.abc import Mapping
from http import HTTPStatus

from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.grants import Grants
from adapters.sandbox.microsoft.accounts import MicrosoftAccount
from adapters.sandbox.microsoft.errors import forbidden, unauthenticated
from adapters.sandbox.microsoft.meetings import MicrosoftMeetings
from adapters.sandbox.microsoft.scopes import MEETINGS


class GraphApi:
    def __init__(self, grants: Grants, meetings: MicrosoftMeetings, accounts: Mapping[str, MicrosoftAccount]) -> None:
        self._grants = grants
        self._meetings = meetings
        self._accounts = accounts

    def create_or_get(self, request: Request) -> Reply:
        """Answer `POST /v1.0/me/onlineMeetings/createOrGet`: 201 for a new meeting, 200 for one that was there.

        Raises:
            ApiError: the token is no good or lacks the scope, or the meeting can't be made.
        """
        token = request.bearer()
        if token is None:
            raise unauthenticated("Access token is empty.")
        grant = self._grants.of(token)
        if MEETINGS not in grant.scopes:
            raise forbidden()
        account = self._accounts[grant.user_id]
        made, is_new = self._meetings.create_or_get(account, request)
        return json(made.body, HTTPStatus.CREATED if is_new else HTTPStatus.OK)
