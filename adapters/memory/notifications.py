"""A provider's notifications without cryptography: whoever knows the secret may say anything."""

from collections.abc import Mapping

import msgspec

from application.ports.notifications import (
    AddressCheck,
    AppRemoved,
    Forged,
    MalformedNotification,
    Notification,
    SomethingElse,
)


class _Check(msgspec.Struct, frozen=True, tag="check"):
    challenge: str


class _Removed(msgspec.Struct, frozen=True, tag="removed"):
    removal: AppRemoved


class _Other(msgspec.Struct, frozen=True, tag="other"):
    pass


class MemoryNotifications:
    """Takes for signed what has the secret in its header `secret`; without a secret, nothing is.

    body, headers = notifications.removal(AppRemoved(notifications.client_id, "user-1", "account-1", now))
    notifications.read(body, headers)
    """

    def __init__(self, client_id: str = "our-app", secret: str | None = "a secret") -> None:  # noqa: S107 - none at all
        self.client_id = client_id
        self._secret = secret

    def removal(self, removal: AppRemoved) -> tuple[bytes, dict[str, str]]:
        """A notification as the provider would send it."""
        return self._signed(_Removed(removal))

    def check(self, challenge: str) -> tuple[bytes, dict[str, str]]:
        return self._signed(_Check(challenge))

    def other(self) -> tuple[bytes, dict[str, str]]:
        return self._signed(_Other())

    def read(self, body: bytes, headers: Mapping[str, str], /) -> Notification:
        if self._secret is None or headers.get("secret") != self._secret:
            raise Forged("the secret is missing or wrong")
        try:
            notification: _Check | _Removed | _Other = msgspec.json.decode(body, type=_Check | _Removed | _Other)
        except msgspec.DecodeError as error:
            raise MalformedNotification from error
        match notification:
            case _Check(challenge):
                return AddressCheck(msgspec.json.encode({"challenge": challenge}))
            case _Removed(removal):
                return removal
            case _Other():
                return SomethingElse()

    def _signed(self, notification: _Check | _Removed | _Other) -> tuple[bytes, dict[str, str]]:
        return msgspec.json.encode(notification), {"secret": self._secret or ""}
