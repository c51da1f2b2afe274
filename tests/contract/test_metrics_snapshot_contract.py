"""The numbers of an installation: what every store counts."""

from datetime import datetime, timedelta

from application.jobs import CreateMeetingJob, Due, MailBookingJob
from application.ports.metrics_snapshot import ConnectionCount, Happened, JobsInOutbox, MetricsSnapshot
from application.ports.oauth import Grant
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.connection import Blocked
from domain.events import Booked, MailAccepted
from domain.ids import BookingId
from domain.provider_problem import MeetingsNotAllowed
from tests.contract.store import Store, keep
from tests.support.builders import NOW, TOMORROW_AT_TEN, a_booking, a_connection, a_host, an_account, phone_by_host

A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
GRANT = Grant("access", "refresh", NOW, frozenset({"scope"}))


async def test_where_nothing_is_there_nothing_is_counted(store: Store) -> None:
    assert MetricsSnapshot((), (), ()) == await store.views.metrics_snapshot(NOW)


async def test_owed_work_is_counted_by_its_job(store: Store) -> None:
    works = [
        Due(MailBookingJob(BookingId("b1"), "guest"), NOW - A_MINUTE),
        Due(MailBookingJob(BookingId("b2"), "guest"), NOW),
        Due(MailBookingJob(BookingId("b3"), "guest"), NOW + A_MINUTE),
        Due(CreateMeetingJob(BookingId("b1")), NOW + A_MINUTE),
    ]
    await keep(store, *works)

    snapshot = await store.views.metrics_snapshot(NOW)

    assert (
        JobsInOutbox("create_meeting", 1, 0, None),
        JobsInOutbox("mail_booking", 3, 2, NOW - A_MINUTE),
    ) == snapshot.jobs


async def test_what_happened_in_the_last_hour_is_counted_over_all_bookings(store: Store, page: BookingPage) -> None:
    over_zoom, by_phone = a_booking(page), a_booking(page, TOMORROW_AT_TEN + AN_HOUR, meeting_type=phone_by_host)
    async with store.begin() as uow:
        uow.bookings.add(over_zoom, booked(over_zoom, NOW - AN_HOUR), mailed(over_zoom, NOW - A_MINUTE))
    async with store.begin() as uow:
        uow.bookings.add(by_phone, booked(by_phone, NOW - A_MINUTE), mailed(by_phone, NOW + A_MINUTE))

    snapshot = await store.views.metrics_snapshot(NOW)

    assert (Happened("booked", "phone", 1), Happened("mail_accepted", "zoom", 1)) == snapshot.happened


async def test_connections_are_counted_by_provider_and_state(store: Store) -> None:
    for number, state in enumerate((None, None, Blocked(MeetingsNotAllowed("zoom")))):
        host = a_host()
        await keep(store, host)
        account = an_account(f"user-{number}")
        connection = a_connection(host, account=account, state=state) if state else a_connection(host, account=account)
        async with store.begin() as uow:
            uow.connections.put(connection, GRANT)

    snapshot = await store.views.metrics_snapshot(NOW)

    assert (ConnectionCount("zoom", "blocked", 1), ConnectionCount("zoom", "connected", 2)) == snapshot.connections


def booked(booking: Booking, at: datetime) -> Booked:
    return Booked(booking_id=booking.id, at=at, conference=booking.conference)


def mailed(booking: Booking, at: datetime) -> MailAccepted:
    return MailAccepted(booking_id=booking.id, at=at, party="guest", revision=0)
