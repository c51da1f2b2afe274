"""What somebody does in Chromium while an answer is still on its way is neither lost nor overwritten by it."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from re import Pattern
from typing import Self

import pytest
from playwright.async_api import Page, Route, expect

from domain.booking import Booking
from domain.conference import Pending, Ready
from domain.host import Host
from tests.browser.editing import an_editor, save, saved
from tests.support.builders import a_booking, a_page, altered, zoom
from tests.support.processes import PATIENCE
from tests.support.site import Site

pytestmark = pytest.mark.browser

EDITOR = "**/pages/*/edit"


class Held:
    """Requests of a page that wait, each until it is let go or lost."""

    def __init__(self) -> None:
        self._waiting: list[Route] = []
        self._news = asyncio.Event()

    @classmethod
    async def on(cls, page: Page, address: str | Pattern[str]) -> Self:
        held = cls()
        await page.route(address, held._keep)
        return held

    async def let_go(self, place: int = 0) -> None:
        await (await self._route(place)).continue_()

    async def lose(self, place: int = 0) -> None:
        await (await self._route(place)).abort()

    async def has(self, number: int) -> None:
        """Waits until so many requests wait."""
        async with asyncio.timeout(PATIENCE):
            while len(self._waiting) < number:
                self._news.clear()
                await self._news.wait()

    async def _route(self, place: int) -> Route:
        await self.has(place + 1)
        return self._waiting.pop(place)

    def _keep(self, route: Route) -> None:
        self._waiting.append(route)
        self._news.set()


async def test_what_is_typed_while_a_row_is_on_its_way_stays_and_so_does_the_caret(site: Site) -> None:
    page, _, _ = await an_editor(site)
    held = await Held.on(page, EDITOR)
    title = page.locator("#event-0-title")

    await page.get_by_role("button", name="Use different types for Intro call").click()
    await title.fill("Cash for  only")
    await title.evaluate("field => field.setSelectionRange(9, 9)")
    await held.has(1)
    await page.keyboard.type("$&")
    await held.let_go()
    await held.let_go()

    group = page.get_by_role("group", name="Cash for $& only")
    await expect(group.get_by_role("button", name="Same as the page for Cash for $& only")).to_be_visible()
    await expect(title).to_be_focused()
    await page.keyboard.type("!")
    await expect(title).to_have_value("Cash for $&! only")


async def test_buttons_pressed_meanwhile_have_their_turn_and_saving_comes_last(site: Site) -> None:
    page, host, made = await an_editor(site)
    held = await Held.on(page, EDITOR)
    await page.get_by_role("tab", name="Questions").click()

    await page.get_by_role("button", name="Add a question for Intro call").dblclick()
    await page.get_by_role("button", name="Remove Why?").click()
    await held.let_go()
    await held.let_go()
    await expect(page.get_by_role("group", name="Why?")).to_have_count(0)
    await expect(page.get_by_role("group", name="New question")).to_have_count(1)
    await page.get_by_role("button", name="Remove Which fish?").click()
    await page.get_by_role("button", name="Save", exact=True).click()
    await held.let_go()
    await held.let_go()

    await expect(page.get_by_role("status")).to_contain_text("Saved")
    assert () == (await saved(site, host, made)).event_types[0].questions


async def test_an_answer_that_is_lost_or_never_comes_is_told_and_the_next_press_counts(site: Site) -> None:
    page, host, made = await an_editor(site)
    await page.clock.install()
    held = await Held.on(page, EDITOR)
    add = page.get_by_role("button", name="Add an event type")
    failed = page.locator("[data-announcement]").filter(has_text="Everything you typed is still here")

    await add.click()
    await page.locator("#title").fill("Typed meanwhile")
    await page.get_by_role("button", name="Save", exact=True).click()
    await held.lose()
    await expect(failed).to_be_visible()
    await expect(page.locator("[aria-busy]")).to_have_count(0)
    await add.click()
    await expect(failed).to_have_count(0)
    await held.has(1)
    await page.clock.fast_forward(60_000)
    await expect(failed).to_be_visible()
    await page.unroute(EDITOR)
    await add.click()

    await expect(page.get_by_role("group", name="New event type")).to_be_visible()
    await expect(page.locator("#title")).to_have_value("Typed meanwhile")
    assert made == await saved(site, host, made)


async def test_half_a_date_and_an_open_list_of_days_are_not_taken_away(site: Site) -> None:
    page, host, made = await an_editor(site)
    await page.get_by_role("tab", name="Availability").click()
    await page.get_by_role("button", name="Add a date").click()
    await expect(page.get_by_label("Date", exact=True)).to_be_focused()
    held = await Held.on(page, EDITOR)

    await page.locator("#hours-mon-copy").click()
    await page.get_by_role("group", name="Monday").get_by_label("Friday").check()
    await page.get_by_role("button", name="Add hours on Sunday").click()
    await page.get_by_label("Date", exact=True).click(position={"x": 12, "y": 12})
    await page.keyboard.type("1224")
    await held.let_go()
    await page.keyboard.type("2026")
    await expect(page.get_by_label("Date", exact=True)).to_have_value("2026-12-24")
    await page.get_by_role("button", name="Add a date").focus()
    await held.let_go()

    await expect(page.get_by_role("group", name="Sunday").get_by_label("Sunday, from")).to_be_visible()
    await expect(page.get_by_label("Date", exact=True)).to_have_value("2026-12-24")
    await expect(page.get_by_role("group", name="Monday").get_by_label("Friday")).to_be_checked()
    await page.unroute(EDITOR)
    await page.get_by_role("button", name="Copy hours of Monday").click()
    await expect(page.locator("[data-announcement]")).to_have_text("Hours copied from Monday to Friday.")
    await save(page)
    assert ["2026-12-24"] == [str(day) for day in (await saved(site, host, made)).availability.overrides]


async def test_a_row_in_the_hand_is_put_down_first(site: Site) -> None:
    page, _, _ = await an_editor(site)
    held = await Held.on(page, EDITOR)
    await page.get_by_role("button", name="Add an event type").click()
    await page.locator("#meeting_types").evaluate(
        "list => list.scrollIntoView({ block: 'center', behavior: 'instant' })"
    )
    await page.locator('[data-row][data-name="In person"] [data-grip]').first.hover()
    above = await page.locator('[data-row][data-name="Zoom"] [data-grip]').first.bounding_box()
    assert above

    await page.mouse.down()
    await page.mouse.move(above["x"] + 8, above["y"] - 16, steps=6)
    async with page.expect_response(EDITOR):
        await held.let_go()
    await page.mouse.up()
    await held.let_go()

    await expect(page.get_by_role("group", name="New event type")).to_be_visible()
    await expect(page.locator("#order-words")).to_contain_text("In person is selected first")


async def test_why_answers_the_last_question(site: Site) -> None:
    page, _, _ = await an_editor(site)
    held = await Held.on(page, EDITOR)
    ask = page.get_by_role("button", name="Check this time")

    await page.get_by_label("Day and time").fill("2020-03-07T10:10")
    await ask.click()
    await held.has(1)
    await page.get_by_label("Day and time").fill("2026-03-03T10:00")
    await ask.click()
    await held.let_go(1)
    await expect(page.locator("[data-why]")).to_contain_text("Guests can book this time.")
    await held.let_go()
    await page.wait_for_load_state("networkidle")

    await expect(page.locator("[data-why]")).to_contain_text("Guests can book this time.")
    await expect(page.locator("[aria-busy]")).to_have_count(0)


async def test_a_month_that_comes_late_takes_neither_the_search_nor_the_way(site: Site) -> None:
    path = await site.an_open_page()
    page = await site.visitor()
    await page.goto(f"{path}?timezone=Europe/Paris")
    held = await Held.on(page, re.compile(f"{path}[?]"))
    zone = page.get_by_role("combobox", name="Time zone")

    await page.locator("#month-following").click()
    await zone.click()
    await zone.fill("kath")
    await held.let_go()
    await expect(page.locator("#month-shown")).to_have_text("April 2026")
    await expect(zone).to_be_focused()
    await expect(zone).to_have_value("kath")
    await expect(page.get_by_role("option", name="Asia/Kathmandu")).to_be_visible()

    await page.locator("#month-following").click()
    await held.has(1)
    await page.locator("#month-previous").click()
    await held.lose()
    await held.let_go()
    await expect(page.locator("#month-shown")).to_have_text("March 2026")
    await page.wait_for_load_state("networkidle")
    assert "month=2026-03" in page.url


async def a_waiting_booking(site: Site) -> tuple[Host, Booking, Callable[[], Awaitable[None]]]:
    """Its link is on its way; what comes last brings it."""
    host = await site.a_host()
    made = await site.memory.page(a_page(host, meeting_types=(zoom,)))
    booking = a_booking(made, conference=Pending("zoom"))
    async with site.memory.store.begin() as uow:
        uow.bookings.add(booking)

    async def its_link_comes() -> None:
        async with site.memory.store.begin() as uow:
            locked = await uow.bookings.lock(booking.id)
            assert locked
            ready = Ready("https://zoom.example/j/1", "1", "", "zoom")
            uow.bookings.save(altered(locked, conference=ready))

    return host, booking, its_link_comes


async def test_a_booking_that_changes_is_not_reloaded_under_somebodys_hands(site: Site) -> None:
    host, booking, its_link_comes = await a_waiting_booking(site)
    page = await site.signed_in(host)
    await page.goto(f"/bookings/{booking.id}")
    await page.get_by_text("Add the join link").click()

    await its_link_comes()

    announcement = page.locator("#live-announcement")
    await expect(announcement).to_have_text("This booking has changed. Reload the page to see how.")
    await expect(announcement).to_have_class("notice")
    await expect(page.get_by_label("Join link")).to_be_visible()
