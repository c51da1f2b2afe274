"""The public booking page in Chromium: the grid of days, the time zone, going back, and what is told kindly."""

import re
from datetime import date

import pytest
from playwright.async_api import Page, expect

from domain.availability import Availability, BookingRules, Hours, WeeklyHours
from domain.booking_page import LONGEST_TITLE, Question
from domain.meeting_type import GoogleMeet
from tests.browser.barriers import barriers, barriers_here
from tests.browser.booking import CONFIRMATION, chooses_tuesday_at_ten, says_who_it_is, somebody_else_books
from tests.support.builders import a_page, an_event_type, at_the_harbour, phone_by_host, zoom
from tests.support.site import PHONE, TUESDAY_AT_TEN, Site

pytestmark = pytest.mark.browser

IN_PARIS = "timezone=Europe/Paris"
LONG = "Words about everything that there is to know before booking. " * 20
QUESTIONS = (
    Question("company", "Your company"),
    Question("topic", "What is it about?", "long_text", required=True),
    Question("source", "How did you hear of us?", "choice", required=True, choices=("Friends", "Search")),
    Question("met", "Have we met?", "yes_no", required=True),
)


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def confirms(page: Page) -> None:
    await page.get_by_role("button", name="Confirm booking").click()


async def in_the_grid(site: Site, query: str = "month=2026-03&date=2026-03-04") -> Page:
    """On a page with the focus on the chosen day, a Wednesday."""
    page = await site.visitor()
    await page.goto(f"{await site.an_open_page()}?{query}&{IN_PARIS}")
    await page.locator("[data-grid] [tabindex='0']").focus()
    return page


@pytest.mark.parametrize(
    ("key", "leads_to"),
    [
        ("ArrowLeft", "2026-03-03"),
        ("ArrowRight", "2026-03-05"),
        ("ArrowUp", "2026-02-25"),
        ("ArrowDown", "2026-03-11"),
        ("Home", "2026-03-02"),
        ("End", "2026-03-08"),
        ("Control+Home", "2026-03-01"),
        ("Control+End", "2026-03-31"),
        ("PageDown", "2026-04-04"),
    ],
)
async def test_keys_lead_through_the_grid_of_days(site: Site, key: str, leads_to: str) -> None:
    page = await in_the_grid(site)

    await press(page, key)

    # February is over: a key that would lead there leads nowhere.
    there = leads_to if leads_to >= "2026-03" else "2026-03-04"
    await expect(page.locator(f"#day-{there}")).to_be_focused()


async def test_arrows_lead_on_into_the_next_month_and_back(site: Site) -> None:
    page = await in_the_grid(site, "month=2026-03&date=2026-03-31")

    await press(page, "ArrowRight")
    await expect(page.locator("#day-2026-04-01")).to_be_focused()
    assert "month=2026-04" in page.url
    await press(page, "PageUp")

    await expect(page.locator("#day-2026-03-01")).to_be_focused()
    await expect(page.get_by_role("heading", name="March 2026", exact=True)).to_be_visible()


async def test_the_grid_is_one_stop_for_tab_and_says_what_each_day_has(site: Site) -> None:
    page = await in_the_grid(site)

    assert 1 == await page.locator("[data-grid] [tabindex='0']").count()
    grid = page.get_by_role("grid", name="March 2026")
    await expect(grid.get_by_role("link", name="Thursday, 5 March 2026, 16 times free")).to_be_visible()
    await expect(grid.get_by_role("gridcell", name="Saturday, 7 March 2026, no times free")).to_be_visible()
    await expect(grid.get_by_role("gridcell", selected=True)).to_have_text("4")
    await press(page, "Tab")
    await expect(page.locator("#zone-search")).to_be_focused()
    await press(page, "Tab")
    await expect(page.locator("[data-start]").first).to_be_focused()


async def test_a_day_chosen_with_the_space_bar_hands_the_focus_to_its_times(site: Site) -> None:
    page = await in_the_grid(site)

    await press(page, "ArrowRight", " ")

    await expect(page.get_by_role("heading", name="Thursday, 5 March 2026")).to_be_focused()
    assert "date=2026-03-05" in page.url
    await press(page, "Tab")
    await expect(page.locator("[data-start]").first).to_be_focused()


async def test_the_visitors_own_zone_is_found_and_stands_in_the_address(site: Site) -> None:
    page = await site.visitor()

    await page.goto(await site.an_open_page())

    await expect(page.get_by_text("Times in Eastern Time – New York (UTC-05:00)")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Time zone")).to_have_value("Eastern Time – New York")
    await page.wait_for_url(re.compile("timezone=America%2FNew_York"))


async def test_a_zone_is_searched_with_the_keyboard_and_remembered(site: Site) -> None:
    path = await site.an_open_page()
    page = await site.visitor()
    await page.goto(path)
    zone = page.get_by_role("combobox", name="Time zone")

    await zone.focus()
    await page.keyboard.type("sao p")
    await expect(page.get_by_role("option", name="America/Sao_Paulo")).to_be_visible()
    await press(page, "Enter")

    await expect(page.get_by_text("Times in Brasilia Time – Sao Paulo (UTC-03:00)")).to_be_visible()
    await expect(zone).to_be_focused()
    await page.goto(path)
    await expect(page.get_by_text("Times in Brasilia Time – Sao Paulo")).to_be_visible()


async def test_zones_are_found_by_what_people_call_them_with_the_most_populous_first(site: Site) -> None:
    page = await site.visitor()
    await page.goto(f"{await site.an_open_page()}?{IN_PARIS}")
    zone, first = page.get_by_role("combobox", name="Time zone"), page.get_by_role("option").first

    for typed, meant in {
        "usa": "America/New_York",
        "uk": "Europe/London",
        "ist": "Asia/Kolkata",
        "UTC+05:30": "Asia/Kolkata",
        "utc+2": "UTC+02:00",
        "UTC+01:00": "Africa/Lagos",
        "gmt -3": "America/Sao_Paulo",
        "+9": "Asia/Tokyo",
    }.items():
        await zone.fill(typed)
        await expect(first, typed).to_contain_text(meant)


async def test_a_zone_is_chosen_with_the_mouse(site: Site) -> None:
    page = await site.visitor()
    await page.goto(f"{await site.an_open_page()}?{IN_PARIS}")

    await page.get_by_role("combobox", name="Time zone").click()
    await page.get_by_role("option", name="Europe/Lisbon").click()

    await expect(page.get_by_text("Times in Western European Time – Lisbon")).to_be_visible()


async def test_a_search_for_no_zone_says_so_and_escape_brings_the_old_one_back(site: Site) -> None:
    page = await site.visitor()
    await page.goto(f"{await site.an_open_page()}?{IN_PARIS}")
    zone = page.get_by_role("combobox", name="Time zone")

    await zone.fill("olympus mons")
    await expect(page.get_by_role("status").filter(has_text="No time zone matches")).to_be_attached()
    await press(page, "Enter", "Escape")

    await expect(zone).to_have_value("Central European Time – Paris")
    await expect(zone).to_have_attribute("aria-expanded", "false")


async def test_back_after_booking_brings_no_alarm_and_sending_again_books_once(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor()
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&{IN_PARIS}")
    await says_who_it_is(page)
    await confirms(page)
    await page.wait_for_url(CONFIRMATION)
    booked = page.url

    await page.go_back()
    await expect(page.get_by_label("Name")).to_have_value("Ana Brito")
    await expect(page.get_by_role("alert")).to_have_count(0)
    await confirms(page)

    await page.wait_for_url(booked)


async def test_a_reload_of_the_form_after_booking_leads_to_the_booking(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor()
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&{IN_PARIS}")
    await says_who_it_is(page)
    await confirms(page)
    await page.wait_for_url(CONFIRMATION)
    booked = page.url

    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&{IN_PARIS}")
    await expect(page.get_by_role("heading", name="You have booked this time")).to_be_visible()
    await page.get_by_role("link", name="See your booking").click()

    await page.wait_for_url(booked)


@pytest.mark.parametrize("scripts", [True, False])
async def test_back_to_a_form_with_errors_shows_it_again(site: Site, *, scripts: bool) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor(java_script_enabled=scripts)
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&{IN_PARIS}")
    await page.get_by_label("Email").fill("ana@guests.example")
    await confirms(page)
    await expect(page.get_by_role("alert")).to_contain_text("Check this")
    await page.get_by_label("Name").fill("Ana Brito")
    await confirms(page)
    await page.wait_for_url(CONFIRMATION)

    await page.go_back()

    await expect(page.get_by_label("Email")).to_have_value("ana@guests.example")


async def test_a_guest_who_blocks_cookies_books(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor()
    await page.context.route("**/*", lambda route: route.continue_(headers=_without_cookies(route.request.headers)))
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&{IN_PARIS}")
    await says_who_it_is(page)

    await confirms(page)

    await page.wait_for_url(CONFIRMATION)


def _without_cookies(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "cookie"}


async def test_all_kinds_of_questions_are_answered_and_errors_lead_to_them(site: Site) -> None:
    path = await site.an_open_page(an_event_type(questions=QUESTIONS), meeting_types=(at_the_harbour,))
    page = await site.visitor()
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&{IN_PARIS}")
    await says_who_it_is(page)

    await confirms(page)
    await page.get_by_role("link", name="Answer “Have we met?”.").click()
    await expect(page.locator("#answers-met")).to_be_in_viewport()
    await page.get_by_label("What is it about?").fill("Tuna")
    await page.get_by_label("How did you hear of us?").select_option("Friends")
    await page.get_by_role("radio", name="No").check()
    await confirms(page)

    await page.wait_for_url(CONFIRMATION)
    await expect(page.get_by_text("Tuna", exact=True)).to_be_visible()


async def test_nothing_moves_while_the_page_settles_and_days_are_chosen(site: Site) -> None:
    page = await site.visitor()
    await page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => { for (const each of list.getEntries()) "
        "window.moved += each.value; }).observe({ type: 'layout-shift', buffered: true });"
    )
    await page.goto(await site.an_open_page(description="Half an hour about fish."))
    await expect(page.get_by_text("Times in Eastern Time – New York")).to_be_visible()

    await page.get_by_role("link", name="Friday, 6 March 2026").click()
    await expect(page.locator("#times-of")).to_have_text("Friday, 6 March 2026")
    await page.get_by_role("link", name="Next month").click()
    await expect(page.get_by_role("heading", name="April 2026", exact=True)).to_be_visible()

    assert 0.02 > await page.evaluate("window.moved")


async def test_without_javascript_every_step_is_a_link_or_a_form(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor(java_script_enabled=False)
    await page.goto(path)

    await page.get_by_role("link", name="Next month").click()
    await page.get_by_label("Time zone").select_option("Asia/Tokyo")
    await page.get_by_role("button", name="Show times").click()
    await expect(page.get_by_role("heading", name="April 2026", exact=True)).to_be_visible()
    await page.goto(path)
    await expect(page.get_by_text("Times in Japan Time – Tokyo")).to_be_visible()
    await chooses_tuesday_at_ten(page)
    await says_who_it_is(page)
    await somebody_else_books(site, path)
    await confirms(page)
    await expect(page.get_by_role("alert")).to_contain_text("Everything you typed is still here")
    await page.locator('[data-start="2026-03-03T10:30:00Z"]').click()
    await confirms(page)

    await page.wait_for_url(CONFIRMATION)


@pytest.mark.parametrize("details", ["many questions", "a long description", "nothing free"])
async def test_at_the_width_of_a_phone_nothing_sticks_out_whatever_the_page_says(site: Site, details: str) -> None:
    long_word = "Donaudampfschifffahrtsgesellschaftskapitänspatentübergabefeier" * 2
    long_title = long_word[:LONGEST_TITLE]
    path = {
        "many questions": await site.an_open_page(an_event_type(questions=QUESTIONS, title=long_title)),
        "a long description": await site.an_open_page(description=LONG + long_word, title=long_title),
        "nothing free": await site.an_open_page(availability=Availability(WeeklyHours())),
    }[details]
    page = await site.visitor(viewport=PHONE)

    for address in (path, f"{path}?start={TUESDAY_AT_TEN}"):
        await page.goto(address)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


async def test_a_long_description_is_told_in_full_on_demand(site: Site) -> None:
    page = await site.visitor(viewport=PHONE)
    await page.goto(await site.an_open_page(description=f"{LONG}The end."))

    await expect(page.get_by_text("The end.")).to_be_hidden()
    await page.get_by_text("More", exact=True).click()

    await expect(page.get_by_text("The end.")).to_be_visible()


async def test_no_state_of_the_page_has_barriers(site: Site) -> None:
    only_in_may = Availability(WeeklyHours(), {date(2026, 5, 6): (Hours("09:00", "10:00"),)})
    ordinary = await site.an_open_page(meeting_types=(zoom, phone_by_host), description=LONG)
    asking = await site.an_open_page(an_event_type(questions=QUESTIONS), meeting_types=(zoom, phone_by_host))
    in_may = await site.an_open_page(availability=only_in_may, rules=BookingRules(horizon_days=100))
    closed = await site.an_open_page(meeting_types=(GoogleMeet(),))
    host = await site.a_host()
    several = await site.memory.page(a_page(host, an_event_type(), an_event_type(slug="b"), meeting_types=(zoom,)))
    await somebody_else_books(site, ordinary)
    page = await site.visitor()

    found = [
        barrier
        for path in (
            ordinary,
            f"{ordinary}?date=2026-03-07",
            f"{ordinary}?start={TUESDAY_AT_TEN}",
            f"{ordinary}-gone",
            f"{in_may}?month=2026-04",
            await site.an_open_page(availability=Availability(WeeklyHours())),
            closed,
            f"/{host.handle}",
            f"/{host.handle}/{several.slug}",
        )
        for barrier in await barriers(page, path)
    ]
    await page.goto(f"{ordinary}?{IN_PARIS}")
    await page.get_by_role("combobox", name="Time zone").click()
    found += await barriers_here(page)
    await page.goto(f"{asking}?start={TUESDAY_AT_TEN}")
    await confirms(page)
    await page.get_by_role("alert").wait_for()
    found += await barriers_here(page)

    assert [] == found


async def test_without_a_connection_the_page_stays_and_goes_on_when_it_is_back(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor()
    await page.goto(f"{path}?{IN_PARIS}&date=2026-03-04")
    before = page.url

    await page.context.set_offline(True)
    await page.get_by_role("link", name="Thursday, 5 March 2026").click()
    await expect(page.get_by_role("alert")).to_contain_text("You’re offline.")
    assert before == page.url
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Try again").click()

    await expect(page.locator("#times-of")).to_have_text("Thursday, 5 March 2026")
    assert "date=2026-03-05" in page.url
    await page.locator("[data-start]").first.click()
    await says_who_it_is(page)
    await page.context.set_offline(True)
    await confirms(page)
    await expect(page.get_by_role("alert")).to_contain_text("You’re offline.")
    await expect(page.get_by_label("Name")).to_have_value("Ana Brito")


async def test_back_after_somebody_else_was_faster_shows_what_is_free(site: Site) -> None:
    path = await site.an_open_page(meeting_types=(zoom,))
    page = await site.visitor()
    await page.goto(f"{path}?start={TUESDAY_AT_TEN}&{IN_PARIS}")
    await says_who_it_is(page)
    await somebody_else_books(site, path)
    await confirms(page)
    await expect(page.get_by_role("alert")).to_contain_text("Everything you typed is still here")

    await page.go_back()

    await expect(page.get_by_role("alert")).to_contain_text("no longer free")
    await expect(page.locator(f'[data-start="{TUESDAY_AT_TEN}"]')).to_have_count(0)


async def test_what_is_mended_is_no_longer_called_wrong(site: Site) -> None:
    page = await site.visitor()
    await page.goto(f"{await site.an_open_page()}?start={TUESDAY_AT_TEN}&{IN_PARIS}")
    await confirms(page)
    summary = page.get_by_role("alert").filter(has=page.get_by_role("list"))
    await expect(summary).to_contain_text("Enter your email address.")

    await page.get_by_label("Email").fill("ana@guests.example")
    await expect(summary).not_to_contain_text("Enter your email address.")
    await page.get_by_label("Name").fill("Ana Brito")

    await expect(summary).to_have_count(0)
    await page.get_by_role("button", name="Deutsch").click()
    await expect(page.get_by_label("E-Mail")).to_have_value("ana@guests.example")
