"""Whom a guest brings along, and how one of them leaves."""

import pytest
from msgspec.structs import replace

from domain.additional_guest import AdditionalGuest, brought_along
from domain.booking import Booking, cancel
from domain.booking_mails import mail_accepted, mail_refused
from domain.errors import AlreadyCancelled, BookingClosed, Past
from domain.events import GuestLeft
from domain.faults import InvalidValue
from domain.leaving import leave
from domain.mail_problem import MailsStopped
from tests.support.builders import A_DAY, NOW, a_booking, a_host, a_page, bob, eve

LATER = NOW + A_DAY / 24


def with_two() -> Booking:
    return a_booking(a_page(a_host()), additional_guests=(bob, eve))


def test_each_mailbox_is_brought_along_once_and_nobody_who_is_there_anyway() -> None:
    typed = ("bob@guests.example", "Bob+x@guests.example", "ANA@guests.example", "eve@guests.example")

    assert (bob, eve) == brought_along(typed, present=("ana@guests.example", "hanne@hosts.example"))


def test_a_booking_brings_no_more_than_ten() -> None:
    ten = tuple(AdditionalGuest(f"guest{number}@guests.example") for number in range(10))
    booking = replace(with_two(), additional_guests=ten)

    with pytest.raises(InvalidValue):
        replace(booking, additional_guests=(*ten, bob))


def test_who_leaves_keeps_the_place_and_for_the_others_nothing_changes() -> None:
    booking = with_two()

    left, events = leave(booking, 0, LATER)

    assert (GuestLeft(booking_id=booking.id, at=LATER, place=0),) == events
    assert replace(booking, additional_guests=(replace(bob, left_at=LATER), eve)) == left
    assert {1: eve} == left.invited


def test_leaving_twice_changes_nothing_even_once_the_meeting_is_over() -> None:
    left = leave(with_two(), 1, LATER).booking

    assert (left, ()) == leave(left, 1, left.slot.end)


def test_nobody_leaves_what_is_cancelled_or_over() -> None:
    booking = with_two()

    with pytest.raises(BookingClosed) as over:
        leave(booking, 0, booking.slot.end)
    with pytest.raises(BookingClosed) as cancelled:
        leave(cancel(booking, "host", "", NOW).booking, 0, LATER)

    assert (Past(), AlreadyCancelled(NOW, "host")) == (over.value.why, cancelled.value.why)


def test_an_additional_guest_whom_no_mail_reaches_is_nobodys_worry_once_they_left() -> None:
    unreached = mail_refused(with_two(), 1, 0, MailsStopped(), NOW).booking

    assert (1,) == unreached.unreached
    assert () == mail_accepted(unreached, 1, 0, LATER).booking.unreached
    assert () == leave(unreached, 1, LATER).booking.unreached
