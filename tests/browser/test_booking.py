"""How guests book, in Chromium."""

import pytest
from playwright.async_api import Page, expect

from domain.booking_page import Question
from domain.conference import Ready
from domain.meeting_type import GoogleMeet
from tests.browser.booking import CONFIRMATION, chooses_tuesday_at_ten, says_who_it_is, somebody_else_books
from tests.support.builders import an_event_type, at_the_harbour, phone_by_host, zoom
from tests.support.site import PHONE, TUESDAY_AT_TEN, Site

pytestmark = pytest.mark.browser


def link_of(site: Site) -> str:
    """The link that was mailed."""
    conference = site.memory.mailer.mails_to("guest")[-1].booking.conference
    assert isinstance(conference, Ready)
    return conference.join_url


async def test_with_a_mouse_the_link_appears_by_itself_without_anything_moving(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor()

    await page.goto(path)
    await expect(page.get_by_text("Times in Eastern Time – New York (UTC-05:00)")).to_be_visible()
    await page.get_by_role("link", name="Tuesday, 3 March 2026").click()
    await expect(page.locator(f'[data-start="{TUESDAY_AT_TEN}"]')).to_have_text("05:00")
    await page.locator(f'[data-start="{TUESDAY_AT_TEN}"]').click()
    await says_who_it_is(page)
    await page.get_by_role("button", name="Confirm booking").click()
    await page.wait_for_url(CONFIRMATION)
    await expect(page.get_by_text("Your Zoom link is being created…")).to_be_visible()
    height = (await page.locator("main").bounding_box() or {})["height"]
    await site.memory.work_off()

    join = page.get_by_role("link", name="Join Zoom meeting")
    await expect(join).to_be_visible()
    assert link_of(site) == await join.get_attribute("href")
    assert height == (await page.locator("main").bounding_box() or {})["height"]
    await expect(page.locator("#live-announcement")).to_have_text("Your link is ready: Join Zoom meeting.")


async def test_with_a_keyboard_alone(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom, at_the_harbour))
    page = await site.visitor()
    await page.goto(f"{path}?timezone=Europe/Paris")

    async def tabs_to(selector: str) -> None:
        for _ in range(80):
            await page.keyboard.press("Tab")
            if await page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        pytest.fail(f"no way to {selector} by Tab")

    await tabs_to("#day-2026-03-02")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(page.locator("#day-2026-03-03")).to_have_attribute("aria-current", "date")
    await expect(page.locator("#times-of")).to_be_focused()
    await tabs_to(f'[data-start="{TUESDAY_AT_TEN}"]')
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Your details")).to_be_visible()
    await tabs_to("#name")
    await page.keyboard.type("Ana Brito")
    await tabs_to("#email")
    await page.keyboard.type("ana@guests.example")
    await tabs_to("[name=meeting_type]")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("radio", name="In person")).to_be_checked()
    await tabs_to("button[type=submit]")
    await page.keyboard.press("Enter")

    await page.wait_for_url(CONFIRMATION)
    await expect(page.get_by_text(at_the_harbour.address)).to_be_visible()


async def test_without_javascript(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom, phone_by_host))
    page = await site.visitor(java_script_enabled=False)

    await page.goto(path)
    await page.get_by_label("Time zone").select_option("Asia/Kathmandu")
    await page.get_by_role("button", name="Show times").click()
    await expect(page.get_by_text("Times in Nepal – Kathmandu")).to_be_visible()
    await chooses_tuesday_at_ten(page)
    await says_who_it_is(page)
    await page.get_by_role("button", name="Confirm booking").click()
    await page.wait_for_url(CONFIRMATION)
    await expect(page.get_by_text("Your Zoom link is being created…")).to_be_visible()
    await site.memory.work_off()
    await page.get_by_role("link", name="Reload this page").click()

    await expect(page.get_by_role("link", name="Join Zoom meeting")).to_be_visible()
    await expect(page.get_by_text("15:45 – 16:15")).to_be_visible()


async def test_at_the_width_of_a_phone_nothing_sticks_out(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom, phone_by_host))
    page = await site.visitor(viewport=PHONE)

    async def fits() -> bool:
        return await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await page.goto(path)
    assert await fits()
    await chooses_tuesday_at_ten(page)
    await says_who_it_is(page)
    await page.get_by_label("Phone call").check()
    await page.get_by_label("Phone number").fill("+49 30 1234567")
    assert await fits()
    await page.get_by_role("button", name="Confirm booking").click()
    await page.wait_for_url(CONFIRMATION)

    assert await fits()
    await expect(page.get_by_text("calls you at +49 30 1234567")).to_be_visible()


async def test_the_number_is_asked_for_where_a_call_is_possible(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom, phone_by_host, at_the_harbour))
    page = await site.visitor()
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}")
    number = page.get_by_label("Phone number")

    await expect(page.get_by_label("Phone number (optional)")).to_be_visible()
    await page.get_by_role("radio", name="In person").check()
    await expect(number).to_be_hidden()
    await page.get_by_role("radio", name="Phone call").check()
    await expect(number).to_be_visible()
    await expect(page.get_by_text("(optional)")).to_be_hidden()
    await says_who_it_is(page)
    await page.get_by_role("button", name="Confirm booking").click()

    await expect(page.get_by_role("alert")).to_contain_text("please enter your phone number")
    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_label("Name")).to_have_value("Ana Brito")


async def test_a_slot_taken_meanwhile_is_replaced_with_one_click_and_the_form_is_kept(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor()
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&timezone=Europe/Paris")
    await says_who_it_is(page)
    await somebody_else_books(site, path)

    await page.get_by_role("button", name="Confirm booking").click()
    await expect(page.get_by_role("alert")).to_contain_text("This time is no longer free")
    assert 3 == await page.locator("[data-start]").count()
    await page.locator('[data-start="2026-03-03T10:30:00Z"]').click()
    await page.get_by_role("button", name="Confirm booking").click()
    await page.wait_for_url(CONFIRMATION)

    await expect(page.get_by_text("11:30 – 12:00").first).to_be_visible()


async def test_back_from_a_time_that_somebody_else_took_leads_to_those_that_are_free(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor()
    await page.goto(f"{path}?date=2026-03-03&timezone=Europe/Paris")
    await page.locator(f'[data-start="{TUESDAY_AT_TEN}"]').click()
    await says_who_it_is(page)
    await somebody_else_books(site, path)
    await page.get_by_role("button", name="Confirm booking").click()
    await expect(page.get_by_role("alert")).to_contain_text("This time is no longer free")

    await page.go_back()
    await expect(page.get_by_role("alert")).to_contain_text("11:00 is no longer free")
    await page.go_back()

    await expect(page.locator('[data-start="2026-03-03T10:30:00Z"]')).to_be_visible()
    await expect(page.locator(f'[data-start="{TUESDAY_AT_TEN}"]')).to_have_count(0)


async def test_a_look_at_other_times_loses_nothing_that_was_typed(site: Site) -> None:
    topic = Question("topic", "What about?", "long_text")
    path = await site.an_open_page(an_event_type(questions=(topic,)), meeting_types=(zoom,))
    page = await site.visitor()
    # It counts before what the link has filled in.
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&timezone=Europe/Paris&name=Bela&q.topic=Nets")
    await expect(page.get_by_label("What about?")).to_have_value("Nets")
    await says_who_it_is(page)
    await page.get_by_label("What about?").fill("Tuna\nand nets")

    await page.get_by_role("link", name="Change time").click()
    await page.locator('[data-start="2026-03-03T11:00:00Z"]').click()

    await expect(page.get_by_label("Name")).to_have_value("Ana Brito")
    await expect(page.get_by_label("What about?")).to_have_value("Tuna\nand nets")
    await expect(page.get_by_text("Tuesday, 3 March 2026, 12:00")).to_be_visible()
    await page.get_by_role("button", name="Confirm booking").click()
    await page.wait_for_url(CONFIRMATION)
    # As it is laid out, unlike its text.
    assert "Tuna\nand nets" == await page.locator("dd", has_text="Tuna").inner_text()


async def stored(page: Page) -> str:
    return await page.evaluate("JSON.stringify(sessionStorage)")


async def test_what_a_guest_typed_is_kept_in_the_browser_until_it_is_sent(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor()
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&timezone=Europe/Paris")
    await says_who_it_is(page)
    assert "Ana Brito" in await stored(page)

    await page.get_by_role("button", name="Confirm booking").click()
    await page.wait_for_url(CONFIRMATION)

    assert "{}" == await stored(page)


@pytest.mark.parametrize("leads_away", ["/", "/support", "/signin"])
async def test_what_a_guest_typed_is_gone_once_they_look_at_something_else(site: Site, leads_away: str) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor()
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&timezone=Europe/Paris")
    await says_who_it_is(page)

    await page.goto(leads_away)

    assert "{}" == await stored(page)


async def test_what_a_guest_typed_is_gone_after_half_an_hour(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor()
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&timezone=Europe/Paris")
    await says_who_it_is(page)
    await page.evaluate(
        "for (const key of Object.keys(sessionStorage)) sessionStorage.setItem("
        'key, sessionStorage.getItem(key).replace(/"until":\\d+/, `"until":${Date.now() - 1}`))'
    )

    await page.reload()

    assert "{}" == await stored(page)
    await expect(page.get_by_label("Name")).to_have_value("")


async def test_back_leads_through_the_months_as_they_were_shown(site: Site) -> None:
    page = await site.visitor()
    await page.goto(f"{await site.an_open_page()}?timezone=Europe/Paris")

    await page.get_by_role("link", name="Next month").click()
    await expect(page.get_by_role("heading", name="April 2026", exact=True)).to_be_visible()
    assert "month=2026-04" in page.url
    await page.go_back()

    await expect(page.get_by_role("heading", name="March 2026", exact=True)).to_be_visible()


async def test_a_page_that_cannot_be_booked_says_so(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(GoogleMeet(),))
    page = await site.visitor()

    await page.goto(path)

    await expect(page.get_by_text("This page is not taking bookings")).to_be_visible()
    await expect(page.get_by_label("Name")).to_have_count(0)


async def test_a_guest_moves_and_then_cancels(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    await somebody_else_books(site, path)
    await site.memory.work_off()
    page = await site.visitor()
    await page.goto(f"/b/{site.memory.mailer.mails_to('guest')[0].booking.token}")

    await page.get_by_role("link", name="Reschedule").click()
    await page.get_by_role("link", name="Wednesday, 4 March 2026").click()
    await page.locator('[data-start="2026-03-04T12:00:00Z"]').click()
    await page.get_by_role("button", name="Reschedule booking").click()
    await expect(page.get_by_text("Wednesday, 4 March 2026, 12:00 – 12:30")).to_be_visible()
    await page.get_by_role("link", name="Cancel booking").click()
    await page.get_by_role("button", name="Yes, cancel booking").click()

    await expect(page.get_by_role("heading", name="This booking is cancelled")).to_be_visible()
