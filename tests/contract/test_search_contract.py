"""A host looks for a guest among the bookings: what every store promises about it."""

from datetime import timedelta

import pytest

from application.ports.booking_views import BookingFilter
from domain.booking import Booking, Guest, cancel
from domain.booking_page import BookingPage
from domain.erasing import erase_guest
from domain.host import Host
from domain.leaving import leave
from tests.support.builders import NOW, TOMORROW_AT_TEN, a_booking, a_host, a_page, ana, bob, eve, zoe
from tests.support.store import Store, keep, once_saved

AN_HOUR = timedelta(hours=1)


def booked_by(page: BookingPage, *guests: Guest) -> list[Booking]:
    return [a_booking(page, TOMORROW_AT_TEN + number * AN_HOUR, guest=guest) for number, guest in enumerate(guests)]


async def found(store: Store, host: Host, search: str, show: BookingFilter = "upcoming") -> list[Booking]:
    listed = await store.views.bookings(host.id, show, now=NOW, cursor=None, limit=10, search=search)
    return [view.booking for view in listed.items]


@pytest.mark.parametrize("search", ["ana", "ANA BRITO", "a b", "ana@guests", "GUESTS.example"])
async def test_a_guest_is_found_by_any_part_of_name_or_email(
    store: Store, host: Host, page: BookingPage, search: str
) -> None:
    by_ana, by_zoe = booked_by(page, ana, zoe)
    await keep(store, by_ana, by_zoe)

    assert [by_ana] == await found(store, host, search)


@pytest.mark.parametrize("search", ["Zoë", "王小明", "O’Neil", "🐟", "gäste"])
async def test_a_name_in_any_script_is_found(store: Store, host: Host, page: BookingPage, search: str) -> None:
    by_ana, by_zoe = booked_by(page, ana, zoe)
    await keep(store, by_ana, by_zoe)

    assert [by_zoe] == await found(store, host, search)


async def test_a_guest_who_was_brought_along_is_found_too_by_any_part_of_the_email(
    store: Store, host: Host, page: BookingPage
) -> None:
    with_both = a_booking(page, additional_guests=(bob, eve))
    alone = a_booking(page, TOMORROW_AT_TEN + AN_HOUR)
    await keep(store, with_both, alone)
    left, (event,) = leave(with_both, 1, NOW)
    async with store.begin() as uow:
        uow.bookings.save(left, event)

    assert [once_saved(left)] == await found(store, host, "BOB@guests") == await found(store, host, "eve@")
    assert [] == await found(store, host, "left_at")


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'", "*"])
async def test_every_sign_stands_for_itself(store: Store, host: Host, page: BookingPage, sign: str) -> None:
    plain, signed = booked_by(page, ana, Guest(f"Ana {sign} Brito", "other@guests.example", "UTC"))
    await keep(store, plain, signed)

    assert [signed] == await found(store, host, f"Ana {sign} B")
    assert [signed] == await found(store, host, sign)


@pytest.mark.parametrize("search", ["nobody", "\0", "\ud800", "ana  brito", "x" * 5000])
async def test_what_nobody_is_called_finds_nothing(store: Store, host: Host, page: BookingPage, search: str) -> None:
    await keep(store, *booked_by(page, ana))

    assert [] == await found(store, host, search)


async def test_another_hosts_guests_are_not_found(store: Store, host: Host, page: BookingPage) -> None:
    somebody_else = a_host()
    other_page = a_page(somebody_else)
    mine, theirs = a_booking(page), a_booking(other_page)
    await keep(store, somebody_else, other_page, mine, theirs)

    assert [mine] == await found(store, host, "ana")


async def test_each_list_is_searched_by_itself(store: Store, host: Host, page: BookingPage) -> None:
    coming, cancelled = booked_by(page, ana, ana)
    await keep(store, coming, cancelled)
    gone, (event,) = cancel(cancelled, "guest", "", NOW)
    async with store.begin() as uow:
        await uow.bookings.lock(cancelled.id)
        uow.bookings.save(gone, event)

    assert [coming] == await found(store, host, "ana", "upcoming")
    assert [once_saved(gone)] == await found(store, host, "ana", "cancelled")
    assert [] == await found(store, host, "ana", "past")


async def test_a_search_goes_on_behind_its_cursor(store: Store, host: Host, page: BookingPage) -> None:
    bookings = booked_by(page, ana, zoe, ana, zoe, ana)
    await keep(store, *bookings)

    first = await store.views.bookings(host.id, "upcoming", now=NOW, cursor=None, limit=2, search="ana")
    second = await store.views.bookings(host.id, "upcoming", now=NOW, cursor=first.next, limit=2, search="ana")

    assert [bookings[0], bookings[2]] == [view.booking for view in first.items]
    assert ([bookings[4]], None) == ([view.booking for view in second.items], second.next)


async def test_an_erased_guest_is_listed_and_found_by_no_search(store: Store, host: Host, page: BookingPage) -> None:
    cancelled = cancel(a_booking(page, additional_guests=(bob,)), "host", "", NOW).booking
    erased = erase_guest(cancelled, "host_asked", NOW).booking
    await keep(store, erased)

    assert [erased] == await found(store, host, "", "cancelled")
    assert [] == await found(store, host, "a", "cancelled")
