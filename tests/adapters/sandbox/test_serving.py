"""An app is served on a real port and cleaned up afterwards."""

import asyncio
from typing import Any

import httpx
import pytest
from litestar import Litestar, get
from litestar.handlers import asgi

from adapters.sandbox.asgi import AsgiReceive, AsgiScope, AsgiSend
from adapters.sandbox.serve import serving
from adapters.sandbox.zoom.accounts import ANNA
from adapters.sandbox.zoom.sandbox import SandboxZoom
from tests.adapters.sandbox.zoom_app import bearer


@get("/")
async def hello() -> str:
    return "hello"


async def test_an_app_lives_as_long_as_the_block() -> None:
    lived: list[str] = []
    app = Litestar([hello], on_startup=[lambda: lived.append("up")], on_shutdown=[lambda: lived.append("down")])

    async with serving(app) as url, httpx.AsyncClient(trust_env=False, verify=False) as http:
        assert "hello" == (await http.get(url)).text
        assert ["up"] == lived

    assert ["up", "down"] == lived


async def test_a_request_that_hangs_does_not_hold_up_the_end() -> None:
    with SandboxZoom() as sandbox:
        token = sandbox.authorize(ANNA).access_token
        sandbox.fail("hang-before", on="me")
        async with httpx.AsyncClient(trust_env=False, verify=False) as http:
            async with serving(sandbox.app) as url:
                hanging = asyncio.create_task(http.get(f"{url}/v2/users/me", headers=bearer(token)))
                await sandbox.until(lambda: len(sandbox.requests) == 1)
            with pytest.raises(httpx.TransportError):
                await hanging


async def test_a_taken_port_is_an_error() -> None:
    with SandboxZoom() as sandbox:
        async with serving(sandbox.app) as url:
            port = int(url.rpartition(":")[2])
            with pytest.raises(OSError, match="address already in use"):
                async with serving(sandbox.app, port=port):
                    pass


async def test_an_app_that_cannot_start_is_an_error() -> None:
    async def broken(scope: AsgiScope, receive: AsgiReceive, send: AsgiSend) -> None:
        assert scope["type"] == "lifespan"
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(RuntimeError, match="failed to start"):
        async with serving(broken):
            pass


async def test_the_sandbox_can_be_a_mount_of_litestar() -> None:
    with SandboxZoom() as sandbox:
        token = sandbox.authorize(ANNA).access_token

        @asgi("/sandbox/zoom", is_mount=True, copy_scope=True)
        async def mount(scope: Any, receive: Any, send: Any) -> None:
            await sandbox.app(scope, receive, send)

        async with (
            serving(Litestar([mount])) as url,
            httpx.AsyncClient(trust_env=False, verify=False) as http,
        ):
            page = await http.get(f"{url}/sandbox/zoom/installed")
            me = await http.get(f"{url}/sandbox/zoom/v2/users/me", headers=bearer(token))
            sandbox.fail("drop-before", on="me")
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                await http.get(f"{url}/sandbox/zoom/v2/users/me", headers=bearer(token))

    assert 'href="/sandbox/zoom/meetings"' in page.text
    assert ANNA.email == me.json()["email"]
