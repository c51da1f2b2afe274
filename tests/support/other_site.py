"""Another site in Chromium, which embeds a booking page."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Page

from adapters.sandbox.serve import serving
from tests.support.site import Site

OBSERVING = """
    window.told = []; window.happened = []; window.shifted = 0;
    addEventListener("message", ({ origin, data }) => told.push({ origin, ...data }));
    for (const each of ["ready", "height", "slot", "booked"])
      addEventListener(`timetuna:${each}`, ({ detail, target }) => happened.push([each, detail, target.id]));
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifted += entry.value;
    }).observe({ type: "layout-shift" });
    window.painted = () => new Promise((resume) => requestAnimationFrame(() => requestAnimationFrame(resume)));
"""


class OtherSite:
    """Another origin with one page and a strict policy, which allows the loader and the frame alone."""

    def __init__(self, site: Site, url: str) -> None:
        self.site = site
        self.url = url.replace("127.0.0.1", "localhost")
        self._html = ""

    async def opens(self, page: Page, body: str, *, loader: bool = True) -> Page:
        """Show a page with this in it."""
        script = f'<script async src="{self.site.url}/embed/v1.js"></script>' if loader else ""
        head = f'<meta name="viewport" content="width=device-width"><script nonce="ours">{OBSERVING}</script>{script}'
        self._html = f"<!doctype html><html lang='en'><title>Shop</title>{head}<main><h1>Shop</h1>{body}</main>"
        await page.goto(self.url)
        return page

    async def serve(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while (message := await receive())["type"] == "lifespan.startup":
                await send({"type": f"{message['type']}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        ours = self.site.url
        policy = f"default-src 'none'; script-src {ours} 'nonce-ours'; frame-src {ours}; style-src 'none'"
        headers = [(b"content-type", b"text/html"), (b"content-security-policy", policy.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._html.encode()})


@asynccontextmanager
async def a_shop(site: Site) -> AsyncGenerator[OtherSite]:
    shop = OtherSite(site, "")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await shop.serve(scope, receive, send)

    async with serving(app, grace=0.1) as url:
        shop.url = url.replace("127.0.0.1", "localhost")
        yield shop


async def an_embedded_page(shop: OtherSite, **details: Any) -> str:
    """What `data-timetuna` says of a page that the shop may embed."""
    path = await shop.site.an_open_page(**{"embedding": (shop.url,), **details})
    return path.strip("/").rpartition("/")[0]
