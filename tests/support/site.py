"""A whole site on memory, served on a real port, and Chromium to visit it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

from playwright.async_api import Browser, Page, ViewportSize

from adapters.sandbox.asgi import AsgiApp
from adapters.sandbox.serve import serving
from domain.booking_page import EventType
from domain.host import Host
from tests.support.builders import a_host, a_page
from tests.support.memory_app import MemoryApp
from tests.support.serving import Server
from tests.support.visiting import PASSWORD

TUESDAY_AT_TEN = "2026-03-03T10:00:00Z"
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


SEE_OTHER = 303

PATIENCE = 10_000
"""Milliseconds that an act or an expectation may take."""


class Site:
    """The served site. What goes wrong in its scripts or is refused by its policy is kept in `complaints`."""

    def __init__(self, memory: MemoryApp, url: str, browser: Browser) -> None:
        self.memory = memory
        self.url = url
        self.complaints: list[str] = []
        self._browser = browser

    async def visitor(self, **options: Any) -> Page:
        """A new browser of a Briton in New York: with days before months, and 24 hours a day."""
        context = await self._browser.new_context(
            **cast(
                "Any",
                {
                    "base_url": self.url,
                    "timezone_id": "America/New_York",
                    "locale": "en-GB",
                    "viewport": DESK,
                    **options,
                },
            )
        )
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._listen(message.type, message.text))
        return page

    async def signed_in(self, host: Host, **options: Any) -> Page:
        """A new browser with a host's session, on the dashboard; signing in by the form has tests of its own."""
        page = await self.visitor(**options)
        form: dict[str, str | float | bool] = {"email": host.email, "password": PASSWORD}
        answer = await page.context.request.post(
            "/signin", form=form, headers={"sec-fetch-site": "same-origin"}, max_redirects=0
        )
        assert answer.status == SEE_OTHER
        await page.goto("/dashboard")
        return page

    async def a_host(self) -> Host:
        """With Zoom connected."""
        host = await self.memory.host(a_host(), password=PASSWORD)
        await self.memory.connect(host)
        return host

    async def an_open_page(self, *event_types: EventType, **details: Any) -> str:
        """A page of a host with Zoom connected; returns the address of its first event type."""
        host = await self.a_host()
        made = await self.memory.page(a_page(host, *event_types, **details))
        return f"/{host.handle}/{made.slug}/{made.event_types[0].slug}"

    def _listen(self, kind: str, text: str) -> None:
        # Chromium also calls every answer from 400 on an error; those are tested where they are meant.
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)


@asynccontextmanager
async def open_site(browser: Browser) -> AsyncGenerator[Site]:
    # Chromium refuses to leave for a provider that the policy doesn't name.
    server = Server(provider_origins=("https://zoom.example",))
    async with serving(cast("AsgiApp", server.litestar), grace=0.1) as url:
        yield Site(server.memory, url, browser)
