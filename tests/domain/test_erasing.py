"""Erasing a guest leaves when and how both were to meet, and nothing that the guest typed."""

from datetime import timedelta
from typing import get_args

import msgspec
import pytest

from domain.booking import Booking, ErasedGuest, GuestUnknown, cancel, reschedule
from domain.booking_mails import mail_refused, reminder_refused
from domain.booking_page import Answer
from domain.erasing import erase_guest, without_guest
from domain.errors import BookingOpen
from domain.events import Event, GuestErased, MailRefused, ProposalRefused, ReminderRefused
from domain.mail_problem import MailServerTimedOut, ServerAnswered
from domain.slot import Slot
from tests.support.builders import A_DAY, NOW, TOMORROW_AT_TEN, a_booking, a_host, a_page
from tests.support.every import every

AFTER = TOMORROW_AT_TEN + A_DAY
ANSWERED = ServerAnswered(550, "no mailbox ana@guests.example")


def moved_and_cancelled() -> Booking:
    booking = a_booking(a_page(a_host()), answers=(Answer("Why?", "My answer"),), tracking={"utm_source": "My paper"})
    later = Slot.lasting(booking.slot.duration, TOMORROW_AT_TEN + timedelta(hours=1))
    return cancel(reschedule(booking, later, "guest", NOW, "Why I moved").booking, "guest", "Why I left", NOW).booking


def test_what_was_agreed_stays_and_what_the_guest_typed_goes() -> None:
    booking = moved_and_cancelled()

    erased, events = erase_guest(booking, "host_asked", NOW)

    assert (GuestErased(booking_id=booking.id, at=NOW, cause="host_asked"),) == events
    assert ErasedGuest(booking.host_timezone) == erased.guest
    assert "Why I" not in f"{erased}"
    assert "My answer" not in f"{erased}"
    assert "My paper" not in f"{erased}"
    kept = ("id", "token", "slot", "title", "meeting_type", "conference", "status", "revision", "changed_at")
    assert [getattr(booking, each) for each in kept] == [getattr(erased, each) for each in kept]


@pytest.mark.parametrize("minutes", [-1, 0])
def test_a_booking_that_isnt_over_is_still_to_come(minutes: int) -> None:
    booking = a_booking(a_page(a_host()))
    now = booking.slot.end + timedelta(minutes=minutes)

    if minutes < 0:
        with pytest.raises(BookingOpen):
            erase_guest(booking, "host_asked", now)
    else:
        assert erase_guest(booking, "host_asked", now).events


def test_nothing_happens_to_a_guest_who_was_erased() -> None:
    erased = erase_guest(moved_and_cancelled(), "host_asked", NOW).booking

    assert (erased, ()) == erase_guest(erased, "retention", AFTER)


def test_the_hosts_own_words_stay() -> None:
    booking = cancel(a_booking(a_page(a_host())), "host", "The harbour is closed", NOW).booking

    erased = erase_guest(booking, "host_asked", NOW).booking

    assert booking.cancellation == erased.cancellation


def test_nobody_is_told_anything_about_an_erased_guest() -> None:
    with pytest.raises(GuestUnknown):
        _ = erase_guest(moved_and_cancelled(), "host_asked", NOW).booking.contact


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_an_event_keeps_what_it_says_but_the_guests_words(kind: type[Event]) -> None:
    for event in every(kind):
        cleaned = without_guest(event)

        assert type(event) is type(cleaned)
        assert cleaned == without_guest(cleaned)
        changed = {name for name, value in msgspec.structs.asdict(event).items() if value != getattr(cleaned, name)}
        may_change = {"problem"} if isinstance(event, MailRefused | ReminderRefused | ProposalRefused) else {"reason"}
        assert changed <= may_change
        assert getattr(event, "by", "host") != "guest" or not getattr(cleaned, "reason", "")


def test_what_a_mail_server_said_of_the_guests_address_goes_and_of_the_hosts_stays() -> None:
    booking = a_booking(a_page(a_host()))
    for_guest, for_host = (mail_refused(booking, party, 0, ANSWERED, NOW).events[0] for party in ("guest", "host"))

    assert ServerAnswered(550, "") == getattr(without_guest(for_guest), "problem", None)
    assert for_host == without_guest(for_host)


def test_an_answer_that_comes_late_is_noted_without_its_words() -> None:
    erased = erase_guest(moved_and_cancelled(), "host_asked", NOW).booking

    noted = [mail_refused(erased, "guest", 2, ANSWERED, NOW), reminder_refused(erased, ANSWERED, NOW)]

    assert [ServerAnswered(550, "")] * 2 == [each.events[0].problem for each in noted]
    assert MailServerTimedOut() == mail_refused(erased, "guest", 2, MailServerTimedOut(), NOW).events[0].problem
