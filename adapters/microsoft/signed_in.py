"""Reads the account from an ID token.

Source: OpenID Connect Core, 3.1.3.7; Microsoft identity platform, "ID token claims reference".
"""

from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from typing import Final

from adapters.http_client.wire import read
from adapters.microsoft.wire import Claims
from domain.connection import ProviderAccount
from domain.text import one_line

PERSONAL_TENANT: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The directory that holds all personal accounts."""


def signed_in(id_token: str | None, client_id: str) -> ProviderAccount | None:
    """Read an ID token that came straight from the token endpoint; None where it says nothing that is of use.

    Its signature isn't checked: it came over TLS from where the tokens come from, which is as good (6. in the source).
    """
    payload = _payload(id_token or "")
    claims = None if payload is None else read(payload, Claims)
    if claims is None or claims.aud != client_id:
        return None
    email = one_line(claims.preferred_username) or one_line(claims.email)
    name = one_line(claims.name) or email
    return ProviderAccount(claims.oid.lower(), claims.tid.lower(), email or name, name) if name else None


def is_personal(account: ProviderAccount) -> bool:
    return account.account_id == PERSONAL_TENANT


def _payload(token: str) -> bytes | None:
    _, _, rest = token.partition(".")
    payload, _, _ = rest.partition(".")
    try:
        return urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    except (NotBase64, ValueError):
        return None
