"""The numbers of an installation: what every store counts."""

from datetime import datetime, timedelta

import msgspec

from application.jobs import CreateMeetingJob, Due, MailBookingJob
from application.ports.metrics_snapshot import (
    AttemptCount,
    CalendarCount,
    ConnectionCount,
    DeliveryCount,
    Happened,
    JobsInOutbox,
    MetricsSnapshot,
    QuotaUse,
    WebhookCount,
)
from application.ports.oauth import Grant
from domain.booking import Booking
from domain.booking_page import BookingPage
from domain.calendar_problem import ServerUnreachable
from domain.connection import Blocked
from domain.events import Booked, MailAccepted
from domain.host import Host
from domain.ids import BookingId, CalendarId
from domain.provider_problem import MeetingsNotAllowed
from domain.webhook_delivery import DeliveryAttempt
from domain.webhook_problem import EndpointUnreachable
from tests.support.builders import NOW, TOMORROW_AT_TEN, a_booking, a_connection, a_host, an_account, phone_by_host
from tests.support.store import Store, keep
from tests.support.stored_calendars import a_calendar_of, a_connection_of, put
from tests.support.stored_webhooks import SECRETS, a_webhook, an_event, owed

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
        JobsInOutbox("create_meeting", 1, 0, None, 0),
        JobsInOutbox("mail_booking", 3, 2, NOW - A_MINUTE, 0),
    ) == snapshot.jobs


async def test_mails_that_fail_are_kept_where_none_has_been_taken_since_they_fell_due(
    store: Store, page: BookingPage
) -> None:
    jobs = [MailBookingJob(BookingId(f"b{number}"), "guest") for number in range(3)]
    await keep(store, *(Due(job, NOW - number * A_MINUTE) for number, job in enumerate(jobs)))
    await keep(store, Due(CreateMeetingJob(BookingId("b0")), NOW))
    for lease in await store.backlog.lease(4, AN_HOUR):
        async with store.begin() as uow:
            await uow.outbox.start(lease)
            uow.outbox.reschedule(lease, NOW + AN_HOUR, failed=True)
    before = await store.views.metrics_snapshot(NOW)
    booking = a_booking(page)
    async with store.begin() as uow:
        uow.bookings.add(booking, mailed(booking, NOW - A_MINUTE), booked(booking, NOW))

    after = await store.views.metrics_snapshot(NOW)

    assert {"create_meeting": 1, "mail_booking": 3} == {each.job: each.failed for each in before.jobs}
    assert (3, 1) == (before.mails_kept, after.mails_kept)


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


async def test_webhooks_and_the_last_hours_deliveries_are_counted_by_how_they_fare(store: Store, host: Host) -> None:
    failing = a_webhook(host, "failing", failing_since=NOW, failures=1)
    webhooks = (a_webhook(host, "new"), failing, a_webhook(host, "paused", pause="gone"))
    events = [an_event(host, name) for name in ("delivered", "failed", "waiting")]
    old = msgspec.structs.replace(an_event(host, "old"), at=NOW - AN_HOUR)
    taken, refused, waits, past = (owed(each, failing) for each in (*events, old))
    refused = refused.attempted(DeliveryAttempt(NOW, 7, problem=EndpointUnreachable()), wish=None, jitter=0.5)
    async with store.begin() as uow:
        for webhook in webhooks:
            uow.webhooks.add(webhook, SECRETS)
    async with store.begin() as uow:
        for event, delivery in zip((*events, old), (taken, refused, waits, past), strict=True):
            uow.webhook_events.record(event, delivery)
    async with store.begin() as uow:
        uow.webhook_deliveries.save(taken.attempted(DeliveryAttempt(NOW, 7, 204), wish=None, jitter=0.5))
        uow.webhook_deliveries.save(refused)
        for problem in (None, EndpointUnreachable(), None):
            uow.webhook_deliveries.count_attempt(problem)

    snapshot = await store.views.metrics_snapshot(NOW)

    counted = [DeliveryCount("delivered", 1), DeliveryCount("endpoint-unreachable", 1), DeliveryCount("waiting", 1)]
    assert counted == [*snapshot.deliveries]
    assert [AttemptCount("delivered", 2), AttemptCount("endpoint-unreachable", 1)] == [*snapshot.attempts]
    assert (WebhookCount("active", 1), WebhookCount("failing", 1), WebhookCount("paused", 1)) == snapshot.webhooks
    assert NOW - AN_HOUR == snapshot.oldest_delivery_at


async def test_calendars_are_counted_by_what_their_last_reading_is_worth(store: Store, host: Host) -> None:
    connection = a_connection_of(host)
    fresh, broken = a_calendar_of(connection, name="fresh"), a_calendar_of(connection, name="broken")
    stale = msgspec.structs.replace(fresh.calendar, id=CalendarId("stale"), problem=ServerUnreachable())
    never = msgspec.structs.replace(broken.calendar, readable_until=None)
    await put(
        store,
        connection,
        fresh,
        msgspec.structs.replace(broken, calendar=never),
        msgspec.structs.replace(fresh, calendar=stale),
    )

    snapshot = await store.views.metrics_snapshot(NOW)
    later = await store.views.metrics_snapshot(NOW + 100 * AN_HOUR)

    states = ("broken", "fresh", "stale")
    assert tuple(CalendarCount("ical_feed", each, 1) for each in states) == snapshot.calendars
    assert (CalendarCount("ical_feed", "broken", 3),) == later.calendars


async def test_quotas_are_counted_by_the_busiest_account_of_the_day(store: Store) -> None:
    for number, (made, day) in enumerate(((3, NOW), (7, NOW), (90, NOW - 24 * AN_HOUR))):
        host = a_host()
        await keep(store, host)
        connection = a_connection(host, account=an_account(f"user-{number}"))
        counted = msgspec.structs.replace(connection, meetings_on=day.date(), meetings_made=made)
        async with store.begin() as uow:
            uow.connections.put(counted, GRANT)

    assert (QuotaUse("zoom", 7),) == (await store.views.metrics_snapshot(NOW)).quotas


async def test_work_that_nobody_takes_says_since_when_it_waits(store: Store) -> None:
    due = Due(MailBookingJob(BookingId("b1"), "guest"), NOW - AN_HOUR)
    await keep(store, due)
    before = await store.views.metrics_snapshot(NOW)
    [lease] = await store.backlog.lease(1, AN_HOUR)
    leased = await store.views.metrics_snapshot(NOW)
    async with store.begin() as uow:
        await uow.outbox.start(lease)

    assert due.at == before.not_taken_since == leased.not_taken_since
    assert (await store.views.metrics_snapshot(NOW)).not_taken_since is None


def booked(booking: Booking, at: datetime) -> Booked:
    return Booked(booking_id=booking.id, at=at, conference=booking.conference)


def mailed(booking: Booking, at: datetime) -> MailAccepted:
    return MailAccepted(booking_id=booking.id, at=at, party="guest", revision=0)
