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


async def mails_about(url: str, guest: str, count: int = 2) -> list[dict[str, Any]]:
    """The first mails that name the guest's address, as a reader would see them, once there are so many."""
    found = list[dict[str, Any]]()
    async with httpx.AsyncClient(base_url=f"{url}/mailbox", verify=False) as client, asyncio.timeout(PATIENCE):
        number = 1
        while len(found) < count:
            raw = await client.get(f"/{number}/raw")
            if raw.is_error:
                await asyncio.sleep(0.05)
                continue
            if guest in raw.text:
                found.append(await _read(client, number, raw.text))
            number += 1
    return found


async def _read(client: httpx.AsyncClient, number: int, raw: str) -> dict[str, Any]:
    return {
        "html": (await client.get(f"/{number}/html")).text,
        "raw": raw,
        "ics": (await client.get(f"/{number}/invite.ics")).text.replace("\r\n ", ""),
    }
