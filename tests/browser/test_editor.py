"""The page editor in Chromium: with a mouse, with the keyboard alone, without scripts, on a phone."""

from typing import Literal

import pytest
from playwright.async_api import Dialog, Page, expect

from domain.availability import Hours
from domain.booking_page import BookingPage
from domain.meeting_type import name_of
from domain.public_holidays import HolidayCalendar
from tests.browser.barriers import barriers_here
from tests.browser.editing import FISH, WHY, an_editor, save, saved
from tests.support.builders import a_page
from tests.support.site import DESK, PHONE, Site

pytestmark = pytest.mark.browser


async def dragged(page: Page, row: str, onto: str) -> None:
    """Take a row by its grip and let it go over another one."""
    grip = await page.locator(f'[data-row][data-name="{row}"] [data-grip]').first.bounding_box()
    target = await page.locator(f'[data-row][data-name="{onto}"] [data-grip]').first.bounding_box()
    assert grip
    assert target
    await page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    await page.mouse.down()
    further = 24 if target["y"] > grip["y"] else -24
    await page.mouse.move(target["x"] + 8, target["y"] + 8 + further, steps=12)
    await page.mouse.up()


async def test_a_meeting_type_is_dragged_to_its_place(site: Site) -> None:
    page, host, made = await an_editor(site)

    await page.locator('[data-row][data-name="In person"] [data-grip]').scroll_into_view_if_needed()
    await dragged(page, "In person", "Zoom")

    await expect(page.locator("#order-words")).to_contain_text("In person is selected first")
    await expect(page.locator("[data-announcement]")).to_have_text("In person is now number 1 of 5.")
    await expect(page.get_by_role("button", name="Move up In person")).to_be_disabled()
    await save(page)
    assert ["in_person", "zoom"] == [name_of(each) for each in (await saved(site, host, made)).meeting_types]


async def test_a_row_is_dragged_any_number_of_places_and_is_seen_on_its_way(site: Site) -> None:
    page, _, _ = await an_editor(site)
    first = page.locator('[data-row][data-name="Zoom"] [data-grip]').first
    await first.evaluate("grip => scrollBy({ top: grip.getBoundingClientRect().top - 90, behavior: 'instant' })")
    names = await page.locator("#meeting_types [data-row]").evaluate_all("rows => rows.map(row => row.dataset.name)")

    await dragged(page, "Zoom", names[3])
    await expect(page.locator("[data-announcement]")).to_have_text("Zoom is now number 4 of 5.")
    await dragged(page, "Zoom", names[1])
    await expect(page.locator("[data-announcement]")).to_have_text("Zoom is now number 1 of 5.")

    grip = await first.bounding_box()
    assert grip
    await page.mouse.move(grip["x"] + 8, grip["y"] + 8)
    await page.mouse.down()
    await page.mouse.move(grip["x"] + 8, grip["y"] + 200, steps=5)
    carried = await page.locator(".dragged [data-grip]").first.bounding_box()
    assert carried
    assert abs(carried["y"] + 8 - (grip["y"] + 200)) < 3
    await page.mouse.up()
    await expect(page.locator(".dragged")).to_have_count(0)


async def test_a_page_gets_questions_with_the_mouse(site: Site) -> None:
    page, host, made = await an_editor(site)

    await page.get_by_role("tab", name="Questions").click()
    await page.get_by_role("button", name="Add a question for Intro call").click()
    await expect(page.get_by_role("group", name="New question").get_by_label("Question", exact=True)).to_be_focused()
    await page.keyboard.type("Which boat?")
    fresh = page.get_by_role("group", name="Which boat?")
    await expect(fresh.get_by_label("Options to choose from")).to_be_hidden()
    await fresh.get_by_label("Answer type").select_option("Choice")
    await fresh.get_by_label("Options to choose from").fill("Rowing boat\nTrawler")
    await fresh.get_by_label("Required").check()
    await page.get_by_role("button", name="Remove Why?").click()
    await expect(page.locator("[data-announcement]")).to_have_text("The question was removed.")
    await save(page)

    await expect(page.get_by_role("tab", name="Questions")).to_have_attribute("aria-selected", "true")
    questions = (await saved(site, host, made)).event_types[0].questions
    assert FISH == questions[0]
    assert ("Which boat?", "choice", True, ("Rowing boat", "Trawler")) == (
        questions[1].label, questions[1].kind, questions[1].required, questions[1].choices,
    )  # fmt: skip


async def test_questions_are_put_in_order_with_the_keyboard_alone(site: Site) -> None:
    page, host, made = await an_editor(site)

    await page.locator("#tab-booking").focus()
    for tab in ("Availability", "Calendars", "Questions"):
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("tab", name=tab)).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Move down Why?")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-announcement]")).to_have_text("Why? is now number 2 of 2.")
    await expect(page.get_by_role("button", name="Move up Why?")).to_be_focused()
    await page.get_by_role("button", name="Save", exact=True).focus()
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("status")).to_contain_text("Saved")
    assert (FISH, WHY) == (await saved(site, host, made)).event_types[0].questions


async def test_enter_in_a_field_saves(site: Site) -> None:
    page, host, made = await an_editor(site)

    await page.locator("#title").fill("By Enter")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("status")).to_contain_text("Saved")
    assert "By Enter" == (await saved(site, host, made)).title


async def test_what_gets_another_name_is_called_by_it_everywhere_at_once(site: Site) -> None:
    page, _, _ = await an_editor(site)

    await page.get_by_role("button", name="Use different types for Intro call").click()
    await page.get_by_role("group", name="Intro call").get_by_label("Title").fill("Cash for $& only")

    group = page.get_by_role("group", name="Cash for $& only")
    await expect(group.get_by_role("button", name="Same as the page for Cash for $& only")).to_be_visible()
    await expect(group.get_by_role("checkbox", name="Zoom for Cash for $& only", exact=True)).to_be_visible()
    await expect(group.get_by_role("button", name="Move down Zoom for Cash for $& only")).to_be_visible()


async def test_everything_can_be_done_without_scripts(site: Site) -> None:
    page, host, made = await an_editor(site, java_script_enabled=False)

    await page.get_by_role("button", name="Add a question for Intro call").click()
    fresh = page.get_by_role("group", name="New question")
    await expect(fresh.get_by_label("Question", exact=True)).to_be_focused()
    await fresh.get_by_label("Question", exact=True).fill("New here?")
    await fresh.get_by_label("Answer type").select_option("Yes or no")
    await page.get_by_role("button", name="Move up New question").click()
    await page.locator("#hours-mon-copy").click()
    await page.get_by_role("group", name="Monday").get_by_label("Sunday").check()
    await page.get_by_role("button", name="Copy hours of Monday").click()
    await page.get_by_role("button", name="Add hours on Saturday").click()
    await page.get_by_role("button", name="Use different types for Intro call").click()
    await page.get_by_role("checkbox", name="Phone call for Intro call", exact=True).check()
    await page.get_by_role("button", name="Move up In person", exact=True).click()
    await expect(page.get_by_text("Not saved yet.")).to_be_visible()
    assert made == await saved(site, host, made)
    await page.get_by_role("button", name="Save", exact=True).click()

    await expect(page.get_by_role("status")).to_contain_text("Saved")
    kept = await saved(site, host, made)
    [event_type] = kept.event_types
    assert ["Why?", "New here?", "Which fish?"] == [each.label for each in event_type.questions]
    assert (Hours("09:00", "17:00"),) == kept.availability.weekly.sun == kept.availability.weekly.sat
    assert ["in_person", "zoom"] == [name_of(each) for each in kept.meeting_types]
    assert event_type.meeting_types
    assert "phone" in [name_of(each) for each in event_type.meeting_types]


async def test_hours_are_copied_and_dates_added_without_a_reload(site: Site) -> None:
    page, host, made = await an_editor(site)
    await page.evaluate("window.still = true")

    await page.get_by_role("tab", name="Availability").click()
    await page.get_by_role("button", name="Remove 09:00 to 17:00 on Monday").click()
    await expect(page.get_by_role("group", name="Monday")).to_contain_text("Not available")
    await page.locator("#hours-mon-copy").click()
    await page.get_by_role("group", name="Monday").get_by_label("Friday").check()
    await page.get_by_role("button", name="Copy hours of Monday").click()
    await expect(page.locator("[data-announcement]")).to_have_text("Hours copied from Monday to Friday.")
    await page.get_by_role("button", name="Add a date").click()
    await expect(page.get_by_label("Date", exact=True)).to_be_focused()
    await page.get_by_label("Date", exact=True).fill("2026-12-24")
    assert await page.evaluate("window.still")
    await save(page)

    availability = (await saved(site, host, made)).availability
    assert () == availability.weekly.mon == availability.weekly.fri
    assert [()] == list(availability.overrides.values())


async def test_public_holidays_are_listed_as_soon_as_their_region_is_chosen(site: Site) -> None:
    page, host, made = await an_editor(site)
    await page.get_by_role("tab", name="Availability").click()
    region = page.get_by_label("Region")

    await page.get_by_label("Country").select_option("Germany")
    await region.select_option("Bayern")

    await expect(page.get_by_text("Epiphany")).to_be_visible()
    await expect(region).to_be_focused()
    await save(page)
    assert HolidayCalendar("DE", "BY") == (await saved(site, host, made)).availability.public_holidays


async def test_why_a_time_is_not_offered_is_said_by_the_keyboard_and_saves_nothing(site: Site) -> None:
    page, host, made = await an_editor(site)
    await page.locator("#title").fill("Not saved yet")

    await page.get_by_label("Day and time").fill("2020-03-07T10:10")
    await page.keyboard.press("Enter")

    await expect(page.locator("[data-why]")).to_contain_text("This time has passed.")
    await expect(page.locator("#title")).to_have_value("Not saved yet")
    assert not await barriers_here(page)
    assert made == await saved(site, host, made)


async def test_the_preview_follows_what_is_typed(site: Site) -> None:
    page, host, made = await an_editor(site)
    preview = page.get_by_role("complementary", name="Preview")
    await expect(preview).to_contain_text("30 minutes")

    await page.locator("#title").fill("Talk about <boats>")
    await page.get_by_label("Duration").fill("45")
    await page.get_by_role("switch", name="Phone call", exact=True).check()
    await page.get_by_label("Brand colour").fill("#ffcc00")

    await expect(preview).to_contain_text("Talk about <boats>")
    await expect(preview).to_contain_text("45 minutes")
    await expect(preview).to_contain_text("Phone call")
    await expect(page.get_by_label("Use the standard colour")).not_to_be_checked()
    await expect(preview.get_by_text("Choose a time")).to_have_css("background-color", "rgb(255, 204, 0)")
    await expect(preview.get_by_text("Choose a time")).to_have_css("color", "rgb(0, 0, 0)")
    assert made == await saved(site, host, made)


async def test_nobody_loses_what_is_not_saved_without_being_asked(site: Site) -> None:
    page, host, made = await an_editor(site)
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", stay)

    await page.locator("#title").fill("Changed")
    await expect(page.get_by_text("Not saved yet.")).to_be_visible()
    await page.get_by_role("link", name="Bookings", exact=True).click()
    await expect(page.locator("#title")).to_have_value("Changed")
    assert ["beforeunload"] == asked
    await page.locator("#title").fill(made.title)
    await expect(page.get_by_text("Not saved yet.")).to_be_hidden()
    await page.get_by_role("link", name="Bookings", exact=True).click()
    await page.wait_for_url("**/bookings")
    assert ["beforeunload"] == asked

    await page.goto(f"/pages/{made.id}/edit")
    await page.locator("#title").fill("Changed")
    await save(page)
    assert ["beforeunload"] == asked
    assert "Changed" == (await saved(site, host, made)).title


@pytest.mark.parametrize(
    ("role", "name", "kept"), [("button", "Save mine over theirs", "Mine"), ("link", "Take theirs", "Theirs")]
)
async def test_who_saves_after_somebody_else_chooses_by_the_keyboard_on_a_phone(
    site: Site, role: Literal["button", "link"], name: str, kept: str
) -> None:
    page, host, made = await an_editor(site, viewport=PHONE)
    other = await site.signed_in(host)
    await other.goto(f"/pages/{made.id}/edit")
    await other.get_by_label("Title").first.fill("Theirs")
    await save(other)

    await page.get_by_label("Title").first.fill("Mine")
    await page.get_by_role("button", name="Save", exact=True).click()

    await expect(page.get_by_role("alert")).to_contain_text("Someone else saved changes")
    await expect(page.get_by_role("row", name="Title Mine Theirs")).to_be_visible()
    assert [] == await barriers_here(page)
    assert PHONE["width"] == await page.evaluate("document.documentElement.scrollWidth")
    await page.get_by_role(role, name=name).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Title").first).to_have_value(kept)
    await expect(page.get_by_role("alert")).to_have_count(0)
    assert kept == (await saved(site, host, made)).title


async def test_a_question_that_is_wrong_leads_to_its_tab_and_field(site: Site) -> None:
    page, _, _ = await an_editor(site)

    await page.get_by_role("tab", name="Questions").click()
    await page.get_by_role("group", name="Which fish?").get_by_label("Options to choose from").fill("Tuna")
    await page.get_by_role("tab", name="Availability").click()
    await page.get_by_role("button", name="Save", exact=True).click()

    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_role("tab", name="Questions, 1 entry to check")).to_have_attribute("aria-selected", "true")
    await page.get_by_role("tab", name="Booking").click()
    await page.get_by_role("alert").get_by_role("link").click()
    field = page.get_by_role("group", name="Which fish?").get_by_label("Options to choose from")
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("aria-invalid", "true")


async def test_a_lost_session_loses_nothing_in_silence(site: Site) -> None:
    page, _, _ = await an_editor(site)
    await page.get_by_role("tab", name="Questions").click()

    await page.context.clear_cookies()
    await page.get_by_role("button", name="Add a question for Intro call").click()

    await expect(page.locator("[data-announcement]")).to_contain_text("Everything you typed is still here")
    await expect(page.get_by_role("group", name="Why?")).to_be_visible()


@pytest.mark.parametrize("width", [PHONE, DESK])
async def test_nothing_is_wider_than_the_window(site: Site, width: dict[str, int]) -> None:
    page, _, _ = await an_editor(site, viewport=width)

    await page.get_by_role("button", name="Use different types").click()
    await expect(page.get_by_role("button", name="Same as the page")).to_be_focused()
    for tab in ("Booking", "Availability", "Questions", "Notifications"):
        await page.get_by_role("tab", name=tab).click()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab


async def test_no_tab_has_a_barrier_with_errors_or_without(site: Site) -> None:
    page, _, _ = await an_editor(site)
    await page.get_by_role("button", name="Use different types").click()
    await expect(page.get_by_role("button", name="Same as the page")).to_be_focused()
    await page.get_by_role("tab", name="Availability").click()
    await page.get_by_role("button", name="Add a date").click()
    await page.get_by_role("button", name="Add hours on New date").click()
    await expect(page.get_by_label("New date, from")).to_be_focused()
    await page.locator("#hours-tue-copy").click()
    # An open menu covers what is below it, and leaves less of that to hit.
    found = [barrier for barrier in await barriers_here(page) if not barrier.startswith("target-size")]
    await page.locator("#hours-tue-copy").click()
    await page.get_by_label("Brand colour").evaluate("field => field.value = '#ffcc00'")

    found += [barrier for tab in range(4) for barrier in await barriers_on(page, tab)]
    for field in ("#title", "#slug", "#event-0-title", "#event-0-duration", "#question-1-choices"):
        await page.locator(field).evaluate("field => field.value = ''")
    for field in ("#horizon", "#lead-0"):
        await page.locator(field).evaluate("field => field.value = 'x'")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("alert")).to_be_focused()
    found += [barrier for tab in range(4) for barrier in await barriers_on(page, tab)]

    assert [] == found


async def test_an_empty_page_says_what_to_do_next(site: Site) -> None:
    host = await site.a_host()
    made = await site.memory.page(a_page(host, meeting_types=()))
    async with site.memory.store.begin() as uow:
        uow.pages.save(BookingPage(id=made.id, host_id=host.id, slug=made.slug, title=made.title))
    page = await site.signed_in(host)
    await page.goto(f"/pages/{made.id}/edit")

    await expect(page.get_by_text("Nothing can be booked yet. Add an event type")).to_be_visible()
    await page.get_by_role("tab", name="Questions").click()
    await expect(page.get_by_text("Questions belong to event types")).to_be_visible()
    assert [] == await barriers_here(page)


async def barriers_on(page: Page, tab: int) -> list[str]:
    await page.locator("[data-tabs] a").nth(tab).click()
    # Only at the end of the page does the bar with Save cover nothing.
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    return await barriers_here(page)
