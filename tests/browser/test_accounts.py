"""Accounts and settings in a browser: with a mouse, with a keyboard alone, without scripts, on a phone, and for axe."""

import pytest
from playwright.async_api import Page, expect

from domain.host import Host
from tests.browser.barriers import barriers, barriers_here
from tests.support.builders import a_booking, a_host, a_page
from tests.support.read_mail import path_in
from tests.support.site import PHONE, Site
from tests.support.visiting import PASSWORD

pytestmark = pytest.mark.browser

ANOTHER = "battery staple"
SETTINGS = ("profile", "password", "api-tokens", "data", "not-me")


async def link_in_last_mail(site: Site) -> str:
    await site.memory.work_off()
    return path_in(site.memory.mailer.notices[-1])


async def signs_up(page: Page) -> None:
    await page.goto("/signup")
    await page.get_by_label("Name", exact=True).fill("Ana Brito")
    await page.get_by_label("Email").fill("ana@hosts.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("Handle").fill("ana")
    await page.get_by_role("button", name="Sign up", exact=True).click()
    await page.wait_for_url("**/dashboard")


async def a_host_with_a_booking(site: Site) -> Host:
    host = await site.memory.host(a_host(handle="hanne"), password=PASSWORD)
    page = await site.memory.page(a_page(host))
    async with site.memory.store.begin() as uow:
        uow.bookings.add(a_booking(page))
    return host


async def test_signing_up_works_at_once_and_the_address_is_confirmed_from_the_mail(site: Site) -> None:
    page = await site.visitor()

    await signs_up(page)
    notice = page.get_by_role("region", name="Your email address")
    await expect(notice).to_be_visible()
    await page.goto(await link_in_last_mail(site))
    await page.get_by_role("button", name="Confirm this address").click()

    await expect(page.get_by_role("status")).to_have_text("Your email address is confirmed.")
    await expect(notice).to_have_count(0)


async def test_a_forgotten_password_is_set_anew_with_the_keyboard_alone(site: Site) -> None:
    host = await site.memory.host(password=PASSWORD)
    page = await site.visitor()

    await page.goto("/signin")
    await page.get_by_role("link", name="Set a new one").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/forgot")
    await page.get_by_label("Email").focus()
    await page.keyboard.type(host.email)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/forgot/sent")
    await page.goto(await link_in_last_mail(site))
    await page.get_by_label("New password").focus()
    await page.keyboard.type("short")
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("New password")).to_have_attribute("aria-invalid", "true")
    await page.get_by_label("New password").focus()
    await page.keyboard.type(ANOTHER)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/signin?done=reset")
    await page.get_by_label("Email").focus()
    await page.keyboard.type(host.email)
    await page.keyboard.press("Tab")
    await page.keyboard.type(ANOTHER)
    await page.keyboard.press("Enter")

    await page.wait_for_url("**/dashboard")


async def test_a_handle_is_proposed_from_the_name_until_somebody_types_one(site: Site) -> None:
    page = await site.visitor()
    handle = page.get_by_label("Handle")

    await page.goto("/signup")
    await page.get_by_label("Name", exact=True).fill("Zoë Müller-Søren ")
    await expect(handle).to_have_value("zoe-mueller-soren")
    await handle.fill("zoe")
    await page.get_by_label("Name", exact=True).fill("Zoë M.")

    await expect(handle).to_have_value("zoe")


async def test_loading_the_page_with_a_new_token_again_makes_no_other(site: Site) -> None:
    page = await site.signed_in(await site.a_host())

    await page.goto("/settings/api-tokens")
    await page.get_by_label("What is it for?").fill("Backup script")
    await page.get_by_label("bookings:read").check()
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Create a token").click()
    await expect(page.get_by_role("heading", name="Copy your new token now")).to_be_visible()
    await page.reload()

    await expect(page.get_by_role("heading", name="Copy your new token now")).to_have_count(0)
    await expect(page.get_by_role("heading", name="Backup script")).to_have_count(1)


async def test_a_token_is_made_and_revoked_with_the_keyboard_alone(site: Site) -> None:
    page = await site.signed_in(await site.a_host())

    await page.goto("/settings/api-tokens")
    await page.get_by_label("What is it for?").focus()
    await page.keyboard.type("Backup script")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    # Past the other scopes and the choice of when it expires.
    for _ in range(9):
        await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Copy your new token now")).to_be_visible()
    await expect(page.locator("[data-focus]")).to_be_focused()
    await page.locator("summary", has_text="Revoke").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Revoke “Backup script” now")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("No tokens yet.")).to_be_visible()


async def test_everything_works_without_scripts(site: Site) -> None:
    host = await a_host_with_a_booking(site)
    page = await site.signed_in(host, java_script_enabled=False)

    await page.goto("/settings/profile")
    await page.get_by_label("Handle").fill("hannes")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await page.locator("summary", has_text="Change the address").click()
    await page.get_by_label("New email address").fill("new@hosts.example")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Send the email", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("We’ve emailed the new address.")
    await page.goto("/settings/password")
    await page.get_by_label("Current password").fill(PASSWORD)
    await page.get_by_label("New password").fill(ANOTHER)
    await page.get_by_role("button", name="Change password").click()
    await expect(page.get_by_role("status")).to_contain_text("Your new password is set.")
    await page.goto("/settings/api-tokens")
    await page.get_by_label("What is it for?").fill("Backup script")
    await page.get_by_label("bookings:read").check()
    await page.get_by_label("Password", exact=True).fill(ANOTHER)
    await page.get_by_role("button", name="Create a token").click()
    await expect(page.get_by_role("heading", name="Copy your new token now")).to_be_visible()
    await page.goto("/settings/data")
    await page.locator("summary", has_text="Delete my account").click()
    await page.get_by_label("Cancel my upcoming booking and tell the guest").check()
    await page.get_by_label("Type your handle").fill("hannes")
    await page.get_by_label("Password", exact=True).fill(ANOTHER)
    await page.get_by_role("button", name="Delete my account permanently").click()

    await expect(page.get_by_role("status")).to_contain_text("Your account is being deleted.")


async def test_a_lost_phone_is_signed_out_and_the_account_taken_back_without_scripts(site: Site) -> None:
    host = await site.a_host()
    phone, desk = await site.signed_in(host, viewport=PHONE), await site.signed_in(host, java_script_enabled=False)

    await desk.goto("/settings/profile")
    await expect(desk.get_by_role("button", name="End session")).to_have_count(2)
    other = desk.get_by_role("listitem").filter(has_text="Last active")
    await other.get_by_role("button", name="End session").click()
    await expect(desk.get_by_role("status")).to_have_text("Session ended.")
    await phone.reload()
    await expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    await desk.get_by_role("link", name="This wasn’t me").click()
    await desk.get_by_role("button", name="Lock everyone else out").click()

    await expect(desk.get_by_role("status")).to_contain_text("Now choose a new password.")
    await expect(desk.get_by_label("Current password")).to_be_visible()


async def test_a_host_downloads_everything(site: Site) -> None:
    page = await site.signed_in(await a_host_with_a_booking(site))
    await page.goto("/settings/data")

    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download as JSON").click()

    assert "timetuna-hanne.json" == (await download.value).suggested_filename


async def test_every_page_fits_a_phone(site: Site) -> None:
    page = await site.visitor(viewport=PHONE)
    await signs_up(page)
    await site.memory.work_off()
    link = path_in(site.memory.mailer.notices[-1])
    too_wide: list[str] = []
    for path in (
        *(f"/settings/{each}" for each in SETTINGS),
        "/forgot",
        "/forgot/sent",
        link,
        "/reset/gone",
        "/signup/check-mail",
    ):
        await page.goto(path)
        for each in await page.locator("details.disclosure > summary").all():
            await each.click()
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)

    assert [] == too_wide


async def test_no_page_of_an_account_has_a_barrier(site: Site) -> None:
    host = await a_host_with_a_booking(site)
    await site.memory.app.ask_for_mail("reset", host.email)
    reset = await link_in_last_mail(site)
    page = await site.visitor(reduced_motion="reduce")
    found = [
        barrier
        for path in (
            "/signin?done=reset",
            "/forgot",
            "/forgot/sent",
            "/signup/check-mail",
            reset,
            "/confirm-email/gone",
        )
        for barrier in await barriers(page, path)
    ]
    await page.goto("/signup")
    await page.get_by_role("button", name="Sign up", exact=True).click()
    found += await barriers_here(page)

    await signs_up(page)
    found += await barriers(page, "/dashboard")
    found += await barriers(page, await link_in_last_mail(site))
    found += [barrier for each in SETTINGS for barrier in await barriers(page, f"/settings/{each}")]
    for path, opened, sent in (
        ("profile", "Change the address", "Send the email"),
        ("data", "Delete my account", "Delete my account permanently"),
    ):
        await page.goto(f"/settings/{path}")
        await page.locator("summary", has_text=opened).click()
        found += await barriers_here(page)
        await page.get_by_role("button", name=sent, exact=True).click()
        await page.get_by_role("alert").wait_for()
        found += await barriers_here(page)
    await page.goto("/settings/api-tokens")
    await page.get_by_label("What is it for?").fill("Backup script")
    await page.get_by_label("bookings:read").check()
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Create a token").click()
    await page.locator("summary", has_text="Revoke").click()
    found += await barriers_here(page)

    assert [] == found
