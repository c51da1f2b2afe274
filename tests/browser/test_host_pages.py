"""The dashboard, the lists of bookings, the shell around every page, and support, in Chromium."""

from datetime import timedelta

import msgspec
import pytest
from playwright.async_api import expect

from domain.booking import Booking
from domain.booking_page import Answer, BookingPage
from domain.conference import Failed, Failure, NoConference, Ready
from domain.host import Host
from domain.provider_problem import MeetingsNotAllowed
from tests.browser.barriers import barriers, barriers_here, fits
from tests.support.builders import TOMORROW_AT_TEN, a_booking, a_page, ana, phone_by_host, zoe, zoom
from tests.support.site import DESK, PHONE, Site

pytestmark = pytest.mark.browser

READY = Ready("https://us06web.zoom.us/j/81234567890?pwd=abc.1", "81234567890", "tuna42", "zoom")
FAILED = Failed(Failure("not-permitted", MeetingsNotAllowed("zoom")))
AN_HOUR = timedelta(hours=1)
PNG = b"\x89PNG and so on"


async def a_busy_host(site: Site) -> tuple[Host, BookingPage, list[Booking]]:
    """With three bookings: Ana's has its link, Zoë's lost it, and there is one by phone."""
    host = await site.a_host()
    page = await site.memory.page(a_page(host, meeting_types=(zoom, phone_by_host)))
    await site.memory.page(
        a_page(host, title="A page with a very long title that nobody would ever want to read", meeting_types=())
    )
    answers = (Answer("What about?", "Nets.\nAnd boats."),)
    bookings = [
        a_booking(page, TOMORROW_AT_TEN, conference=READY, answers=answers),
        a_booking(page, TOMORROW_AT_TEN + AN_HOUR, guest=zoe, conference=FAILED),
        a_booking(page, TOMORROW_AT_TEN + 24 * AN_HOUR, meeting_type=phone_by_host, conference=NoConference()),
    ]
    bookings = [msgspec.structs.replace(each, announced=True) for each in bookings]
    async with site.memory.store.begin() as uow:
        for each in bookings:
            uow.bookings.add(each)
    return host, page, bookings


async def test_what_needs_the_host_comes_first_on_the_dashboard(site: Site) -> None:
    host, _, bookings = await a_busy_host(site)
    page = await site.signed_in(host)

    headings = await page.get_by_role("heading", level=2).all_inner_texts()
    await page.get_by_role("region", name="Needs attention").get_by_role("link").click()

    assert ["Needs attention", "Booking pages", "Next bookings"] == headings
    await page.wait_for_url(f"**/bookings/{bookings[1].id}")


async def test_a_guest_is_searched_for_on_every_list(site: Site) -> None:
    host, _, _ = await a_busy_host(site)
    page = await site.signed_in(host)
    await page.goto("/bookings")

    await page.get_by_role("searchbox", name="Guest’s name or email").fill(zoe.name[:3].upper())
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/bookings?show=upcoming&search=*")

    await expect(page.get_by_role("link", name=zoe.name)).to_be_visible()
    await expect(page.get_by_role("link", name=ana.name)).to_have_count(0)
    await page.get_by_role("link", name="Past", exact=True).click()
    await expect(page.get_by_text("No matches for")).to_be_visible()
    await expect(page.get_by_role("searchbox")).to_have_value(zoe.name[:3].upper())
    await page.get_by_role("link", name="Show all").click()
    await expect(page.get_by_text("No past bookings yet.")).to_be_visible()


async def test_lists_and_bookings_work_without_scripts(site: Site) -> None:
    host, _, bookings = await a_busy_host(site)
    page = await site.signed_in(host, java_script_enabled=False)

    await expect(page.get_by_role("button", name="Copy link")).to_have_count(0)
    await page.goto("/bookings?show=needs_attention")
    await page.get_by_role("link", name=zoe.name).click()
    await expect(page.get_by_role("heading", name="Action needed: no join link")).to_be_visible()
    await page.goto(f"/bookings/{bookings[0].id}")
    await expect(page.get_by_text("And boats.")).to_be_visible()
    await page.get_by_role("link", name="Cancel booking").click()
    await page.get_by_label("Reason").fill("The harbour is frozen")
    await page.get_by_role("button", name="Yes, cancel booking").click()

    await expect(page.get_by_role("status")).to_contain_text("The booking is cancelled")


async def test_the_menu_leads_everywhere_with_the_keyboard_alone(site: Site) -> None:
    host, _, _ = await a_busy_host(site)
    page = await site.signed_in(host)

    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    await page.locator("header summary").focus()
    await page.keyboard.press("Enter")
    reached: list[str] = []
    for _ in range(11):
        await page.keyboard.press("Tab")
        reached.append(await page.evaluate("document.activeElement.innerText"))

    assert [
        "Dashboard", "Bookings", "Connected providers", "Schedules", "Profile", "Password", "API tokens", "Webhooks",
        "Your data", "Help", "Sign out",
    ] == reached  # fmt: skip


async def test_a_phone_shows_a_page_of_bookings_without_endless_scrolling(site: Site) -> None:
    host = await site.a_host()
    page_of_host = await site.memory.page(a_page(host))
    async with site.memory.store.begin() as uow:
        for number in range(25):
            start = TOMORROW_AT_TEN + timedelta(days=number // 2, hours=number % 2)
            uow.bookings.add(a_booking(page_of_host, start, conference=READY))
    page = await site.signed_in(host, viewport=PHONE)

    await page.goto("/bookings")

    await expect(page.locator(".booking-list > li")).to_have_count(25)
    assert await page.evaluate("document.documentElement.scrollHeight") <= 3500
    join = page.get_by_role("link", name="Join Zoom meeting").first
    assert (await join.bounding_box() or {})["height"] >= 40


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_nothing_is_wider_than_the_window(site: Site, size: dict[str, int]) -> None:
    host, _, bookings = await a_busy_host(site)
    page = await site.signed_in(host, viewport=size)
    too_wide: list[str] = []
    for path in ("/dashboard", "/bookings", f"/bookings/{bookings[0].id}", f"/bookings/{bookings[1].id}", "/support",
                 "/api/docs", "/problems/slot-taken", "/"):  # fmt: skip
        await page.goto(path)
        too_wide += [] if await fits(page) else [path]

    assert [] == too_wide


async def test_no_barriers_for_hosts(site: Site) -> None:
    host, _, bookings = await a_busy_host(site)
    page = await site.signed_in(host)
    await page.locator("header summary").click()
    found = await barriers_here(page)
    for path in ("/bookings?search=ana", "/bookings?search=nobody", "/bookings?show=past", "/bookings?show=cancelled",
                 *(f"/bookings/{each.id}" for each in bookings), "/support"):  # fmt: skip
        found += await barriers(page, path)

    assert [] == found


async def test_no_barriers_for_strangers_and_beginners(site: Site) -> None:
    visitor = await site.visitor()
    found = [barrier for path in ("/", "/api/docs", "/problems/too-large") for barrier in await barriers(visitor, path)]
    beginner = await site.signed_in(await site.a_host())
    for path in ("/dashboard", "/bookings", "/bookings?show=needs_attention"):
        found += await barriers(beginner, path)

    assert [] == found


async def test_the_first_page_is_three_short_screens_away_and_live(site: Site) -> None:
    page = await site.signed_in(await site.a_host(), viewport=PHONE)

    await page.get_by_role("link", name="Create your first booking page").click()
    await page.get_by_label("Title").fill("Portfolio review")
    await page.get_by_label("45 min").check()
    found = await barriers_here(page)
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_role("switch", name="Zoom")).to_be_checked()
    found += await barriers_here(page)
    await page.get_by_role("button", name="Next").click()
    await page.get_by_label("Friday").uncheck()
    found += await barriers_here(page)
    await page.go_back()
    await page.go_back()
    await expect(page.get_by_label("Title")).to_have_value("Portfolio review")
    await page.go_forward()
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("button", name="Create booking page").click()

    await expect(page.get_by_role("heading", name="Your page is live")).to_be_visible()
    found += await barriers_here(page)
    await expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    assert [] == found


async def test_a_message_with_a_screenshot_is_sent_from_a_phone_and_answered(site: Site) -> None:
    page = await site.visitor(viewport=PHONE)
    await page.goto("/support")

    await page.get_by_label("Your email address").fill("ana@guests.example")
    await page.get_by_label("Message").fill("Nothing happens.")
    await page.get_by_label("Screenshot").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": PNG})
    await page.get_by_role("button", name="Send message").click()

    await expect(page.get_by_role("status")).to_contain_text("We’ve got your message")
    await site.memory.work_off()
    [to_operator] = [mail for mail in site.memory.mailer.support if mail.kind == "to_operator"]

    desk = await site.visitor(viewport=PHONE)
    await desk.goto(f"/support/desk/{to_operator.desk_link}")
    found = await barriers_here(desk)
    assert await fits(desk)
    await desk.get_by_role("link", name="ana@guests.example").click()
    await desk.get_by_label("Answer").fill("Try again.")
    found += await barriers_here(desk)
    assert await fits(desk)
    for each in (page, desk):
        await expect(each.get_by_text("Times are in Eastern Time – New York")).to_be_visible()
    await page.get_by_label("Message").fill("Typed while the answer comes")
    await desk.get_by_role("button", name="Send answer").click()
    await expect(desk.get_by_role("status")).to_contain_text("Answer sent")

    await expect(page.get_by_role("listitem").filter(has_text="Try again.")).to_be_visible()
    await expect(page.get_by_label("Message")).to_have_value("Typed while the answer comes")
    assert await fits(page)
    assert [] == found + await barriers_here(page)


async def test_a_picture_that_is_too_large_is_told_before_it_is_sent(site: Site) -> None:
    page = await site.visitor()
    await page.goto("/support")
    large = PNG + bytes(5 * 1024 * 1024)

    await page.get_by_label("Message").fill("Nothing happens.")
    await page.get_by_label("Screenshot").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": large})
    await expect(page.get_by_role("alert")).to_contain_text("larger than 5 MB")
    await page.get_by_role("button", name="Send message").click()

    await expect(page.get_by_label("Screenshot")).to_be_focused()
    await expect(page.get_by_label("Message")).to_have_value("Nothing happens.")
    assert [] == await barriers_here(page)
    await page.get_by_label("Screenshot").set_input_files([])
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_a_wrong_support_form_says_so_without_scripts(site: Site) -> None:
    page = await site.visitor(java_script_enabled=False)
    await page.goto("/support")
    await page.get_by_label("Your email address").fill("ana")
    await page.get_by_label("Message").fill("Nothing happens.")

    await page.get_by_role("button", name="Send message").click()

    await expect(page.get_by_role("alert")).to_contain_text("valid email address")
    await expect(page.get_by_label("Message")).to_have_value("Nothing happens.")
