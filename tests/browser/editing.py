"""A host's steps in the editor."""

from playwright.async_api import Page, expect

from domain.booking_page import BookingPage, Question
from domain.host import Host
from tests.support.builders import a_page, an_event_type, at_the_harbour, zoom
from tests.support.site import Site

WHY = Question("why", "Why?")
FISH = Question("fish", "Which fish?", "choice", choices=("Tuna", "Cod"))


async def an_editor(site: Site, page: BookingPage | None = None, **options: object) -> tuple[Page, Host, BookingPage]:
    """Opened by a host whose page has one event type with two questions."""
    host = await site.a_host()
    event_type = an_event_type(questions=(WHY, FISH))
    made = await site.memory.page(page or a_page(host, event_type, meeting_types=(zoom, at_the_harbour)))
    visitor = await site.signed_in(host, **options)
    await visitor.goto(f"/pages/{made.id}/edit")
    return visitor, host, made


async def saved(site: Site, host: Host, page: BookingPage) -> BookingPage:
    found = await site.memory.store.views.page(host.id, page.id)
    assert found
    return found


async def save(page: Page) -> None:
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("Saved")
