import email
import email.policy
import gc
import re
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import example, given, settings
from msgspec.structs import replace

from adapters.mail.calendar_file import invitation
from adapters.mail.message import Outgoing, booking_message, notice_message
from application.ports.mail import BookingMail, MailKind, Notice, RecipientRefused
from application.ports.mailed_revisions import Mailed
from application.ports.notices import ConnectionRemoved
from domain.booking import Cancellation, Guest
from domain.booking_page import Answer
from domain.calendar_entry import CalendarEntry, EntryState
from domain.conference import Ready
from domain.events import Party
from domain.ids import CalendarId
from tests.adapters.mail import hostile
from tests.support.mail_examples import BOOKED_AT, GUEST, HOST, ORIGIN, PARTIES, TOKEN, booking, every_mail, mail_of

NOTICE = Notice(
    "removed-7",
    datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    HOST,
    ConnectionRemoved("zoom"),
)


def sent(mail: BookingMail | Notice) -> EmailMessage:
    return read(notice_message(mail, ORIGIN) if isinstance(mail, Notice) else booking_message(mail, ORIGIN))


def read(outgoing: Outgoing) -> EmailMessage:
    message = email.message_from_bytes(outgoing.content, policy=email.policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message


def test_a_reminder_is_a_mail_of_its_own_about_its_time_and_holds_no_calendar() -> None:
    told = booking(reminders=(timedelta(hours=24),))
    at, earlier = told.slot.start - timedelta(hours=24), (Mailed(0, told.slot.start, told.created_at),)
    reminder = sent(BookingMail("reminder", "guest", told, HOST, earlier, remind_at=at))

    assert ["multipart/alternative", "text/plain", "text/html"] == shape(reminder)
    own_id = "<bk_01JD8W5N2Q.reminder.20270330T1300.20270329T1300.guest@bookings.timetuna.example>"
    assert own_id == reminder["Message-ID"]
    assert "<bk_01JD8W5N2Q.0.guest@bookings.timetuna.example>" == reminder["In-Reply-To"]
    assert at == parsedate_to_datetime(reminder["Date"])
    assert str(reminder["Subject"]).startswith("Reminder: Intro call with Anna Höst")


def test_a_host_who_leaves_is_nobody_to_answer_to_and_has_no_page_to_lead_to() -> None:
    message = sent(replace(mail_of("cancelled"), host_is_leaving=True))

    assert message["Reply-To"] is None
    assert not [part for part in message.walk() if not part.is_multipart() and TOKEN in str(part.get_content())]


def shape(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk()]


def content(message: EmailMessage, kind: str) -> str:
    (part,) = (part for part in message.walk() if part.get_content_type() == kind)
    return part.get_content().replace("\r\n", "\n")


def bytes_of(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


def headers_of(outgoing: Outgoing) -> bytes:
    return outgoing.content.partition(b"\r\n\r\n")[0]


def is_well_folded(headers: bytes) -> bool:
    """No header starts on an empty line, and encoded words are as short as RFC 2047 wants them."""
    lines = headers.split(b"\r\n")
    return all(line.partition(b":")[2].strip() for line in lines if not line.startswith(b" ")) and all(
        len(line) <= 76 for line in lines if b"=?utf-8?" in line
    )


def test_a_mail_to_the_guest_comes_from_the_service_and_is_answered_to_the_host() -> None:
    message = sent(mail_of(party="guest"))

    assert "Anna Höst via TimeTuna <invites@bookings.timetuna.example>" == message["From"]
    assert "Zoë Müller <zoe@guest.example>" == message["To"]
    assert "Anna Höst <anna@host.example>" == message["Reply-To"]
    assert "auto-generated" == message["Auto-Submitted"]
    assert datetime(2026, 11, 22, 9, 0, tzinfo=UTC) == parsedate_to_datetime(message["Date"])


def test_a_mail_to_the_host_is_answered_to_the_guest() -> None:
    message = sent(mail_of(party="host"))

    assert "Anna Höst via TimeTuna <invites@bookings.timetuna.example>" == message["From"]
    assert "Anna Höst <anna@host.example>" == message["To"]
    assert "Zoë Müller <zoe@guest.example>" == message["Reply-To"]


def test_the_first_mail_begins_a_thread() -> None:
    message = sent(mail_of(party="guest"))

    assert "<bk_01JD8W5N2Q.0.guest@bookings.timetuna.example>" == message["Message-ID"]
    assert (None, None) == (message["In-Reply-To"], message["References"])


def test_later_mails_follow_those_that_this_reader_got() -> None:
    message = sent(mail_of("rescheduled", "host"))

    first, second = (f"<bk_01JD8W5N2Q.{revision}.host@bookings.timetuna.example>" for revision in (0, 1))
    assert "<bk_01JD8W5N2Q.2.host@bookings.timetuna.example>" == message["Message-ID"]
    assert second == message["In-Reply-To"]
    assert f"{first} {second}" == message["References"]


def test_a_revision_sent_again_is_the_same_mail_and_no_answer_to_itself() -> None:
    mail = mail_of("updated")
    again = BookingMail(
        mail.kind,
        mail.party,
        mail.booking,
        mail.host,
        (*mail.earlier, Mailed(2, mail.booking.slot.start, mail.booking.created_at)),
    )

    assert booking_message(mail, ORIGIN) == booking_message(again, ORIGIN)


def test_the_same_mail_has_the_same_bytes() -> None:
    for mail in every_mail():
        assert booking_message(mail, ORIGIN) == booking_message(mail, ORIGIN)


def test_a_mail_leaves_nothing_behind_that_only_a_collection_of_garbage_would_free() -> None:
    mail = mail_of()
    booking_message(mail, ORIGIN)
    gc.collect()

    gc.disable()
    try:
        booking_message(mail, ORIGIN)
        assert 0 == gc.collect()
    finally:
        gc.enable()


def test_two_mails_never_share_a_boundary() -> None:
    boundaries = [part.get_boundary() for mail in (mail_of(), mail_of(party="host")) for part in sent(mail).walk()]

    found = [boundary for boundary in boundaries if boundary]
    assert 4 == len(found) == len(set(found))


def test_the_parts_are_where_mail_programs_look_for_them() -> None:
    for mail in every_mail():
        message = sent(mail)

        assert [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "text/calendar",
            "application/ics",
        ] == shape(message)
        _, _, text, html, calendar, attached = message.walk()
        method = "CANCEL" if mail.kind == "cancelled" else "REQUEST"
        assert ("utf-8", "utf-8") == (text.get_content_charset(), html.get_content_charset())
        assert {"charset": "utf-8", "method": method} == dict(calendar["Content-Type"].params)
        assert calendar["Content-Disposition"] is None
        assert "invite.ics" == attached.get_filename() == attached["Content-Type"].params["name"]
        assert "attachment" == attached.get_content_disposition()
        assert ["quoted-printable", "quoted-printable", "base64", "base64"] == [
            part["Content-Transfer-Encoding"] for part in (text, html, calendar, attached)
        ]


def test_the_invitation_arrives_byte_for_byte_both_times() -> None:
    for mail in every_mail():
        *_, calendar, attached = sent(mail).walk()
        file = invitation(mail, ORIGIN)

        assert file == bytes_of(calendar) == bytes_of(attached)


def test_the_bytes_are_fit_for_any_server() -> None:
    for mail in every_mail():
        outgoing = booking_message(mail, ORIGIN)

        assert outgoing.content.isascii()
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", outgoing.content)
        assert 200 >= max(len(line) for line in outgoing.content.split(b"\r\n"))
        assert is_well_folded(headers_of(outgoing))
        body = outgoing.content.partition(b"\r\n\r\n")[2]
        encoded = [line for line in body.split(b"\r\n") if not line.startswith((b"Content-", b"--"))]
        assert 76 >= max(len(line) for line in encoded)


def test_a_mail_to_the_host_never_carries_the_guests_link() -> None:
    for mail in every_mail():
        everything = " ".join(
            bytes_of(part).decode().replace("\r\n ", "") for part in sent(mail).walk() if not part.is_multipart()
        )

        assert (mail.party == "guest") == (TOKEN in everything)
        assert (mail.party == "host") == ("https://timetuna.example/bookings/bk_01JD8W5N2Q" in everything)


def test_html_links_show_where_they_lead_and_nothing_is_loaded() -> None:
    for mail in every_mail():
        html = content(sent(mail), "text/html")

        assert '<html lang="en">' in html
        assert not re.search(r"<img|<link\b|<script|src=|url\(|@import|display:\s*none", html)
        for target, words in re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', html):
            assert words == target or "://" not in words


def test_an_address_that_no_server_can_be_told_is_refused() -> None:
    for address in (
        "zoë@guest.example",
        "a b@guest.example",
        "zoe@guest.example\r\nBcc: x@y.example",
    ):
        with pytest.raises(RecipientRefused):
            booking_message(mail_of(about=booking(guest=replace(GUEST, email=address))), ORIGIN)


def test_a_mail_is_sent_even_if_the_other_side_has_no_usable_address() -> None:
    message = sent(mail_of(party="host", about=booking(guest=replace(GUEST, email="no body@guests.example"))))

    assert message["Reply-To"] is None
    assert "Reply to reach" not in content(message, "text/plain")


def test_a_name_that_looks_like_an_encoded_word_is_read_as_it_was_typed() -> None:
    name = "=?utf-8?q?=0D=0ABcc=3A_evil=40x=2Eexample?="
    message = sent(mail_of(about=booking(guest=replace(GUEST, name=name), title=name)))

    assert "= ?utf-8?q?=0D=0ABcc=3A_evil=40x=2Eexample?=" == message["To"].addresses[0].display_name
    assert "Confirmed: = ?utf-8?q?=0D=0ABcc=3A_evil=40x=2Eexample?= with" in message["Subject"]


def test_a_notice_is_a_mail_with_one_button_and_no_calendar() -> None:
    message = sent(NOTICE)

    assert ["multipart/alternative", "text/plain", "text/html"] == shape(message)
    assert "TimeTuna <invites@bookings.timetuna.example>" == message["From"]
    assert "Anna Höst <anna@host.example>" == message["To"]
    assert "Action needed: Zoom is no longer connected" == message["Subject"]
    assert "<notice.removed-7@bookings.timetuna.example>" == message["Message-ID"]
    text = content(message, "text/plain")
    assert "\n\nConnect Zoom:\nhttps://timetuna.example/settings/providers\n" in text
    assert 'href="https://timetuna.example/settings/providers"' in content(message, "text/html")
    assert notice_message(NOTICE, ORIGIN) == notice_message(NOTICE, ORIGIN)


@settings(deadline=None)
@given(
    name=hostile.names,
    other=hostile.names,
    title=hostile.titles,
    address=hostile.addresses,
    answer=hostile.answers,
    link=hostile.links,
)
def test_no_text_from_people_adds_a_header_a_recipient_or_a_part(
    name: str, other: str, title: str, address: str, answer: str, link: str
) -> None:
    hacked = booking(
        guest=replace(GUEST, name=name),
        title=title,
        cancellation=Cancellation("guest", BOOKED_AT, answer),
        answers=(Answer(other, answer),),
        conference=Ready(link, name, other, "zoom"),
    )
    host = replace(HOST, email=address, name=other)
    for kind in ("confirmed", "cancelled"):
        outgoing = booking_message(mail_of(kind, "guest", hacked, host), ORIGIN)
        message = read(outgoing)

        known = {"from", "to", "reply-to", "subject", "message-id", "date", "auto-submitted", "mime-version"}
        known |= {"content-type", "in-reply-to", "references", "list-unsubscribe", "list-unsubscribe-post"}
        assert set() == {header.lower() for header in message} - known
        assert len(message.keys()) == len(set(message.keys()))
        assert ["zoe@guest.example"] == [each.addr_spec for each in message["To"].addresses]
        assert ["invites@bookings.timetuna.example"] == [each.addr_spec for each in message["From"].addresses]
        assert 6 == len(shape(message))
        assert is_well_folded(headers_of(outgoing))
        assert re.search(r"Content-Type: text/calendar", outgoing.content.decode())
        assert "<a " not in re.sub(r'<a (class="link" )?href="https?://', "", content(message, "text/html"))


@settings(deadline=None)
@given(address=hostile.addresses, name=hostile.names)
@example(address="=?utf-8?q?=0Abcc=3Avictim?=@example.com", name="Ana")
@example(address="=?utf-8?q?a?=b@example.com", name="Ana")
def test_a_hostile_address_gets_its_own_mail_or_none(address: str, name: str) -> None:
    mail = mail_of(about=booking(guest=Guest(name, address, "Europe/Berlin")))
    try:
        outgoing = booking_message(mail, ORIGIN)
    except RecipientRefused:
        return

    assert address == outgoing.recipient
    assert [address] == [each.addr_spec for each in read(outgoing)["To"].addresses]


@pytest.mark.parametrize("party", PARTIES)
def test_long_names_are_kept_on_the_line_of_their_header(party: str) -> None:
    long = booking(guest=replace(GUEST, name="Zoë " * 24 + "Zoë"), title="Ein sehr langes Gespräch " * 4)
    mail = mail_of("rescheduled", "host" if party == "host" else "guest", long, replace(HOST, name="漢字" * 50))

    headers = headers_of(booking_message(mail, ORIGIN))
    written = BytesHeaderParser().parsebytes(headers)["To" if party == "guest" else "Reply-To"]

    assert is_well_folded(headers)
    assert f"{'Zoë ' * 24}Zoë <zoe@guest.example>" == str(make_header(decode_header(written)))


def in_calendar(mail: BookingMail, state: EntryState = "written") -> BookingMail:
    entry = CalendarEntry(calendar_id=CalendarId("work"), owed_since=mail.booking.created_at, state=state)
    return replace(mail, booking=replace(mail.booking, entry=entry))


@pytest.mark.parametrize("kind", ["confirmed", "rescheduled", "cancelled"])
def test_a_host_whose_calendar_holds_the_event_gets_a_copy_and_no_invitation(kind: MailKind) -> None:
    message = sent(in_calendar(mail_of(kind, "host")))

    assert ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/ics"] == shape(message)
    file = file_in(message)
    assert "METHOD:PUBLISH" in file
    assert "ORGANIZER" in file
    assert "ATTENDEE" not in file
    assert ("STATUS:CANCELLED" in file) == (kind == "cancelled")
    assert "We update your calendar ourselves." in content(message, "text/plain")


@pytest.mark.parametrize(("party", "state"), [("guest", "written"), ("host", "stuck")])
def test_everybody_else_is_invited(party: Party, state: EntryState) -> None:
    assert "text/calendar" in shape(sent(in_calendar(mail_of(party=party), state)))


def test_a_host_hears_that_the_calendar_is_late() -> None:
    late = replace(in_calendar(mail_of("rescheduled", "host"), "pending"), entry_is_late=True)

    assert "Your calendar doesn’t show the latest state of this booking" in content(sent(late), "text/plain")
    assert "Your calendar doesn’t show" not in content(sent(mail_of("rescheduled", "host")), "text/plain")


def file_in(message: EmailMessage) -> str:
    (part,) = (part for part in message.walk() if part.get_content_type() == "application/ics")
    return bytes_of(part).decode()
