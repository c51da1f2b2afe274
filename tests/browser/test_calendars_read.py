"""A host who has calendars read sees on the page when they are."""

from datetime import timedelta

import msgspec
import pytest
from playwright.async_api import expect

from application.actor import HostActor
from tests.browser.barriers import barriers_here, fits
from tests.browser.scenes import a_calendar
from tests.support.site import PHONE, Site

pytestmark = pytest.mark.browser


async def test_a_calendar_that_takes_long_to_read_says_so_until_it_is_read(site: Site) -> None:
    host = await site.a_host()
    calendar = (await a_calendar(site, host)).calendars[0]
    async with site.memory.store.begin() as uow:
        stored = await uow.calendars.lock(calendar.id)
        assert stored
        uow.calendars.save(msgspec.structs.replace(stored, calendar=stored.calendar.is_read_later()))
    page = await site.signed_in(host, viewport=PHONE)
    await page.goto("/settings/providers")
    await page.get_by_label("Feed address").fill("https://cal")
    link = page.get_by_role("link", name="Work")
    await link.focus()

    await expect(page.get_by_text("1 calendar is still being read.")).to_be_visible()
    assert await fits(page)
    assert [] == await barriers_here(page)
    site.memory.clock.advance(timedelta(seconds=20))
    await site.memory.app.read_calendar_now(HostActor(host.id), calendar.id)

    await expect(page.get_by_text("Last read")).to_be_visible(timeout=20_000)
    await expect(page.get_by_text("still being read")).to_have_count(0)
    await expect(link).to_be_focused()
    await expect(page.get_by_label("Feed address")).to_have_value("https://cal")
