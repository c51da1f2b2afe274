"""`make pictures`: take the pictures in docs/pictures from a demo, as it looks today."""

import asyncio
import tempfile
from datetime import date, timedelta
from pathlib import Path

from playwright.async_api import Page, async_playwright

from entrypoints import sample
from tests.support.machine import chromium
from tests.support.processes import answers, free_port, start_timetuna
from tests.support.site import ARGUMENTS

_WEDNESDAY = 2


def _a_full_day() -> date:
    """A day in the coming month's second week: pictures show the same whenever they are taken."""
    second_week = (date.today().replace(day=1) + timedelta(days=32)).replace(day=8)  # noqa: DTZ011
    return next(day for day in (second_week + timedelta(days=n) for n in range(7)) if day.weekday() == _WEDNESDAY)


TIMES = f"/{sample.HANDLE}/{sample.PAGE}/call?date={_a_full_day()}"
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


async def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder, port = Path(temporary), free_port()
        demo = await start_timetuna(folder / "log", "demo", "--port", str(port), "--data", str(folder / "data"))
        try:
            await answers(f"http://127.0.0.1:{port}/readyz", demo)
            await take_all(f"http://127.0.0.1:{port}")
        finally:
            await demo.stop()


async def take_all(url: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        context = await browser.new_context(
            base_url=url,
            viewport={"width": 1100, "height": 860},
            timezone_id="America/New_York",
            locale="en-US",
            reduced_motion="reduce",
        )
        host = await context.new_page()
        await host.goto("/signin")
        await host.get_by_label("Email").fill(sample.EMAIL)
        await host.get_by_label("Password").fill(sample.PASSWORD)
        await host.get_by_role("button", name="Sign in").click()
        await host.wait_for_url("**/dashboard")
        await host.goto("/settings/providers")
        await host.get_by_role("button", name="Connect Zoom", exact=True).click()
        await host.get_by_role("button", name="Allow").click()
        await host.wait_for_url("**/settings/providers**")
        await host.goto("/settings/providers")
        await take(host, "providers")

        guest = await context.new_page()
        await guest.goto(TIMES)
        await guest.locator("[data-start]").first.wait_for()
        await take(guest, "booking-page")
        for number, name in enumerate(("Zoë Müller", "Amara Okafor", "Li Wei")):
            await book(guest, name, nth=2 * number)
        await take(guest, "confirmation")

        await host.goto("/dashboard")
        await take(host, "dashboard")
        await host.goto("/bookings")
        await take(host, "bookings")
        await host.goto("/dashboard")
        await host.get_by_role("link", name="Edit", exact=False).first.click()
        # Tabs are tabs once the scripts have run.
        await host.get_by_role("tab", name="Booking", selected=True).wait_for()
        # The bar with Save would stand in the middle of a picture of the whole page.
        await take(host, "editor", whole=False)

        phone = await browser.new_context(
            base_url=url,
            viewport={"width": 390, "height": 844},
            timezone_id="America/New_York",
            locale="en-US",
            reduced_motion="reduce",
        )
        page = await phone.new_page()
        await page.goto(TIMES)
        await page.locator("[data-start]").first.wait_for()
        await take(page, "phone")
        await browser.close()


async def book(guest: Page, name: str, *, nth: int) -> None:
    await guest.goto(TIMES)
    await guest.locator("[data-start]").nth(nth).click()
    await guest.get_by_label("Name").fill(name)
    await guest.get_by_label("Email").fill("guest@guests.example")
    await guest.get_by_role("radio", name="Zoom").check()
    await guest.get_by_role("button", name="Confirm booking").click()
    await guest.get_by_role("link", name="Join Zoom meeting").wait_for()


async def take(page: Page, name: str, *, whole: bool = True) -> None:
    await page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)


if __name__ == "__main__":
    asyncio.run(main())
