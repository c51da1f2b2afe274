"""Whoever starts the web process reads where it listens."""

import asyncio
import signal
import socket
from functools import partial
from typing import Any

import pytest
import uvloop
from structlog.testing import capture_logs

from entrypoints import http
from entrypoints.http import listen, run_web, serve
from entrypoints.settings import Settings, read_settings
from entrypoints.stopping import Leaving

DEPLOYED = {
    "TIMETUNA_DATABASE_URL": "postgresql://db/x",
    "TIMETUNA_SECRET_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "TIMETUNA_SMTP_URL": "smtp://mail?tls=none",
    "TIMETUNA_PUBLIC_URL": "https://timetuna.example",
}


def test_its_address_is_logged_once_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with capture_logs() as logs, listen("127.0.0.1", 0) as listener:
        monkeypatch.setattr(http, "lifespan_app", partial(_stopping_after, logs))
        run_web(read_settings(DEPLOYED), listener, workers=1)

    [line] = logs
    port = line["address"].rpartition(":")[2]
    assert ("serving", f"http://127.0.0.1:{port}") == (line["event"], line["address"])
    assert int(port) > 0
    assert "https://timetuna.example" == line["public_url"]


def test_who_connects_while_its_listener_closes_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    accepted = http.accepted

    def connecting_first(listener: socket.socket) -> list[socket.socket]:
        late.connect(listener.getsockname())
        late.sendall(b"GET / HTTP/1.1\r\nhost: timetuna.example\r\n\r\n")
        return accepted(listener)

    monkeypatch.setattr(http, "accepted", connecting_first)
    with listen("127.0.0.1", 0) as listener, socket.socket() as late:
        uvloop.run(serve(_stopping_at_once, listener))

        assert late.recv(100).startswith(b"HTTP/1.1 204 ")


async def _stopping_at_once(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        signal.raise_signal(signal.SIGINT)
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
    else:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


def _stopping_after(logs: list[Any], _: Settings, __: Leaving) -> http.AsgiApp:
    """An app that ends its process like a terminal, once anything is logged."""

    async def stop() -> None:
        while not logs:
            await asyncio.sleep(0)
        signal.raise_signal(signal.SIGINT)

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        assert [] == logs
        await send({"type": "lifespan.startup.complete"})
        stopping = asyncio.create_task(stop())
        await receive()
        await stopping
        await send({"type": "lifespan.shutdown.complete"})

    return app
