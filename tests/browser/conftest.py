"""A site and a browser for each test; a page whose scripts complain fails it."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.site import ARGUMENTS, Site, open_site
from tests.support.machine import chromium
from tests.support.processes import answers, free_port, start_timetuna


@pytest.fixture
async def site() -> AsyncGenerator[Site]:
    async with open_site() as site:
        yield site
    assert [] == site.complaints


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncGenerator[str]:
    """The whole demo in a process of its own; yields its address."""
    port = free_port()
    running = await start_timetuna(tmp_path / "log", "demo", "--port", str(port), "--data", str(tmp_path / "data"))
    url = f"http://127.0.0.1:{port}"
    await answers(f"{url}/readyz", running)
    yield url
    await running.kill()


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield launched
        await launched.close()
