"""When Zoom fails: what host and guest do and see, in Chromium."""

import re

import pytest
from playwright.async_api import Page, Route, expect

from application.booking.book import BookingRequest, GuestDetails
from application.ports.provider import NotConnected, NotPermitted, ProviderError
from domain.booking import Booking
from domain.host import Host
from domain.provider_problem import MeetingsNotAllowed, UserUnknown
from tests.support.builders import A_NETWORK, TOMORROW_AT_TEN, a_page, an_account, ana, zoom
from tests.support.site import PHONE, Site

pytestmark = pytest.mark.browser

OWN_LINK = "https://meet.example/hanne"


async def a_failed_booking(site: Site, error: ProviderError) -> tuple[Host, Booking]:
    """Booked over Zoom, which has refused it by now."""
    host = await site.a_host()
    only_zoom = await site.memory.page(a_page(host, meeting_types=(zoom,)))
    site.memory.providers["zoom"].fail("create", error)
    guest = GuestDetails(ana.name, ana.email, ana.timezone)
    submit = await site.memory.app.book(
        host.handle, only_zoom.slug, "intro", BookingRequest(TOMORROW_AT_TEN, "zoom", guest), network=A_NETWORK
    )
    await site.memory.work_off()
    return host, submit.booking.booking


async def says_yes_at_zoom(site: Site, page: Page) -> None:
    """Stand in for Zoom's consent page, where somebody clicks Allow at once."""

    async def allow(route: Route) -> None:
        address = route.request.url
        code = site.memory.providers["zoom"].consent(address, an_account())
        state = re.search("state=([^&]+)", address)
        assert state
        back = f"{site.url}/integrations/zoom/callback?state={state[1]}&code={code}"
        await route.fulfill(status=302, headers={"location": back})

    await page.route("https://zoom.example/**", allow)


async def test_a_pasted_link_reaches_the_guests_open_page_without_a_reload(site: Site) -> None:
    host, booking = await a_failed_booking(site, NotPermitted(MeetingsNotAllowed("zoom")))
    guest, page = await site.visitor(viewport=PHONE), await site.signed_in(host)
    await guest.goto(f"/b/{booking.token}")
    await expect(guest.get_by_text("Hanne Höst will send the link.")).to_be_visible()
    await guest.evaluate("window.untouched = true")

    await page.get_by_role("link", name="Intro call with Ana Brito").first.click()
    await expect(page.get_by_role("heading", name="Action needed: no join link")).to_be_visible()
    await page.get_by_role("textbox", name="Join link").fill("meet.example/hanne")
    await page.get_by_role("button", name="Add join link").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_role("textbox", name="Join link")).to_have_value("meet.example/hanne")
    await page.get_by_role("textbox", name="Join link").fill(OWN_LINK)
    await page.get_by_role("button", name="Add join link").click()

    await expect(page.get_by_role("status")).to_contain_text("Join link saved")
    await expect(guest.get_by_role("link", name="Join meeting")).to_have_attribute("href", OWN_LINK)
    await expect(guest.locator("#live-announcement")).to_have_text("Your link is ready: Join meeting.")
    assert await guest.evaluate("window.untouched")


async def test_reconnecting_from_the_booking_brings_its_link(site: Site) -> None:
    host, booking = await a_failed_booking(site, NotConnected(UserUnknown("zoom")))
    page = await site.signed_in(host)
    await says_yes_at_zoom(site, page)
    await expect(page.get_by_text("Zoom needs reconnecting.")).to_be_visible()
    await page.goto(f"/bookings/{booking.id}")

    await page.get_by_role("button", name="Reconnect Zoom").click()

    await expect(page.get_by_role("status")).to_contain_text("Zoom is connected as hanne@zoom.example")
    await expect(page.get_by_role("button", name="Disconnect Zoom")).to_be_visible()
    await expect(page.get_by_text("We’re creating the missing links of your upcoming bookings now.")).to_be_visible()
    await site.memory.work_off()
    await page.goto(f"/bookings/{booking.id}")
    await expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()
    await expect(page.get_by_text("Action needed")).to_have_count(0)


async def test_after_try_again_the_hosts_page_shows_the_link_by_itself(site: Site) -> None:
    host, booking = await a_failed_booking(site, NotPermitted(MeetingsNotAllowed("zoom")))
    page = await site.signed_in(host)
    await page.goto(f"/bookings/{booking.id}")

    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("status")).to_contain_text("Trying again")
    await site.memory.work_off()

    await expect(page.get_by_role("status")).to_contain_text("Meeting created")
    await expect(page.get_by_text("Confirmed", exact=True)).to_be_visible()


async def test_what_a_host_is_typing_is_not_swept_away(site: Site) -> None:
    host, booking = await a_failed_booking(site, NotPermitted(MeetingsNotAllowed("zoom")))
    page = await site.signed_in(host)
    await page.goto(f"/bookings/{booking.id}")
    await page.get_by_role("button", name="Try again").click()
    link = page.get_by_role("textbox", name="Join link")
    await link.fill(OWN_LINK)

    await site.memory.work_off()

    await expect(page.locator("#live-announcement")).to_contain_text("This booking has changed")
    await expect(link).to_have_value(OWN_LINK)


async def test_a_host_moves_a_booking_in_the_own_zone_at_the_width_of_a_phone(site: Site) -> None:
    host, booking = await a_failed_booking(site, NotPermitted(MeetingsNotAllowed("zoom")))
    page = await site.signed_in(host, viewport=PHONE)
    await page.goto(f"/bookings/{booking.id}")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await page.get_by_role("link", name="Reschedule").click()
    await expect(page.get_by_text("Times in Central European Time – Berlin (UTC+01:00)")).to_be_visible()
    await page.get_by_role("link", name="Wednesday, 4 March 2026").click()
    await page.locator('[data-start="2026-03-04T12:00:00Z"]').click()
    await page.get_by_label("Reason").fill("The dentist")
    await page.get_by_role("button", name="Reschedule booking").click()

    await expect(page.get_by_role("status")).to_contain_text("Rescheduled.")
    await expect(page.get_by_text("Wednesday, 4 March 2026, 13:00 – 13:30")).to_be_visible()


async def test_the_reminder_is_set_on_its_tab(site: Site) -> None:
    host = await site.a_host()
    made = await site.memory.page(a_page(host))
    page = await site.signed_in(host)
    await page.goto(f"/pages/{made.id}/edit")

    await page.get_by_role("tab", name="Notifications").click()
    await expect(page.get_by_label("How long before", exact=True)).to_have_value("1")
    await page.get_by_role("switch", name="Remind guests by email").uncheck()
    await expect(page.get_by_label("How long before", exact=True)).to_be_hidden()
    await page.get_by_role("button", name="Save", exact=True).click()

    await expect(page.get_by_role("status")).to_contain_text("Saved")
    await expect(page.get_by_role("switch", name="Remind guests by email")).not_to_be_checked()
