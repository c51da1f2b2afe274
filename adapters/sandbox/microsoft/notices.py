"""Notifications on their way to an app, and the handshake that comes before them."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from ssl import SSLContext, create_default_context
from typing import Any, Final

import httpx
import msgspec

from adapters.sandbox.microsoft import opaque

_PATIENCE: Final = 10.0


class SentNotice(msgspec.Struct):
    """One POST to an app; `status` stays None until it is answered, and where it never is."""

    url: str
    body: bytes
    status: int | None = None

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Notices:
    """The sender.

    Attributes:
        sent: every notification, oldest first; handshakes aren't among them.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self.sent: list[SentNotice] = []
        self._changed = changed
        self._sending: set[asyncio.Task[None]] = set()

    def send(self, url: str, value: Sequence[Mapping[str, Any]]) -> None:
        self._post(SentNotice(url, msgspec.json.encode({"value": value})))

    def again(self, notice: SentNotice) -> None:
        """Deliver a notification once more, byte for byte, as Graph does where it got no 2xx."""
        self._post(SentNotice(notice.url, notice.body))

    def close(self) -> None:
        for task in self._sending:
            task.cancel()

    def _post(self, notice: SentNotice) -> None:
        self.sent.append(notice)
        task = asyncio.get_running_loop().create_task(self._deliver(notice))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, notice: SentNotice) -> None:
        headers = {"content-type": "application/json; charset=utf-8"}
        try:
            async with _client() as client:
                response = await client.post(notice.url, content=notice.body, headers=headers)
        except httpx.TransportError:
            return
        notice.status = response.status_code
        self._changed()


def _client() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=_PATIENCE, trust_env=False, verify=_trusted())


@cache
def _trusted() -> SSLContext:
    """Made once: reading all certificates takes longer than everything else here."""
    return create_default_context()


async def validate(url: str) -> str | None:
    """Ask an address whether it is the app's, and say what is wrong with its answer."""
    token = opaque.validation_token()
    try:
        async with _client() as client:
            there = httpx.URL(url).copy_merge_params({"validationToken": token})
            answer = await client.post(there, headers={"content-type": "text/plain; charset=utf-8"})
    except (httpx.TransportError, httpx.InvalidURL) as error:
        return f"The endpoint can't be reached ({type(error).__name__})."
    if answer.status_code != HTTPStatus.OK:
        return "Notification endpoint must respond with 200 OK to validation request."
    if not answer.headers.get("content-type", "").startswith("text/plain") or answer.text != token:
        return "Response must exactly match validationToken query parameter."
    return None
