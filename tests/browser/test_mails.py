"""The mails as a browser shows them: as fit for everybody as the pages, in any colour."""

import pytest
from msgspec.structs import replace

from adapters.mail.layout import as_html
from adapters.mail.wording import letter_to_guest, letter_to_host
from application.ports.mail import BookingMail
from domain.booking import Cancellation, Move
from tests.browser.barriers import barriers_here
from tests.support.mail_examples import BOOKED_AT, EARLIER_START, FAILED, ORIGIN, PENDING, booking, mail_of
from tests.support.site import PHONE, Site

pytestmark = pytest.mark.browser

MAILS = (
    mail_of(),
    mail_of(party="host", about=booking(conference=FAILED)),
    replace(
        mail_of("rescheduled", about=booking(move=Move("host", EARLIER_START, "My flight"))), brand_color="#ffd400"
    ),
    replace(
        mail_of("cancelled", about=booking(cancellation=Cancellation("host", BOOKED_AT, "Ill"))), brand_color="#111111"
    ),
    replace(mail_of(about=booking(conference=PENDING)), brand_color="#ff5c8a"),
)


def html_of(mail: BookingMail) -> str:
    return as_html(letter_to_guest(mail, ORIGIN) if mail.party == "guest" else letter_to_host(mail, ORIGIN))


async def test_no_mail_has_a_barrier_or_is_wider_than_a_phone(site: Site) -> None:
    page = await site.visitor(viewport=PHONE)
    found: list[str] = []
    for mail in MAILS:
        await page.set_content(html_of(mail))
        found += [f"{mail.kind} to {mail.party}: {barrier}" for barrier in await barriers_here(page)]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{mail.kind} to {mail.party}: too wide")

    assert [] == found
