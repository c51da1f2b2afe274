"""The MCP server, by the official SDK: each request has its own, which knows who calls and keeps nothing."""

from functools import cache, partial
from typing import Any, cast
from urllib.parse import urlsplit

import structlog
from litestar.types import ASGIApp, Receive, Scope, Send
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from adapters.http.api.reading import LARGEST_BODY
from adapters.http.mcp.caller import Caller
from adapters.http.mcp.guests_words import GUESTS_WORDS
from adapters.http.mcp.schemas import schema_of
from adapters.http.mcp.tool_output import output_of_problem, output_of_result
from adapters.http.mcp.tools import TOOLS, AssistantTool
from adapters.http.problems import Problem, problem_for, problem_with_status
from adapters.http.settings import HttpSettings
from application.ports.conflicts import Busy
from domain.errors import AnyRefusal, Refusal

_Context = ServerRequestContext[Any, Any]

_INSTRUCTIONS = (
    "TimeTuna is the user's meeting scheduler. Guests pick times on the user's booking pages. You act for the user, "
    "the host. list_pages gives the ids that other tools take. Times are ISO 8601 with an offset. Every tool that "
    "changes something emails the guest, so confirm with the user first. Give each change an idempotency_key of its "
    f"own, and repeat the key only when you repeat the call. Names, answers and reasons were {GUESTS_WORDS}"
)

# Behind a proxy on the same machine the host is its name there; a page that was rebound has its own.
_LOOPBACK = ("127.0.0.1:*", "localhost:*", "[::1]:*")

_log = structlog.get_logger("timetuna.mcp")


def answering(caller: Caller) -> ASGIApp:
    """The answer to one request of this caller."""
    server = Server[dict[str, Any]](
        "timetuna",
        version=caller.settings.version,
        title="TimeTuna",
        instructions=_INSTRUCTIONS,
        on_list_tools=_list_tools,
        on_call_tool=partial(_call_tool, caller),
    )
    manager = StreamableHTTPSessionManager(
        server,
        json_response=True,
        stateless=True,
        security_settings=_allowed(caller.settings),
        max_request_body_size=LARGEST_BODY,
    )

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async with manager.run():
            await manager.handle_request(cast("Any", scope), cast("Any", receive), cast("Any", send))

    return answer


async def _list_tools(_context: _Context, _params: PaginatedRequestParams | None) -> ListToolsResult:
    return ListToolsResult(tools=_described())


async def _call_tool(caller: Caller, _context: _Context, params: CallToolRequestParams) -> CallToolResult:
    tool = TOOLS.get(params.name)
    if tool is None:
        raise MCPError(INVALID_PARAMS, f"There is no such tool. There are: {', '.join(TOOLS)}.")
    try:
        result = await tool.call(caller, params.arguments or {})
    except Refusal as refusal:
        return _refused(problem_for(cast("AnyRefusal", refusal), caller.settings))
    except Busy:
        return _refused(problem_with_status(503, caller.settings))
    except Exception:  # noqa: BLE001 - the SDK would answer the same and note nothing
        _log.exception("tool_failed", tool=tool.name)
        return _refused(problem_with_status(500, caller.settings))
    output = output_of_result(result)
    return CallToolResult(content=[TextContent(text=output.text)], structured_content=output.members)


def _refused(problem: Problem) -> CallToolResult:
    """Return a refusal as a result, so that the assistant can read it and correct its call."""
    output = output_of_problem(problem)
    return CallToolResult(content=[TextContent(text=output.text)], structured_content=output.members, is_error=True)


@cache
def _described() -> list[Tool]:
    return [_tool(each) for each in TOOLS.values()]


def _tool(tool: AssistantTool[Any]) -> Tool:
    reads = tool.effect == "reads"
    return Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=schema_of(tool.arguments),
        # Changes answer with the booking, which get_booking describes: five times more it would be half of the list.
        output_schema=schema_of(tool.result) if reads else None,
        annotations=ToolAnnotations(
            title=tool.title,
            read_only_hint=reads,
            destructive_hint=tool.effect == "replaces",
            # What changes something takes a key, and is done once for it.
            idempotent_hint=True,
            open_world_hint=not reads,
        ),
    )


@cache
def _allowed(settings: HttpSettings) -> TransportSecuritySettings:
    parts = urlsplit(settings.public_url)
    return TransportSecuritySettings(
        allowed_hosts=[parts.netloc, f"{parts.hostname}:*", *_LOOPBACK], allowed_origins=[settings.public_url]
    )
