import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from adapters.mail.calendar_file import IcalendarFiles, invitation
from application.ports.mail import BookingMail
from domain.booking import Cancellation, Guest
from domain.booking_page import LONGEST_ANSWER, MOST_QUESTIONS, Answer
from domain.conference import Ready
from domain.events import Party
from tests.adapters.mail import hostile
from tests.support.builders import altered
from tests.support.ical_referees import (
    lint,
    properties,
    read_by_ical,
    read_by_icalendar,
    refused_by_libical,
    unfolded_event,
)
from tests.support.mail_examples import (
    BOOKED_AT,
    FAILED,
    GUEST,
    GUEST_CALLS,
    HOST,
    HOST_CALLS,
    ORIGIN,
    PARTIES,
    PENDING,
    START,
    TOKEN,
    ZOOM_LINK,
    booking,
    booking_in,
    every_mail,
    mail_of,
)

ALWAYS = {
    "ATTENDEE": 2, "CREATED": 1, "DESCRIPTION": 1, "DTEND": 1, "DTSTAMP": 1, "DTSTART": 1, "LAST-MODIFIED": 1,
    "LOCATION": 1, "ORGANIZER": 1, "SEQUENCE": 1, "STATUS": 1, "SUMMARY": 1, "TRANSP": 1, "UID": 1, "URL": 1,
}  # fmt: skip
PUBLISHED = {name: count for name, count in ALWAYS.items() if name not in {"ATTENDEE", "URL"}}

published = IcalendarFiles(ORIGIN.sender, ORIGIN.public_url)
each_party = pytest.mark.parametrize("party", PARTIES)


def file_of(mail: BookingMail) -> bytes:
    return invitation(mail, ORIGIN)


def download_of(mail: BookingMail) -> bytes:
    return published.download(mail.booking, mail.host)


def lines_of(mail: BookingMail, name: str) -> list[str]:
    return [line for line in unfolded_event(file_of(mail)) if re.match(f"{name}[;:]", line)]


def test_every_invitation_is_sound_bytes() -> None:
    for mail in every_mail():
        assert [] == lint(file_of(mail))


def test_every_download_is_sound_bytes() -> None:
    for mail in every_mail():
        assert [] == lint(download_of(mail))


def test_an_invitation_has_exactly_the_properties_it_should() -> None:
    for mail in every_mail():
        has_link = isinstance(mail.booking.conference, Ready) and mail.kind != "cancelled"

        assert ALWAYS | ({"CONFERENCE": 1} if has_link else {}) == properties(file_of(mail))


def test_a_download_invites_nobody() -> None:
    for mail in every_mail():
        has_link = isinstance(mail.booking.conference, Ready) and mail.kind != "cancelled"

        assert PUBLISHED | ({"CONFERENCE": 1} if has_link else {}) == properties(download_of(mail))
        assert b"METHOD:PUBLISH\r\n" in download_of(mail)


def test_a_strict_reader_takes_every_file_and_sees_the_same_times() -> None:
    for mail in every_mail():
        for file in (file_of(mail), download_of(mail)):
            event = read_by_ical(file)

            assert (mail.booking.slot.start, mail.booking.slot.end) == (event.dtstart, event.dtend)
            assert "Intro call: Anna Höst and Zoë Müller" == event.summary
            assert mail.booking.revision == event.sequence


@pytest.mark.libical
def test_libical_finds_every_file_true_to_its_method() -> None:
    for mail in every_mail():
        assert [] == refused_by_libical(file_of(mail))
        assert [] == refused_by_libical(download_of(mail))


@pytest.mark.libical
def test_libical_is_a_referee_that_says_no() -> None:
    request_that_cancels = file_of(mail_of()).replace(b"STATUS:CONFIRMED", b"STATUS:CANCELLED")

    assert refused_by_libical(request_that_cancels)


@each_party
def test_the_event_is_the_same_for_life_and_each_revision_ranks_higher(party: Party) -> None:
    first, later = (read_by_icalendar(file_of(mail_of(kind, party))) for kind in ("confirmed", "rescheduled"))

    assert "bk_01JD8W5N2Q@bookings.timetuna.example" == first["UID"] == later["UID"]
    assert (0, 2) == (first["SEQUENCE"], later["SEQUENCE"])
    assert datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC) == first["DTSTAMP"].dt == first["LAST-MODIFIED"].dt
    assert datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC) == later["DTSTAMP"].dt == later["LAST-MODIFIED"].dt
    assert first["CREATED"].dt == later["CREATED"].dt == datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC)


def test_times_are_written_in_utc() -> None:
    assert ["DTSTART:20270330T130000Z"] == lines_of(mail_of(), "DTSTART")
    assert ["DTEND:20270330T133000Z"] == lines_of(mail_of(), "DTEND")


@each_party
def test_the_service_organizes_in_the_hosts_name(party: Party) -> None:
    assert ['ORGANIZER;CN="Anna Höst via TimeTuna":mailto:invites@bookings.timetuna.example'] == lines_of(
        mail_of(party=party), "ORGANIZER"
    )


def test_a_double_quote_in_a_name_needs_no_escape_that_some_readers_lack() -> None:
    ace = replace(HOST, name='Anna "Ace" Höst')

    assert lines_of(mail_of(host=ace), "ORGANIZER")[0].startswith("ORGANIZER;CN=\"Anna 'Ace' Höst via TimeTuna\":")


def test_the_reader_is_the_first_attendee_and_both_have_accepted() -> None:
    zoe = (
        'ATTENDEE;CN="Zoë Müller";CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE'
        ":mailto:zoe@guest.example"
    )
    anna = zoe.replace("Zoë Müller", "Anna Höst").replace("zoe@guest", "anna@host")

    assert [zoe, anna] == lines_of(mail_of(party="guest"), "ATTENDEE")
    assert [anna, zoe] == lines_of(mail_of(party="host"), "ATTENDEE")


def test_who_books_a_meeting_with_themselves_is_listed_once() -> None:
    herself = replace(GUEST, email="Anna@Host.example")

    assert 1 == len(lines_of(mail_of(about=booking(guest=herself)), "ATTENDEE"))


def test_the_link_is_the_place_the_first_line_and_the_conference() -> None:
    event = read_by_icalendar(file_of(mail_of()))

    assert ZOOM_LINK == event["LOCATION"]
    assert f"Join: {ZOOM_LINK}" == event["DESCRIPTION"].split("\n")[0]
    assert [f"CONFERENCE;FEATURE=AUDIO,VIDEO;LABEL=Join video call;VALUE=URI:{ZOOM_LINK}"] == lines_of(
        mail_of(), "CONFERENCE"
    )
    assert "Meeting ID: 812 3456 7890\nPasscode: s3cret" in event["DESCRIPTION"]


@pytest.mark.parametrize(
    ("state", "location"),
    [
        ("pending", "Online"),
        ("failed", "Online"),
        ("ready by hand", "https://meet.example/anna"),
        ("host calls", "Phone: Anna Höst calls Zoë Müller at +49 30 1234567"),
        ("guest calls", "Phone: Zoë Müller calls Anna Höst at +49 30 7654321"),
        ("in person", "TimeTuna GmbH Hauptstraße 1; Hof, 10115 Berlin"),
    ],
)
def test_the_location_says_how_they_meet(state: str, location: str) -> None:
    assert location == read_by_icalendar(file_of(mail_of(about=booking_in(state))))["LOCATION"]


def test_without_a_link_the_description_says_where_it_will_come_from() -> None:
    pending, failed = booking(conference=PENDING), booking(conference=FAILED)

    assert read_by_icalendar(file_of(mail_of(about=pending)))["DESCRIPTION"].startswith("The link follows")
    assert read_by_icalendar(file_of(mail_of(about=failed)))["DESCRIPTION"].startswith("Anna Höst will send the link.")


@pytest.mark.parametrize(
    ("phone", "guests_words", "hosts_words"),
    [
        (HOST_CALLS, "Anna Höst calls you at +49 30 1234567", "You call Zoë Müller at +49 30 1234567"),
        (GUEST_CALLS, "You call Anna Höst at +49 30 7654321", "Zoë Müller calls you at +49 30 7654321"),
    ],
)
def test_each_side_reads_who_calls_whom(phone: object, guests_words: str, hosts_words: str) -> None:
    call = booking_in("host calls", revision=0)
    call = altered(call, meeting_type=phone)

    assert guests_words in read_by_icalendar(file_of(mail_of(party="guest", about=call)))["DESCRIPTION"]
    assert hosts_words in read_by_icalendar(file_of(mail_of(party="host", about=call)))["DESCRIPTION"]


def test_a_cancellation_takes_the_event_away_and_names_no_link() -> None:
    file = file_of(mail_of("cancelled", about=booking(cancellation=Cancellation("guest", BOOKED_AT, "Ill,\nsorry"))))
    event = read_by_icalendar(file)

    assert b"METHOD:CANCEL\r\n" in file
    assert ("CANCELLED", "TRANSPARENT") == (event["STATUS"], event["TRANSP"])
    assert START == event["DTSTART"].dt
    assert "Intro call: Anna Höst and Zoë Müller" == event["SUMMARY"]
    assert "This meeting was cancelled.\nReason: Ill,\nsorry" in event["DESCRIPTION"]
    assert "zoom.us" not in file.decode().replace("\r\n ", "")


def test_a_download_of_a_cancelled_booking_says_so() -> None:
    file = download_of(mail_of("cancelled"))

    assert b"METHOD:PUBLISH\r\n" in file
    assert "CANCELLED" == read_by_icalendar(file)["STATUS"]


def test_only_the_guests_copy_has_the_guests_link() -> None:
    for mail in every_mail():
        text = file_of(mail).decode().replace("\r\n ", "")
        guests, hosts = f"https://timetuna.example/b/{TOKEN}", "https://timetuna.example/bookings/bk_01JD8W5N2Q"

        own, others = (guests, hosts) if mail.party == "guest" else (hosts, guests)
        assert f"URL:{own}\r\n" in text
        assert others not in text
        assert (mail.party == "guest") == (TOKEN in text)


def test_the_download_has_the_guests_link_for_it_is_the_guests_own() -> None:
    for mail in every_mail():
        description = str(read_by_icalendar(download_of(mail))["DESCRIPTION"])

        assert f"https://timetuna.example/b/{TOKEN}" in description
        assert "/bookings/" not in description


def test_the_hosts_copy_tells_what_the_guest_has_told() -> None:
    description = read_by_icalendar(file_of(mail_of(party="host")))["DESCRIPTION"]

    assert "Guest: Zoë Müller\nEmail: zoe@guest.example\nPhone: +49 30 1234567" in description
    assert "What is it about?:\nTuna\nand time" in description


def test_a_description_has_whole_answers() -> None:
    answer = "ö" * LONGEST_ANSWER

    file = file_of(mail_of(party="host", about=booking(answers=(Answer("Why?", answer),))))

    assert str(read_by_icalendar(file)["DESCRIPTION"]).endswith(f"Why?: {answer}")


def test_a_description_stays_small_however_much_a_guest_answers_and_says_where_it_was_cut() -> None:
    chatty = booking(answers=tuple(Answer("Why?", "ö" * LONGEST_ANSWER) for _ in range(MOST_QUESTIONS)))

    description = str(read_by_icalendar(file_of(mail_of(party="host", about=chatty)))["DESCRIPTION"])

    assert 7000 == len(description)
    assert description.endswith("ö…")


def test_the_same_booking_makes_the_same_bytes() -> None:
    for mail in every_mail():
        assert file_of(mail) == file_of(mail)
        assert download_of(mail) == download_of(mail)


@settings(deadline=None)
@given(
    name=hostile.names,
    other=hostile.names,
    title=hostile.titles,
    address=hostile.addresses,
    answer=hostile.answers,
    link=hostile.links,
)
def test_no_text_from_people_breaks_the_file(
    name: str, other: str, title: str, address: str, answer: str, link: str
) -> None:
    hacked = booking(
        guest=Guest(name, address, "Europe/Berlin"),
        title=title,
        answers=(Answer(other, answer),),
        conference=Ready(link, name, other, "zoom"),
    )
    host = replace(HOST, email=address, name=other)
    for kind in ("confirmed", "cancelled"):
        for party in PARTIES:
            mail = mail_of(kind, party, hacked, host)
            file = file_of(mail)

            assert [] == lint(file)
            assert set() == set(properties(file)) - set(ALWAYS) - {"CONFERENCE"}
            assert 1 == properties(file)["SUMMARY"]
            assert read_by_ical(file).summary == str(read_by_icalendar(file)["SUMMARY"])


def test_revisions_rise_over_a_bookings_life() -> None:
    stamps = [read_by_icalendar(file_of(mail_of(kind)))["DTSTAMP"].dt for kind in ("confirmed", "cancelled")]

    assert stamps[0] + timedelta(hours=1) == stamps[1]
