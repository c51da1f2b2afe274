"""A booking is an event in the host's calendar; a host who moves it there can move the booking with it."""

import asyncio
import re
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from entrypoints import sample
from tests.browser.demonstration import mails_about, signed_in_host
from tests.support.processes import PATIENCE

pytestmark = pytest.mark.browser

GUEST = "carla@calendar.example"


async def let_bookings_go_to_the_calendar(host: Page) -> None:
    await host.get_by_role("link", name="Meet Anna").first.click()
    await host.get_by_role("tab", name="Calendars").click()
    await host.get_by_role("group", name="New bookings go to").get_by_role("radio").nth(1).check()
    await host.get_by_role("button", name="Save").click()
    await expect(host.get_by_role("status").filter(has_text="Saved.")).to_be_visible()


async def book_by_phone(guest: Page) -> None:
    await guest.goto(f"/{sample.HANDLE}/{sample.PAGE}/call")
    await guest.locator("[data-start]").first.click()
    await guest.get_by_label("Name").fill("Carla")
    await guest.get_by_label("Email").fill(GUEST)
    # There is a choice only where another test has connected a provider.
    for phone in await guest.get_by_role("radio", name="Phone").all():
        await phone.check()
    await guest.get_by_label("Phone number").fill("+49 30 901820")
    await guest.get_by_role("button", name="Confirm booking").click()
    await guest.wait_for_url("**/b/*")


async def reloads_until(page: Page, there: Locator) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await there.count():
            await page.reload()


async def test_a_host_moves_an_event_in_the_calendar_and_the_guest_gets_the_new_time(
    demo: str, browser: Browser
) -> None:
    host, guest = await signed_in_host(browser, demo), await browser.new_page(base_url=demo)
    await let_bookings_go_to_the_calendar(host)
    await book_by_phone(guest)

    await host.goto("/bookings")
    await host.get_by_role("link", name="Carla").first.click()
    booking, event = host.url, host.get_by_role("link", name="Open in Google Calendar")
    await reloads_until(host, event)
    await event.click()
    assert "Carla – Intro call" == await host.get_by_label("Title").input_value()
    for field in ("Starts", "Ends"):
        time = datetime.fromisoformat(await host.get_by_label(field).input_value()) + timedelta(minutes=30)
        await host.get_by_label(field).fill(f"{time:%Y-%m-%dT%H:%M}")
    await host.get_by_role("button", name="Save").click()
    await expect(host.get_by_role("link", name="Carla – Intro call")).to_be_visible()
    await host.goto("/settings/providers")
    await host.get_by_role("button", name="Read now").click()
    await host.wait_for_url("**#connection-*")
    await host.goto(booking)
    await host.get_by_role("button", name="Reschedule the booking and tell the guest").click()
    await expect(host.get_by_role("status").filter(has_text="Rescheduled.")).to_be_visible()

    mails = await mails_about(demo, GUEST, count=4)
    told = [each["ics"] for each in mails if re.search(rf"^To:.*{GUEST}", each["raw"], re.MULTILINE)]
    assert ["SEQUENCE:0", "SEQUENCE:1"] == [line for ics in told for line in re.findall(r"SEQUENCE:\d", ics)]
