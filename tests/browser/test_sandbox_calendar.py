"""The sandbox's calendar can be changed by dragging, by the keyboard, and without JavaScript."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from adapters.sandbox.google.accounts import GINA
from adapters.sandbox.google.sandbox import SandboxGoogle
from adapters.sandbox.serve import serving
from tests.browser.barriers import barriers_here
from tests.support.site import DESK, PHONE

pytestmark = pytest.mark.browser

TUESDAY_AT_TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = "/calendar?week=2026-11-23"


@pytest_asyncio.fixture(loop_scope="session")
async def google() -> AsyncGenerator[SandboxGoogle]:
    with SandboxGoogle(now=lambda: TUESDAY_AT_TEN) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def url(google: SandboxGoogle) -> AsyncGenerator[str]:
    async with serving(google.app) as url:
        yield url


def times(google: SandboxGoogle) -> list[tuple[datetime, timedelta]]:
    events = google.events.of(google.calendars.of(GINA)[0])
    return [(each.begins, each.ends - each.begins) for each in events if each.status != "cancelled"]


@asynccontextmanager
async def redrawn(page: Page) -> AsyncGenerator[None]:
    """What is done inside is over once the week is another one."""
    week = await page.query_selector("#week")
    yield
    await page.wait_for_function("week => !week.isConnected", arg=week)


async def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    await page.mouse.move(*start)
    await page.mouse.down()
    await page.mouse.move(*end, steps=4)
    async with redrawn(page):
        await page.mouse.up()


async def box(of: Locator) -> dict[str, float]:
    return cast("dict[str, float]", await of.bounding_box())


async def test_an_event_follows_the_mouse_and_the_keyboard(browser: Browser, google: SandboxGoogle, url: str) -> None:
    google.events.add(google.calendars.of(GINA)[0], TUESDAY_AT_TEN, TUESDAY_AT_TEN + HOUR, summary="Dentist")
    page = await browser.new_page(base_url=url, viewport=DESK)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await page.goto(WEEK)
    event, next_day = page.get_by_role("link", name="Dentist"), page.locator("[data-date='2026-11-25']")

    at = await box(event)
    across = (await box(next_day))["x"] - (await box(page.locator("[data-date='2026-11-24']")))["x"]
    grip = at["x"] + 20, at["y"] + 5
    await drag(page, grip, (grip[0] + across, grip[1] + at["height"] / 2))
    dragged = times(google)
    await expect(event).to_be_focused()
    at = await box(event)
    edge = at["x"] + 20, at["y"] + at["height"] - 2
    await drag(page, edge, (edge[0], edge[1] + at["height"]))
    lengthened = times(google)
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowDown"):
        async with redrawn(page):
            await page.keyboard.press(key)
        await expect(event).to_be_focused()
    pressed = times(google)
    empty = await box(page.locator("[data-date='2026-11-27'] .span"))
    await drag(page, (empty["x"] + 9, empty["y"]), (empty["x"] + 9, empty["y"] + at["height"]))
    drawn = times(google)
    await event.focus()
    async with redrawn(page):
        await page.keyboard.press("Delete")
    await expect(page.get_by_role("status")).to_have_text("Deleted.")

    half_past, quarter = timedelta(minutes=30), timedelta(minutes=15)
    wednesday = TUESDAY_AT_TEN + timedelta(days=1)
    assert [(wednesday + half_past, HOUR)] == dragged
    assert [(wednesday + half_past, 2 * HOUR)] == lengthened
    assert [(TUESDAY_AT_TEN + quarter, 2 * HOUR + quarter)] == pressed
    assert [*pressed, (datetime(2026, 11, 27, 6, tzinfo=UTC), HOUR)] == drawn
    assert drawn[1:] == times(google)
    assert [] == complaints


async def test_keys_that_are_pressed_faster_than_they_are_answered_all_count(
    browser: Browser, google: SandboxGoogle, url: str
) -> None:
    google.events.add(google.calendars.of(GINA)[0], TUESDAY_AT_TEN, TUESDAY_AT_TEN + HOUR, summary="Dentist")
    page = await browser.new_page(base_url=url, viewport=DESK)
    await page.goto(WEEK)
    await page.get_by_role("link", name="Dentist").focus()

    await page.evaluate(
        """for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"])
             document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))"""
    )
    await expect(page.locator("[data-date='2026-11-25']").get_by_role("link", name="Dentist")).to_be_focused()

    assert [(TUESDAY_AT_TEN + timedelta(days=1, minutes=30), HOUR)] == times(google)


async def test_the_page_works_without_javascript_on_a_phone_and_has_no_barriers(
    browser: Browser, google: SandboxGoogle, url: str
) -> None:
    google.fill_calendar(GINA)
    with_script = await browser.new_page(base_url=url, viewport=PHONE)
    await with_script.goto(WEEK)
    barriers = await barriers_here(with_script)
    await with_script.get_by_role("link", name="Dentist").click()
    barriers += await barriers_here(with_script)
    width = await with_script.evaluate("document.documentElement.scrollWidth")
    page = await browser.new_page(base_url=url, viewport=PHONE, java_script_enabled=False)
    await page.goto(WEEK)

    await page.get_by_label("Title").fill("Haircut")
    await page.get_by_label("Starts").fill("2026-11-27T12:00")
    await page.get_by_label("Ends").fill("2026-11-27T13:30")
    await page.get_by_role("button", name="Add").click()
    await page.get_by_role("link", name="Haircut").click()
    await page.get_by_role("button", name="Delete").click()

    await expect(page.get_by_role("link", name="Dentist")).to_be_visible()
    await expect(page.get_by_role("link", name="Haircut")).to_have_count(0)
    assert [] == barriers
    assert PHONE["width"] >= width
