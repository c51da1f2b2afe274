"""The time zone on a public page, by the names that people use, with the day that was chosen."""

from asyncio import Event
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.barriers import barriers_here
from tests.browser.scenes import pages_of_support
from tests.support.site import PHONE, TUESDAY_AT_TEN, Site

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

    await expect(page.get_by_role("option", name="America/New_York")).to_contain_text("Eastern Time – New York")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [] == await barriers_here(page)


async def test_the_names_of_zones_are_at_hand_quickly(site: Site) -> None:
    page = await site.visitor()
    await page.goto(f"{await site.an_open_page()}?timezone=Europe/Paris")
    zone = page.get_by_role("combobox", name="Time zone")
    await zone.wait_for()

    before = await _seconds_in_scripts(page)
    await zone.fill("india")
    await page.get_by_role("option").first.wait_for()

    assert 1 > await _seconds_in_scripts(page) - before


async def test_another_time_zone_keeps_the_day_that_was_chosen(site: Site) -> None:
    page = await site.visitor()
    await page.goto(f"{await site.an_open_page()}?timezone=Europe/Paris")
    await page.get_by_role("link", name="Wednesday, 4 March 2026").click()
    await expect(page.locator("#times-of")).to_have_text("Wednesday, 4 March 2026")

    await page.get_by_role("combobox", name="Time zone").fill("tokyo")
    await page.get_by_role("option", name="Asia/Tokyo").click()

    await expect(page.get_by_text("Times in Japan Time – Tokyo")).to_be_visible()
    await expect(page.locator("#times-of")).to_have_text("Wednesday, 4 March 2026")
    assert "date=2026-03-04" in page.url


async def test_while_the_script_is_on_its_way_nothing_can_be_chosen_in_somebody_elses_zone(site: Site) -> None:
    arrives = Event()
    page = await site.visitor(viewport=PHONE)

    async def late(route: Route) -> None:
        await arrives.wait()
        await route.continue_()

    await page.route("**/picker.js", late)
    await page.goto(await site.an_open_page(), wait_until="commit")
    times, days = page.locator("[data-start]"), page.locator("a[data-day]")
    await expect(page.get_by_text("Finding your time zone…")).to_be_visible()
    await expect(times.first).to_be_attached()
    assert [] == [each for each in (*await times.all(), *await days.all()) if await each.is_visible()]

    arrives.set()

    await expect(page.get_by_text("Times in Eastern Time – New York")).to_be_visible()
    await expect(page.get_by_text("Finding your time zone…")).to_have_count(0)
    await expect(times.first).to_be_visible()


async def test_where_the_script_never_comes_the_zone_is_asked_for(site: Site) -> None:
    page = await site.visitor()
    await page.route("**/picker.js", lambda route: route.abort())
    await page.goto(await site.an_open_page())

    await page.get_by_label("Time zone").select_option("Asia/Tokyo")
    await page.get_by_role("button", name="Show times").click()

    await expect(page.get_by_text("Times in Japan Time – Tokyo")).to_be_visible()
    await expect(page.locator("[data-start]").first).to_be_visible()


async def test_a_guest_in_the_hosts_zone_keeps_it_at_every_step(site: Site) -> None:
    page = await site.visitor(timezone_id="Europe/Berlin")
    path = await site.an_open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if path in request.url else None)

    await page.goto(path)
    await expect(page.get_by_role("combobox", name="Time zone")).to_have_value("Central European Time – Berlin")
    await page.get_by_role("link", name="Tuesday, 3 March 2026").click()
    await page.locator(f'[data-start="{TUESDAY_AT_TEN}"]').click()

    await expect(page.locator(".recap")).to_contain_text("Central European Time – Berlin")
    await expect(page.locator("[name=timezone]")).to_have_attribute("type", "hidden")
    assert ["timezone" in each for each in asked] == [False, True, True]


async def test_a_form_opened_by_a_link_tells_its_time_in_the_guests_zone_and_keeps_what_is_typed(site: Site) -> None:
    arrives = Event()
    page = await site.visitor()

    async def late(route: Route) -> None:
        await arrives.wait()
        await route.continue_()

    await page.route("**/guest.js", late)
    await page.goto(f"{await site.an_open_page()}?start={TUESDAY_AT_TEN}", wait_until="commit")
    await expect(page.get_by_label("Your time zone")).to_have_value("Europe/Berlin")
    await page.get_by_label("Name").fill("Ana Brito")

    arrives.set()

    await expect(page.locator(".recap")).to_contain_text("05:00")
    await expect(page.locator(".recap")).to_contain_text("Eastern Time – New York")
    await expect(page.get_by_label("Name")).to_have_value("Ana Brito")
    await expect(page.locator("[name=timezone]")).to_have_value("America/New_York")


async def _seconds_in_scripts(page: Page) -> float:
    """What the page's scripts have taken of the processor by now, whatever else keeps that busy."""
    session: Any = await page.context.new_cdp_session(page)
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})
    found = await session.send("Performance.getMetrics")
    return next(float(each["value"]) for each in found["metrics"] if each["name"] == "ScriptDuration")


async def test_a_conversation_stays_in_the_zone_that_is_named_where_the_server_refuses(site: Site) -> None:
    *_, conversation = await pages_of_support(site)
    page = await site.visitor()
    await page.route("**/*timezone=*", lambda route: route.fulfill(status=503, body="Busy."))

    async with page.expect_response("**/*timezone=*"):
        await page.goto(conversation)
    await page.wait_for_load_state("networkidle")

    await expect(page.locator("#messages")).to_contain_text("Ναι.")
