"""The time zone on a public page, by the names that people use, with the day that was chosen."""

import pytest
from playwright.async_api import expect

from tests.browser.site import PHONE, Site
from tests.browser.test_accessibility import barriers_here

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("portugal", "Europe/Lisbon"),
        ("eastern time", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("eastern", "America/New_York"),
        ("CEST", "Europe/Berlin"),
        ("san francisco", "America/Los_Angeles"),
        ("munchen", "Europe/Berlin"),
        ("india", "Asia/Kolkata"),
    ],
)
async def test_a_zone_is_found_by_what_people_call_it(site: Site, typed: str, found: str) -> None:
    page = await site.visitor()
    await page.goto(f"{await site.an_open_page()}?timezone=Europe/Paris")

    await page.get_by_role("combobox", name="Time zone").fill(typed)

    await expect(page.get_by_role("option").first).to_contain_text(found)


async def test_a_zone_is_shown_with_its_time_and_country(site: Site) -> None:
    page = await site.visitor(viewport=PHONE)
    await page.goto(f"{await site.an_open_page()}?timezone=Europe/Paris")

    await page.get_by_role("combobox", name="Time zone").fill("new york")

    await expect(page.get_by_role("option", name="America/New_York")).to_contain_text("Eastern Time · United States")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [] == await barriers_here(page)


async def test_the_names_of_zones_are_at_hand_quickly(site: Site) -> None:
    page = await site.visitor()
    await page.goto(f"{await site.an_open_page()}?timezone=Europe/Paris")
    zone = page.get_by_role("combobox", name="Time zone")
    await zone.wait_for()

    took = await page.evaluate(
        "() => { const field = document.getElementById('zone-search'), from = performance.now(); "
        "field.value = 'india'; field.dispatchEvent(new Event('input')); return performance.now() - from; }"
    )

    assert 1000 > took


async def test_another_time_zone_keeps_the_day_that_was_chosen(site: Site) -> None:
    page = await site.visitor()
    await page.goto(f"{await site.an_open_page()}?timezone=Europe/Paris")
    await page.get_by_role("link", name="Wednesday, 4 March 2026").click()
    await expect(page.locator("#times-of")).to_have_text("Wednesday, 4 March 2026")

    await page.get_by_role("combobox", name="Time zone").fill("tokyo")
    await page.get_by_role("option", name="Asia/Tokyo").click()

    await expect(page.get_by_text("Times in Asia/Tokyo")).to_be_visible()
    await expect(page.locator("#times-of")).to_have_text("Wednesday, 4 March 2026")
    assert "date=2026-03-04" in page.url
