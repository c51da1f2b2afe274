"""How does a request get to Zoom and back in time, and what is known when it doesn't?"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final

import httpx

from adapters.zoom import words
from adapters.zoom.answer import Answer
from application.ports.provider import TryLater

_LIMITS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0)


class ZoomHttp:
    """One pool of connections for the whole process. Redirects aren't followed: they could carry a token elsewhere."""

    def __init__(self, total: timedelta) -> None:
        self._total = total.total_seconds()
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            # Connecting has to give up first: cut off from outside, a TLS handshake would leave its socket open.
            timeout=httpx.Timeout(self._total, connect=self._total / 2),
            limits=_LIMITS,
            # All hosts share this client: a cookie that Zoom sets for one must not go out for another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"Accept": "application/json", "User-Agent": "TimeTuna"},
            # A proxy that the environment names can't reach a sandbox on this machine.
            mounts=dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]")),
        )

    async def get(self, url: str, access_token: str) -> Answer:
        return await self._send(self._client.build_request("GET", url, headers=_bearer(access_token)))

    async def post_json(self, url: str, access_token: str, body: bytes) -> Answer:
        headers = {**_bearer(access_token), "Content-Type": "application/json"}
        return await self._send(self._client.build_request("POST", url, headers=headers, content=body))

    async def post_form(self, url: str, client: tuple[str, str], fields: Mapping[str, str]) -> Answer:
        return await self._send(self._client.build_request("POST", url, data=fields), httpx.BasicAuth(*client))

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _send(self, request: httpx.Request, auth: httpx.BasicAuth | None = None) -> Answer:
        progress = _Progress()
        request.extensions["trace"] = progress
        try:
            async with asyncio.timeout(self._total):
                response = await self._client.send(request, auth=auth)
        except (TimeoutError, httpx.TimeoutException):
            told = words.SLOW
        except httpx.RequestError:
            told = words.UNREACHABLE
        else:
            return Answer(
                response.status_code,
                response.content,
                retry_after=response.headers.get("retry-after"),
                rate_limit_type=response.headers.get("x-ratelimit-type"),
                tracking_id=response.headers.get("x-zm-trackingid"),
            )
        # Raised out here, so that no error of httpx, which holds the request with its token, hangs on this one.
        raise TryLater(told, left_behind=progress.began)


class _Progress:
    """Whether anything of the request has left us: before that, a failure surely means "not arrived"."""

    def __init__(self) -> None:
        self.began = False

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        # A CONNECT goes to a proxy of our own and carries nothing for Zoom.
        if event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            self.began = True


def _bearer(access_token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token}"}
