"""Fields for passwords in a browser."""

import pytest
from playwright.async_api import expect

from tests.support.site import Site
from tests.support.visiting import PASSWORD

pytestmark = pytest.mark.browser


async def test_a_password_is_shown_and_hidden_with_the_keyboard_and_never_sent_as_text(site: Site) -> None:
    host = await site.memory.host(password=PASSWORD)
    page = await site.visitor()
    await page.goto("/signin")
    field = page.get_by_label("Password")
    await page.get_by_label("Email").fill(host.email)
    await field.fill(PASSWORD)

    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(field).to_have_attribute("type", "text")
    await expect(page.get_by_text("Your password is visible.")).to_have_count(1)
    await expect(page.get_by_role("button", name="Hide password")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(field).to_have_attribute("type", "password")

    await page.get_by_role("button", name="Show password").click()
    await page.evaluate("document.forms[0].addEventListener('submit', (event) => event.preventDefault())")
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(field).to_have_attribute("type", "password")


async def test_without_scripts_there_is_nothing_to_show_a_password_with(site: Site) -> None:
    page = await site.visitor(java_script_enabled=False)
    await page.goto("/signin")

    await expect(page.get_by_role("button", name="Show password")).to_have_count(0)


async def test_a_long_password_is_pasted_whole(site: Site) -> None:
    page = await site.visitor()
    await page.goto("/signup")
    field = page.get_by_label("Password")
    await page.evaluate("addEventListener('focusin', (event) => event.target.select?.())")
    await field.focus()
    await page.keyboard.insert_text("🐟" * 200)

    assert "🐟" * 200 == await field.input_value()
