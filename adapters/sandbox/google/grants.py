"""The terms of Google's tokens."""

from datetime import timedelta
from typing import Final

import msgspec

from adapters.sandbox.codes import Unfit
from adapters.sandbox.google import opaque
from adapters.sandbox.google.errors import invalid_grant, redirect_uri_mismatch, unauthenticated
from adapters.sandbox.grants import EXPIRES_IN, Issued, Rotation, Terms
from adapters.sandbox.refused import Refused

MOST_REFRESH_TOKENS: Final = 100


class GoogleTokens(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the token endpoint answers; a refresh brings no refresh token."""

    access_token: str
    expires_in: int
    scope: str
    token_type: str
    refresh_token: str | None = None
    id_token: str | None = None


def token_response(issued: Issued, id_token: str | None = None) -> GoogleTokens:
    return GoogleTokens(issued.access, EXPIRES_IN, " ".join(issued.grant.scopes), "Bearer", issued.refresh, id_token)


def _refusal(why: Unfit, shown: str) -> Refused:
    del shown
    match why:
        case Unfit.UNKNOWN:
            return invalid_grant("Malformed auth code.")
        case Unfit.EXPIRED:
            return invalid_grant("Bad Request")
        case Unfit.OTHER_REDIRECT_URI:
            return redirect_uri_mismatch()
        case Unfit.NO_VERIFIER:
            return invalid_grant("Missing code verifier.")
        case Unfit.OTHER_VERIFIER:
            return invalid_grant("Invalid code verifier.")
        case Unfit.REFRESH_UNKNOWN | Unfit.REFRESH_USED | Unfit.REFRESH_EXPIRED | Unfit.REFRESH_REMOVED:
            return invalid_grant()
        case Unfit.ACCESS_UNKNOWN:
            return unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED")
        case Unfit.ACCESS_REMOVED | Unfit.ACCESS_SUPERSEDED | Unfit.ACCESS_EXPIRED:
            return unauthenticated()


TERMS: Final = Terms(
    code_life=timedelta(minutes=10),
    refresh_life=timedelta(days=182),
    rotation=Rotation.KEPT,
    most_refresh_tokens=MOST_REFRESH_TOKENS,
    testing_life=timedelta(days=7),
    new_code=opaque.authorization_code,
    new_access=lambda _, __: opaque.access_token(),
    new_refresh=lambda _, __: opaque.refresh_token(),
    refusal=_refusal,
)
