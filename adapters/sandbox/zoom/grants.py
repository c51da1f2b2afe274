"""Zoom's scopes, and the terms of its tokens."""

from datetime import timedelta
from typing import Final

import msgspec

from adapters.sandbox.codes import Unfit
from adapters.sandbox.grants import ACCESS_LIFE, EXPIRES_IN, Issued, Rotation, Terms
from adapters.sandbox.refused import Refused
from adapters.sandbox.zoom.errors import ZoomOAuthError, invalid_grant, invalid_token, newer_authorization
from adapters.sandbox.zoom.opaque import authorization_code, jwt

USER_READ: Final = "user:read:user"
MEETING_WRITE: Final = "meeting:write:meeting"
SCOPES: Final = (MEETING_WRITE, USER_READ)

_REFRESH_LIFE: Final = timedelta(days=90)


class TokenPair(msgspec.Struct, frozen=True):
    """What the token endpoint answers."""

    access_token: str
    refresh_token: str
    scope: str
    scheme: str = msgspec.field(default="bearer", name="token_type")
    expires_in: int = EXPIRES_IN
    api_url: str = "https://api.zoom.us"


def token_response(issued: Issued) -> TokenPair:
    assert issued.refresh is not None, "Zoom gives no access token without a refresh token."
    return TokenPair(issued.access, issued.refresh, " ".join(issued.grant.scopes))


def _refusal(why: Unfit, shown: str) -> Refused:
    match why:
        case Unfit.UNKNOWN:
            return ZoomOAuthError(f"Invalid authorization code {shown}", "invalid_request")
        case Unfit.EXPIRED:
            return ZoomOAuthError(f"Invalid authorization code {shown}: expired (4733)", "invalid_request")
        case Unfit.OTHER_REDIRECT_URI:
            return ZoomOAuthError("Redirect URI mismatch. (4709)", "invalid_request")
        case Unfit.NO_VERIFIER | Unfit.OTHER_VERIFIER:
            return ZoomOAuthError("Invalid code verifier", "invalid_grant")
        case Unfit.REFRESH_UNKNOWN | Unfit.REFRESH_USED | Unfit.REFRESH_EXPIRED | Unfit.REFRESH_REMOVED:
            return invalid_grant()
        case Unfit.ACCESS_UNKNOWN | Unfit.ACCESS_REMOVED:
            return invalid_token()
        case Unfit.ACCESS_SUPERSEDED:
            return newer_authorization()
        case Unfit.ACCESS_EXPIRED:
            return invalid_token("Access token is expired.")


TERMS: Final = Terms(
    code_life=timedelta(minutes=5),
    refresh_life=_REFRESH_LIFE,
    rotation=Rotation.ONCE,
    supersedes=True,
    new_code=authorization_code,
    new_access=lambda user_id, now: jwt(user_id, now, ACCESS_LIFE),
    new_refresh=lambda user_id, now: jwt(user_id, now, _REFRESH_LIFE),
    refusal=_refusal,
)
