"""Notifications from providers: authenticated, and read into typed facts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec


class AppRemoved(msgspec.Struct, frozen=True):
    """Somebody took our app off their account at the provider; the ids are the provider's."""

    client_id: str
    user_id: str
    account_id: str
    removed_at: datetime


class AddressCheck(msgspec.Struct, frozen=True):
    """The provider wants a proof that this address is ours; `answer` is the body that proves it."""

    answer: bytes


class SomethingElse(msgspec.Struct, frozen=True):
    """A notification that we have no use for."""


Notification = AppRemoved | AddressCheck | SomethingElse


class Forged(Exception):
    """The signature is missing, wrong or stale; `reason` is for the operator and repeats nothing of what was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MalformedNotification(Exception):
    """Signed, and still not understood."""


class ProviderNotifications(Protocol):
    """Reads one provider's notifications. MUST take nothing for true that isn't signed with a secret of ours.

    Attributes:
        client_id: our app's name at the provider; what is about another app is none of our business.
    """

    client_id: str

    def read(self, body: bytes, headers: Mapping[str, str], /) -> Notification:
        """Check the signature over the raw bytes, then read them.

        Args:
            headers: with their names in small letters.

        Raises:
            Forged: MUST be raised for everything where no secret is configured.
            Malformed
        """
        ...
