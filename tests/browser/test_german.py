"""Somebody whose browser asks for German gets everything in German, and everything still fits."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from adapters.mail.layout import as_text
from adapters.mail.wording import letter_to_guest, letter_to_host
from adapters.presentation.language import speaking
from application.ports.mail import BookingMail
from domain.booking_page import Question
from domain.conference import Failed, Pending
from tests.browser.barriers import barriers_here
from tests.browser.booked import LATE, READY, REFUSED, SHIFTS, STATES, WATCH_SHIFTS, a_booked, change
from tests.browser.german import ENGLISH, GERMAN, english_on
from tests.browser.scenes import a_broken_calendar, a_calendar, a_failing_delivery, pages_of_support
from tests.support.builders import a_host, a_page, an_event_type, at_the_harbour, phone_by_host, zoom
from tests.support.mail_examples import ORIGIN
from tests.support.serving import LANGUAGES
from tests.support.site import DESK, PHONE, TUESDAY_AT_TEN, Site

pytestmark = pytest.mark.browser


async def what_is_wrong(page: Page, path: str) -> list[str]:
    """English words, a page wider than its window, and a header of more than one line."""
    await page.goto(path)
    wrong = [f"{path}: {word}" for word in await english_on(page)]
    if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{path}: too wide")
    header = page.locator("header.top")
    if await header.count():
        box = await header.bounding_box()
        wrong += [f"{path}: header"] if box and box["height"] > ONE_LINE else []
    return wrong


ONE_LINE = 80


def read(mail: BookingMail) -> tuple[str, str]:
    """Subject and text, in the language that its reader is written to."""
    guest = mail.party == "guest"
    with speaking(LANGUAGES.of(mail.booking.contact.language if guest else mail.host.language)):
        letter = (letter_to_guest if guest else letter_to_host)(mail, ORIGIN)
        return letter.subject, as_text(letter)


async def test_a_guest_books_in_german_from_the_page_to_the_mail(site: Site) -> None:
    host = await site.a_host()
    page = await site.memory.page(
        a_page(host, an_event_type(title="Erstgespräch"), meeting_types=(zoom, phone_by_host))
    )
    guest = await site.visitor(**GERMAN)

    await guest.goto(f"/{host.handle}/{page.slug}?date=2026-03-03")
    await expect(guest.locator("html")).to_have_attribute("lang", "de")
    await expect(guest.get_by_role("heading", name="Dienstag, 3. März 2026")).to_be_visible()
    await expect(guest.locator("table th").first).to_contain_text("Mo")
    await guest.locator(f'[data-start="{TUESDAY_AT_TEN}"]').click()
    await guest.get_by_label("Name").fill("Jürgen Groß")
    await guest.get_by_label("E-Mail").fill("juergen@guests.example")
    await guest.get_by_role("button", name="Buchung bestätigen").click()

    await expect(guest.get_by_role("heading", name="Ihr Termin ist gebucht")).to_be_visible()
    await site.memory.work_off()
    await expect(guest.get_by_role("link", name="Zoom-Meeting beitreten")).to_be_visible()
    assert set() == await english_on(guest)
    subject, text = read(site.memory.mailer.mails_to("guest")[-1])
    assert subject.startswith("Bestätigt: Erstgespräch mit Hanne Höst, Di., 3. März 2026, 11:00")
    assert "Zoom-Meeting beitreten" in text
    assert [] == ENGLISH.findall(text)
    assert "Confirmed: Erstgespräch" in read(site.memory.mailer.mails_to("host")[-1])[0]
    token = guest.url.rpartition("/")[2]
    assert [] == await what_is_wrong(guest, f"/embed/{host.handle}/{page.slug}/intro/b/{token}")
    await expect(guest.get_by_role("heading", name="Ihr Termin ist gebucht")).to_be_visible()


async def test_a_host_who_chose_german_is_written_to_in_german(site: Site) -> None:
    host = await site.a_host()
    page = await site.signed_in(host)
    await page.goto("/settings/profile")
    await page.get_by_label("Language").select_option("de")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text("Gespeichert.")
    made = await site.memory.page(a_page(host, an_event_type(title="Erstgespräch"), meeting_types=(zoom,)))
    guest = await site.visitor()
    await guest.goto(f"/{host.handle}/{made.slug}/intro?start={TUESDAY_AT_TEN}")
    await guest.get_by_label("Name").fill("Ana")
    await guest.get_by_label("Email").fill("ana@guests.example")
    await guest.get_by_role("button", name="Confirm booking").click()
    await guest.wait_for_url("**/b/**")
    await site.memory.work_off()

    subject, text = read(site.memory.mailer.mails_to("host")[-1])
    assert subject.startswith("Bestätigt: Erstgespräch mit Ana, Di., 3. März 2026, 11:00")
    assert [] == ENGLISH.findall(text)
    assert "Confirmed: Erstgespräch" in read(site.memory.mailer.mails_to("guest")[-1])[0]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_what_everybody_sees_is_german_and_fits(site: Site, size: dict[str, int]) -> None:
    host = await site.a_host()
    questions = (Question("topic", "Worum geht es?", "long_text", required=True), Question("new", "Neu?", "yes_no"))
    types = (zoom, phone_by_host, at_the_harbour)
    event = an_event_type(title="Erstgespräch", questions=questions)
    full = await site.memory.page(a_page(host, event, title="Gespräch", meeting_types=types))
    async with site.memory.store.begin() as uow:
        for token in ("asked", "stopped"):
            uow.suppressions.link(token, f"{token}@guests.example", site.memory.clock())
    await site.memory.app.unsubscribe("stopped")
    page = await site.visitor(**GERMAN, viewport=size)

    wrong = [
        each
        for path in (
            "/",
            "/unsubscribe/asked",
            "/unsubscribe/stopped",
            "/signup",
            "/signin",
            "/forgot",
            *await pages_of_support(site),
            "/nobody/nothing",
            f"/{host.handle}",
            f"/{host.handle}/{full.slug}",
            f"/embed/{host.handle}/{full.slug}",
            # With a zone: without one its script leads on to the browser's, while the test reads.
            f"/embed/{host.handle}/{full.slug}/intro?start={TUESDAY_AT_TEN}&timezone=Europe/Berlin",
            f"/{host.handle}/{full.slug}/intro?start={TUESDAY_AT_TEN}",
        )
        for each in await what_is_wrong(page, path)
    ]
    await page.get_by_role("radio", name="Telefonanruf").check()
    await page.get_by_role("button", name="Buchung bestätigen").click()
    await page.get_by_role("alert").wait_for()

    assert [] == wrong
    assert set() == await english_on(page)
    assert [] == await barriers_here(page)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_what_hosts_see_is_german_and_fits(site: Site, size: dict[str, int]) -> None:
    host = await site.memory.host(a_host(), password="correct horse")
    await site.memory.connect(host)
    types = (zoom, phone_by_host, at_the_harbour)
    made = await site.memory.page(
        a_page(host, an_event_type(title="Erstgespräch"), title="Gespräch", meeting_types=types)
    )
    account = await a_calendar(site, host, "Arbeit")
    failing = await a_failing_delivery(site, host)
    calendar = account.calendars[0]
    page = await site.visitor(**GERMAN, viewport=size)
    await page.goto("/signin")
    await page.get_by_label("E-Mail").fill(host.email)
    await page.get_by_label("Passwort").fill("correct horse")
    await page.get_by_role("button", name="Anmelden").click()
    await page.wait_for_url("**/dashboard")
    await page.goto("/pages/new")
    await page.get_by_label("Titel").fill("Портфолио")
    await page.get_by_role("button", name="Weiter").click()
    await page.wait_for_url("**/pages/new/meeting")

    wrong = [
        each
        for path in (
            "/dashboard",
            "/bookings",
            "/bookings?show=needs_attention",
            "/pages/new",
            "/pages/new/meeting",
            "/pages/new/hours",
            f"/pages/{made.id}/created",
            f"/pages/{made.id}/links",
            f"/pages/{made.id}/remove",
            f"/pages/{made.id}/book",
            "/settings/schedules",
            "/settings/schedules/new",
            "/settings/profile",
            "/settings/password",
            "/settings/api-tokens",
            "/settings/not-me",
            "/settings/data",
            "/settings/providers",
            "/settings/providers/zoom/disconnect",
            "/settings/calendars/caldav?service=icloud",
            f"/settings/calendars/{calendar.id}?added=1",
            f"/settings/calendar-connections/{account.connection.id}?connected=1",
            f"/settings/calendar-connections/{account.connection.id}/disconnect",
            "/help/calendars",
            "/help",
            "/help/zoom",
            "/help/passkeys",
            "/help/webhooks",
            "/help/api",
            "/help/embed",
            "/help/ai",
            "/settings/webhooks",
            f"/settings/webhooks/{failing.webhook_id}",
            f"/pages/{made.id}/edit",
        )
        for each in await what_is_wrong(page, path)
    ]
    for tab in ("Verfügbarkeit", "Kalender", "Fragen", "Benachrichtigungen", "Teilen"):
        await page.get_by_role("tab", name=tab).click()
        wrong += [f"{tab}: {word}" for word in await english_on(page)]
    await a_broken_calendar(site)
    for path in (
        "/dashboard",
        "/settings/providers",
        f"/settings/calendars/{calendar.id}",
        f"/{host.handle}/{made.slug}",
    ):
        wrong += await what_is_wrong(page, path)

    assert [] == wrong


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_every_state_of_a_booking_is_german_and_fits(site: Site, size: dict[str, int]) -> None:
    page = await site.visitor(**GERMAN, viewport=size)
    wrong: list[str] = []
    for name, changes in STATES.items():
        booking = await a_booked(site, **changes(), title="Erstgespräch")
        wrong += [f"{name} {each}" for each in await what_is_wrong(page, f"/b/{booking.token}")]

    assert [] == [each for each in wrong if not each.endswith(": flight")]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    ("comes", "shows"),
    [
        ({"conference": READY}, "Zoom-Meeting beitreten"),
        ({"conference": LATE}, "Ihr Zoom-Link braucht etwas länger"),
        ({"conference": Failed(REFUSED)}, "Hanne Höst schickt den Link."),
    ],
    ids=["ready", "late", "failed"],
)
async def test_nothing_jumps_with_longer_words_either(
    site: Site, size: dict[str, int], comes: dict[str, Any], shows: str
) -> None:
    booking = await a_booked(site, Pending("zoom"))
    page = await site.visitor(**GERMAN, viewport=size)
    await page.add_init_script(WATCH_SHIFTS)
    await page.goto(f"/b/{booking.token}")
    boxes = page.locator("main"), page.get_by_role("link", name="Verschieben")
    before = [await each.bounding_box() for each in boxes]

    await change(site, booking, announced=True, **comes)
    await expect(page.locator("#live")).to_contain_text(shows)

    assert [] == await page.evaluate(SHIFTS)
    assert before == [await each.bounding_box() for each in boxes]
