"""How do rows become structs, and structs parameters?"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from adapters.postgres.pool import Row
from application.ports.views import UnknownEvent
from domain.availability import Availability, BookingRules
from domain.booking import Booking, Guest
from domain.booking_page import Answer, BookingPage, EventType, Question
from domain.conference import Conference
from domain.connection import ConnectionState, ProviderAccount, ProviderConnection
from domain.events import EVENT_VERSION, Event
from domain.fallback import FallbackReason
from domain.host import Host
from domain.meeting_type import MeetingType
from domain.slot import Slot

HOST = "h.id as host_id, h.email, h.name as host_name, h.handle, h.timezone, h.language"


def host_from(row: Row) -> Host:
    return Host(
        id=row["host_id"],
        email=row["email"],
        name=row["host_name"],
        handle=row["handle"],
        timezone=row["timezone"],
        language=row["language"],
    )


BOOKING_COLUMNS = (
    "id, token, host_id, page_id, event_type_id, title, start_at, end_at, occupied_from, occupied_until, guest_name, "
    "guest_email, guest_timezone, guest_phone, guest_language, host_timezone, requested, meeting_type, fallback, "
    "conference, answers, status, cancelled_by, cancelled_at, cancel_reason, announced, revision, created_at, "
    "changed_at, last_change, previous_start, moved_by, move_reason, remind_before, unreached, version"
)
BOOKING = ", ".join(f"b.{column}" for column in BOOKING_COLUMNS.split(", "))
AFTER_BOOKING = BOOKING_COLUMNS.count(",") + 2
"""The number of the first parameter behind those of a booking."""
BOOKING_VERSION = AFTER_BOOKING - 1
BOOKING_PARAMETERS = ", ".join(f"${number}" for number in range(1, AFTER_BOOKING))


def booking_parameters(booking: Booking) -> tuple[object, ...]:
    """The values of `BOOKING_COLUMNS`."""
    slot, guest, occupied = booking.slot, booking.guest, booking.occupied
    return (
        booking.id,
        booking.token,
        booking.host_id,
        booking.page_id,
        booking.event_type_id,
        booking.title,
        slot.start,
        slot.end,
        occupied.start,
        occupied.end,
        guest.name,
        guest.email,
        guest.timezone,
        guest.phone,
        guest.language,
        booking.host_timezone,
        booking.requested,
        to_json(booking.meeting_type),
        None if booking.fallback is None else to_json(booking.fallback),
        to_json(booking.conference),
        to_json(booking.answers),
        booking.status,
        booking.cancelled_by,
        booking.cancelled_at,
        booking.cancel_reason,
        booking.announced,
        booking.revision,
        booking.created_at,
        booking.changed_at,
        booking.last_change,
        booking.previous_start,
        booking.moved_by,
        booking.move_reason,
        booking.remind_before,
        booking.unreached,
        booking.version,
    )


def booking_from(row: Row) -> Booking:
    """Read the columns `BOOKING`."""
    slot = Slot(row["start_at"], row["end_at"])
    return Booking(
        id=row["id"],
        token=row["token"],
        host_id=row["host_id"],
        page_id=row["page_id"],
        event_type_id=row["event_type_id"],
        title=row["title"],
        slot=slot,
        buffer_before=slot.start - row["occupied_from"],
        buffer_after=row["occupied_until"] - slot.end,
        guest=Guest(
            name=row["guest_name"],
            email=row["guest_email"],
            timezone=row["guest_timezone"],
            phone=row["guest_phone"],
            language=row["guest_language"],
        ),
        host_timezone=row["host_timezone"],
        requested=row["requested"],
        meeting_type=_meeting_type(row["meeting_type"]),
        fallback=None if row["fallback"] is None else _fallback(row["fallback"]),
        conference=_conference(row["conference"]),
        answers=_answers(row["answers"]),
        status=row["status"],
        cancelled_by=row["cancelled_by"],
        cancelled_at=row["cancelled_at"],
        cancel_reason=row["cancel_reason"],
        announced=row["announced"],
        revision=row["revision"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        last_change=row["last_change"],
        previous_start=row["previous_start"],
        moved_by=row["moved_by"],
        move_reason=row["move_reason"],
        remind_before=row["remind_before"],
        unreached=tuple(row["unreached"]),
        version=row["version"],
    )


def event_from(what: str, version: int, event: str) -> Event | UnknownEvent:
    """Read a stored event; one of a later version has a shape that this program doesn't know."""
    if version > EVENT_VERSION:
        return UnknownEvent(what)
    try:
        return _event(event)
    except msgspec.ValidationError:
        return UnknownEvent(what)


PAGE_COLUMNS = (
    "id, host_id, slug, title, description, meeting_types, availability, minimum_notice, horizon_days, buffer_before, "
    "buffer_after, slot_interval, daily_cap, remind_before, brand_color, version"
)
PAGE_PARAMETERS = ", ".join(f"${number}" for number in range(1, PAGE_COLUMNS.count(",") + 2))
PAGE_VERSION = PAGE_COLUMNS.count(",") + 1
PAGE = (
    "p.id as page_id, p.host_id, p.slug, p.title, p.description, p.meeting_types, p.availability, p.minimum_notice, "
    "p.horizon_days, p.buffer_before, p.buffer_after, p.slot_interval, p.daily_cap, p.remind_before, "
    "p.brand_color, p.version as page_version, e.*"
)
EVENT_TYPES = """
    lateral (
        select
            array_agg(id) as event_type_ids,
            array_agg(slug) as event_type_slugs,
            array_agg(title) as event_type_titles,
            array_agg(duration) as event_type_durations,
            array_agg(meeting_types::text) as event_type_meeting_types,
            array_agg(questions::text) as event_type_questions
        from (select * from event_types where page_id = p.id order by position) as in_order
    ) as e
"""


def page_parameters(page: BookingPage) -> tuple[object, ...]:
    """The values of `PAGE_COLUMNS`."""
    rules = page.rules
    return (
        page.id,
        page.host_id,
        page.slug,
        page.title,
        page.description,
        to_json(page.meeting_types),
        to_json(page.availability),
        rules.minimum_notice,
        rules.horizon_days,
        rules.buffer_before,
        rules.buffer_after,
        rules.slot_interval,
        rules.daily_cap,
        page.remind_before,
        page.brand_color,
        page.version,
    )


def page_from(row: Row) -> BookingPage:
    """Read the columns `PAGE`, which need `EVENT_TYPES` in the `from` clause."""
    return BookingPage(
        id=row["page_id"],
        host_id=row["host_id"],
        slug=row["slug"],
        title=row["title"],
        description=row["description"],
        meeting_types=_meeting_types(row["meeting_types"]),
        availability=_availability(row["availability"]),
        rules=BookingRules(
            minimum_notice=row["minimum_notice"],
            horizon_days=row["horizon_days"],
            buffer_before=row["buffer_before"],
            buffer_after=row["buffer_after"],
            slot_interval=row["slot_interval"],
            daily_cap=row["daily_cap"],
        ),
        remind_before=row["remind_before"],
        brand_color=row["brand_color"],
        event_types=_event_types(row),
        version=row["page_version"],
    )


def _event_types(row: Row) -> tuple[EventType, ...]:
    # An aggregate over no rows is null.
    if row["event_type_ids"] is None:
        return ()
    columns = zip(
        row["event_type_ids"],
        row["event_type_slugs"],
        row["event_type_titles"],
        row["event_type_durations"],
        row["event_type_meeting_types"],
        row["event_type_questions"],
        strict=True,
    )
    return tuple(
        EventType(
            id=event_type_id,
            slug=slug,
            title=title,
            duration=duration,
            meeting_types=None if meeting_types is None else _meeting_types(meeting_types),
            questions=_questions(questions),
        )
        for event_type_id, slug, title, duration, meeting_types, questions in columns
    )


CONNECTION_COLUMNS = (
    "host_id, provider, account_user_id, account_id, account_email, account_name, state, connected_at, "
    "last_meeting_at, refreshed_at, limited_until"
)
AFTER_CONNECTION = CONNECTION_COLUMNS.count(",") + 2
"""The number of the first parameter behind those of a connection."""
CONNECTION_PARAMETERS = ", ".join(f"${number}" for number in range(1, AFTER_CONNECTION))


def connection_parameters(connection: ProviderConnection) -> tuple[object, ...]:
    """The values of `CONNECTION_COLUMNS`."""
    account = connection.account
    return (
        connection.host_id,
        connection.provider,
        account.user_id,
        account.account_id,
        account.email,
        account.name,
        to_json(connection.state),
        connection.connected_at,
        connection.last_meeting_at,
        connection.refreshed_at,
        connection.limited_until,
    )


def connection_from(row: Row) -> ProviderConnection:
    """Read the columns `CONNECTION_COLUMNS`."""
    return ProviderConnection(
        host_id=row["host_id"],
        provider=row["provider"],
        account=ProviderAccount(
            user_id=row["account_user_id"],
            account_id=row["account_id"],
            email=row["account_email"],
            name=row["account_name"],
        ),
        state=_state(row["state"]),
        connected_at=row["connected_at"],
        last_meeting_at=row["last_meeting_at"],
        refreshed_at=row["refreshed_at"],
        limited_until=row["limited_until"],
    )


def to_json(value: object) -> str:
    """What asyncpg takes for a jsonb parameter."""
    return msgspec.json.encode(value).decode()


def _from_json(type: Any) -> Callable[[str], Any]:
    """Make a reader of a jsonb column; frozen values can be shared by all rows that hold the same text."""
    return lru_cache(maxsize=4096)(msgspec.json.Decoder(type).decode)


_fallback: Callable[[str], FallbackReason] = _from_json(FallbackReason)
_availability: Callable[[str], Availability] = _from_json(Availability)
_meeting_type: Callable[[str], MeetingType] = _from_json(MeetingType)
_meeting_types: Callable[[str], tuple[MeetingType, ...]] = _from_json(tuple[MeetingType, ...])
_questions: Callable[[str], tuple[Question, ...]] = _from_json(tuple[Question, ...])
_state: Callable[[str], ConnectionState] = _from_json(ConnectionState)
# No two of these are alike, so remembering them would be of no use.
_conference: Callable[[str], Conference] = msgspec.json.Decoder[Conference](Conference).decode
_event: Callable[[str], Event] = msgspec.json.Decoder[Event](Event).decode
_answers: Callable[[str], tuple[Answer, ...]] = msgspec.json.Decoder(tuple[Answer, ...]).decode
