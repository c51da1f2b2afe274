"""Whatever people type, no mail or calendar program finds a link in our mails that isn't ours."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from html.parser import HTMLParser
from itertools import cycle, product
from typing import Any, cast

import msgspec
import pytest
from icalendar import Calendar
from msgspec.structs import replace

from adapters.locales.catalogues import languages
from adapters.mail.calendar_file import IcalendarFiles
from adapters.mail.inert import HAIR_SPACE, WORD_JOINER
from adapters.mail.message import booking_message, confirmation_message, notice_message, proposal_message
from adapters.mail.support import support_message
from adapters.presentation.language import speaking
from application.ports import notices
from application.ports.mail import (
    BookingMail,
    ConfirmationLink,
    ConfirmationMail,
    Invitee,
    Notice,
    ProposalMail,
    SupportMail,
)
from domain.additional_guest import AdditionalGuest
from domain.booking import Booking, Cancellation, Move
from domain.booking_page import Answer
from domain.events import TimesProposed
from domain.fallback import ChosenByHost
from domain.ids import BookingId, GuestToken, LeaveToken, SupportThreadId, SupportToken
from domain.meeting_type import InPerson
from domain.support_thread import SupportThread, ThreadMessage
from tests.support.builders import altered
from tests.support.every import every
from tests.support.linkifiers import as_seen, links_in
from tests.support.mail_examples import (
    BOOKED_AT,
    EARLIER_START,
    GUEST,
    HOST,
    KINDS,
    ORIGIN,
    PARTIES,
    STATES,
    ZOOM_LINK,
    booking_in,
    every_mail,
    mail_of,
)

# Each fits into a name.
LURES = (
    "Win at https://evil.example/now www.evil.com/x evil.com 192.168.1.1 //evil.org",
    r"bob@evil.com mailto:bob@evil.com tel:+1900123456 \\evil\share <https://evil.com>",
    "www.evil.com/x@evil.org xn--80ak6aa92e.com аррӏе.com evil．com http:evil.com bob＠evil.com",
)
OURS = ("https://timetuna.example/", ZOOM_LINK, "https://meet.example/anna")
LANGUAGES = languages()


@pytest.mark.parametrize("language", ["en", "de"])
def test_our_own_words_stay_as_they_are(language: str) -> None:
    with speaking(LANGUAGES.of(language)):
        mails = [booking_message(each, ORIGIN) for each in every_mail()]

    for mail in mails:
        told = message_from_bytes(mail.content, policy=default)
        texts = [
            told["Subject"],
            *(each.get_content() for each in told.walk() if each.get_content_maintype() == "text"),
        ]
        assert [] == [text for text in texts if WORD_JOINER in text or HAIR_SPACE in text]


class Html(HTMLParser):
    """The words of a page outside of links, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hrefs: list[str] = []
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"a", "style"}
        self.hrefs += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"a", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def is_ours(url: str) -> bool:
    return url.startswith(OURS)


def without_our_links(text: str) -> str:
    return re.sub(r"https://\S+", lambda found: "" if is_ours(found[0]) else found[0], text)


def lured(lure: str, state: str) -> Booking:
    """A booking with a lure wherever people type."""
    booking = booking_in(
        state,
        title=lure,
        guest=replace(GUEST, name=lure),
        answers=(Answer(lure, f"{lure}\n{lure}"),),
        move=Move("guest", EARLIER_START, lure),
        fallback=ChosenByHost(),
    )
    place = InPerson(lure) if state == "in person" else booking.meeting_type
    return altered(booking, meeting_type=place, cancellation=Cancellation("guest", BOOKED_AT, lure))


_STATES = ("ready", "failed", "guest calls", "in person")
BOB = Invitee(0, GUEST.email, LeaveToken("token"))


def mails(lure: str) -> Iterator[BookingMail]:
    host = replace(HOST, name=lure)
    for state in _STATES:
        cancelled = lured(lure, state)
        booking = altered(cancelled, cancellation=None)
        yield BookingMail("reminder", "guest", booking, host)
        for kind, party in product(KINDS, PARTIES):
            yield mail_of(kind, party, cancelled if kind == "cancelled" else booking, host)
        for kind in KINDS:
            yield replace(mail_of(kind, about=cancelled if kind == "cancelled" else booking, host=host), invitee=BOB)
        yield BookingMail("left", "guest", booking, host, invitee=replace(BOB, left_at=BOOKED_AT))


def asked_to_confirm(lure: str) -> ConfirmationMail:
    held = altered(lured(lure, "ready"), cancellation=None, move=None, held_until=BOOKED_AT)
    return ConfirmationMail(held, replace(HOST, name=lure), ConfirmationLink(GuestToken("token"), "proof"), BOOKED_AT)


def seen(message: EmailMessage) -> Iterator[str]:
    """Every text of a mail that a program shows."""
    yield str(message["Subject"])
    for header in ("From", "To", "Reply-To"):
        yield from (name for name, _ in getaddresses([str(message[header] or "")]))
    for part in message.walk():
        match part.get_content_type():
            case "text/plain":
                yield without_our_links(part.get_content())
            case "text/html":
                html = Html(part.get_content())
                assert [] == [link for link in html.hrefs if not is_ours(link)]
                yield from html.words
            case "text/calendar":
                yield from seen_in_calendar(part.get_payload(decode=True))
            case _:
                continue


def seen_in_calendar(file: object) -> Iterator[str]:
    assert isinstance(file, bytes)
    [event] = cast("Any", Calendar).from_ical(file).walk("VEVENT")
    people: list[Any] = [event["ORGANIZER"]]
    attendees: Any = event.get("ATTENDEE", [])
    people += attendees if isinstance(attendees, list) else [attendees]
    yield from (str(person.params["CN"]) for person in people)
    for name in ("SUMMARY", "DESCRIPTION", "LOCATION"):
        yield without_our_links(str(event.get(name, "")))


def strange(texts: Iterator[str]) -> list[tuple[str, list[str]]]:
    """The texts with links in them; the guest's own address is one that the host may write to."""
    shown = [each.replace(GUEST.email, "") for each in texts]
    return [(each, links) for each in shown if (links := links_in(each))]


@pytest.mark.parametrize(("lure", "language"), [*((lure, "en") for lure in LURES), (LURES[0], "de")])
def test_no_mail_about_a_booking_has_a_link_of_a_stranger(lure: str, language: str) -> None:
    with speaking(LANGUAGES.of(language)):
        for mail in mails(lure):
            message = message_from_bytes(booking_message(mail, ORIGIN).content, policy=default)
            assert isinstance(message, EmailMessage)
            assert [] == strange(seen(message)), (mail.kind, mail.party)


@pytest.mark.parametrize("lure", LURES)
def test_no_calendar_file_to_download_has_a_link_of_a_stranger(lure: str) -> None:
    files = IcalendarFiles(ORIGIN.sender, ORIGIN.public_url)
    for state in STATES:
        booking = altered(lured(lure, state), cancellation=None)
        assert [] == strange(seen_in_calendar(files.download(booking, replace(HOST, name=lure))))


@pytest.mark.parametrize("lure", LURES)
def test_no_mail_that_asks_for_confirmation_has_a_link_of_a_stranger(lure: str) -> None:
    message = message_from_bytes(confirmation_message(asked_to_confirm(lure), ORIGIN).content, policy=default)
    assert isinstance(message, EmailMessage)

    assert [] == strange(seen(message))


@pytest.mark.parametrize("lure", LURES)
def test_no_mail_with_proposed_times_has_a_link_of_a_stranger(lure: str) -> None:
    proposal = TimesProposed(booking_id=BookingId("b1"), at=BOOKED_AT, starts=(EARLIER_START,), note=f"{lure}\n{lure}")
    mail = ProposalMail(altered(lured(lure, "ready"), cancellation=None), replace(HOST, name=lure), proposal)
    message = message_from_bytes(proposal_message(mail, ORIGIN).content, policy=default)
    assert isinstance(message, EmailMessage)

    assert [] == strange(seen(message))


def lure_in(value: Any, lure: str) -> Any:
    """The same with a lure in each text that people write, or other servers; tokens and addresses are ours."""
    if isinstance(value, tuple):
        return tuple(lure_in(each, lure) for each in cast("tuple[Any, ...]", value))
    if not isinstance(value, msgspec.Struct):
        return lure if value == A_TEXT else value
    fields = {name: getattr(value, name) for name in value.__struct_fields__ if name not in OUR_OWN}
    return replace(value, **{name: lure_in(each, lure) for name, each in fields.items()})


A_TEXT = "Ω"
"""Which `every` puts in every text."""

OUR_OWN = {"token", "email", "booking_id", "webhook_id"}


def test_no_notice_has_a_link_of_a_stranger() -> None:
    for about, lure in zip(every(notices.About), cycle(LURES), strict=False):
        notice = Notice("notice-1", BOOKED_AT, replace(HOST, name=lure), lure_in(about, lure))
        message = message_from_bytes(notice_message(notice, ORIGIN).content, policy=default)
        assert isinstance(message, EmailMessage)
        assert [] == strange(seen(message)), about


@pytest.mark.parametrize("lure", LURES)
def test_no_message_to_support_has_a_link(lure: str) -> None:
    said = ThreadMessage("visitor", BOOKED_AT, lure), ThreadMessage("operator", BOOKED_AT, "Try again.")
    thread = SupportThread(
        SupportThreadId("thread-1"), SupportToken("token"), "www.evil.com/x@evil.example", lure, "en", said
    )
    for mail in (
        SupportMail(kind="to_operator", to="operator@timetuna.example", thread=thread, number=0, desk_link="link"),
        SupportMail(kind="receipt", to=GUEST.email, thread=thread, number=0),
        SupportMail(kind="answer", to=GUEST.email, thread=thread, number=1),
    ):
        message = message_from_bytes(support_message(mail, ORIGIN).content, policy=default)
        assert isinstance(message, EmailMessage)
        assert [] == strange(seen(message))


def test_the_guests_address_can_be_copied_from_the_hosts_mail() -> None:
    message = message_from_bytes(booking_message(mail_of(party="host"), ORIGIN).content, policy=default)
    assert isinstance(message, EmailMessage)

    assert any(GUEST.email in each for each in seen(message))
    assert GUEST.email in message["Reply-To"]


@pytest.mark.parametrize("email", ["www.evil.com/login@guest.example", "https//evil.com@guest.example"])
def test_an_address_that_reads_as_a_link_is_none(email: str) -> None:
    along = AdditionalGuest(email)
    booking = replace(booking_in("ready"), guest=replace(GUEST, email=email), additional_guests=(along,))
    message = message_from_bytes(booking_message(mail_of(party="host", about=booking), ORIGIN).content, policy=default)
    assert isinstance(message, EmailMessage)

    assert [] == [each for each in seen(message) if links_in(each)]
    assert email in message["Reply-To"]


@pytest.mark.parametrize("email", ["www.evil.com/login@guest.example", "https//evil.com@guest.example"])
def test_the_address_of_who_has_left_is_none_either(email: str) -> None:
    about = notices.GuestHasLeft(BookingId("b1"), email, "Intro", "Ana", BOOKED_AT, "UTC")
    notice = Notice("notice-1", BOOKED_AT, HOST, about)
    message = message_from_bytes(notice_message(notice, ORIGIN).content, policy=default)
    assert isinstance(message, EmailMessage)

    assert [] == [each for each in seen(message) if links_in(each)]


@pytest.mark.parametrize("lure", LURES)
def test_what_is_read_is_what_was_typed(lure: str) -> None:
    message = message_from_bytes(booking_message(mail_of(about=lured(lure, "ready")), ORIGIN).content, policy=default)
    assert isinstance(message, EmailMessage)
    plain = message.get_body(("plain",))
    assert plain is not None

    assert lure in as_seen(plain.get_content())


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_sender_always_reads_as_coming_through_us(language: str) -> None:
    with speaking(LANGUAGES.of(language)):
        posing = "PayPal Security <security@paypal.example>"
        outgoing = [booking_message(mail, ORIGIN) for mail in mails(posing)]
        for each in (*outgoing, confirmation_message(asked_to_confirm(posing), ORIGIN)):
            message = message_from_bytes(each.content, policy=default)
            [(name, address)] = getaddresses([str(message["From"])])
            assert name.endswith(" via TimeTuna")
            assert ORIGIN.sender == address
