"""A CalDAV server with empty calendars that never change."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from application.ports.calendar_reader import LastSeen
from application.ports.safe_fetcher import Validators

SEEN = LastSeen(Validators(etag="1 1"))
"""What a reading takes along from there."""

_EMPTY = '<?xml version="1.0"?><multistatus xmlns="DAV:"/>'
_STATE = """<?xml version="1.0"?>
<multistatus xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/">
<response><href>{path}</href><propstat><prop>
<resourcetype><collection/><c:calendar/></resourcetype><s:getctag>1</s:getctag><sync-token>1</sync-token>
</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"""


class CaldavServer:
    """Each request takes `takes` seconds; the calendar called "dead" takes requests and never answers.

    Attributes:
        requests: how many there were.
    """

    def __init__(self, url: str, takes: float) -> None:
        self.url = url
        self.requests = 0
        self._takes = takes

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.requests += 1
                lines = head.decode().split("\r\n")
                lengths = [each for each in lines if each.lower().startswith("content-length:")]
                await reader.readexactly(int(lengths[0].split(":")[1]) if lengths else 0)
                method, path, _ = lines[0].split()
                if "/dead/" in path:
                    await reader.read()
                    return
                await asyncio.sleep(self._takes)
                writer.write(_written(_STATE.format(path=path) if method == "PROPFIND" else _EMPTY))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def caldav_server(takes: float = 0) -> AsyncGenerator[CaldavServer]:
    found: CaldavServer | None = None

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert found is not None
        await found.answer(reader, writer)

    server = await asyncio.start_server(answer, "127.0.0.1")
    async with server:
        found = CaldavServer(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", takes)
        yield found
        server.close()


def _written(body: str) -> bytes:
    head = f"HTTP/1.1 207 Multi-Status\r\nContent-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    return (head + body).encode()
