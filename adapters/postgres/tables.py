"""The tables whose rows are structs, column by column."""

import msgspec

from adapters.postgres.table import Column, Table, Values, json_column, to_json
from application.ports.account_storage import AccountMail, MailToken
from application.ports.booking_views import UnknownEvent
from domain.additional_guest import AdditionalGuest
from domain.api_token import ApiToken
from domain.availability import Availability, BookingRules
from domain.booking import Booking, Cancellation, ErasedGuest, Guest, Move, Overlap
from domain.booking_link import BookingLink
from domain.booking_page import Answer, BookingPage, EventType, Question
from domain.busy import CalendarRules
from domain.calendar import Calendar, CalendarConnection
from domain.calendar_entry import CalendarEntry
from domain.calendar_problem import CalendarAccountProblem, CalendarPermission, CalendarProblem
from domain.calendar_watch import CalendarWatch
from domain.conference import Conference
from domain.connection import ConnectionState, ProviderAccount, ProviderConnection
from domain.embedding import Embedding
from domain.events import EVENT_VERSION, Event, Recipient
from domain.fallback import FallbackReason
from domain.host import Host
from domain.meeting_type import MeetingType
from domain.page_calendars import PageCalendars
from domain.passkey import Passkey
from domain.schedule import Schedule
from domain.slot import Slot
from domain.support_thread import SupportThread, ThreadMessage
from domain.webhook import Webhook
from domain.webhook_delivery import DeliveryAttempt, WebhookDelivery
from domain.webhook_event import WebhookEvent
from domain.webhook_problem import GuestWasErased, WebhookProblem, WebhookWasPaused

HOSTS = Table(
    "h",
    Host,
    Column("id"),
    Column("email"),
    Column("name"),
    Column("handle"),
    Column("timezone"),
    Column("language"),
    Column("photo"),
    Column("logo"),
)


def _guest(row: Values) -> Guest | ErasedGuest:
    if row["b_guest_name"] is None:
        return ErasedGuest(row["b_guest_timezone"])
    return Guest(
        name=row["b_guest_name"],
        email=row["b_guest_email"],
        timezone=row["b_guest_timezone"],
        phone=row["b_guest_phone"],
        language=row["b_guest_language"],
    )


_additional_guests: msgspec.json.Decoder[tuple[AdditionalGuest, ...]] = msgspec.json.Decoder(
    tuple[AdditionalGuest, ...]
)


def _read_additional_guests(row: Values) -> tuple[AdditionalGuest, ...]:
    stored: str | None = row["b_additional_guests"]
    return () if stored is None else _additional_guests.decode(stored)


def _written_additional_guests(guests: tuple[AdditionalGuest, ...]) -> str | None:
    return to_json(guests) if guests else None


def _written_recipients(recipients: tuple[Recipient, ...]) -> list[str]:
    return [str(each) for each in recipients]


def _read_recipients(texts: list[str]) -> tuple[Recipient, ...]:
    return tuple(_recipient(each) for each in texts)


def _recipient(text: str) -> Recipient:
    match text:
        case "guest" | "host":
            return text
        case place:
            return int(place)


BOOKINGS = Table(
    "b",
    Booking,
    Column("id"),
    Column("host_id"),
    Column("page_id"),
    Column("event_type_id"),
    Column("title"),
    Column("start_at", "slot.start"),
    Column("end_at", "slot.end"),
    Column("occupied_from", "occupied.start"),
    Column("occupied_until", "occupied.end"),
    Column("guest_name", "guest.name"),
    Column("guest_email", "guest.email"),
    Column("guest_mailbox", "guest.mailbox"),
    Column("guest_timezone", "guest.timezone"),
    Column("guest_phone", "guest.phone"),
    Column("guest_language", "guest.language"),
    Column("host_timezone"),
    Column("requested"),
    json_column("meeting_type", MeetingType, shared=True),
    json_column("fallback", FallbackReason),
    json_column("conference", Conference),
    json_column("answers", tuple[Answer, ...]),
    json_column("tracking", dict[str, str]),
    Column("additional_guests", encode=_written_additional_guests),
    Column("link_id"),
    json_column("cancellation", Cancellation),
    json_column("move", Move),
    Column("held_until"),
    Column("announced"),
    Column("revision"),
    Column("created_at"),
    Column("changed_at"),
    Column("last_change"),
    Column("reminders", decode=tuple),
    Column("unreached", encode=_written_recipients, decode=_read_recipients),
    json_column("entry", CalendarEntry),
    json_column("overlapping", tuple[Overlap, ...], "overlaps"),
    Column("version", generated=True),
    Column("sealed_token", generated=True),
    parts={"slot": Slot},
    derived={
        "guest": _guest,
        "additional_guests": _read_additional_guests,
        # Who has the vault opens it.
        "token": lambda _: None,
        "buffer_before": lambda row: row["b_start_at"] - row["b_occupied_from"],
        "buffer_after": lambda row: row["b_occupied_until"] - row["b_end_at"],
    },
)

EVENT_TYPES = Table(
    "e",
    EventType,
    Column("id"),
    Column("slug"),
    Column("title"),
    Column("duration"),
    Column("description"),
    Column("redirect_url"),
    json_column("meeting_types", tuple[MeetingType, ...], shared=True),
    json_column("questions", tuple[Question, ...], shared=True),
)

SCHEDULES = Table(
    "s",
    Schedule,
    Column("id"),
    Column("host_id"),
    Column("name"),
    json_column("availability", Availability, shared=True),
    Column("timezone"),
    Column("version", generated=True),
)

PAGES = Table(
    "p",
    BookingPage,
    Column("id"),
    Column("host_id"),
    Column("slug"),
    Column("title"),
    Column("description"),
    json_column("meeting_types", tuple[MeetingType, ...], shared=True),
    json_column("availability", Availability, shared=True),
    Column("schedule_id"),
    Column("minimum_notice", "rules.minimum_notice"),
    Column("not_today", "rules.not_today"),
    Column("horizon_days", "rules.horizon_days"),
    Column("buffer_before", "rules.buffer_before"),
    Column("buffer_after", "rules.buffer_after"),
    Column("slot_interval", "rules.slot_interval"),
    Column("daily_cap", "rules.daily_cap"),
    Column("max_per_guest", "rules.max_per_guest"),
    Column("reminders", decode=tuple),
    Column("brand_color"),
    Column("confirm_guest_email"),
    Column("additional_guests_allowed"),
    Column("active"),
    json_column("calendars", PageCalendars, shared=True),
    json_column("embedding", Embedding, shared=True),
    Column("version", generated=True),
    parts={"rules": BookingRules},
    derived={
        "schedule": lambda row: None if row["p_schedule_id"] is None else SCHEDULES.read(row),
        "event_types": EVENT_TYPES.read_arrays,
    },
)

PAGE = f"{PAGES.select}, {SCHEDULES.select}, event_types.*"
"""What to select for `PAGES.read`, with `PAGE_PARTS` behind the page in the `from` clause."""

PAGE_PARTS = f"""
    left join schedules as s on s.id = p.schedule_id
    cross join lateral (
        select {EVENT_TYPES.arrays}
        from (
            select {EVENT_TYPES.columns} from event_types where page_id = p.id order by position
        ) as e
    ) as event_types
"""

BOOKING_LINKS = Table(
    "l",
    BookingLink,
    Column("id"),
    Column("host_id"),
    Column("page_id"),
    Column("uses"),
    Column("created_at"),
    Column("expires_at"),
)

CONNECTIONS = Table(
    "c",
    ProviderConnection,
    Column("host_id"),
    Column("provider"),
    Column("account_user_id", "account.user_id"),
    Column("account_id", "account.account_id"),
    Column("account_email", "account.email"),
    Column("account_name", "account.name"),
    json_column("state", ConnectionState, shared=True),
    Column("connected_at"),
    Column("last_meeting_at"),
    Column("refreshed_at"),
    Column("limited_until"),
    Column("meetings_on"),
    Column("meetings_made"),
    parts={"account": ProviderAccount},
)


CALENDAR_CONNECTIONS = Table(
    "k",
    CalendarConnection,
    Column("id"),
    Column("host_id"),
    Column("kind"),
    Column("account"),
    Column("connected_at"),
    Column("login"),
    json_column("problem", CalendarAccountProblem),
    Column("left_alone_until"),
    json_column("lacks", tuple[CalendarPermission, ...], shared=True),
    Column("left_out"),
)

CALENDARS = Table(
    "c",
    Calendar,
    Column("id"),
    Column("connection_id"),
    Column("host_id"),
    Column("kind"),
    Column("name"),
    Column("timezone"),
    Column("host_timezone"),
    Column("remote_id"),
    Column("is_main"),
    Column("writable"),
    Column("rules_apply"),
    json_column("rules", CalendarRules, shared=True),
    Column("read_at"),
    Column("read_whole_at"),
    Column("read_until"),
    Column("readable_until"),
    json_column("problem", CalendarProblem),
    Column("failing_since"),
    Column("failures"),
    Column("host_notified"),
    Column("unreadable_events"),
    Column("refresh_every"),
    Column("is_doubted"),
    Column("is_awaited"),
    Column("revision"),
)

CALENDAR_WATCHES = Table(
    "w",
    CalendarWatch,
    Column("id"),
    Column("calendar_id"),
    Column("begun_at"),
    Column("remote"),
    Column("expires_at"),
    Column("is_expiring"),
    Column("refusal"),
)

WEBHOOKS = Table(
    "w",
    Webhook,
    Column("id"),
    Column("host_id"),
    Column("url"),
    Column("events", encode=list, decode=tuple),
    Column("page_id"),
    Column("created_at"),
    Column("pause"),
    Column("failing_since"),
    Column("failures"),
    json_column("problem", WebhookProblem),
    Column("last_success_at"),
    Column("rests_until"),
    Column("warned_at"),
    Column("secret_ends_at"),
)

WEBHOOK_EVENTS = Table(
    "v",
    WebhookEvent,
    Column("id"),
    Column("host_id"),
    Column("type"),
    Column("at"),
    Column("body"),
    Column("booking_id"),
    Column("page_id"),
    Column("is_erased"),
)

WEBHOOK_DELIVERIES = Table(
    "d",
    WebhookDelivery,
    Column("id"),
    Column("webhook_id"),
    Column("event_id"),
    Column("type"),
    Column("state"),
    Column("tries"),
    Column("is_repeat"),
    Column("created_at"),
    Column("next_attempt_at"),
    json_column("attempts", tuple[DeliveryAttempt, ...]),
    json_column("given_up", GuestWasErased | WebhookWasPaused),
)

MAIL_TOKENS = Table(
    "t",
    MailToken,
    Column("host_id"),
    Column("purpose"),
    Column("email"),
    Column("expires_at"),
)

PASSKEYS = Table(
    "k",
    Passkey,
    Column("id"),
    Column("host_id"),
    Column("credential_id"),
    Column("public_key"),
    Column("sign_count"),
    Column("name"),
    Column("added_at"),
    Column("last_used_at"),
)

API_TOKENS = Table(
    "t",
    ApiToken,
    Column("id"),
    Column("host_id"),
    Column("name"),
    Column("scopes", decode=tuple),
    Column("created_at"),
    Column("expires_at"),
    Column("last_used_at"),
)

SUPPORT_THREADS = Table(
    "s",
    SupportThread,
    Column("id"),
    Column("email"),
    Column("page_url"),
    Column("language"),
    json_column("messages", tuple[ThreadMessage, ...]),
    Column("waiting_since"),
    Column("last_at"),
    Column("closed_at"),
    Column("version", generated=True),
    Column("sealed_token", generated=True),
    # Who has the vault opens it.
    derived={"token": lambda _: None},
)

ACCOUNT_MAILS = Table(
    "m",
    AccountMail,
    Column("id"),
    Column("kind"),
    Column("host_id"),
    Column("email"),
    Column("name"),
    Column("language"),
    Column("asked_at"),
)


_event: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def event_from(what: str, version: int, event: str) -> Event | UnknownEvent:
    """Read a stored event; one of a later version has a shape that this program doesn't know."""
    if version > EVENT_VERSION:
        return UnknownEvent(what)
    try:
        return _event.decode(event)
    except msgspec.ValidationError:
        return UnknownEvent(what)
