"""What axe finds on a page, and what sticks out."""

from typing import Any, cast
from weakref import WeakSet

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

SEVERE = {"serious", "critical"}
NAMED = {"landmark-unique", "target-size"}
NARROWEST = 320
# The package has no types of its own.
AXE: str = cast("Any", Axe()).axe_script
_WITH_AXE = WeakSet[Page]()
"""Those that bring it along wherever they go, which is quicker than to send it each time."""


async def barriers(page: Page, path: str) -> list[str]:
    """What is wrong on a page, and whether anything sticks out where the window is as narrow as windows get."""
    if page not in _WITH_AXE:
        await page.add_init_script(AXE)
        _WITH_AXE.add(page)
    await page.goto(path)
    # Dimmed while the times in the visitor's own zone are fetched.
    await page.locator("[data-busy]").wait_for(state="detached")
    found = [f"{path}: {each}" for each in await barriers_here(page)]
    usual = page.viewport_size
    assert usual is not None
    await page.set_viewport_size({**usual, "width": NARROWEST})
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{path}: wider than {NARROWEST} pixels")
    await page.set_viewport_size(usual)
    return found


async def barriers_here(page: Page) -> list[str]:
    """What is wrong in light, and with the contrast in dark: the two differ in colours alone."""
    # Without motion, no colour is caught on its way from one to the other.
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found = await _violations(page)
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += await _violations(page, "color-contrast")
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return [
        f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in SEVERE or each["id"] in NAMED
    ]


async def _violations(page: Page, *rules: str) -> list[dict[str, Any]]:
    chosen = {"runOnly": rules} if rules else {"rules": {"target-size": {"enabled": True}}}
    options = {"resultTypes": ["violations"], **chosen}
    # What is right on a page is long, and costs more on its way here than the check.
    return await page.evaluate("options => axe.run(document, options).then(results => results.violations)", options)


async def fits(page: Page) -> bool:
    return await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
