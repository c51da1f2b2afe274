"""The web process as it is started, and a caller who sends what nobody would."""

import asyncio
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.deployment import Deployment

pytestmark = pytest.mark.redis


async def test_sixty_megabytes_in_one_header_are_refused_and_everybody_else_is_served(deployment: Deployment) -> None:
    url = await deployment.web()
    _, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
    sent = 0
    with pytest.raises(ConnectionError):
        writer.write(b"GET / HTTP/1.1\r\ncookie: ")
        while sent < 60_000_000:
            writer.write(bytes(100_000).replace(b"\0", b"a"))
            await writer.drain()
            sent += 100_000
    writer.close()

    async with httpx.AsyncClient() as client:
        assert 200 == (await client.get(f"{url}/healthz")).status_code
    assert sent < 20_000_000
