"""Signed notifications that the app was removed."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from secrets import token_hex
from typing import Final

import httpx
import msgspec

from adapters.sandbox.grants import Grants
from adapters.sandbox.zoom.accounts import ZoomAccount

PATIENCE: Final = 3.0


class SentNotification(msgspec.Struct, frozen=True):
    """One notification and what came of it: an HTTP status, or the reason why there was none."""

    about: str
    body: bytes
    headers: dict[str, str]
    status: int | None
    problem: str | None

    @property
    def outcome(self) -> str:
        return f"answered {self.status}" if self.problem is None else self.problem


class Deauthorizations:
    """The sender. Without an address it sends nothing, as Zoom does for apps in development."""

    def __init__(
        self, grants: Grants, client_id: str, secret_token: str, now: Callable[[], datetime], url: str | None
    ) -> None:
        self.url = url
        self.sent: list[SentNotification] = []
        self._grants = grants
        self._client_id = client_id
        self._secret_token = secret_token
        self._now = now

    async def remove(self, account: ZoomAccount) -> SentNotification | None:
        """Take the app off an account and announce it; None where it wasn't on it, or there is no address."""
        return await self.removed(account) if self._grants.remove(account.id) else None

    async def removed(self, account: ZoomAccount) -> SentNotification | None:
        """Announce a removal that has happened."""
        now = self._now()
        # The keys of real notifications aren't in alphabetical order.
        event = {
            "event": "app_deauthorized",
            "event_ts": int(now.timestamp() * 1000),
            "payload": {
                "user_data_retention": None,
                "account_id": account.account_id,
                "user_id": account.id,
                "signature": token_hex(32),
                "deauthorization_time": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z",
                "client_id": self._client_id,
            },
        }
        notification, _ = await self._deliver(f"{account.name} removed the app", msgspec.json.encode(event))
        return notification

    async def checks_the_address(self) -> bool:
        """Send `endpoint.url_validation` and say whether the answer proves that the app has the secret."""
        plain = token_hex(12)
        event = {
            "payload": {"plainToken": plain},
            "event_ts": int(self._now().timestamp() * 1000),
            "event": "endpoint.url_validation",
        }
        notification, answer = await self._deliver("check of the address", msgspec.json.encode(event))
        if notification is None or notification.status != HTTPStatus.OK:
            return False
        proof = hmac.new(self._secret_token.encode(), plain.encode(), sha256).hexdigest()
        try:
            return {"plainToken": plain, "encryptedToken": proof} == msgspec.json.decode(answer)
        except msgspec.DecodeError:
            return False

    async def again(self, notification: SentNotification) -> SentNotification | None:
        """Deliver a notification once more, byte for byte."""
        repeated, _ = await self._deliver(notification.about, notification.body, notification.headers)
        return repeated

    async def _deliver(
        self, about: str, body: bytes, headers: dict[str, str] | None = None
    ) -> tuple[SentNotification | None, bytes]:
        if self.url is None:
            return None, b""
        headers = headers or signed(body, self._secret_token, self._now())
        status, problem, answer = None, None, b""
        try:
            async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
                response = await client.post(self.url, content=body, headers=headers)
            status, answer = response.status_code, response.content
        except httpx.TransportError as error:
            problem = f"not delivered ({type(error).__name__})"
        notification = SentNotification(about, body, headers, status, problem)
        self.sent.append(notification)
        return notification, answer


def signed(body: bytes, secret_token: str, at: datetime) -> dict[str, str]:
    """Build the headers that Zoom sends with a notification; the signature covers the raw bytes."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(secret_token.encode(), b"v0:" + timestamp.encode() + b":" + body, sha256).hexdigest()
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Zoom Marketplace/1.0a",
        "x-zm-request-timestamp": timestamp,
        "x-zm-signature": f"v0={digest}",
    }
