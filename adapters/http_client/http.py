"""HTTP requests to providers with deadlines and classified failures."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import SSLContext
from typing import Any, Final

import httpx

from adapters.http_client.answer import ProviderAnswer
from adapters.tracing.trace import call
from application.ports.provider import TryLater
from domain.provider import Provider
from domain.provider_problem import TimedOut, Unreachable

_LIMITS: Final = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0)


class ProviderHttp:
    """One pool of connections for the whole process. Redirects aren't followed: they could carry a token elsewhere.

    Args:
        provider: named in the problem where there is no answer.
        total: the longest that a call takes, whatever it waits for.
        tracking_header: the header of an answer that the provider's support asks for, where there is one.
    """

    def __init__(self, provider: Provider, total: timedelta, *, tracking_header: str | None = None) -> None:
        self._provider: Provider = provider
        self._tracking_header = tracking_header
        self._total = total.total_seconds()
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            # Connecting has to give up first: cut off from outside, a TLS handshake would leave its socket open.
            timeout=httpx.Timeout(self._total, connect=self._total / 2),
            verify=_trusted(),
            limits=_LIMITS,
            # All hosts share this client: a cookie that one of them sets must not go out for another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"Accept": "application/json", "User-Agent": "TimeTuna"},
            # A proxy that the environment names can't reach a sandbox on this machine.
            mounts=dict.fromkeys(("all://127.0.0.1", "all://localhost", "all://[::1]")),
        )

    async def get(self, url: str, access_token: str, headers: Mapping[str, str] | None = None) -> ProviderAnswer:
        return await self._call("GET", url, access_token, headers)

    async def post_json(
        self, url: str, access_token: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> ProviderAnswer:
        return await self._call("POST", url, access_token, headers, body)

    async def patch_json(
        self, url: str, access_token: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> ProviderAnswer:
        return await self._call("PATCH", url, access_token, headers, body)

    async def delete(self, url: str, access_token: str, headers: Mapping[str, str] | None = None) -> ProviderAnswer:
        return await self._call("DELETE", url, access_token, headers)

    async def post_form(
        self, url: str, fields: Mapping[str, str], *, basic: tuple[str, str] | None = None
    ) -> ProviderAnswer:
        auth = None if basic is None else httpx.BasicAuth(*basic)
        return await self._send(self._client.build_request("POST", url, data=fields), auth)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _call(
        self, method: str, url: str, access_token: str, headers: Mapping[str, str] | None, body: bytes | None = None
    ) -> ProviderAnswer:
        content_type = {} if body is None else {"Content-Type": "application/json"}
        all_headers = {**(headers or {}), "Authorization": f"Bearer {access_token}", **content_type}
        return await self._send(self._client.build_request(method, url, headers=all_headers, content=body))

    async def _send(self, request: httpx.Request, auth: httpx.BasicAuth | None = None) -> ProviderAnswer:
        with call(f"{request.method} {self._provider}") as span:
            span.note("http.request.method", request.method)
            answer = await self._answered(request, auth)
            span.note("http.response.status_code", answer.status)
        return answer

    async def _answered(self, request: httpx.Request, auth: httpx.BasicAuth | None) -> ProviderAnswer:
        progress = _Progress()
        request.extensions["trace"] = progress
        try:
            async with asyncio.timeout(self._total):
                response = await self._client.send(request, auth=auth)
        except (TimeoutError, httpx.TimeoutException):
            problem = TimedOut(self._provider)
        except httpx.RequestError:
            problem = Unreachable(self._provider)
        else:
            return ProviderAnswer(
                response.status_code,
                response.content,
                retry_after=response.headers.get("retry-after"),
                rate_limit_type=response.headers.get("x-ratelimit-type"),
                tracking_id=response.headers.get(self._tracking_header or ""),
            )
        # Raised out here, so that no error of httpx, which holds the request with its token, hangs on this one.
        raise TryLater(problem, left_behind=progress.began)


@cache
def _trusted() -> SSLContext:
    # Reading the certificates takes 70 ms, which one client after the other would spend.
    return httpx.create_ssl_context()


class _Progress:
    """Whether anything of the request has left us: before that, a failure surely means "not arrived"."""

    def __init__(self) -> None:
        self.began = False

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        # A CONNECT goes to a proxy of our own and carries nothing for the provider.
        if event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            self.began = True
