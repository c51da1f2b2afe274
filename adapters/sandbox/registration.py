"""The registration of the app at a provider."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec


class AnyAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can connect an account; `id` is the provider's."""

    id: str
    email: str


A = TypeVar("A", bound=AnyAccount)


class Registration(msgspec.Struct, frozen=True):
    """An app as its owner has registered it.

    Attributes:
        redirect_uris: the OAuth allow list; a redirect URI has to be in it to the byte.
    """

    app_name: str
    client_id: str
    client_secret: str
    redirect_uris: list[str]


def by_email(accounts: Mapping[str, A], email: str) -> A | None:
    return next((account for account in accounts.values() if account.email == email), None)
