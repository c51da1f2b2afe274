"""Whatever a struct holds is read back as it was written."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.postgres.table import LONGEST_KEPT, json_column
from application.ports.account_storage import AccountMail, MailToken
from application.ports.support import Screenshot
from domain.additional_guest import AdditionalGuest
from domain.booking import Booking, Cancellation, ErasedGuest, Guest, Move, Overlap
from domain.booking_page import Answer, BookingPage, EventType, Question
from domain.conference import Conference, Failed, Failure, NoConference, Pending, Ready
from domain.connection import Blocked, Connected, NeedsReconnect, ProviderAccount, ProviderConnection
from domain.fallback import ChosenByHost, MeetingFailed
from domain.host import Host
from domain.ids import BookingId, BookingLinkId, CalendarId, EventTypeId, GuestToken, HostId, PageId
from domain.meeting_type import GoogleMeet, InPerson, MeetingType, MicrosoftTeams, Phone, Zoom, provider_of
from domain.page_calendars import PageCalendars
from domain.provider_problem import RateLimited
from domain.slot import Slot
from domain.support_thread import SupportThread, ThreadMessage
from tests.support.builders import a_host, altered
from tests.support.postgres import StoreInPostgres
from tests.support.schedules import availabilities, durations, rules
from tests.support.store import keep
from tests.support.stored_connections import a_grant

_serial = count()
# The database is emptied before the first example; every later one has ids of its own.
on_one_database = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def fresh(make: Callable[[str], str]) -> st.SearchStrategy[str]:
    return st.builds(lambda: make(f"id-{next(_serial):06}"))


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
names = words.map("a{}".format)
emails = st.integers(0, 99).map("guest{}@guests.example".format)
zones = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"])
links = st.integers(0, 99).map("https://zoom.example/j/{}".format)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
lengths = st.integers(1, 43_200).map(lambda minutes: timedelta(minutes=minutes))
parties = st.sampled_from(["guest", "host"])
providers = st.sampled_from(["zoom", "google", "microsoft"])
failures = st.builds(Failure, st.sampled_from(["not-connected", "try-later"]), st.just(RateLimited("zoom")))
meeting_types: st.SearchStrategy[MeetingType] = st.one_of(
    st.sampled_from([Zoom(), GoogleMeet(), MicrosoftTeams(), Phone("host")]),
    st.builds(InPerson, words.map("at {}".format), backup=st.booleans()),
)
orders = st.lists(meeting_types, max_size=3, unique_by=type).map(tuple)


@st.composite
def conferences(draw: st.DrawFn, meeting_type: MeetingType) -> Conference:
    provider = provider_of(meeting_type)
    pasted = st.builds(Ready, links)
    if provider is None:
        return draw(st.just(NoConference()) | pasted)
    attempted = st.builds(
        Pending, st.just(provider), st.integers(1, 9), open_attempt_at=st.none() | instants, failure=failures
    )
    made = st.builds(Ready, links, words, st.none() | words, st.just(provider), st.none() | instants)
    return draw(attempted | made | pasted | st.builds(Failed, failures))


@st.composite
def changed(draw: st.DrawFn, taken: st.SearchStrategy[Booking]) -> Booking:
    """What may have become of a booking that was taken."""
    meeting_type = draw(meeting_types)
    fallbacks = st.none() | st.just(ChosenByHost()) | st.builds(MeetingFailed, failures)
    members: dict[str, object] = {"meeting_type": meeting_type, "fallback": draw(fallbacks)}
    booking = draw(taken)
    if draw(st.booleans()):
        return altered(booking, **members, held_until=draw(instants))
    elsewhere = instants.filter(lambda at: at != booking.slot.start)
    members |= {
        "conference": draw(conferences(meeting_type)),
        "move": draw(st.none() | st.builds(Move, parties, elsewhere, words)),
        "revision": draw(st.integers(0, 2**31 - 1)),
    }
    cancellation = draw(st.none() | st.builds(Cancellation, parties, instants, words))
    became = altered(booking, **members)
    return became if cancellation is None else altered(became, cancellation=cancellation)


buffers = st.integers(0, 1440).map(lambda minutes: timedelta(minutes=minutes))
slots = st.builds(Slot.lasting, lengths, instants)
_taken = st.builds(
    Booking,
    id=fresh(BookingId),
    token=fresh(GuestToken),
    host_id=fresh(HostId),
    page_id=words.map(PageId),
    event_type_id=words.map(EventTypeId),
    title=names,
    slot=st.builds(Slot.lasting, durations, instants),
    buffer_before=buffers,
    buffer_after=buffers,
    guest=st.builds(Guest, names, emails, zones, st.none() | st.just("+493055512345"), words),
    host_timezone=zones,
    requested=st.just("zoom"),
    meeting_type=st.just(Zoom()),
    fallback=st.none(),
    conference=st.just(Pending("zoom")),
    answers=st.lists(st.builds(Answer, names, names), max_size=3).map(tuple),
    link_id=st.none() | words.map(BookingLinkId),
    additional_guests=st.lists(
        st.builds(AdditionalGuest, emails, st.none() | instants), max_size=3, unique_by=lambda each: each.email
    ).map(tuple),
    tracking=st.dictionaries(st.sampled_from(["utm_source", "utm_campaign"]), st.just("a–b")),
    created_at=instants,
    changed_at=st.just(datetime(2200, 1, 1, tzinfo=UTC)),
    reminders=st.lists(lengths, unique=True, max_size=3).map(tuple),
    unreached=st.lists(parties, unique=True).map(tuple),
    overlaps=st.lists(st.builds(Overlap, words.map(CalendarId), slots, instants, st.booleans())).map(tuple),
)
bookings = changed(_taken)


def _erased(booking: Booking, timezone: str) -> Booking:
    return msgspec.structs.replace(booking, guest=ErasedGuest(timezone), answers=(), tracking={}, additional_guests=())


erased = st.builds(_erased, bookings, zones)
questions = st.builds(Question, fresh(str), names, st.sampled_from(["text", "yes_no"]), st.booleans())
event_types = st.builds(
    EventType,
    id=fresh(EventTypeId),
    slug=fresh(str),
    title=names,
    duration=durations,
    meeting_types=st.none() | orders.filter(bool),
    questions=st.lists(questions, max_size=3).map(tuple),
    description=words,
    redirect_url=st.none() | st.just("https://hosts.example/thanks?a=b"),
)
pages = st.builds(
    BookingPage,
    id=fresh(PageId),
    host_id=st.just(HostId("")),
    slug=fresh(str),
    title=names,
    description=words,
    meeting_types=orders,
    availability=availabilities,
    rules=rules,
    reminders=st.lists(lengths, unique=True, max_size=3).map(tuple),
    brand_color=st.none() | st.just("#0f766e"),
    confirm_guest_email=st.booleans(),
    additional_guests_allowed=st.booleans(),
    active=st.booleans(),
    calendars=st.builds(
        PageCalendars,
        st.lists(fresh(CalendarId), max_size=3).map(tuple),
        st.none() | fresh(CalendarId),
        st.sampled_from(["close", "trust_last"]),
    ),
    embedding=st.sampled_from(["nowhere", "anywhere", ("https://example.com",)]),
    event_types=st.lists(event_types, max_size=3).map(tuple),
)
hosts = st.builds(
    Host,
    id=fresh(HostId),
    email=fresh("{}@hosts.example".format),
    name=names,
    handle=fresh(str),
    timezone=zones,
    language=words,
)
mail_tokens = st.builds(
    MailToken, st.just(HostId("")), st.sampled_from(["reset", "confirm"]), email=words, expires_at=instants
)
screenshots = st.none() | st.builds(Screenshot, st.binary(max_size=30), st.sampled_from(["png", "jpeg"]))
messages = st.builds(ThreadMessage, st.sampled_from(["visitor", "operator"]), instants, words, st.booleans())
support_threads = st.builds(
    SupportThread,
    id=fresh(str),
    token=fresh("token {}".format),
    email=words,
    page_url=words,
    language=words,
    messages=st.lists(messages, min_size=1, max_size=3).map(tuple),
    closed_at=st.none() | instants,
    version=st.just(1),
)
account_mails = st.builds(
    AccountMail,
    id=fresh(str),
    kind=st.sampled_from(["reset", "confirm_sign_up"]),
    host_id=st.none() | words.map(HostId),
    email=words,
    name=words,
    language=words,
    asked_at=instants,
)
connections = st.builds(
    ProviderConnection,
    host_id=st.just(HostId("")),
    provider=providers,
    account=st.builds(ProviderAccount, words, words, words, words),
    state=st.one_of(
        st.just(Connected()),
        st.builds(NeedsReconnect, st.just(RateLimited("zoom"))),
        st.builds(Blocked, st.just(RateLimited("google"))),
    ),
    connected_at=instants,
    last_meeting_at=st.none() | instants,
    refreshed_at=st.none() | instants,
    limited_until=st.none() | instants,
    meetings_on=st.dates(),
    meetings_made=st.integers(0, 1000),
)


@on_one_database
@given(booking=bookings | erased)
async def test_a_booking_is_read_as_it_was_written(postgres_store: StoreInPostgres, booking: Booking) -> None:
    await keep(postgres_store, booking)

    async with postgres_store.begin() as uow:
        assert booking == await uow.bookings.get(booking.id)


@on_one_database
@given(page=pages)
async def test_a_page_and_its_event_types_are_read_as_they_were_written(
    postgres_store: StoreInPostgres, page: BookingPage
) -> None:
    host = a_host()
    page = msgspec.structs.replace(page, host_id=host.id)
    await keep(postgres_store, host, page)

    async with postgres_store.begin() as uow:
        assert page == await uow.pages.get(page.id)


@on_one_database
@given(host=hosts)
async def test_a_host_is_read_as_they_were_written(postgres_store: StoreInPostgres, host: Host) -> None:
    await keep(postgres_store, host)

    async with postgres_store.begin() as uow:
        assert host == await uow.hosts.get(host.id)


@on_one_database
@given(connection=connections)
async def test_a_connection_is_read_as_it_was_written(
    postgres_store: StoreInPostgres, connection: ProviderConnection
) -> None:
    host = a_host()
    connection = msgspec.structs.replace(connection, host_id=host.id)
    await keep(postgres_store, host)
    async with postgres_store.begin() as uow:
        uow.connections.put(connection, a_grant())

    assert [connection] == await postgres_store.views.connections(host.id)


@on_one_database
@given(token=fresh(str), means=mail_tokens)
async def test_a_mailed_link_is_read_as_it_was_written(
    postgres_store: StoreInPostgres, token: str, means: MailToken
) -> None:
    host = a_host()
    means = msgspec.structs.replace(means, host_id=host.id)
    await keep(postgres_store, host)
    async with postgres_store.begin() as uow:
        uow.mail_tokens.remember(token, means)

    async with postgres_store.begin() as uow:
        assert means == await uow.mail_tokens.find(token, means.purpose, means.expires_at - timedelta(minutes=1))


@on_one_database
@given(mail=account_mails)
async def test_an_account_mail_is_read_as_it_was_written(postgres_store: StoreInPostgres, mail: AccountMail) -> None:
    async with postgres_store.begin() as uow:
        uow.account_mails.ask(mail)

    async with postgres_store.begin() as uow:
        assert mail == await uow.account_mails.get(mail.id)


@on_one_database
@given(thread=support_threads, screenshot=screenshots)
async def test_a_conversation_with_support_is_read_as_it_was_written(
    postgres_store: StoreInPostgres, thread: SupportThread, screenshot: Screenshot | None
) -> None:
    async with postgres_store.begin() as uow:
        uow.support_threads.add(thread, screenshot)

    async with postgres_store.begin() as uow:
        assert thread == await uow.support_threads.get(thread.id)
        assert screenshot == await uow.support_threads.screenshot(thread.id, len(thread.messages) - 1)


def test_what_was_decoded_is_kept_only_for_short_texts_for_long_ones_would_fill_the_process() -> None:
    decode = json_column("texts", tuple[str, ...], shared=True).decode
    assert decode
    short, long = (f'["{"x" * length}"]' for length in (10, LONGEST_KEPT))

    assert decode(short) is decode(short)
    assert decode(long) is not decode(long)
