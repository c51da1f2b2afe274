"""No page has a serious barrier that axe finds, in light and in dark."""

import pytest

from domain.booking import Booking, Overlap
from domain.booking_page import BookingPage, Question
from domain.conference import Conference, Failed, Failure, NoConference, Pending
from domain.connection import Blocked, NeedsReconnect
from domain.fallback import MeetingTypeUnusable
from domain.host import Host
from domain.ids import CalendarId
from domain.meeting_type import Obstacle
from domain.provider_problem import MeetingsNotAllowed, RateLimited, UserUnknown
from domain.slot import Slot
from tests.browser.barriers import barriers, barriers_here
from tests.browser.scenes import READY, a_broken_calendar, a_calendar, a_failing_delivery, pages_of_support
from tests.support.builders import (
    HALF_AN_HOUR,
    NOW,
    TOMORROW_AT_TEN,
    a_booking,
    a_page,
    altered,
    an_event_type,
    at_the_harbour,
    phone_by_host,
    zoom,
)
from tests.support.site import TUESDAY_AT_TEN, Site

pytestmark = pytest.mark.browser

FAILED = Failed(Failure("not-permitted", MeetingsNotAllowed("zoom")))
LATE = Pending("zoom", attempts=3, failure=Failure("try-later", RateLimited("zoom")))
NOT_CONNECTED = MeetingTypeUnusable(Obstacle("not-connected", "zoom"))


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
    booking = a_booking(page, TOMORROW_AT_TEN.replace(hour=hour))
    booking = altered(booking, conference=conference, announced=True, **changes)
    async with site.memory.store.begin() as uow:
        uow.bookings.add(booking)
    return booking


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
            "/help",
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
