"""The SDK's own client, talking to a server without a network."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, cast

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, TextContent

from tests.support.serving import Server

Json = Any

Mode = Literal["auto", "legacy"]


@asynccontextmanager
async def assistant(server: Server, token: str, *, mode: Mode = "auto", url: str = "") -> AsyncGenerator[Client]:
    """An assistant with a token; over a network only where a `url` is given."""
    transport = None if url else httpx2.ASGITransport(cast("Any", server.litestar))
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(transport=transport, headers=headers) as http,
        Client(streamable_http_client(f"{url or server.public_url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


@dataclass(frozen=True)
class Assistant:
    """Calls tools, each with a client of its own: one that a fixture kept would end in another task."""

    server: Server
    token: str

    async def result(self, tool: str, **arguments: Json) -> CallToolResult:
        async with assistant(self.server, self.token) as client:
            return await client.call_tool(tool, arguments)

    async def ask(self, tool: str, **arguments: Json) -> Json:
        """The members of a result that is no refusal."""
        result = await self.result(tool, **arguments)
        assert not result.is_error, text_of(result)
        return result.structured_content

    async def refused(self, tool: str, **arguments: Json) -> Json:
        """The problem that a tool was refused with."""
        result = await self.result(tool, **arguments)
        assert result.is_error
        return result.structured_content


def text_of(result: CallToolResult) -> str:
    [content] = result.content
    assert isinstance(content, TextContent)
    return content.text
