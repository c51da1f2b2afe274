"""The whole demo, run by a browser: what its tests do as host, and what they read in its mailbox."""

import asyncio
from typing import Any

import httpx
from playwright.async_api import Browser, Page

from entrypoints import sample
from tests.support.processes import PATIENCE


async def signed_in_host(browser: Browser, url: str) -> Page:
    page = await browser.new_page(base_url=url)
    await page.goto("/signin")
    await page.get_by_label("Email").fill(sample.EMAIL)
    await page.get_by_label("Password").fill(sample.PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/dashboard")
    return page


async def mails_of(url: str, count: int) -> list[dict[str, Any]]:
    """Every mail as a reader would see it, once there are so many."""
    async with httpx.AsyncClient(base_url=f"{url}/mailbox", verify=False) as client, asyncio.timeout(PATIENCE):
        while (await client.get(f"/{count}")).is_error:
            await asyncio.sleep(0.05)
        return [
            {
                "page": (await client.get(f"/{number}")).text,
                "html": (await client.get(f"/{number}/html")).text,
                "raw": (await client.get(f"/{number}/raw")).text,
                "ics": (await client.get(f"/{number}/invite.ics")).text.replace("\r\n ", ""),
            }
            for number in range(1, count + 1)
        ]
