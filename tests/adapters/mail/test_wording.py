import re
from datetime import UTC, datetime, timedelta
from html import escape

import pytest
from msgspec.structs import replace

from adapters.mail.layout import as_html, as_text
from adapters.mail.letter import Letter
from adapters.mail.origin import MailOrigin
from adapters.mail.times import in_subject, in_text, start_in_text
from adapters.mail.wording import ALERT, letter_of, letter_to_confirm, letter_to_guest, letter_to_host
from application.ports.mail import BookingMail, ConfirmationLink, ConfirmationMail, MailKind, Notice
from application.ports.mailed_revisions import Mailed
from application.ports.notices import ConnectionRemoved
from domain.booking import Cancellation, Move
from domain.conference import NoConference, Ready
from domain.events import Party
from domain.fallback import ChosenByHost, MeetingTypeUnusable
from domain.ids import GuestToken
from domain.meeting_type import MicrosoftTeams, Obstacle, Phone
from domain.picture import PictureDigest
from domain.slot import Slot
from tests.support.builders import altered
from tests.support.mail_examples import (
    BOOKED_AT,
    EARLIER_START,
    FAILED,
    GUEST,
    HOST,
    LATE,
    ORIGIN,
    PENDING,
    START,
    TOKEN,
    ZOOM_LINK,
    booking,
    booking_in,
    every_mail,
    mail_of,
)


def letter(mail: BookingMail) -> Letter:
    return letter_to_guest(mail, ORIGIN) if mail.party == "guest" else letter_to_host(mail, ORIGIN)


def text_of(mail: BookingMail) -> str:
    return as_text(letter(mail))


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        ("confirmed", "Confirmed: "),
        ("updated", "Updated: "),
        ("link_added", "Link added: "),
        ("rescheduled", "Rescheduled: "),
        ("cancelled", "Cancelled: "),
    ],
)
def test_the_subject_says_what_with_whom_and_when_in_the_readers_zone(kind: MailKind, begins: str) -> None:
    to_guest, to_host = letter(mail_of(kind, "guest")), letter(mail_of(kind, "host"))

    assert to_guest.subject.startswith(
        f"{begins}Intro call with Anna Höst, Tue, 30 Mar 2027, 09:00 (Eastern Time – New York)"
    )
    assert to_host.subject.startswith(
        f"{begins}Intro call with Zoë Müller, Tue, 30 Mar 2027, 15:00 (Central European Time – Berlin)"
    )


def test_the_body_names_the_zone_and_its_distance_from_utc() -> None:
    assert "Tuesday, 30 March 2027, 09:00 to 09:30\n    Eastern Time – New York (UTC-04:00)" in text_of(mail_of())
    assert "Tuesday, 30 March 2027, 15:00 to 15:30\n    Central European Time – Berlin (UTC+02:00)" in text_of(
        mail_of(party="host")
    )


def test_a_host_who_moved_since_reads_the_bookings_zone() -> None:
    mail = mail_of(party="host", host=replace(HOST, timezone="Asia/Tokyo"))

    assert "Tokyo" not in text_of(mail)


def test_a_moved_booking_tells_the_old_time_too() -> None:
    mail = mail_of("rescheduled", "host")

    assert letter(mail).subject.endswith("15:00 (Central European Time – Berlin), was Mon, 29 Mar 2027, 10:00")
    assert "Before:\n    Monday, 29 March 2027, 10:00\n    Central European Time – Berlin (UTC+02:00)" in text_of(mail)


def test_the_old_time_is_the_one_that_this_reader_was_told() -> None:
    told = datetime(2027, 3, 28, 8, 0, tzinfo=UTC)
    moved_twice = booking(revision=2, last_change="rescheduled", move=Move("guest", EARLIER_START))
    mail = BookingMail("rescheduled", "guest", moved_twice, HOST, (Mailed(0, told, BOOKED_AT),))

    assert "Sunday, 28 March 2027, 04:00" in text_of(mail)


@pytest.mark.parametrize("party", ["guest", "host"])
def test_the_link_stands_alone_on_its_line(party: Party) -> None:
    assert f"\nJoin Zoom meeting:\n{ZOOM_LINK}\n" in text_of(mail_of(party=party))


@pytest.mark.parametrize("party", ["guest", "host"])
def test_html_has_a_button_and_the_bare_link(party: Party) -> None:
    html = as_html(letter(mail_of(party=party)))
    escaped = ZOOM_LINK.replace("&", "&amp;")

    assert re.search(rf'<a href="{re.escape(escaped)}"[^>]*>Join Zoom meeting</a>', html)
    assert re.search(rf'<a [^>]*href="{re.escape(escaped)}"[^>]*>{re.escape(escaped)}</a>', html)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("81234567890", "812 3456 7890"),
        ("1234567890", "123 456 7890"),
        ("123456789", "123 456 789"),
        ("12345678", "12345678"),
        ("abc-defg-hij", "abc-defg-hij"),
    ],
)
def test_a_meeting_id_is_grouped_as_zoom_groups_it(number: str, shown: str) -> None:
    mail = mail_of(about=booking(conference=Ready(ZOOM_LINK, number, "s3cret", "zoom")))

    assert f"Meeting ID:\n    {shown}\n\nPasscode:\n    s3cret\n" in text_of(mail)


def test_another_providers_id_is_left_as_it_is() -> None:
    teams = Ready("https://teams.microsoft.com/meet/1", "123456789", None, "microsoft")
    text = text_of(mail_of(about=booking(conference=teams, meeting_type=MicrosoftTeams())))

    assert "Meeting ID:\n    123456789\n" in text
    assert "Join Microsoft Teams meeting:\n" in text
    assert "Passcode" not in text


def test_a_link_by_hand_is_not_called_zooms() -> None:
    text = text_of(mail_of("link_added", about=booking_in("ready by hand")))

    assert "Join meeting:\nhttps://meet.example/anna\n" in text
    assert "Zoom" not in text


@pytest.mark.parametrize("kind", ["confirmed", "updated", "rescheduled"])
def test_a_guest_is_told_that_the_link_follows(kind: MailKind) -> None:
    assert "link follows" in text_of(mail_of(kind, about=booking(conference=PENDING)))


@pytest.mark.parametrize("kind", ["confirmed", "updated", "rescheduled"])
def test_a_guest_is_told_that_the_host_sends_the_link(kind: MailKind) -> None:
    mail = mail_of(kind, about=booking(conference=FAILED))

    assert "Anna Höst will send the link." in text_of(mail)
    assert "Action needed" not in letter(mail).subject


def test_a_host_is_told_why_there_is_no_link_yet() -> None:
    late = text_of(mail_of(party="host", about=booking(conference=LATE)))
    pending = text_of(mail_of(party="host", about=booking(conference=PENDING)))

    assert "Zoom hasn’t created the meeting yet: Zoom took too long to answer." in late
    assert "Zoom hasn’t created the meeting yet. We keep trying" in pending


@pytest.mark.parametrize("kind", ["confirmed", "updated", "rescheduled"])
def test_a_host_without_a_link_is_asked_to_act_and_told_how(kind: MailKind) -> None:
    mail = mail_of(kind, "host", booking(conference=FAILED))

    assert letter(mail).subject.startswith("Action needed: no join link for Intro call with Zoë Müller, Tue, 30 Mar")
    assert "No Zoom account is connected." in text_of(mail)
    assert ALERT == letter(mail).brand
    assert "Try again or add a link:\nhttps://timetuna.example/bookings/bk_01JD8W5N2Q\n" in text_of(mail)


def test_no_action_is_needed_for_what_is_cancelled() -> None:
    assert letter(mail_of("cancelled", "host", booking(conference=FAILED))).subject.startswith("Cancelled: ")


@pytest.mark.parametrize(
    ("state", "to_guest", "to_host"),
    [
        ("host calls", "Anna Höst calls you at +49 30 1234567", "You call Zoë Müller at +49 30 1234567"),
        ("guest calls", "You call Anna Höst at +49 30 7654321", "Zoë Müller calls you at +49 30 7654321"),
        ("in person", "    Hauptstraße 1; Hof, 10115 Berlin", "    Hauptstraße 1; Hof, 10115 Berlin"),
    ],
)
def test_each_side_is_told_how_they_meet(state: str, to_guest: str, to_host: str) -> None:
    assert to_guest in text_of(mail_of(party="guest", about=booking_in(state)))
    assert to_host in text_of(mail_of(party="host", about=booking_in(state)))


def test_a_fallback_says_what_was_asked_for_what_is_used_and_why() -> None:
    fallen = booking(
        meeting_type=Phone("host"),
        conference=NoConference(),
        requested="zoom",
        fallback=MeetingTypeUnusable(Obstacle("not-connected", "zoom")),
    )
    why = "asked for a Zoom meeting. It will be a phone call instead. No Zoom account is connected."

    assert f"You {why}" in text_of(mail_of(party="guest", about=fallen))
    assert f"Zoë Müller {why}" in text_of(mail_of(party="host", about=fallen))
    for mail in (mail_of(party="guest", about=fallen), mail_of(party="host", about=fallen)):
        assert letter(mail).subject.startswith("Booked, by phone instead of Zoom: ")
    later = altered(fallen, last_change="fell_back", revision=1)
    assert letter(mail_of("updated", about=later)).subject.startswith("Now by phone instead of Zoom: ")
    switched = altered(later, fallback=ChosenByHost())
    assert letter(mail_of("updated", about=switched)).subject.startswith("Updated: ")


def test_the_guest_can_manage_the_booking() -> None:
    assert f"Reschedule or cancel:\nhttps://timetuna.example/b/{TOKEN}\n" in text_of(mail_of())
    assert f"https://timetuna.example/b/{TOKEN}\n" in text_of(mail_of("cancelled"))


def test_the_host_reads_what_the_guest_has_told() -> None:
    text = text_of(mail_of(party="host"))

    assert "Guest:\n    Zoë Müller\n    zoe@guest.example\n    +49 30 1234567\n" in text
    assert "What is it about?\n    Tuna\n    and time\n" in text
    assert "https://timetuna.example/bookings/bk_01JD8W5N2Q\n" in text


def test_lines_that_a_guest_typed_stay_lines() -> None:
    assert re.search(r">Tuna</p>\s*<p [^>]*>and time</p>", as_html(letter(mail_of("confirmed", "host"))))


def test_a_cancelling_host_is_told_that_the_zoom_meeting_stays() -> None:
    kept = "The Zoom meeting (meeting ID 812 3456 7890) stays in your Zoom account."

    assert kept in text_of(mail_of("cancelled", "host"))
    assert "Zoom account" not in text_of(mail_of("cancelled", "guest"))
    assert "Zoom account" not in text_of(mail_of("cancelled", "host", booking_in("in person")))


@pytest.mark.parametrize("party", ["guest", "host"])
def test_a_cancelled_booking_has_a_reason_and_no_way_to_join(party: Party) -> None:
    mail = mail_of("cancelled", party, booking(cancellation=Cancellation("guest", BOOKED_AT, "Ill, sorry")))

    assert "Reason:\n    Ill, sorry\n" in text_of(mail)
    assert "zoom.us" not in text_of(mail) + as_html(letter(mail))
    assert 2 == as_html(letter(mail)).count("line-through")


@pytest.mark.parametrize(
    ("by", "party", "words"),
    [
        ("guest", "guest", "You cancelled this booking."),
        ("guest", "host", "Zoë Müller cancelled this booking."),
        ("host", "guest", "Anna Höst cancelled this booking."),
        ("host", "host", "You cancelled this booking."),
    ],
)
def test_a_cancellation_says_who_did_it(by: Party, party: Party, words: str) -> None:
    assert words in text_of(mail_of("cancelled", party, booking(cancellation=Cancellation(by, BOOKED_AT))))


def test_a_move_says_who_did_it_and_why() -> None:
    text = text_of(mail_of("rescheduled", "guest", booking(move=Move("host", EARLIER_START, "Flight moved"))))

    assert "Anna Höst rescheduled this booking." in text
    assert "Reason:\n    Flight moved\n" in text


@pytest.mark.parametrize("party", ["guest", "host"])
def test_a_link_that_was_replaced_is_the_one_to_use_from_now_on(party: Party) -> None:
    mail = mail_of("link_replaced", party, booking_in("ready by hand"))

    assert letter(mail).subject.startswith("New link: Intro call")
    assert "Use this join link from now on" in text_of(mail)
    assert "https://meet.example/anna" in text_of(mail)


def test_a_guest_who_is_to_confirm_reads_until_when_in_their_own_zone() -> None:
    held = booking(held_until=START)
    told = ConfirmationMail(held, HOST, ConfirmationLink(GuestToken("token"), "proof"), START)

    [until] = letter_to_confirm(told, ORIGIN).paragraphs

    assert until.startswith(
        "Anna Höst holds this time for you until Tue, 30 Mar 2027, 09:00 (Eastern Time – New York). "
    )


def test_a_reminder_says_when_and_where_and_attaches_nothing() -> None:
    text = text_of(BookingMail("reminder", "guest", booking(reminders=(timedelta(hours=24),)), HOST))

    assert "Your booking is coming up" in text
    assert ZOOM_LINK in text
    assert "https://timetuna.example/b/" in text
    assert "attached" not in text


def test_a_rescheduling_host_is_told_that_zoom_still_shows_the_old_time() -> None:
    assert "The join link stays the same. Zoom still shows the old time" in text_of(mail_of("rescheduled", "host"))
    assert "Zoom still shows" not in text_of(mail_of("rescheduled", "guest"))


def test_a_new_meeting_made_after_the_move_is_not_said_to_have_the_old_time() -> None:
    mail = mail_of("rescheduled", "host")
    renewed = BookingMail(mail.kind, "host", altered(mail.booking, last_change="link_added"), HOST, mail.earlier)

    assert "stays the same" not in text_of(renewed)
    assert "old time" not in text_of(renewed)


def test_text_and_html_tell_the_same() -> None:
    for mail in every_mail():
        told = letter(mail)
        text, html = as_text(told), as_html(told)

        for paragraph in (told.headline, told.about, *told.paragraphs, *told.closing):
            assert paragraph in text
            assert paragraph in html
        for link in (told.action, told.page):
            assert link is None or f"{link.label}:\n{link.url}\n" in text
            assert link is None or f'href="{escape(link.url)}"' in html
        assert "None" not in text


def test_names_are_text_in_html() -> None:
    html = as_html(letter(mail_of(party="host", about=booking(guest=replace(GUEST, name="<b>Zoë</b> & {{ 1 }}")))))

    assert "<b>" not in html
    assert "&lt;b&gt;Zoë&lt;/b&gt; &amp; {{ 1 }}" in html


def test_a_notice_has_one_button() -> None:
    told = letter_of(Notice("n1", datetime(2026, 11, 22, 9, 0, tzinfo=UTC), HOST, ConnectionRemoved("zoom")), ORIGIN)

    assert "Action needed: Zoom is no longer connected" == told.subject
    assert "Connect Zoom:\nhttps://timetuna.example/settings/providers\n" in as_text(told)


def test_a_meeting_over_midnight_names_both_days() -> None:
    late = Slot(datetime(2027, 3, 30, 21, 45, tzinfo=UTC), datetime(2027, 3, 30, 22, 15, tzinfo=UTC))

    assert (
        "Tuesday, 30 March 2027, 23:45 to Wednesday, 31 March 2027, 00:15",
        "Central European Time – Berlin (UTC+02:00)",
    ) == in_text(late, "Europe/Berlin")


def test_a_meeting_while_the_clocks_change_names_both_offsets() -> None:
    doubled = Slot(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))

    assert (
        "Sunday, 25 October 2026, 02:30 (UTC+02:00) to 02:30 (UTC+01:00)",
        "Central European Time – Berlin",
    ) == in_text(doubled, "Europe/Berlin")


@pytest.mark.parametrize("zone", ["Nowhere/Land", "../etc/passwd", "", "Europe", "\x00"])
def test_an_unknown_zone_is_told_in_utc(zone: str) -> None:
    assert "Tue, 30 Mar 2027, 13:00 (UTC)" == in_subject(START, zone)
    assert ("Tuesday, 30 March 2027, 13:00", "UTC (UTC+00:00)") == start_in_text(START, zone)


def test_the_guest_reads_the_own_answers_too() -> None:
    assert "What is it about?\n    Tuna\n    and time\n" in text_of(mail_of(party="guest"))


@pytest.mark.parametrize("party", ["guest", "host"])
def test_a_letter_wears_the_colour_of_the_page_with_words_on_it_that_can_be_read(party: Party) -> None:
    html = as_html(letter(replace(mail_of(party=party), brand_color="#ffd400")))

    assert re.search(r'<td class="top"[^>]*background:#ffd400', html)
    assert re.search(r"<h1 [^>]*color:#000000", html)
    assert re.search(r'<a href="[^"]*" style="[^"]*background:#ffd400;color:#000000', html)


def test_without_a_colour_a_letter_wears_the_products_own() -> None:
    assert re.search(r'<td class="top"[^>]*background:#0f766e', as_html(letter(mail_of())))


def test_what_mailboxes_show_beside_the_subject_is_what_it_is_about_and_when() -> None:
    html = as_html(letter(mail_of()))
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.partition("<body")[2].partition(">")[2])).strip()

    assert words.startswith(
        "Your booking is confirmed Intro call with Anna Höst Tue, 30 Mar 2027, 09:00 (Eastern Time – New York)"
    )


def test_everything_is_styled_where_it_stands_for_clients_that_drop_style_sheets() -> None:
    for html in (as_html(letter(mail)) for mail in every_mail()):
        body = html.partition("<body")[2]
        assert [] == [tag for tag in re.findall(r"<(?:p|h1|td|th|a)\b[^>]*>", body) if "style=" not in tag]


def test_a_guest_whose_host_leaves_is_offered_nothing_that_is_gone_in_a_minute() -> None:
    told = replace(
        mail_of("cancelled", about=booking(cancellation=Cancellation("host", BOOKED_AT))), host_is_leaving=True
    )

    assert letter(told).page is None
    assert letter(told).closing[-1].startswith("Sent by TimeTuna for Anna Höst because")
    assert "/b/" not in text_of(told)


PICTURED = replace(HOST, photo=PictureDigest("1" * 32), logo=PictureDigest("2" * 32))


def test_guests_see_the_hosts_logo_or_else_the_photo_and_the_name_where_pictures_are_off() -> None:
    for host, digest in ((PICTURED, "2" * 32), (replace(PICTURED, logo=None), "1" * 32)):
        html = as_html(letter(mail_of("confirmed", "guest", host=host)))
        assert f'<img src="https://timetuna.example/pictures/{digest}.jpg" alt="Anna Höst" height="48"' in html

    assert "<img" not in as_html(letter(mail_of("confirmed", "guest")))
    assert "<img" not in as_html(letter(mail_of("confirmed", "host", host=PICTURED)))


def test_mailboxes_load_no_picture_from_a_server_without_https() -> None:
    plain = MailOrigin.of("invites@timetuna.example", "http://localhost:8000")

    assert letter_to_guest(mail_of("confirmed", "guest", host=PICTURED), plain).emblem is None
