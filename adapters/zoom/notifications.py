"""Verifies and reads Zoom's notifications.

Source: Zoom, "Webhooks" (verification, URL validation) and "Deauthorization".
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Final

import msgspec

from adapters.http_client.wire import read
from application.ports.clock import Clock
from application.ports.notifications import (
    AddressCheck,
    AppRemoved,
    Forged,
    MalformedNotification,
    Notification,
    SomethingElse,
)
from domain.instants import is_in_calendar

_MOST_OFF: Final = timedelta(seconds=300)
_SECONDS: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
# What is signed here for the asking must never pass for a signature over a notification, which begins with "v0:".
_PLAIN_TOKEN: Final = re.compile(r"(?!v0:)[A-Za-z0-9_-]{1,256}", re.ASCII)

_Id = Annotated[str, msgspec.Meta(pattern=r"^[^\x00-\x1f]{1,255}\Z")]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class _Event(msgspec.Struct, frozen=True):
    event: str


class _Removal(msgspec.Struct, frozen=True):
    """What is read of it; `signature` can't be checked, and nobody knows what `user_data_retention` asks for."""

    client_id: str
    user_id: _Id
    account_id: _Id
    deauthorization_time: _Instant | None = None


class _AppDeauthorized(msgspec.Struct, frozen=True):
    payload: _Removal
    event_ts: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_999)] | None = None


class _Challenge(msgspec.Struct, frozen=True):
    plain: str = msgspec.field(name="plainToken")


class _UrlValidation(msgspec.Struct, frozen=True):
    payload: _Challenge


class ZoomNotifications:
    """Zoom behind the port ProviderNotifications.

    Args:
        client_id: our app at Zoom.
        secret_tokens: any of them may sign, so that development and production, or an old and a new one, can overlap.
    """

    def __init__(self, client_id: str, secret_tokens: Sequence[str], clock: Clock) -> None:
        self.client_id = client_id
        self._secrets = [each.encode() for each in secret_tokens]
        self._clock = clock

    def read(self, body: bytes, headers: Mapping[str, str], /) -> Notification:
        secret = self._signer(body, headers)
        event = read(body, _Event)
        if event is None:
            raise MalformedNotification("It is not JSON with an “event”.")
        match event.event:
            case "app_deauthorized":
                return _removal(body)
            case "endpoint.url_validation":
                return _answer(body, secret)
            case _:
                return SomethingElse()

    def _signer(self, body: bytes, headers: Mapping[str, str]) -> bytes:
        """The secret that signed this, compared in constant time with every one of ours.

        Raises:
            Forged: none did, or too long ago.
        """
        if not self._secrets:
            raise Forged("no secret token is configured")
        timestamp = headers.get("x-zm-request-timestamp", "")
        if not _SECONDS.fullmatch(timestamp):
            raise Forged("no timestamp")
        if abs(self._clock().timestamp() - int(timestamp)) > _MOST_OFF.total_seconds():
            raise Forged("the timestamp is too far off")
        shown = headers.get("x-zm-signature", "").encode("utf-8", "surrogatepass")
        signed = b"v0:" + timestamp.encode() + b":" + body
        signers = [
            each
            for each in self._secrets
            if hmac.compare_digest(b"v0=" + hmac.new(each, signed, sha256).hexdigest().encode(), shown)
        ]
        if not signers:
            raise Forged("the signature doesn’t match" if shown else "no signature")
        return signers[0]


def _removal(body: bytes) -> AppRemoved:
    found = read(body, _AppDeauthorized)
    if found is None:
        raise MalformedNotification("The removal lacks something, or has it in an unknown form.")
    removal = found.payload
    if removal.deauthorization_time is not None:
        removed_at = removal.deauthorization_time
    elif found.event_ts is not None:
        removed_at = datetime.fromtimestamp(found.event_ts / 1000, UTC)
    else:
        raise MalformedNotification("The removal doesn’t say when.")
    if not is_in_calendar(removed_at):
        raise MalformedNotification("The removal says when nothing can have been removed.")
    return AppRemoved(removal.client_id, removal.user_id, removal.account_id, removed_at.astimezone(UTC))


def _answer(body: bytes, secret: bytes) -> AddressCheck:
    found = read(body, _UrlValidation)
    if found is None or not _PLAIN_TOKEN.fullmatch(found.payload.plain):
        raise MalformedNotification("The challenge isn’t one that may be signed.")
    plain = found.payload.plain
    proof = hmac.new(secret, plain.encode(), sha256).hexdigest()
    return AddressCheck(msgspec.json.encode({"plainToken": plain, "encryptedToken": proof}))
