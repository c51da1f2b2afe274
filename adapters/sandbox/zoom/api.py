"""The API operations: reading the user and creating a meeting."""

from collections.abc import Mapping
from http import HTTPStatus

from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.grants import Grants
from adapters.sandbox.zoom.accounts import ZoomAccount
from adapters.sandbox.zoom.errors import invalid_token, missing_scope, token_in_query
from adapters.sandbox.zoom.grants import MEETING_WRITE, USER_READ
from adapters.sandbox.zoom.meetings import ZoomMeetings


class ZoomApi:
    def __init__(self, grants: Grants, meetings: ZoomMeetings, accounts: Mapping[str, ZoomAccount]) -> None:
        self._grants = grants
        self._meetings = meetings
        self._accounts = accounts

    def me(self, request: Request) -> Reply:
        """Answer `GET /v2/users/me`.

        Raises:
            ApiError: the token is no good, or lacks the scope.
        """
        return json(self._account(request, USER_READ).profile())

    def create(self, request: Request) -> Reply:
        """Answer `POST /v2/users/me/meetings`.

        Raises:
            ApiError: the token is no good or lacks the scope, or the meeting can't be made.
        """
        account = self._account(request, MEETING_WRITE)
        meeting = self._meetings.create(account, request.body, request.headers.get("content-type", ""))
        return json(meeting.body, HTTPStatus.CREATED)

    def _account(self, request: Request, scope: str) -> ZoomAccount:
        if "access_token" in request.query:
            raise token_in_query()
        token = request.bearer()
        if token is None:
            raise invalid_token()
        grant = self._grants.of(token)
        if scope not in grant.scopes:
            raise missing_scope(scope)
        return self._accounts[grant.user_id]
