"""A guest's own page of a booking in Chromium: it changes by itself, and nothing jumps."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from domain.booking import Booking
from domain.conference import Failed, NoConference, Pending
from tests.browser.barriers import barriers, barriers_here
from tests.browser.booked import LATE, LINK, OWN_LINK, READY, REFUSED, SHIFTS, STATES, WATCH_SHIFTS, a_booked, change
from tests.support.builders import (
    TOMORROW_AT_TEN,
    at_the_harbour,
    token_of,
)
from tests.support.site import DESK, PHONE, Site

pytestmark = pytest.mark.browser

JOIN = re.compile("^Join ")


async def opened(site: Site, booking: Booking, **options: Any) -> Page:
    """The guest's page, with a mark that a reload would wipe out."""
    page = await site.visitor(**options)
    await page.goto(f"/b/{booking.token}")
    await page.evaluate("window.untouched = true")
    return page


def announcement(page: Page) -> Locator:
    return page.locator("#live-announcement")


async def test_no_state_has_a_barrier_or_is_wider_than_the_window(site: Site) -> None:
    page = await site.visitor(viewport=DESK)
    found: list[str] = []
    for name, changes in STATES.items():
        booking = await a_booked(site, **changes())
        found += [f"{name}: {barrier}" for barrier in await barriers(page, f"/b/{booking.token}?done=mailed")]
        for size in (PHONE, DESK):
            await page.set_viewport_size(size)
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{name}: wider than {size['width']}")

    assert [] == found


async def test_a_past_meeting_has_no_barrier(site: Site) -> None:
    booking = await a_booked(site)
    site.memory.clock.advance(timedelta(days=3))
    page = await opened(site, booking)

    await expect(page.get_by_role("heading", name="This meeting is over")).to_be_visible()
    assert [] == await barriers_here(page)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    ("comes", "shows"),
    [
        ({"conference": READY}, "Join Zoom meeting"),
        ({"conference": LATE}, "Your Zoom link is taking a little longer"),
        ({"conference": Failed(REFUSED)}, "Hanne Höst will send the link."),
    ],
    ids=["ready", "late", "failed"],
)
async def test_nothing_jumps_when_the_link_comes_or_does_not(
    site: Site, size: dict[str, int], comes: dict[str, Any], shows: str
) -> None:
    booking = await a_booked(site, Pending("zoom"))
    page = await site.visitor(viewport=size)
    await page.add_init_script(WATCH_SHIFTS)
    await page.goto(f"/b/{booking.token}")
    boxes = page.locator("main"), page.get_by_role("link", name="Reschedule")
    before = [await each.bounding_box() for each in boxes]

    await change(site, booking, announced=True, **comes)
    await expect(page.locator("#live")).to_contain_text(shows)

    assert [] == await page.evaluate(SHIFTS)
    assert before == [await each.bounding_box() for each in boxes]


async def test_a_link_that_was_there_from_the_start_has_no_empty_space_below_it(site: Site) -> None:
    booking = await a_booked(site, READY)
    page = await site.visitor(viewport={"width": 320, "height": 844})
    await page.goto(f"/b/{booking.token}")

    place = page.locator(".place")
    padding = await place.evaluate("place => parseFloat(getComputedStyle(place).paddingBottom)")
    below = await place.evaluate(
        "place => place.getBoundingClientRect().bottom - place.lastElementChild.getBoundingClientRect().bottom"
    )
    assert padding == pytest.approx(below, abs=2)


async def test_the_link_comes_by_itself_and_is_said(site: Site) -> None:
    booking = await a_booked(site, Pending("zoom"))
    page = await opened(site, booking)
    await expect(page.get_by_text("Your Zoom link is being created…")).to_be_visible()

    await change(site, booking, conference=READY, announced=True)

    await expect(page.get_by_role("link", name=JOIN)).to_have_attribute("href", LINK)
    await expect(announcement(page)).to_have_text("Your link is ready: Join Zoom meeting.")
    await expect(page.get_by_role("button", name="Resend")).to_be_visible()
    assert await page.evaluate("window.untouched")


async def test_a_link_that_the_host_replaces_is_replaced_on_the_open_page(site: Site) -> None:
    booking = await a_booked(site)
    page = await opened(site, booking)
    await expect(page.get_by_role("link", name=JOIN)).to_have_attribute("href", LINK)

    await site.memory.app.set_join_link(await site.memory.as_host(booking.id), booking.id, OWN_LINK)

    await expect(page.get_by_role("link", name=JOIN)).to_have_attribute("href", OWN_LINK)
    await expect(announcement(page)).to_have_text("Your booking has a new join link: Join meeting.")
    assert await page.evaluate("window.untouched")


async def test_a_move_and_then_a_cancellation_by_the_host_show_on_the_open_page(site: Site) -> None:
    booking = await a_booked(site)
    page = await opened(site, booking)
    view = await site.memory.store.views.booking_for(token_of(booking))
    assert view

    await site.memory.app.reschedule(
        await site.memory.by_host(view.booking.id), TOMORROW_AT_TEN + timedelta(hours=2), "My flight"
    )
    await expect(announcement(page)).to_have_text("Your booking was rescheduled to Tuesday, 3 March 2026, 09:00.")
    await expect(page.locator("#live")).to_contain_text("Reason: My flight")
    await site.memory.app.cancel(await site.memory.by_host(booking.id), "Ill after all")

    await expect(page.get_by_role("heading", name="This booking is cancelled")).to_be_visible()
    await expect(announcement(page)).to_contain_text("Hanne Höst cancelled this booking")
    await expect(page.get_by_role("link", name=JOIN)).to_have_count(0)
    await expect(page).to_have_title(re.compile("^Cancelled: Intro call"))
    assert await page.evaluate("window.untouched")


async def test_whoever_is_on_a_control_stays_there_when_the_page_changes(site: Site) -> None:
    booking = await a_booked(site, Pending("zoom"))
    page = await opened(site, booking)
    await page.get_by_role("link", name="Reschedule").focus()

    await change(site, booking, conference=READY)
    await expect(page.get_by_role("link", name=JOIN)).to_be_visible()
    await expect(page.get_by_role("link", name="Reschedule")).to_be_focused()
    await site.memory.app.cancel(await site.memory.by_host(booking.id), "")

    await expect(page.get_by_role("heading", name="This booking is cancelled")).to_be_focused()


async def test_the_whole_link_is_copied(site: Site) -> None:
    booking = await a_booked(site)
    page = await opened(site, booking, permissions=["clipboard-read", "clipboard-write"])

    await page.get_by_role("button", name="Copy link").click()

    assert LINK == await page.evaluate("navigator.clipboard.readText()")


async def test_the_mail_is_asked_for_again_with_the_keyboard_alone(site: Site) -> None:
    booking = await a_booked(site, meeting_type=at_the_harbour, conference=NoConference())
    page = await opened(site, booking)

    await tab_to(page, page.get_by_role("button", name="Resend"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("We’ve resent the email to ana@guests.example")
    await site.memory.work_off()

    assert [booking.id] == [mail.booking.id for mail in site.memory.mailer.mails_to("guest")]


async def test_a_booking_is_cancelled_with_the_keyboard_alone(site: Site) -> None:
    booking = await a_booked(site)
    page = await opened(site, booking)

    await tab_to(page, page.get_by_role("link", name="Cancel booking"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Cancel this booking?")).to_be_visible()
    await tab_to(page, page.get_by_label("Reason"))
    await page.keyboard.type("I am ill")
    await tab_to(page, page.get_by_role("button", name="Yes, cancel booking"))
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="This booking is cancelled")).to_be_visible()
    await expect(page.locator("#live")).to_contain_text("Reason: I am ill")


async def test_without_scripts_the_page_promises_only_what_a_reload_brings(site: Site) -> None:
    booking = await a_booked(site, Pending("zoom"))
    page = await site.visitor(java_script_enabled=False)
    await page.goto(f"/b/{booking.token}")
    await expect(page.get_by_text("appears here automatically")).to_be_hidden()
    await expect(page.locator(".spinner")).to_be_hidden()
    await change(site, booking, conference=READY, announced=True)

    await page.get_by_role("link", name="Reload this page").click()

    await expect(page.get_by_role("link", name=JOIN)).to_have_attribute("href", LINK)
    await expect(page.get_by_text(LINK)).to_be_visible()
    await expect(page.get_by_role("button", name="Copy link")).to_be_hidden()


async def test_without_scripts_a_booking_is_moved_and_then_cancelled(site: Site) -> None:
    booking = await a_booked(site)
    page = await site.visitor(java_script_enabled=False, viewport=PHONE)
    await page.goto(f"/b/{booking.token}")

    await page.get_by_role("link", name="Reschedule").click()
    await page.get_by_role("link", name="Tuesday, 3 March 2026").click()
    await page.locator('[data-start="2026-03-03T12:00:00Z"]').click()
    await page.get_by_role("button", name="Reschedule booking").click()
    await expect(page.get_by_role("status")).to_contain_text("Rescheduled.")
    await page.get_by_role("link", name="Cancel booking").click()
    await page.get_by_role("button", name="Yes, cancel booking").click()

    await expect(page.get_by_role("heading", name="This booking is cancelled")).to_be_visible()


async def test_the_button_has_the_colour_of_the_page_that_was_booked(site: Site) -> None:
    booking = await a_booked(site, brand_color="#ffd400")
    page = await opened(site, booking)

    join = page.get_by_role("link", name=JOIN)
    await expect(join).to_have_css("background-color", "rgb(255, 212, 0)")
    await expect(join).to_have_css("color", "rgb(0, 0, 0)")


async def tab_to(page: Page, control: Locator) -> None:
    """Press Tab until the control has the focus."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await control.evaluate("(each) => each === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {control}")
