"""Channels that tell an app of changes in a calendar, and the messages that they have sent."""

import asyncio
import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec

from adapters.sandbox.google.calendar.calendars import SandboxCalendar
from adapters.sandbox.google.calendar.errors import invalid, not_found, webhook_refused
from adapters.sandbox.opaque import base64url
from adapters.sandbox.store import Store

LONGEST: Final = timedelta(seconds=604_800)
PATIENCE: Final = 10.0
_AGAIN_AFTER: Final = (0.2, 0.8, 3.0)
_REPEATED: Final = frozenset({500, 502, 503, 504})
_CHANNEL_ID: Final = re.compile(r"[A-Za-z0-9\-_+/=]{1,64}")
_LONGEST_TOKEN: Final = 256
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class GoogleChannel(msgspec.Struct, frozen=True, kw_only=True):
    """One subscription to the changes in one calendar.

    Attributes:
        sent: how many messages there were.
        is_mute: it was made, but nothing ever comes of it.
    """

    id: str
    calendar_id: str
    resource_id: str
    address: str
    token: str | None
    expires_at: datetime
    sent: int = 0
    is_mute: bool = False
    is_stopped: bool = False


class SentPush(msgspec.Struct, frozen=True):
    """One message as it was delivered, and the status of each attempt; None where no answer came."""

    address: str
    headers: dict[str, str]
    statuses: tuple[int | None, ...]


class GoogleChannels:
    """The channels of one app.

    Attributes:
        refused: hosts of addresses that the app hasn't shown to own.
        is_lossy: messages are lost from now on.
        pushes: everything delivered by this process, oldest first.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], happened: Callable[[], None]) -> None:
        self.refused: set[str] = set()
        self.is_lossy = False
        self.pushes: list[SentPush] = []
        self._opens_mute = False
        self._now = now
        self._happened = happened
        self._rows = store.table("channel", GoogleChannel)
        self._sending: set[asyncio.Task[None]] = set()

    def live(self) -> list[GoogleChannel]:
        """List the channels that neither were stopped nor have expired, oldest first."""
        return [each for each in self._rows.values() if not each.is_stopped and each.expires_at > self._now()]

    def open(self, calendar: SandboxCalendar, wish: Mapping[str, Any]) -> GoogleChannel:
        """Make a channel, and send its first message.

        Raises:
            GoogleApiError: 400; the wish isn't right. 401; the address isn't the app's.
        """
        id_, address, token = wish.get("id"), wish.get("address"), wish.get("token")
        if wish.get("type") not in {"web_hook", "webhook"}:
            raise invalid("Unknown channel type.", "channelUnknown")
        if not isinstance(id_, str) or not _CHANNEL_ID.fullmatch(id_):
            raise invalid("Invalid channel id.", "invalidChannelId")
        if token is not None and (not isinstance(token, str) or len(token) > _LONGEST_TOKEN):
            raise invalid("Invalid channel token.", "invalidChannelToken")
        if id_ in self._rows:
            raise invalid(f"Channel id {id_} not unique", "channelIdNotUnique")
        if not isinstance(address, str) or not _is_secure(address):
            raise invalid(f"WebHook callback must be HTTPS: {address}", "push.webhookUrlNotHttps")
        if urlsplit(address).hostname in self.refused:
            raise webhook_refused(address)
        opened = GoogleChannel(
            id=id_,
            calendar_id=calendar.id,
            resource_id=base64url(sha256(f"events {calendar.id}".encode()).digest()[:20]),
            address=address,
            token=token,
            expires_at=self._now() + _life(wish),
            is_mute=self._opens_mute,
        )
        self._rows.put(opened.id, opened)
        self._send(opened, "sync")
        return opened

    @contextmanager
    def muted(self) -> Generator[None]:
        """Let channels that are opened within never send a message."""
        self._opens_mute = True
        try:
            yield
        finally:
            self._opens_mute = False

    def stop(self, wish: Mapping[str, Any]) -> None:
        """End a channel.

        Raises:
            GoogleApiError: 404; there is none, or no longer.
        """
        found = next((each for each in self.live() if each.id == wish.get("id")), None)
        if found is None or found.resource_id != wish.get("resourceId"):
            raise not_found()
        self._rows.put(found.id, msgspec.structs.replace(found, is_stopped=True))

    def expire(self) -> None:
        """Let every channel run out now, of which nobody is told."""
        for channel in self.live():
            self._rows.put(channel.id, msgspec.structs.replace(channel, expires_at=self._now()))

    def tell(self, calendar_id: str) -> None:
        """Send a message by every channel of a calendar."""
        for channel in self.live():
            if channel.calendar_id == calendar_id:
                self._send(channel, "exists")

    async def all_sent(self) -> None:
        """Wait until every message is delivered or given up."""
        while self._sending:
            await asyncio.wait(list(self._sending))

    def close(self) -> None:
        for task in self._sending:
            task.cancel()

    def _send(self, channel: GoogleChannel, state: str) -> None:
        counted = msgspec.structs.replace(channel, sent=channel.sent + 1)
        self._rows.put(channel.id, counted)
        if counted.is_mute or self.is_lossy:
            return
        task = asyncio.get_running_loop().create_task(self._deliver(counted, _headers(counted, state)))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, channel: GoogleChannel, headers: dict[str, str]) -> None:
        statuses: list[int | None] = []
        # Nothing secret is in it, and whoever tries this at home has a certificate that nobody else knows.
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=False) as client:  # noqa: S501
            for pause in (0.0, *_AGAIN_AFTER):
                await asyncio.sleep(pause)
                try:
                    statuses.append((await client.post(channel.address, headers=headers)).status_code)
                except httpx.HTTPError:
                    statuses.append(None)
                if statuses[-1] is not None and statuses[-1] not in _REPEATED:
                    break
        self.pushes.append(SentPush(channel.address, headers, tuple(statuses)))
        self._happened()


def channel_resource(channel: GoogleChannel) -> dict[str, Any]:
    """Write a channel as `watch` answers it."""
    return {
        "kind": "api#channel",
        "id": channel.id,
        "resourceId": channel.resource_id,
        "resourceUri": _uri(channel),
        "expiration": str(int(channel.expires_at.timestamp() * 1000)),
        **({} if channel.token is None else {"token": channel.token}),
    }


def _headers(channel: GoogleChannel, state: str) -> dict[str, str]:
    return {
        "user-agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
        "x-goog-channel-id": channel.id,
        "x-goog-channel-expiration": format_datetime(channel.expires_at.astimezone(UTC), usegmt=True),
        "x-goog-resource-id": channel.resource_id,
        "x-goog-resource-uri": _uri(channel),
        "x-goog-resource-state": state,
        "x-goog-message-number": str(channel.sent),
        **({} if channel.token is None else {"x-goog-channel-token": channel.token}),
    }


def _uri(channel: GoogleChannel) -> str:
    return f"https://www.googleapis.com/calendar/v3/calendars/{channel.calendar_id}/events?alt=json"


def _life(wish: Mapping[str, Any]) -> timedelta:
    try:
        ttl = timedelta(seconds=int(wish.get("params", {}).get("ttl", LONGEST.total_seconds())))
    except (AttributeError, OverflowError, TypeError, ValueError) as error:
        raise invalid("Invalid ttl.", "invalidTtl") from error
    return min(max(ttl, timedelta(seconds=1)), LONGEST)


def _is_secure(address: str) -> bool:
    """Whether the address is https; on this machine plain http will do, which Google wouldn't take."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
