"""One Chromium for all tests of a worker, and a site for each test; a page whose scripts complain fails its test."""

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.support.machine import chromium
from tests.support.processes import answers, free_port, start_timetuna
from tests.support.site import ARGUMENTS, PATIENCE, Site, open_site

HERE = Path(__file__).parent

# As long as for what a test does: two of these share two cores.
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    # Playwright's connection to the shared Chromium belongs to one event loop.
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_browser() -> AsyncGenerator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(shared_browser: Browser) -> AsyncGenerator[Browser]:
    """The worker's Chromium, whose contexts end with the test."""
    yield shared_browser
    for context in shared_browser.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser: Browser) -> AsyncGenerator[Site]:
    async with open_site(browser) as site:
        yield site
    assert [] == site.complaints


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[str]:
    """The whole demo in its own process, shared by the worker's tests; yields its address."""
    port, folder = free_port(), tmp_path_factory.mktemp("demo")
    running = await start_timetuna(folder / "log", "demo", "--port", str(port), "--data", str(folder / "data"))
    url = f"http://127.0.0.1:{port}"
    try:
        await answers(f"{url}/readyz", running)
        yield url
    finally:
        await running.kill()
