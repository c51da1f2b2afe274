"""The terms of Microsoft's tokens."""

from datetime import timedelta
from typing import Final

import msgspec

from adapters.sandbox.codes import Unfit
from adapters.sandbox.grants import EXPIRES_IN, Issued, Rotation, Terms
from adapters.sandbox.microsoft import opaque
from adapters.sandbox.microsoft.errors import invalid_grant, unauthenticated
from adapters.sandbox.microsoft.scopes import answered
from adapters.sandbox.refused import Refused


class MicrosoftTokens(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the token endpoint answers."""

    token_type: str
    scope: str
    expires_in: int
    ext_expires_in: int
    access_token: str
    refresh_token: str | None = None
    id_token: str | None = None


def token_response(issued: Issued, id_token: str | None = None) -> MicrosoftTokens:
    scope = answered(issued.grant.scopes)
    return MicrosoftTokens("Bearer", scope, EXPIRES_IN, EXPIRES_IN, issued.access, issued.refresh, id_token)


def _refusal(why: Unfit, shown: str) -> Refused:
    del shown
    match why:
        case Unfit.UNKNOWN:
            text = "OAuth2 Authorization code was already redeemed, please retry with a new one."
            return invalid_grant(54005, text)
        case Unfit.EXPIRED:
            return invalid_grant()
        case Unfit.OTHER_REDIRECT_URI:
            text = "The 'redirect_uri' specified in the request doesn't match the one used before."
            return invalid_grant(500112, text)
        case Unfit.NO_VERIFIER | Unfit.OTHER_VERIFIER:
            return invalid_grant(501481, "The Code_Verifier does not match the code_challenge.")
        case Unfit.REFRESH_UNKNOWN | Unfit.REFRESH_USED:
            return invalid_grant(9002313, "Invalid request. Request is malformed or invalid.")
        case Unfit.REFRESH_EXPIRED:
            return invalid_grant(700082, "The refresh token has expired due to inactivity.")
        case Unfit.REFRESH_REMOVED:
            return invalid_grant(50173, "The provided grant has expired due to it being revoked.")
        case Unfit.ACCESS_UNKNOWN:
            return unauthenticated("IDX14100: JWT is not well formed, there are no dots (.).")
        case Unfit.ACCESS_REMOVED | Unfit.ACCESS_SUPERSEDED | Unfit.ACCESS_EXPIRED:
            return unauthenticated()


TERMS: Final = Terms(
    code_life=timedelta(minutes=10),
    refresh_life=timedelta(days=90),
    rotation=Rotation.RENEWED,
    new_code=opaque.authorization_code,
    new_access=lambda _, __: opaque.access_token(),
    new_refresh=lambda _, __: opaque.refresh_token(),
    refusal=_refusal,
)
