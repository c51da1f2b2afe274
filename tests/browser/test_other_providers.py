"""Google Meet and Microsoft Teams do the main job as Zoom does: connect, book, one link everywhere."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from entrypoints import sample
from tests.browser.barriers import barriers
from tests.browser.demonstration import mails_about, signed_in_host
from tests.support.site import PHONE, Site

pytestmark = pytest.mark.browser

GOOGLE = ("Google", "Google Meet", "Join Google Meet", re.compile(r"https://meet\.google\.com/[\w-]+"))
MICROSOFT = (
    "Microsoft",
    "Microsoft Teams",
    "Join Microsoft Teams meeting",
    re.compile(r"https://teams\.microsoft\.com/[^\s\"<]+"),
)


async def connect(host: Page, name: str) -> None:
    await host.goto("/settings/providers")
    await host.get_by_role("button", name=f"Connect {name}", exact=True).click()
    await host.wait_for_url("**/sandbox/**")
    await host.get_by_role("button", name=re.compile("Allow|Accept")).first.click()
    await host.wait_for_url("**/settings/providers**")
    await expect(host.get_by_role("status").filter(has_text=f"{name} is connected as")).to_be_visible()


@pytest.mark.parametrize(("name", "product", "join", "link_of"), [GOOGLE, MICROSOFT], ids=["google", "microsoft"])
async def test_a_host_connects_it_and_a_guest_gets_one_link_everywhere(
    demo: str, browser: Browser, name: str, product: str, join: str, link_of: re.Pattern[str]
) -> None:
    host = await signed_in_host(browser, demo)
    await connect(host, name)
    await host.get_by_role("button", name="Turn on for “Meet Anna”").click()
    await expect(host.get_by_role("status").filter(has_text=f"can use {product}")).to_be_visible()
    guest, address = (
        await browser.new_page(base_url=demo, timezone_id="America/New_York"),
        f"zoe@{name}.example".lower(),
    )

    await guest.goto(f"/{sample.HANDLE}/{sample.PAGE}/call")
    await guest.locator("[data-start]").first.click()
    await guest.get_by_label("Name").fill("Zoë Müller")
    await guest.get_by_label("Email").fill(address)
    await guest.get_by_role("radio", name=product).check()
    await guest.get_by_role("button", name="Confirm booking").click()
    await guest.wait_for_url("**/b/*")
    link = await guest.get_by_role("link", name=join).get_attribute("href")

    assert link is not None
    assert link_of.fullmatch(link)
    for mail in await mails_about(demo, address):
        assert {link} == {each.replace("&amp;", "&") for each in link_of.findall(mail["html"])}
        assert f"LOCATION:{link}" in mail["ics"].replace("\\,", ",").replace("\\;", ";")
    await host.goto("/bookings")
    await expect(host.locator(f'a[href="{link}"]').first).to_be_visible()

    await host.goto("/settings/providers")
    await host.get_by_role("button", name=f"Disconnect {name}").click()
    await expect(host.get_by_text("1 upcoming booking keeps its join link.")).to_be_visible()
    await host.get_by_role("button", name=f"Disconnect {name}").click()
    await expect(host.get_by_role("status").filter(has_text=f"{name} is disconnected")).to_be_visible()
    await host.reload()
    await expect(host.get_by_role("status")).to_have_count(0)
    await guest.reload()
    assert link == await guest.get_by_role("link", name=join).get_attribute("href")


@pytest.mark.parametrize("provider", ["google", "microsoft"])
async def test_saying_no_is_told_once_without_javascript(site: Site, provider: str) -> None:
    host = await site.a_host()
    page = await site.signed_in(host, java_script_enabled=False, viewport=PHONE)

    await page.goto(f"/integrations/{provider}/callback?error=access_denied")
    await expect(page.get_by_role("alert")).to_have_count(1)
    await page.reload()

    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_nothing_stands_in_the_way_on_the_pages_about_providers(site: Site) -> None:
    host = await site.a_host()
    await site.memory.connect(host, "google")
    page = await site.signed_in(host, viewport=PHONE)

    for path in (
        "/settings/providers",
        "/settings/providers/google/disconnect",
        "/help/google-meet",
        "/help/microsoft-teams",
    ):
        assert [] == await barriers(page, path)
        assert 0 == await page.evaluate("document.documentElement.scrollWidth - innerWidth")
