"""The API operations: user info and creating a space."""

from collections.abc import Mapping

from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.google.accounts import GoogleAccount
from adapters.sandbox.google.errors import GoogleApiError, invalid_credentials, scope_insufficient, unauthenticated
from adapters.sandbox.google.scopes import EMAIL, OPENID, SPACE_CREATED
from adapters.sandbox.google.spaces import Spaces
from adapters.sandbox.grants import Grants


class GoogleApi:
    def __init__(self, grants: Grants, spaces: Spaces, accounts: Mapping[str, GoogleAccount]) -> None:
        self._grants = grants
        self._spaces = spaces
        self._accounts = accounts

    def userinfo(self, request: Request) -> Reply:
        """Answer with the claims that the scopes allow.

        Raises:
            OAuthError: 401; the token is no good, or is for nobody in particular.
        """
        try:
            grant = self._grants.of(request.bearer() or "")
        except GoogleApiError as error:
            raise invalid_credentials() from error
        if OPENID not in grant.scopes:
            raise invalid_credentials()
        claims = self._accounts[grant.user_id].claims()
        return json(claims if EMAIL in grant.scopes else {"sub": claims["sub"]})

    def create(self, request: Request) -> Reply:
        """Answer `POST /v2/spaces`.

        Raises:
            ApiError: the token is no good or lacks the scope, or the space can't be made.
        """
        token = request.bearer()
        if token is None:
            raise unauthenticated("CREDENTIALS_MISSING")
        grant = self._grants.of(token)
        if SPACE_CREATED not in grant.scopes:
            raise scope_insufficient()
        account = self._accounts[grant.user_id]
        return json(self._spaces.create(account, request.body, request.headers.get("content-type", "")).body)
