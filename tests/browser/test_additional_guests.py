"""A guest brings others along in Chromium; one of them leaves by the link in the mail, without scripts."""

import pytest
from playwright.async_api import expect

from tests.browser.barriers import barriers_here
from tests.support.builders import a_page, an_event_type, at_the_harbour, bob, eve
from tests.support.site import PHONE, TUESDAY_AT_TEN, Site

pytestmark = pytest.mark.browser

TYPED = f"Bob <{bob.email}>, {eve.email}"


async def test_a_guest_brings_two_along_and_one_of_them_leaves(site: Site) -> None:
    host = await site.a_host()
    page = await site.memory.page(a_page(host, an_event_type(), meeting_types=(at_the_harbour,)))
    guest = await site.visitor(viewport=PHONE)
    await guest.goto(f"/{host.handle}/{page.slug}/intro?start={TUESDAY_AT_TEN}&timezone=Europe/Paris")
    await guest.get_by_label("Name").fill("Ana Brito")
    await guest.get_by_label("Email").fill("ana@guests.example")
    await guest.get_by_text("Add guests").press("Enter")
    await guest.get_by_label("Additional guests").fill(TYPED)
    wrong = await barriers_here(guest)

    # A look at other times folds nothing of it away.
    await guest.get_by_role("link", name="Change time").click()
    await guest.locator("[data-start]").first.click()
    await expect(guest.get_by_label("Additional guests")).to_be_visible()
    await expect(guest.get_by_label("Additional guests")).to_have_value(TYPED)
    await guest.get_by_role("button", name="Confirm booking").click()
    await expect(guest.get_by_text(bob.email)).to_be_visible()

    await site.memory.work_off()
    [to_bob], [to_eve] = (site.memory.mailer.mails_to(place) for place in (0, 1))
    assert to_bob.invitee
    assert to_eve.invitee
    others = await site.visitor(java_script_enabled=False, viewport=PHONE)
    await others.goto(f"/leave/{to_bob.invitee.leave}")
    await others.get_by_role("button", name="I can’t come").click()
    await expect(others.get_by_role("heading", name="You’ve left this meeting.")).to_be_visible()

    await expect(guest.get_by_text("can’t come")).to_be_visible()
    wrong += await barriers_here(guest)
    desk = await site.signed_in(host)
    await desk.goto("/bookings")
    await expect(desk.get_by_text("+1 guest")).to_be_visible()
    await desk.get_by_role("link", name="Ana Brito").click()
    await expect(desk.get_by_text(f"{bob.email} can’t come", exact=True)).to_be_visible()
    wrong += await barriers_here(desk)
    assert [] == wrong
