"""The read side: what every store promises to answer."""

from datetime import datetime, timedelta
from itertools import count

import msgspec
import pytest

from application.ports.booking_views import BookingFilter, BookingView, TimelineEntry
from application.ports.idempotency_keys import IdempotencyKey
from application.ports.mailed_revisions import Mailed
from application.ports.offers import Offer
from application.ports.public_pages import PublicPage
from domain.availability import BookingRules
from domain.booking import Booking, Cancellation, Overlap, cancel, reschedule
from domain.booking_mails import mail_accepted, mail_refused
from domain.booking_page import BookingPage
from domain.calendar_entry import CalendarEntry, EntryState
from domain.conference import Conference, Failed, Failure, NoConference, Pending, Ready
from domain.connection import Blocked, NeedsReconnect
from domain.errors import InvalidInput
from domain.events import (
    Booked,
    Event,
    Held,
    HostAsked,
    MailAccepted,
    MeetingCreated,
    MeetingRetried,
    MeetingSwitched,
    Party,
    Reconnected,
    Rescheduled,
    RetryCause,
)
from domain.host import Host
from domain.ids import BookingId, CalendarId, GuestToken
from domain.mail_problem import ServerAnswered
from domain.meeting_type import MeetingType
from domain.proposals import propose
from domain.provider_problem import GrantEnded, MeetingsNotAllowed, NothingConnected
from domain.slot import Slot
from tests.support.builders import (
    HALF_AN_HOUR,
    NOW,
    TOMORROW_AT_TEN,
    a_booking,
    a_connection,
    a_host,
    a_page,
    altered,
    an_event_type,
    ana,
    at_the_harbour,
    phone_by_host,
    token_of,
    zoe,
    zoom,
)
from tests.support.faults import fields
from tests.support.store import Store, a_unit_that_fails, keep, once_saved
from tests.support.stored_connections import a_grant, put

AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
TEN_MINUTES = timedelta(minutes=10)
TOMORROW = Slot(TOMORROW_AT_TEN - 10 * AN_HOUR, TOMORROW_AT_TEN + 14 * AN_HOUR)
FILTERS: tuple[BookingFilter, ...] = ("upcoming", "past", "cancelled", "needs_attention")

ready = Ready("https://zoom.example/j/1", "1", None, "zoom")
a_failure = Failure("not-connected", NothingConnected("zoom"))


async def test_an_offer_has_all_that_its_page_says(store: Store, host: Host) -> None:
    wanted, other = an_event_type(slug="wanted", title="見合い"), an_event_type(slug="other")
    page = a_page(host, other, wanted)
    await keep(store, page)

    offer = await store.views.offer(host.handle, page.slug, "wanted", TOMORROW, NOW)

    assert offer is not None
    expected = Offer(
        host=host,
        page=page,
        event_type=wanted,
        connections={},
        confirmed=False,
        meetings_today={},
        busy=[],
        page_starts=[],
    )
    assert expected == msgspec.structs.replace(offer, mark=None)


async def test_an_offer_without_an_event_type_is_of_the_only_one_there_is(store: Store, host: Host) -> None:
    single, several = a_page(host), a_page(host, an_event_type(slug="a"), an_event_type(slug="b"))
    await keep(store, single, several)

    offer = await store.views.offer(host.handle, single.slug, None, TOMORROW, NOW)

    assert offer == await store.views.offer(host.handle, single.slug, "intro", TOMORROW, NOW)
    assert offer is not None
    assert await store.views.offer(host.handle, several.slug, None, TOMORROW, NOW) is None


async def test_there_is_no_offer_of_what_does_not_exist(store: Store, host: Host, page: BookingPage) -> None:
    stranger = a_host()
    await keep(store, stranger)

    for handle, slug, event_type in (
        ("nobody", page.slug, "intro"),
        (stranger.handle, page.slug, "intro"),
        (host.handle, "nothing", "intro"),
        (host.handle, page.slug, "nothing"),
        ("\0", "ä" * 5000, "🐟"),
    ):
        assert await store.views.offer(handle, slug, event_type, TOMORROW, NOW) is None


async def test_busy_is_the_hosts_occupied_time_on_all_pages_in_order(
    store: Store, host: Host, page: BookingPage
) -> None:
    other_page = a_page(host)
    later = a_booking(page, TOMORROW_AT_TEN + 2 * AN_HOUR, buffer_after=TEN_MINUTES)
    earlier = a_booking(other_page, TOMORROW_AT_TEN, buffer_before=TEN_MINUTES)
    await keep(store, other_page, later, earlier)

    offer = await the_offer(store, host, page)

    assert [
        Slot(TOMORROW_AT_TEN - TEN_MINUTES, TOMORROW_AT_TEN + HALF_AN_HOUR),
        Slot(TOMORROW_AT_TEN + 2 * AN_HOUR, TOMORROW_AT_TEN + 2 * AN_HOUR + HALF_AN_HOUR + TEN_MINUTES),
    ] == offer.busy


async def test_what_only_reaches_into_the_span_is_busy_too(store: Store, host: Host, page: BookingPage) -> None:
    ends_in_it = a_booking(page, TOMORROW.start - HALF_AN_HOUR, buffer_after=TEN_MINUTES)
    begins_in_it = a_booking(page, TOMORROW.end, buffer_before=TEN_MINUTES)
    before, after = a_booking(page, TOMORROW.start - AN_HOUR), a_booking(page, TOMORROW.end + AN_HOUR)
    await keep(store, ends_in_it, begins_in_it, before, after)

    offer = await the_offer(store, host, page)

    assert [ends_in_it.occupied, begins_in_it.occupied] == offer.busy
    occupying = await store.views.occupying(host.id, TOMORROW, NOW)
    assert [ends_in_it.id, begins_in_it.id] == [each.id for each in occupying]


async def test_neither_cancelled_bookings_nor_those_of_other_hosts_make_a_host_busy(
    store: Store, host: Host, page: BookingPage
) -> None:
    somebody_else = a_host()
    other_page = a_page(somebody_else)
    cancelled = a_booking(page)
    await keep(store, somebody_else, other_page, a_booking(other_page), cancelled)
    await change(store, cancel(cancelled, "guest", "", NOW).booking)

    offer = await the_offer(store, host, page)

    assert ([], []) == (offer.busy, offer.page_starts)
    assert [] == await store.views.occupying(host.id, TOMORROW, NOW)


async def test_a_rescheduled_booking_is_busy_where_it_is_now(store: Store, host: Host, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)
    moved, _ = reschedule(booking, Slot.lasting(HALF_AN_HOUR, TOMORROW_AT_TEN + 3 * AN_HOUR), "guest", NOW)
    await change(store, moved)

    offer = await the_offer(store, host, page)

    assert [moved.occupied] == offer.busy


async def test_page_starts_are_those_of_this_page_in_the_span(store: Store, host: Host) -> None:
    page, other_page = a_page(host, rules=BookingRules(daily_cap=5)), a_page(host)
    late, early = [a_booking(page, TOMORROW_AT_TEN + number * AN_HOUR) for number in (2, 0)]
    begins_before = a_booking(page, TOMORROW.start - TEN_MINUTES)
    await keep(store, page, other_page, late, early, begins_before, a_booking(other_page, TOMORROW_AT_TEN + AN_HOUR))

    offer = await the_offer(store, host, page)

    assert [TOMORROW_AT_TEN, TOMORROW_AT_TEN + 2 * AN_HOUR] == sorted(offer.page_starts)


async def test_without_a_daily_cap_nobody_needs_the_starts(store: Store, host: Host, page: BookingPage) -> None:
    await keep(store, a_booking(page))

    assert [] == (await the_offer(store, host, page)).page_starts


async def test_an_offer_by_ids_is_that_of_the_address(store: Store, host: Host, page: BookingPage) -> None:
    await keep(store, a_booking(page))

    offer = await store.views.offer_of(host.id, page.id, page.event_types[0].id, TOMORROW, None, NOW)

    assert offer == await the_offer(store, host, page)


async def test_an_offer_by_ids_leaves_one_booking_aside(store: Store, host: Host) -> None:
    page = a_page(host, rules=BookingRules(daily_cap=5))
    moving, other = a_booking(page, TOMORROW_AT_TEN), a_booking(page, TOMORROW_AT_TEN + AN_HOUR)
    await keep(store, page, moving, other)

    offer = await store.views.offer_of(host.id, page.id, page.event_types[0].id, TOMORROW, moving.id, NOW)

    assert offer is not None
    assert ([other.occupied], [other.slot.start]) == (offer.busy, offer.page_starts)


async def test_there_is_no_offer_of_what_has_another_id_or_host(store: Store, host: Host, page: BookingPage) -> None:
    stranger, other_page = a_host(), a_page(host)
    await keep(store, stranger, other_page)

    for host_id, page_id, event_type in (
        (stranger.id, page.id, page.event_types[0]),
        (host.id, other_page.id, page.event_types[0]),
        (host.id, page.id, other_page.event_types[0]),
    ):
        assert await store.views.offer_of(host_id, page_id, event_type.id, TOMORROW, None, NOW) is None


async def test_offers_and_public_pages_say_how_the_hosts_providers_are_connected(
    store: Store, host: Host, page: BookingPage
) -> None:
    somebody_else = a_host()
    await keep(store, somebody_else)
    await put(store, a_connection(host, "zoom"), a_grant())
    await put(store, a_connection(host, "google", state=NeedsReconnect(GrantEnded("google"))), a_grant())
    await put(
        store, a_connection(somebody_else, "microsoft", state=Blocked(MeetingsNotAllowed("microsoft"))), a_grant()
    )

    offer = await the_offer(store, host, page)
    public_page = await store.views.public_page(host.handle, page.slug)

    assert {"zoom": "connected", "google": "needs_reconnect"} == offer.connections
    assert PublicPage(host, page, {"zoom": "connected", "google": "needs_reconnect"}, confirmed=False) == public_page


async def test_whether_the_host_has_confirmed_the_address(store: Store, host: Host, page: BookingPage) -> None:
    for confirmed_at in (None, NOW, None):
        async with store.begin() as uow:
            uow.accounts.confirm_email(host.id, confirmed_at)

        public_page = await store.views.public_page(host.handle, page.slug)
        public_pages = await store.views.public_pages(host.handle)
        offer = await the_offer(store, host, page)

        assert public_page is not None
        assert {confirmed_at is not None} == {each.confirmed for each in (public_page, *public_pages, offer)}


async def test_an_offer_says_how_many_meetings_were_made_today(store: Store, host: Host, page: BookingPage) -> None:
    once = a_connection(host).asked_for_a_meeting(NOW)
    yesterday = a_connection(host, "google").asked_for_a_meeting(NOW - timedelta(days=1))
    async with store.begin() as uow:
        uow.connections.put(once.asked_for_a_meeting(NOW), a_grant())
        uow.connections.put(yesterday, a_grant())
        uow.connections.put(a_connection(host, "microsoft"), a_grant())

    offer = await store.views.offer(host.handle, page.slug, None, TOMORROW, NOW)

    assert offer
    assert (2, 0) == (offer.meetings_today.get("zoom", 0), offer.meetings_today.get("google", 0))
    assert 0 == offer.meetings_today.get("microsoft", 0)


async def test_a_mailbox_is_known_by_what_no_visitor_brings_about_with_a_made_up_address(
    store: Store, host: Host, page: BookingPage
) -> None:
    somebody_else = a_host()
    await keep(store, somebody_else, a_page(somebody_else))
    here, waits, hours = BookingId(""), Pending("zoom"), count()

    async def is_known(*events: Event, of: Host = host, **changes: object) -> bool:
        number = next(hours)
        guest = msgspec.structs.replace(ana, email=f"guest-{number}@guests.example")
        booking = a_booking(page, TOMORROW_AT_TEN + number * AN_HOUR, guest=guest)
        booking = altered(booking, **changes)
        async with store.begin() as uow:
            uow.bookings.add(booking, *(msgspec.structs.replace(each, booking_id=booking.id) for each in events))
        return await store.views.is_known(of.id, guest.mailbox)

    def booked(by: Party) -> Booked:
        return Booked(booking_id=here, at=NOW, by=by, conference=waits)

    def moved(by: Party) -> Rescheduled:
        return reschedule(a_booking(page), TOMORROW, by, NOW).events[0]

    def retried(cause: RetryCause) -> MeetingRetried:
        return MeetingRetried(booking_id=here, at=NOW, cause=cause)

    held = Held(booking_id=here, at=NOW, until=NOW + AN_HOUR)
    switched = MeetingSwitched(
        booking_id=here, at=NOW, to="zoom", conference=waits, announced_before=True, instead_of=None
    )
    assert [True] * 5 == [
        await is_known(held, booked("guest")),
        await is_known(booked("host")),
        await is_known(booked("guest"), moved("host")),
        await is_known(booked("guest"), retried(HostAsked())),
        await is_known(booked("guest"), switched),
    ]
    cancelled = Cancellation("guest", NOW)
    assert [False] * 5 == [
        await is_known(booked("guest"), moved("guest"), retried(Reconnected("zoom"))),
        await is_known(held, held_until=NOW + AN_HOUR),
        await is_known(held, booked("guest"), cancellation=cancelled),
        await is_known(held, booked("guest"), of=somebody_else),
        await store.views.is_known(host.id, "nobody@guests.example"),
    ]


async def test_all_public_pages_of_a_host(store: Store, host: Host, page: BookingPage) -> None:
    other, somebody_else = a_page(host), a_host()
    await keep(store, other, somebody_else, a_page(somebody_else))
    await put(store, a_connection(host), a_grant())

    found = await store.views.public_pages(host.handle)

    expected = [PublicPage(host, each, {"zoom": "connected"}, confirmed=False) for each in (page, other)]
    assert sorted(expected, key=_slug) == sorted(found, key=_slug)
    assert [] == await store.views.public_pages("nobody")
    assert [] == await store.views.public_pages("\0")


def _slug(public: PublicPage) -> str:
    return public.page.slug


async def test_there_is_no_public_page_where_there_is_no_page(store: Store, host: Host, page: BookingPage) -> None:
    assert await store.views.public_page("nobody", page.slug) is None
    assert await store.views.public_page(host.handle, "nothing") is None


async def test_a_guests_link_stands_for_the_booking(store: Store, host: Host, page: BookingPage) -> None:
    booking = a_booking(page, guest=zoe)
    await keep_with_timeline(store, booking)

    view = await store.views.booking_for(token_of(booking))

    assert BookingView(booking, host, page.slug, page.event_types[0].slug) == view


async def test_a_made_up_guests_link_stands_for_nothing(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)

    for made_up in (booking.id, "", "🐟", "\0", token_of(booking).upper()):
        assert await store.views.booking_for(GuestToken(made_up)) is None


async def test_a_host_sees_a_booking_with_its_timeline(store: Store, host: Host, page: BookingPage) -> None:
    booking = a_booking(page)
    booked = await keep_with_timeline(store, booking)

    view = await store.views.booking(host.id, booking.id)

    assert BookingView(booking, host, page.slug, page.event_types[0].slug, (TimelineEntry.of(booked),)) == view


async def test_what_has_changed_is_told_with_its_timeline_and_the_latest_where_it_is_too_much(
    store: Store, host: Host, page: BookingPage
) -> None:
    booking, later = a_booking(page), a_booking(page, TOMORROW_AT_TEN + AN_HOUR)
    booked = await keep_with_timeline(store, booking)
    before = booked.at - timedelta(seconds=1)
    [view] = await store.views.changed_since(host.id, before, 2)

    assert (booking.id, (TimelineEntry.of(booked),)) == (view.booking.id, view.timeline)
    assert [] == await store.views.changed_since(host.id, booked.at, 2)
    async with store.begin() as uow:
        uow.bookings.add(later, msgspec.structs.replace(booked, booking_id=later.id, at=booked.at + AN_HOUR))
    assert {booking.id, later.id} == {each.booking.id for each in await store.views.changed_since(host.id, before, 2)}
    [latest] = await store.views.changed_since(host.id, before, 1)
    assert later.id == latest.booking.id


async def test_a_timeline_tells_what_happened_in_the_order_in_which_it_happened(
    store: Store, host: Host, page: BookingPage
) -> None:
    booking, other = a_booking(page), a_booking(page, TOMORROW_AT_TEN + AN_HOUR)
    booked = await keep_with_timeline(store, booking)
    await keep_with_timeline(store, other)
    created = MeetingCreated(booking_id=booking.id, at=NOW, meeting_id="1 ä", after=A_DAY, announced_before=False)
    accepted = [
        MailAccepted(booking_id=booking.id, at=NOW + TEN_MINUTES, party="host", revision=0),
        MailAccepted(booking_id=booking.id, at=NOW + TEN_MINUTES, party="guest", revision=0),
    ]
    starts = (TOMORROW_AT_TEN + AN_HOUR, TOMORROW_AT_TEN + 2 * AN_HOUR)
    [proposed] = propose(booking, starts, "Grippe 🤒", NOW + TEN_MINUTES).events
    cancelled, (by_host,) = cancel(booking, "host", "Grippe 🤒", NOW + AN_HOUR)

    async with store.begin() as uow:
        uow.bookings.save(booking, created, *accepted, proposed)
    async with store.begin() as uow:
        uow.bookings.save(once_saved(cancelled), by_host)

    view = await store.views.booking(host.id, booking.id)
    assert view is not None
    assert tuple(TimelineEntry.of(event) for event in (booked, created, *accepted, proposed, by_host)) == view.timeline


async def test_a_unit_that_fails_leaves_no_trace_on_the_timeline(store: Store, host: Host, page: BookingPage) -> None:
    booking = a_booking(page)
    booked = await keep_with_timeline(store, booking)

    async with a_unit_that_fails(store) as uow:
        uow.bookings.save(booking, MailAccepted(booking_id=booking.id, at=NOW, party="host", revision=0))

    view = await store.views.booking(host.id, booking.id)
    assert view is not None
    assert (TimelineEntry.of(booked),) == view.timeline


async def test_another_hosts_booking_is_none(store: Store, host: Host, page: BookingPage) -> None:
    stranger = a_host()
    booking = a_booking(page)
    await keep(store, stranger, booking)

    assert await store.views.booking(stranger.id, booking.id) is None
    assert await store.views.booking(host.id, BookingId("nobody’s")) is None


async def test_a_booking_outlives_its_event_type_and_its_page(store: Store, host: Host, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)

    async with store.begin() as uow:
        uow.pages.save(msgspec.structs.replace(page, event_types=(an_event_type(slug="another"),)))
    without_event_type = await store.views.booking(host.id, booking.id)
    async with store.begin() as uow:
        uow.pages.remove(host.id, page.id)
    without_page = await store.views.booking_for(token_of(booking))

    assert BookingView(booking, host, page.slug, None) == without_event_type
    assert BookingView(booking, host, None, None) == without_page


async def test_a_booking_is_found_by_its_idempotency_key(store: Store, host: Host, page: BookingPage) -> None:
    booking = a_booking(page)
    async with store.begin() as uow:
        uow.bookings.add(booking, key=IdempotencyKey("scope", "clé 🔑", "fingerprint"))

    found = await store.views.booking_by_key("scope", "clé 🔑")

    assert (BookingView(booking, host, page.slug, page.event_types[0].slug), "fingerprint") == found


async def test_an_unused_idempotency_key_finds_nothing(store: Store, page: BookingPage) -> None:
    async with store.begin() as uow:
        uow.bookings.add(a_booking(page), key=IdempotencyKey("scope", "key", "fingerprint"))

    assert await store.views.booking_by_key("scope", "another") is None
    assert await store.views.booking_by_key("another", "key") is None


async def test_every_booking_is_in_the_lists_where_it_belongs(store: Store, host: Host, page: BookingPage) -> None:
    over = a_booking(page, NOW - AN_HOUR, duration=timedelta(minutes=40), conference=Failed(a_failure))
    under_way = a_booking(page, NOW - timedelta(minutes=20), duration=AN_HOUR, conference=ready)
    coming = a_booking(page, NOW + AN_HOUR, conference=ready)
    without_link = a_booking(page, NOW + 2 * AN_HOUR, conference=Failed(a_failure))
    tried_again = a_booking(page, NOW + 3 * AN_HOUR, conference=Pending("zoom", attempts=1, failure=a_failure))
    told_without_it = altered(
        a_booking(page, NOW + 6 * AN_HOUR, conference=Pending("zoom", attempts=1)), announced=True
    )
    being_made = a_booking(page, NOW + 7 * AN_HOUR, conference=Pending("zoom"))
    by_phone = a_booking(page, NOW + 4 * AN_HOUR, meeting_type=phone_by_host)
    in_person = a_booking(page, NOW + 5 * AN_HOUR, meeting_type=at_the_harbour)
    await keep(store, over, under_way, coming, without_link, tried_again, by_phone, in_person)
    await keep(store, told_without_it, being_made)
    called_off = a_booking(page, NOW + 8 * AN_HOUR, conference=Failed(a_failure))
    await keep(store, called_off)
    called_off, _ = cancel(called_off, "host", "", NOW)
    await change(store, called_off)

    lists = {show: await listed(store, host, show) for show in FILTERS}

    assert {
        "upcoming": [
            *(under_way, coming, without_link, tried_again),
            *(by_phone, in_person, told_without_it, being_made),
        ],
        "past": [over],
        "cancelled": [once_saved(called_off)],
        "needs_attention": [without_link, tried_again, told_without_it],
    } == lists


@pytest.mark.parametrize(
    ("meeting_type", "conference"),
    [(zoom, ready), (at_the_harbour, NoConference())],
    ids=["its link", "no need of one"],
)
async def test_a_booking_with_what_it_needs_needs_no_attention(
    store: Store, host: Host, page: BookingPage, meeting_type: MeetingType, conference: Conference
) -> None:
    await keep(store, a_booking(page, meeting_type=meeting_type, conference=conference))

    assert [] == await listed(store, host, "needs_attention")


async def test_a_list_holds_only_the_hosts_own_bookings(store: Store, host: Host, page: BookingPage) -> None:
    somebody_else = a_host()
    other_page = a_page(somebody_else)
    mine, theirs = a_booking(page), a_booking(other_page)
    await keep(store, somebody_else, other_page, mine, theirs)

    assert [mine] == await listed(store, host, "upcoming")


async def test_a_list_shows_each_booking_as_its_host_sees_it_without_the_timeline(
    store: Store, host: Host, page: BookingPage
) -> None:
    booking = a_booking(page)
    await keep_with_timeline(store, booking)

    shown = await store.views.bookings(host.id, "upcoming", now=NOW, cursor=None, limit=10)

    assert [BookingView(booking, host, page.slug, page.event_types[0].slug)] == shown.items


@pytest.mark.parametrize("show", FILTERS)
async def test_paging_through_a_list_shows_everything_once_and_in_order(
    store: Store, host: Host, page: BookingPage, show: BookingFilter
) -> None:
    bookings = await seven_bookings(store, page, show)

    pages = await paged(store, host, show, limit=3)

    expected = bookings if show in {"upcoming", "needs_attention"} else bookings[::-1]
    assert [expected[:3], expected[3:6], expected[6:]] == pages


async def test_a_list_that_ends_with_its_page_has_no_next(store: Store, host: Host, page: BookingPage) -> None:
    await seven_bookings(store, page, "upcoming")

    shown = await store.views.bookings(host.id, "upcoming", now=NOW, cursor=None, limit=7)

    assert (7, None) == (len(shown.items), shown.next)


async def test_an_empty_list_has_no_next(store: Store, host: Host) -> None:
    for show in FILTERS:
        shown = await store.views.bookings(host.id, show, now=NOW, cursor=None, limit=3)
        assert ([], None) == (shown.items, shown.next)


async def test_cancelled_bookings_that_began_at_one_time_are_all_paged_through(
    store: Store, host: Host, page: BookingPage
) -> None:
    for _ in range(5):
        booking = a_booking(page)
        await keep(store, booking)
        await change(store, cancel(booking, "guest", "", NOW).booking)

    pages = await paged(store, host, "cancelled", limit=2)

    assert [2, 2, 1] == [len(each) for each in pages]
    assert 5 == len({booking.id for each in pages for booking in each})


async def test_bookings_that_come_in_between_move_nothing_on_the_pages_that_follow(
    store: Store, host: Host, page: BookingPage
) -> None:
    bookings = await seven_bookings(store, page, "upcoming")
    first = await store.views.bookings(host.id, "upcoming", now=NOW, cursor=None, limit=3)

    earlier = a_booking(page, bookings[0].slot.start - AN_HOUR)
    later = a_booking(page, bookings[-1].slot.start + AN_HOUR)
    await keep(store, earlier, later)
    await change(store, cancel(bookings[2], "guest", "", NOW).booking)
    second = await store.views.bookings(host.id, "upcoming", now=NOW, cursor=first.next, limit=10)

    assert [*bookings[3:], later] == [view.booking for view in second.items]


@pytest.mark.parametrize(
    "cursor",
    ["", "1", "made up", "🐟", "\0", "e30=", "W10=", "WyJ1cGNvbWluZyIsIDEsIDJd", "=", "%", "A" * 5000],
    ids=lambda cursor: cursor[:10] or "empty",
)
async def test_a_cursor_that_was_made_up_is_refused(store: Store, host: Host, cursor: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await store.views.bookings(host.id, "upcoming", now=NOW, cursor=cursor, limit=3)

    assert ["cursor"] == fields(refusal.value)


async def test_the_mails_to_each_party_are_remembered_by_revision(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    moved = altered(booking, revision=1, slot=Slot.lasting(HALF_AN_HOUR, TOMORROW_AT_TEN + A_DAY))
    again = altered(moved, revision=2)
    await keep(store, booking)

    async with store.begin() as uow:
        uow.booking_mails.mailed(again, "guest", NOW + 2 * AN_HOUR)
        uow.booking_mails.mailed(booking, "guest", NOW)
    for revised in (moved, booking):
        async with store.begin() as uow:
            uow.booking_mails.mailed(revised, "host", NOW + AN_HOUR)

    start, later = booking.slot.start, moved.slot.start
    to_guest = Mailed(0, start, NOW), Mailed(2, later, NOW + 2 * AN_HOUR)
    to_host = Mailed(0, start, NOW + AN_HOUR), Mailed(1, later, NOW + AN_HOUR)
    assert to_guest == await store.views.mailed(booking.id, "guest")
    assert to_host == await store.views.mailed(booking.id, "host")


async def test_a_revision_that_is_sent_again_is_remembered_once(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)

    for hours in range(2):
        async with store.begin() as uow:
            uow.booking_mails.mailed(booking, "guest", NOW + hours * AN_HOUR)

    assert (Mailed(0, booking.slot.start, NOW + AN_HOUR),) == await store.views.mailed(booking.id, "guest")


async def test_the_last_word_of_the_mail_server_counts(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)
    start = booking.slot.start

    async with store.begin() as uow:
        uow.booking_mails.mailed(booking, "guest", NOW, "unclear")
    assert (Mailed(0, start, NOW, "unclear"),) == await store.views.mailed(booking.id, "guest")
    async with store.begin() as uow:
        uow.booking_mails.mailed(booking, "guest", NOW)
    assert (Mailed(0, start, NOW, "accepted"),) == await store.views.mailed(booking.id, "guest")


async def test_only_what_was_accepted_of_the_present_revision_is_wanted_again(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    again = altered(booking, revision=1)
    await keep(store, booking)
    async with store.begin() as uow:
        uow.booking_mails.mailed(booking, "guest", NOW)
        uow.booking_mails.mailed(again, "guest", NOW)
        uow.booking_mails.mailed(again, "host", NOW, "unclear")

    async with store.begin() as uow:
        uow.booking_mails.mail_again(again)

    start = booking.slot.start
    assert (Mailed(0, start, NOW), Mailed(1, start, NOW, "wanted")) == await store.views.mailed(booking.id, "guest")
    assert (Mailed(1, start, NOW, "unclear"),) == await store.views.mailed(booking.id, "host")


async def test_only_one_sides_mail_may_be_wanted_again(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)
    async with store.begin() as uow:
        uow.booking_mails.mailed(booking, "guest", NOW)
        uow.booking_mails.mailed(booking, "host", NOW)

    async with store.begin() as uow:
        uow.booking_mails.mail_again(booking, ("guest",))

    start = booking.slot.start
    assert (Mailed(0, start, NOW, "wanted"),) == await store.views.mailed(booking.id, "guest")
    assert (Mailed(0, start, NOW),) == await store.views.mailed(booking.id, "host")


async def test_a_booking_needs_attention_while_an_event_takes_its_time(
    store: Store, host: Host, page: BookingPage
) -> None:
    booking = a_booking(page, meeting_type=at_the_harbour)
    overlap = Overlap(CalendarId("c"), booking.slot, NOW)
    beside = msgspec.structs.replace(overlap, slot=Slot.lasting(HALF_AN_HOUR, booking.slot.end))
    over = msgspec.structs.replace(overlap, is_over=True)
    bookings = [
        msgspec.structs.replace(
            a_booking(page, booking.slot.start + day * A_DAY, meeting_type=at_the_harbour),
            overlaps=tuple(
                msgspec.structs.replace(each, slot=Slot(each.slot.start + day * A_DAY, each.slot.end + day * A_DAY))
                for each in overlaps
            ),
        )
        for day, overlaps in enumerate([(), (beside, over), (over, overlap)])
    ]
    await keep(store, *bookings)

    assert bookings[2:] == await listed(store, host, "needs_attention")


async def test_a_booking_whose_guest_gets_no_mail_needs_attention(store: Store, host: Host, page: BookingPage) -> None:
    unheard = mail_refused(
        a_booking(page, meeting_type=at_the_harbour), "guest", 0, ServerAnswered(550, "No such user"), NOW
    ).booking
    await keep(store, unheard)
    assert [unheard] == await listed(store, host, "needs_attention")

    await change(store, mail_accepted(unheard, "guest", 0, NOW).booking)
    assert [] == await listed(store, host, "needs_attention")


async def test_nobody_was_mailed_by_a_unit_that_fails(store: Store, page: BookingPage) -> None:
    booking = a_booking(page)
    await keep(store, booking)

    async with a_unit_that_fails(store) as uow:
        uow.booking_mails.mailed(booking, "guest", NOW)

    assert () == await store.views.mailed(booking.id, "guest")
    assert () == await store.views.mailed(BookingId("nobody’s"), "guest")


async def the_offer(store: Store, host: Host, page: BookingPage) -> Offer:
    offer = await store.views.offer(host.handle, page.slug, page.event_types[0].slug, TOMORROW, NOW)
    assert offer is not None
    return offer


async def keep_with_timeline(store: Store, booking: Booking) -> Booked:
    booked = Booked(booking_id=booking.id, at=booking.created_at, conference=booking.conference)
    async with store.begin() as uow:
        uow.bookings.add(booking, booked)
    return booked


async def change(store: Store, booking: Booking) -> None:
    async with store.begin() as uow:
        uow.bookings.save(booking)


async def seven_bookings(store: Store, page: BookingPage, show: BookingFilter) -> list[Booking]:
    """Store seven bookings of one list, in disorder; returned by their start."""
    first: datetime = NOW - 10 * A_DAY if show == "past" else NOW + A_DAY
    bookings = [a_booking(page, first + number * AN_HOUR, conference=Failed(a_failure)) for number in range(7)]
    await keep(store, *(bookings[number] for number in (3, 0, 6, 1, 5, 2, 4)))
    if show != "cancelled":
        return bookings
    cancelled = [cancel(booking, "guest", "", NOW)[0] for booking in bookings]
    for booking in cancelled:
        await change(store, booking)
    return [*map(once_saved, cancelled)]


async def listed(store: Store, host: Host, show: BookingFilter) -> list[Booking]:
    shown = await store.views.bookings(host.id, show, now=NOW, cursor=None, limit=100)
    return [view.booking for view in shown.items]


async def paged(store: Store, host: Host, show: BookingFilter, limit: int) -> list[list[Booking]]:
    pages: list[list[Booking]] = []
    cursor = None
    while cursor is not None or not pages:
        shown = await store.views.bookings(host.id, show, now=NOW, cursor=cursor, limit=limit)
        pages.append([view.booking for view in shown.items])
        cursor = shown.next
    return pages


@pytest.mark.parametrize("state", ["stuck", "deleted_in_calendar", "moved_in_calendar"])
async def test_a_booking_whose_entry_needs_the_host_needs_attention(
    store: Store, host: Host, page: BookingPage, state: EntryState
) -> None:
    entry = CalendarEntry(calendar_id=CalendarId("work"), owed_since=NOW, state=state, changed_at=NOW)
    needing, fine = (
        msgspec.structs.replace(
            a_booking(page, TOMORROW_AT_TEN + number * A_DAY, meeting_type=phone_by_host), entry=each
        )
        for number, each in enumerate([entry, msgspec.structs.replace(entry, state="written")])
    )
    await keep(store, needing, fine)

    assert [needing] == await listed(store, host, "needs_attention")
