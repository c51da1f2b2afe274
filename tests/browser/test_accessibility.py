"""No page has a serious barrier that axe finds, in light and in dark."""

from typing import Any, Literal, cast

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from domain.booking import Booking
from domain.booking_page import BookingPage, Question
from domain.conference import Conference, Failed, Failure, Pending, Ready
from domain.host import Host
from tests.browser.site import TUESDAY_AT_TEN, Site
from tests.support.builders import (
    TOMORROW_AT_TEN,
    a_booking,
    a_page,
    an_event_type,
    at_the_harbour,
    phone_by_host,
    zoom,
)

pytestmark = pytest.mark.browser

READY = Ready("https://us06web.zoom.us/j/81234567890?pwd=abc.1", "81234567890", "tuna42", "zoom")
FAILED = Failed(Failure("not-permitted", "The account may not create meetings."))
SEVERE = {"serious", "critical"}


async def barriers(page: Page, path: str) -> list[str]:
    await page.goto(path)
    return [f"{path}: {each}" for each in await barriers_here(page)]


async def barriers_here(page: Page) -> list[str]:
    # The package has no types of its own.
    result = await cast("Any", Axe()).run(page)
    found: list[dict[str, Any]] = result.response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in SEVERE]


async def a_host_with_everything(site: Site) -> tuple[Host, BookingPage, BookingPage]:
    """Its two pages: one with every field, one that can be booked over Zoom alone."""
    host = await site.a_host()
    questions = (Question("topic", "What about?", "long_text", required=True), Question("new", "New?", "yes_no"))
    full = a_page(
        host,
        an_event_type(questions=questions),
        meeting_types=(zoom, phone_by_host, at_the_harbour),
        description="Half an hour.",
    )
    return host, await site.memory.page(full), await site.memory.page(a_page(host, meeting_types=(zoom,)))


async def a_booked(site: Site, page: BookingPage, hour: int, conference: Conference) -> Booking:
    booking = a_booking(page, TOMORROW_AT_TEN.replace(hour=hour), conference=conference)
    async with site.memory.store.begin() as uow:
        uow.bookings.add(booking)
    return booking


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_guests_see(site: Site, scheme: Literal["light", "dark"]) -> None:
    host, full, only_zoom = await a_host_with_everything(site)
    two = await site.memory.page(a_page(host, an_event_type(), an_event_type(slug="long"), meeting_types=(zoom,)))
    closed = await site.memory.page(a_page(host, meeting_types=()))
    ready = await a_booked(site, only_zoom, 9, READY)
    failed = await a_booked(site, only_zoom, 10, FAILED)
    pending = await a_booked(site, only_zoom, 11, Pending("zoom"))
    cancelled = await a_booked(site, only_zoom, 12, READY)
    await site.memory.app.cancel(cancelled.id, "guest", "Ill")
    page = await site.visitor(color_scheme=scheme)

    found = [
        barrier
        for path in (
            "/",
            "/signup",
            "/signin",
            "/help/zoom",
            "/problems/slot-taken",
            "/nobody/nothing",
            f"/{host.handle}/{full.slug}",
            f"/{host.handle}/{full.slug}/intro?start={TUESDAY_AT_TEN}",
            f"/{host.handle}/{two.slug}",
            f"/{host.handle}/{closed.slug}",
            f"/b/{ready.token}",
            f"/b/{failed.token}",
            f"/b/{cancelled.token}",
            f"/b/{pending.token}",
            f"/b/{ready.token}/cancel",
            f"/b/{ready.token}/reschedule",
            f"/b/{ready.token}/reschedule?start={TUESDAY_AT_TEN}",
        )
        for barrier in await barriers(page, path)
    ]

    assert [] == found


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_hosts_see(site: Site, scheme: Literal["light", "dark"]) -> None:
    host, full, only_zoom = await a_host_with_everything(site)
    booking = await a_booked(site, only_zoom, 9, FAILED)
    await a_booked(site, only_zoom, 10, READY)
    page = await site.signed_in(host, color_scheme=scheme)

    found = [
        barrier
        for path in (
            "/dashboard",
            "/bookings",
            "/bookings?show=past",
            "/bookings?show=needs_attention",
            f"/bookings/{booking.id}",
            f"/bookings/{booking.id}/cancel",
            "/pages/new",
            f"/pages/{full.id}/edit",
            f"/pages/{full.id}/remove",
            "/settings/profile",
            "/settings/providers?zoom=declined",
            "/settings/providers/zoom/disconnect",
        )
        for barrier in await barriers(page, path)
    ]
    await page.goto(f"/pages/{full.id}/edit")
    await page.get_by_role("tab", name="Availability").click()
    found += await barriers(page, page.url)

    assert [] == found


async def test_forms_with_errors(site: Site) -> None:
    host, full, _ = await a_host_with_everything(site)
    page = await site.visitor()
    await page.goto(f"/{host.handle}/{full.slug}/intro?start={TUESDAY_AT_TEN}")
    await page.get_by_role("radio", name="Phone call").check()
    await page.get_by_role("button", name="Confirm booking").click()
    await page.get_by_role("alert").wait_for()

    assert [] == await barriers_here(page)
