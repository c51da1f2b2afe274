"""No page has a serious barrier that axe finds, in light and in dark."""

from datetime import timedelta
from typing import Any, cast
from weakref import WeakSet

import msgspec
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from application.actor import HostActor, VisitorActor
from application.calendars.keep_account import ConnectedCalendars
from application.ports.calendar_reader import RemoteCalendar
from application.ports.webhooks import Sent
from application.support.ask_support import SupportMessage
from domain.booking import Booking, Overlap
from domain.booking_page import BookingPage, Question
from domain.busy import BusyTime
from domain.calendar_problem import ServerBusy
from domain.conference import Conference, Failed, Failure, NoConference, Pending, Ready
from domain.connection import Blocked, NeedsReconnect
from domain.fallback import MeetingTypeUnusable
from domain.host import Host
from domain.ids import CalendarId
from domain.meeting_type import Obstacle
from domain.provider_problem import MeetingsNotAllowed, RateLimited, UserUnknown
from domain.slot import Slot
from domain.webhook_delivery import WebhookDelivery
from domain.webhook_event import WEBHOOK_EVENT_TYPES
from domain.webhook_problem import EndpointAnswered
from tests.support.builders import (
    A_DAY,
    HALF_AN_HOUR,
    NOW,
    TOMORROW_AT_TEN,
    a_booking,
    a_page,
    an_event_type,
    at_the_harbour,
    phone_by_host,
    zoom,
)
from tests.support.site import TUESDAY_AT_TEN, Site

pytestmark = pytest.mark.browser

READY = Ready("https://us06web.zoom.us/j/81234567890?pwd=abc.1", "81234567890", "tuna42", "zoom")
FAILED = Failed(Failure("not-permitted", MeetingsNotAllowed("zoom")))
LATE = Pending("zoom", attempts=3, failure=Failure("try-later", RateLimited("zoom")))
NOT_CONNECTED = MeetingTypeUnusable(Obstacle("not-connected", "zoom"))
CALENDAR = "https://dav.example/work/"
SEVERE = {"serious", "critical"}
NAMED = {"landmark-unique", "target-size"}
NARROWEST = 320
# The package has no types of its own.
AXE: str = cast("Any", Axe()).axe_script
_WITH_AXE = WeakSet[Page]()
"""Those that bring it along wherever they go, which is quicker than to send it each time."""


async def barriers(page: Page, path: str) -> list[str]:
    """What is wrong on a page, and whether anything sticks out where the window is as narrow as windows get."""
    if page not in _WITH_AXE:
        await page.add_init_script(AXE)
        _WITH_AXE.add(page)
    await page.goto(path)
    found = [f"{path}: {each}" for each in await barriers_here(page)]
    usual = page.viewport_size
    assert usual is not None
    await page.set_viewport_size({**usual, "width": NARROWEST})
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{path}: wider than {NARROWEST} pixels")
    await page.set_viewport_size(usual)
    return found


async def barriers_here(page: Page) -> list[str]:
    """What is wrong in light, and with the contrast in dark: the two differ in colours alone."""
    # Without motion, no colour is caught on its way from one to the other.
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found = await _violations(page)
    await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += await _violations(page, "color-contrast")
    await page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return [
        f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in SEVERE or each["id"] in NAMED
    ]


async def _violations(page: Page, *rules: str) -> list[dict[str, Any]]:
    chosen = {"runOnly": rules} if rules else {"rules": {"target-size": {"enabled": True}}}
    options = {"resultTypes": ["violations"], **chosen}
    # What is right on a page is long, and costs more on its way here than the check.
    return await page.evaluate("options => axe.run(document, options).then(results => results.violations)", options)


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


async def a_booked(site: Site, page: BookingPage, hour: int, conference: Conference, **changes: object) -> Booking:
    booking = a_booking(page, TOMORROW_AT_TEN.replace(hour=hour), conference=conference)
    booking = msgspec.structs.replace(booking, announced=True, **changes)
    async with site.memory.store.begin() as uow:
        uow.bookings.add(booking)
    return booking


async def a_calendar(site: Site, host: Host, name: str = "Work") -> ConnectedCalendars:
    """An account of the host's whose one calendar blocks all their pages for an hour."""
    reader = site.memory.calendar_readers["caldav"]
    reader.hold("anna", RemoteCalendar(CALENDAR, name))
    reader.publish("anna", CALENDAR, BusyTime(Slot.lasting(timedelta(hours=1), TOMORROW_AT_TEN)))
    return await site.memory.app.connect_caldav(HostActor(host.id), "dav.example", "anna", "app-password")


async def pages_of_support(site: Site) -> tuple[str, ...]:
    """The form, a conversation as its visitor sees it, and as the operator does."""
    app = site.memory.app
    asked = await app.ask_support(SupportMessage("anna@guests.example", "", "Ναι."), "203.0.113.9")
    thread = await app.show_support_thread(VisitorActor(asked.token))
    desk = f"/support/desk/{site.memory.desk_links.until(site.memory.clock() + A_DAY)}"
    return "/support", f"/support/{asked.token}?sent=mailed", desk, f"{desk}/{thread.id}"


async def a_failing_delivery(site: Site, host: Host) -> WebhookDelivery:
    """Of a host's webhook that has answered once."""
    url, actor = "https://hooks.example/timetuna", HostActor(host.id)
    site.memory.webhooks.answer(url, Sent(7, 500, EndpointAnswered(500), "<html>Out of order</html>"))
    added = await site.memory.app.add_webhook(actor, url, WEBHOOK_EVENT_TYPES)
    delivery = await site.memory.app.try_webhook(actor, added.webhook.id)
    await site.memory.work_off()
    return delivery


async def a_broken_calendar(site: Site) -> None:
    """Let that calendar fail for so long that its pages close."""
    site.memory.calendar_readers["caldav"].fail("anna", CALENDAR, ServerBusy())
    for _ in range(4):
        site.memory.clock.advance(timedelta(minutes=10))
        await site.memory.work_off()


async def test_what_guests_see(site: Site) -> None:
    host, full, only_zoom = await a_host_with_everything(site)
    booking = await a_booked(site, only_zoom, 9, READY)
    async with site.memory.store.begin() as uow:
        for token in ("asked", "stopped"):
            uow.suppressions.link(token, f"{token}@guests.example", TOMORROW_AT_TEN)
    await site.memory.app.unsubscribe("stopped")
    page = await site.visitor()

    found = [
        barrier
        for path in (
            "/unsubscribe/asked",
            "/unsubscribe/stopped",
            *await pages_of_support(site),
            "/signup",
            "/signin",
            "/help/zoom",
            "/help/calendars",
            "/help/passkeys",
            "/help/webhooks",
            "/help/api",
            "/help/embed",
            "/help/ai",
            "/problems/slot-taken",
            "/nobody/nothing",
            f"/{host.handle}/{full.slug}",
            f"/{host.handle}/{full.slug}/intro?start={TUESDAY_AT_TEN}",
            f"/b/{booking.token}/cancel",
            f"/b/{booking.token}/reschedule",
            f"/b/{booking.token}/reschedule?start={TUESDAY_AT_TEN}",
        )
        for barrier in await barriers(page, path)
    ]

    assert [] == found


async def test_what_hosts_see(site: Site) -> None:
    host, full, only_zoom = await a_host_with_everything(site)
    booking = await a_booked(site, only_zoom, 9, FAILED)
    await a_booked(site, only_zoom, 10, READY)
    account = await a_calendar(site, host)
    calendar = account.calendars[0]
    failing = await a_failing_delivery(site, host)
    page = await site.signed_in(host)

    found = [
        barrier
        for path in (
            "/dashboard",
            "/bookings?show=needs_attention",
            f"/bookings/{booking.id}/cancel",
            f"/bookings/{booking.id}/propose",
            "/pages/new",
            f"/pages/{full.id}/book",
            f"/pages/{full.id}/edit",
            f"/pages/{full.id}/links",
            f"/pages/{full.id}/remove",
            "/settings/schedules",
            "/settings/schedules/new",
            "/settings/providers?zoom=declined",
            "/settings/providers/zoom/disconnect",
            "/settings/calendars/caldav?service=icloud",
            f"/settings/calendars/caldav/{account.connection.id}",
            f"/settings/calendar-connections/{account.connection.id}?connected=1",
            f"/settings/calendar-connections/{account.connection.id}/disconnect",
            f"/settings/calendars/{calendar.id}?added=1",
            "/settings/webhooks",
            f"/settings/webhooks/{failing.webhook_id}",
            f"/settings/webhooks/{failing.webhook_id}/deliveries/{failing.id}",
        )
        for barrier in await barriers(page, path)
    ]
    await page.goto(f"/pages/{full.id}/edit")
    for tab in ("Calendars", "Notifications", "Share"):
        await page.get_by_role("tab", name=tab).click()
        found += await barriers_here(page)
    await a_broken_calendar(site)
    for path in ("/dashboard", "/settings/providers", f"/settings/calendars/{calendar.id}"):
        found += await barriers(page, path)
    found += await barriers(await site.visitor(), f"/{host.handle}/{full.slug}")

    assert [] == found


async def test_what_hosts_see_when_zoom_fails(site: Site) -> None:
    host, full, _ = await a_host_with_everything(site)
    failed = await a_booked(site, full, 9, FAILED)
    late = await a_booked(site, full, 10, LATE)
    fell_back = await a_booked(
        site,
        full,
        11,
        NoConference(),
        meeting_type=at_the_harbour,
        fallback=NOT_CONNECTED,
    )
    unreached = await a_booked(site, full, 12, READY, unreached=("guest", "host"))
    event = Slot.lasting(HALF_AN_HOUR, TOMORROW_AT_TEN.replace(hour=14))
    overlapped = await a_booked(site, full, 14, READY, overlaps=(Overlap(CalendarId("c"), event, NOW),))
    cancelled = await a_booked(site, full, 13, READY)
    await site.memory.app.cancel(await site.memory.as_guest(cancelled.id), "Ill")
    page = await site.signed_in(host)
    says_the_state = "/dashboard", "/bookings", "/settings/providers", f"/bookings/{failed.id}"
    says_its_own = (
        f"/bookings/{late.id}",
        f"/bookings/{fell_back.id}",
        f"/bookings/{unreached.id}",
        f"/bookings/{overlapped.id}",
        f"/bookings/{unreached.id}/reschedule",
        f"/bookings/{unreached.id}/reschedule?start={TUESDAY_AT_TEN}",
        f"/bookings/{cancelled.id}",
    )
    found: list[str] = []
    for state, paths in (
        (NeedsReconnect(UserUnknown("zoom")), (*says_the_state, *says_its_own)),
        (Blocked(MeetingsNotAllowed("zoom")), says_the_state),
    ):
        await site.memory.connect(host, state=state)
        found += [barrier for path in paths for barrier in await barriers(page, path)]

    assert [] == found


async def test_what_is_left_of_an_erased_guest(site: Site) -> None:
    host, full, _ = await a_host_with_everything(site)
    kept, erased = await a_booked(site, full, 9, READY), await a_booked(site, full, 10, READY)
    for each in (kept, erased):
        await site.memory.app.cancel(await site.memory.as_guest(each.id), "Ill")
    await site.memory.app.erase_guest(await site.memory.as_host(erased.id), erased.id)
    page = await site.signed_in(host)

    found = [
        barrier
        for path in (
            f"/bookings/{kept.id}",
            f"/bookings/{kept.id}/erase-guest",
            f"/bookings/{erased.id}?done=erased",
            "/bookings?show=cancelled",
            f"/b/{erased.token}",
        )
        for barrier in await barriers(page, path)
    ]

    assert [] == found


async def test_a_refused_link(site: Site) -> None:
    host, full, _ = await a_host_with_everything(site)
    booking = await a_booked(site, full, 9, FAILED)
    page = await site.signed_in(host)
    await page.goto(f"/bookings/{booking.id}")

    await page.get_by_role("textbox", name="Join link").fill("http://meet.example/hanne")
    await page.get_by_role("button", name="Add join link").click()
    await page.get_by_role("alert").wait_for()

    assert [] == await barriers_here(page)


async def test_forms_with_errors(site: Site) -> None:
    host, full, _ = await a_host_with_everything(site)
    page = await site.visitor()
    await page.goto(f"/{host.handle}/{full.slug}/intro?start={TUESDAY_AT_TEN}")
    await page.get_by_role("radio", name="Phone call").check()
    await page.get_by_role("button", name="Confirm booking").click()
    await page.get_by_role("alert").wait_for()

    assert [] == await barriers_here(page)
