"""What the entry in the host's calendar says."""

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from adapters.locales.catalogues import languages
from adapters.mail.entry_texts import BookingEntryTexts
from domain.booking import ErasedGuest, Guest
from domain.booking_page import Answer
from domain.calendar_entry import EntryContent
from tests.adapters.mail import hostile
from tests.support.linkifiers import links_in
from tests.support.mail_examples import GUEST, HOST, STATES, TOKEN, ZOOM_LINK, booking, booking_in

TEXTS = BookingEntryTexts("https://timetuna.example/", languages())
PAGE = "https://timetuna.example/bookings/bk_01JD8W5N2Q"


def test_the_link_comes_first_then_the_guest_and_the_page_of_the_booking() -> None:
    assert EntryContent(
        slot=booking().slot,
        title="Zoë Müller – Intro call",
        location=ZOOM_LINK,
        description=f"{ZOOM_LINK}\nMeeting ID: 812 3456 7890\nPasscode: s3cret\n\nGuest: Zoë Müller\n"
        "Email: zoe@guest.example\nPhone: +49 30 1234567\nWhat is it about?:\nTuna\nand time\n\n"
        f"Your booking: {PAGE}",
    ) == TEXTS.content(booking(), HOST)


@pytest.mark.parametrize("state", STATES)
def test_each_way_to_meet_is_said_without_the_guests_own_link(state: str) -> None:
    content = TEXTS.content(booking_in(state), HOST)

    assert all([content.title, content.location, content.description.partition("\n")[0]])
    assert content.description.endswith(PAGE)
    assert TOKEN not in str(content)


def test_the_words_are_the_hosts() -> None:
    content = TEXTS.content(booking(), replace(HOST, language="de"))

    assert f"Ihre Buchung: {PAGE}" in content.description


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_left_of_a_guest_who_was_erased(state: str) -> None:
    erased = replace(booking_in(state), guest=ErasedGuest("Europe/Berlin"), answers=())

    content = TEXTS.content(erased, HOST)

    assert "Intro call" == content.title
    assert not any(word in str(content) for word in ("Zoë", GUEST.email, GUEST.phone or "?"))


@settings(max_examples=50)
@given(name=hostile.names, title=hostile.titles, answer=hostile.answers)
def test_what_people_typed_stays_in_its_line_and_is_no_link(name: str, title: str, answer: str) -> None:
    guest = Guest(name, "zoe@guest.example", "UTC")

    content = TEXTS.content(booking(guest=guest, title=title, answers=(Answer(title, answer),) * 9), HOST)

    assert 1 == len(content.title.splitlines())
    assert [] == links_in(content.title)
    assert content.description.endswith(PAGE)
    assert len(content.description) < 8192
    theirs = content.description
    for ours in (ZOOM_LINK, PAGE, "zoe@guest.example"):
        theirs = theirs.replace(ours, "")
    assert [] == links_in(theirs)
