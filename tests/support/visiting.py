"""Somebody with a browser that runs no scripts: pages are asked for and forms are sent, cookies are kept."""

import re
from html import unescape
from typing import Self

import httpx

from domain.host import Host
from tests.support.builders import a_host
from tests.support.serving import Server

Fields = dict[str, str | list[str]]

PASSWORD = "correct horse"
CLOSED_BY_US = 303


class Visitor:
    """A visitor of the server's pages; `text` is what the last answer says, without tags."""

    def __init__(self, server: Server) -> None:
        self.client = server.client()
        self.answer = httpx.Response(200)

    async def opens(self, path: str) -> Self:
        self.answer = await self.client.get(path)
        return self

    async def sends(self, path: str, fields: Fields | None = None, *, page: str | None = None) -> Self:
        """Send a form from `page`, else from the page of the same address."""
        await self.opens(page or path)
        assert "<form" in self.html, f"no form on {page or path}: {self.text}"
        self.answer = await self.client.post(path, data=fields or {})
        return self

    async def follows(self) -> Self:
        """Go where the answer sends the browser."""
        assert self.status == CLOSED_BY_US, self.text
        return await self.opens(self.location)

    async def signs_in(self, host: Host) -> Self:
        await self.sends("/signin", {"email": host.email, "password": PASSWORD})
        assert self.status == CLOSED_BY_US, self.text
        return self

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def location(self) -> str:
        return self.answer.headers["location"]

    @property
    def html(self) -> str:
        return self.answer.text

    @property
    def text(self) -> str:
        body = re.sub(r"<(script|style|select|title)\b.*?</\1>", " ", self.answer.text, flags=re.DOTALL)
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))

    def value(self, name: str) -> str:
        """What a field of the form holds."""
        found = re.search(rf'name="{re.escape(name)}"[^>]*\bvalue="([^"]*)"', self.html)
        assert found, f"no field {name}"
        return unescape(found[1])

    @property
    def starts(self) -> list[str]:
        return re.findall(r'data-start="([^"]+)"', self.html)

    @property
    def said(self) -> list[str]:
        """What stands in role=status and role=alert."""
        found = re.findall(r'<p[^>]*role="(?:status|alert)"[^>]*>(.*?)</p>', self.html, flags=re.DOTALL)
        return [unescape(re.sub(r"<[^>]+>", "", each)).strip() for each in found]


async def a_signed_in_host(server: Server, host: Host | None = None) -> tuple[Host, Visitor]:
    host = await server.memory.host(host or a_host(), password=PASSWORD)
    return host, await Visitor(server).signs_in(host)
