"""The main job as people do it: a host connects Zoom, a guest books, and one link is everywhere."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from entrypoints import sample
from tests.browser.demonstration import mails_about, signed_in_host
from tests.support.builders import phone_by_host, zoom
from tests.support.site import Site

pytestmark = pytest.mark.browser

LINK = re.compile(r"https://us\d\dweb\.zoom\.us/j/[^\s\"<]+")


async def connect_zoom(host: Page) -> None:
    await host.goto("/settings/providers")
    await host.get_by_role("button", name="Connect Zoom").click()
    await host.wait_for_url("**/sandbox/zoom/oauth/authorize**")
    await host.get_by_role("button", name="Allow").click()
    await host.wait_for_url("**/settings/providers**")
    await expect(host.get_by_role("status").filter(has_text="anna.host@zoom.example")).to_be_visible()


async def book_on_zoom(guest: Page, event_type: str) -> None:
    await guest.goto(event_type)
    await guest.locator("[data-start]").first.click()
    await guest.get_by_label("Name").fill("Zoë Müller")
    await guest.get_by_label("Email").fill("zoe@guests.example")
    await guest.get_by_role("radio", name="Zoom").check()
    await guest.get_by_role("button", name="Confirm booking").click()
    await guest.wait_for_url("**/b/*")


async def test_one_link_on_page_in_mails_in_calendars_in_the_list_and_in_the_api(demo: str, browser: Browser) -> None:
    host = await signed_in_host(browser, demo)
    await connect_zoom(host)
    guest = await browser.new_page(base_url=demo, timezone_id="America/New_York")

    await book_on_zoom(guest, f"/{sample.HANDLE}/{sample.PAGE}/call")
    # No reload: the open page learns of the link by itself.
    link = await guest.get_by_role("link", name="Join Zoom meeting").get_attribute("href")

    assert link is not None
    assert LINK.fullmatch(link)
    mails = await mails_about(demo, "zoe@guests.example")
    assert ["anna@timetuna.example", "zoe@guests.example"] == sorted(
        address
        for mail in mails
        for address in ("anna@timetuna.example", "zoe@guests.example")
        if re.search(rf"^To:.*{address}", mail["raw"], re.MULTILINE)
    )
    for mail in mails:
        assert {link} == set(LINK.findall(mail["html"]))
        assert f"LOCATION:{link}" in mail["ics"]
        assert f"DESCRIPTION:Join: {link}" in mail["ics"]
    await host.goto("/bookings")
    await expect(host.locator(f'a[href="{link}"]')).to_be_visible()
    token = guest.url.rsplit("/", 1)[1]
    told = (await guest.request.get(f"/api/v1/public/bookings/{token}")).json
    assert link == (await told())["conference"]["join_url"]


async def test_a_plain_reload_shows_the_link_without_javascript(site: Site) -> None:
    guest = await site.visitor(java_script_enabled=False)

    await book_on_zoom(guest, await site.an_open_page(meeting_types=(zoom, phone_by_host)))
    await site.memory.work_off()
    await guest.reload()

    await expect(guest.get_by_role("link", name="Join Zoom meeting")).to_be_visible()
