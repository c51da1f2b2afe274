"""Additional guests: what every store promises about them."""

from application.ports.leave_tokens import LeaveLink
from application.ports.mailed_revisions import Mailed
from domain.booking import Booking
from domain.booking_mails import mail_refused
from domain.booking_page import BookingPage
from domain.ids import BookingId, LeaveToken
from domain.leaving import leave
from domain.mail_problem import MailsStopped
from tests.support.builders import NOW, TOMORROW_AT_TEN, a_booking, bob, eve
from tests.support.store import Store, keep, once_saved

TOKEN = LeaveToken("a token")


async def found(store: Store, booking_id: BookingId) -> Booking | None:
    async with store.begin() as uow:
        return await uow.bookings.get(booking_id)


async def leaving(store: Store, token: LeaveToken = TOKEN) -> LeaveLink | None:
    async with store.begin() as uow:
        return await uow.leave_tokens.leaving(token)


async def test_who_is_brought_along_who_left_and_who_cant_be_reached_is_stored(store: Store, page: BookingPage) -> None:
    booking = a_booking(page, additional_guests=(bob, eve))
    await keep(store, booking)
    left, (event,) = leave(booking, 0, NOW)
    unreached = mail_refused(left, 1, 0, MailsStopped(), NOW).booking

    async with store.begin() as uow:
        uow.bookings.save(unreached, event)

    assert once_saved(unreached) == await found(store, booking.id)
    assert [booking.id] == [
        each.booking.id
        for each in (await store.views.bookings(page.host_id, "needs_attention", now=NOW, cursor=None, limit=9)).items
    ]


async def test_a_link_to_leave_stands_for_one_of_them_until_the_guest_is_forgotten(
    store: Store, page: BookingPage
) -> None:
    booking = a_booking(page, additional_guests=(bob, eve))
    await keep(store, booking)

    async with store.begin() as uow:
        uow.leave_tokens.link_to_leave(TOKEN, booking.id, 1)
        uow.leave_tokens.link_to_leave(TOKEN, booking.id, 1)
    assert LeaveLink(booking.id, 1) == await leaving(store)
    assert await leaving(store, LeaveToken("another")) is None

    async with store.begin() as uow:
        await uow.bookings.forget_guest(booking.id)
    assert await leaving(store) is None


async def test_a_link_goes_with_its_booking(store: Store, page: BookingPage) -> None:
    booking = a_booking(page, additional_guests=(bob,))
    await keep(store, booking)
    async with store.begin() as uow:
        uow.leave_tokens.link_to_leave(TOKEN, booking.id, 0)

    async with store.begin() as uow:
        uow.bookings.remove(booking.id)

    assert await leaving(store) is None


async def test_each_of_them_is_mailed_for_themselves(store: Store, page: BookingPage) -> None:
    booking = a_booking(page, additional_guests=(bob, eve))
    await keep(store, booking)

    async with store.begin() as uow:
        uow.booking_mails.mailed(booking, 1, NOW)
        uow.booking_mails.mail_again(booking, (0, 1))

    assert () == await store.views.mailed(booking.id, "guest")
    assert () == await store.views.mailed(booking.id, 0)
    assert (Mailed(0, TOMORROW_AT_TEN, NOW, "wanted"),) == await store.views.mailed(booking.id, 1)
