"""Examples of what the API takes and gives: one small story, worked out from the structs so that each fits its type."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import msgspec
from msgspec import inspect

_ID = "01a22cc3d4ae0ac84702cc8066f73b25"
_START, _END, _EARLIER = "2026-12-01T14:00:00Z", "2026-12-01T14:30:00Z", "2026-11-20T09:12:45Z"
_GUEST = {"name": "Ana Brito", "email": "ana@guests.example", "timezone": "America/Sao_Paulo"}

_HOST = {
    "id": _ID,
    "email": "anna@hosts.example",
    "name": "Anna Höst",
    "handle": "anna",
    "timezone": "Europe/Berlin",
    "language": "en",
}

_TAKEN: Mapping[str, Any] = {
    "BookingRequest": {
        "start": _START,
        "meeting_type": "zoom",
        "guest": _GUEST,
        "answers": {_ID: "Your new product"},
        "additional_guests": ["bob@guests.example"],
    },
    "BookingForGuest": {"start": _START, "meeting_type": "zoom", "guest": _GUEST},
    "CancellationIn": {"reason": "Something came up"},
    "MoveIn": {"start": "2026-12-02T14:00:00Z", "reason": "Something came up"},
    "ProposalIn": {"starts": ["2026-12-02T14:00:00Z", "2026-12-03T09:30:00Z"], "note": "Would one of these suit you?"},
    "ProfileEdit": {"name": "Anna Höst", "timezone": "Europe/Berlin"},
    "PictureUpload": {
        "picture": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    },
    "NewApiToken": {"name": "Reports", "scopes": ["bookings:read"], "expires_at": "2027-12-01T00:00:00Z"},
    "NewPasswordIn": {"current_password": "three random words", "password": "four other random words"},
    "DeletionIn": {"handle": "anna", "password": "three random words", "cancel_bookings": True},
    "PasswordAgain": {"password": "three random words"},
    "SupportRequestIn": {"email": "anna@hosts.example", "message": "My Zoom account doesn’t connect."},
    "SupportReplyIn": {"message": "Thank you, it works now."},
    "NewFeed": {"kind": "ical_feed", "url": "https://calendar.example/anna.ics", "name": "Choir"},
    "NewCaldavAccount": {
        "kind": "caldav",
        "url": "https://dav.calendar.example",
        "username": "anna",
        "password": "an app password",
    },
    "CalendarEdit": {"rules": {"tentative": "free"}},
    "PageEdit": {
        "slug": "intro",
        "title": "Meet Anna",
        "meeting_types": [{"type": "zoom"}, {"type": "phone", "caller": "host", "backup": False}],
        "event_types": [{"slug": "call", "title": "Intro call", "duration_minutes": 30}],
    },
    "EventTypeEdit": {"slug": "call", "title": "Intro call", "duration_minutes": 30},
    "ScheduleEdit": {
        "name": "Mornings",
        "availability": {"weekly": {"mon": [["09:00", "12:00"]]}, "overrides": {"2026-12-24": []}},
    },
    "NewBookingLink": {"uses": 1, "expires_at": "2027-12-01T00:00:00Z"},
    "WebhookIn": {"url": "https://crm.example/timetuna", "events": ["booking.link_ready", "booking.cancelled"]},
    "WebhookEdit": {"events": ["booking.created"]},
    "NewSecretIn": {"overlap_hours": 24},
    "RecoverIn": {"since": "2026-11-30T00:00:00Z"},
}
"""By the names of structs that are bodies."""

_GIVEN: Mapping[str, Any] = {
    "Answer.answer": "Your new product",
    "AttemptOut.error": None,
    "AttemptOut.status": 200,
    **{f"BookingGuest.{member}": value for member, value in _GUEST.items()},
    **{f"BookingGuestWithPhone.{member}": value for member, value in _GUEST.items()},
    "BookingHost.timezone": "Europe/Berlin",
    "BookingPageOut.title": "Meet Anna",
    "BookingsQuery.cursor": None,
    "SecurityEventOut.message": "Signed in with your password",
    "SecurityEventOut.what": "sign-in",
    "SecurityEventsOut.next": None,
    "SecurityEventsQuery.cursor": None,
    "PasskeyName.name": "Phone",
    "PasskeyOut.name": "Phone",
    "SupportMessageOut.text": "My Zoom account doesn’t connect.",
    "CalendarOut.name": "Work",
    "Deliveries.next": None,
    "DeliveryOut.next_attempt_at": None,
    "DeliveryOut.type": "booking.link_ready",
    "DeliveriesQuery.cursor": None,
    "DeliveriesQuery.state": "failed",
    "EventOut.type": "booking.link_ready",
    "EventData.changed_by": None,
    "EventData.previous": {"conference": {"status": "pending"}},
    "EventData.reason": None,
    "EventTypeOut.meeting_types": None,
    "EventTypeOut.slug": "call",
    "Events.next": None,
    "EventsQuery.after": None,
    "ExportedData.account": _HOST,
    "HolidayOut.date": "2026-12-25",
    "HolidayOut.name": "Christmas Day",
    "EventBooking.timeline": [],
    "EventBooking.version": 3,
    "HostBooking.version": 3,
    "HostBookings.next": None,
    "MadeBookingLink.url": "https://timetuna.example/anna/intro?link=kR3vW8sZ1qYt6uLp",
    "OfferedEventType.slug": "call",
    "OfferedMeetingType.label": "Zoom",
    "OfferedMeetingType.type": "zoom",
    "PublicPageOut.title": "Meet Anna",
    "ProviderOut.account": {"email": "anna@hosts.example", "name": "Anna Höst"},
    "Question.kind": "text",
    "Question.label": "What would you like to talk about?",
    "QuestionEdit.label": "What would you like to talk about?",
    "ReadCalendarOut.name": "Work",
    "Recovered.events": 3,
    "RegionOut.name": "Bavaria",
    "ScheduleOut.name": "Mornings",
    "ApiTokenOut.name": "Reports",
    "ApiTokenWithSecret.name": "Reports",
    "SlotsQuery.to": "2026-12-31",
    "Slots.slots": [_START, _END],
    "ReasonOut.code": "booking",
    "WhyOut.offered": False,
    "account": "anna@calendar.example",
    "active": True,
    "accepting_bookings": True,
    "additional_guests": ["bob@guests.example"],
    "address": "Hafenstraße 1, 20457 Hamburg",
    "all_day": "as_marked",
    "answers": [],
    "blocking": [_ID],
    "backup": True,
    "browser": "Firefox",
    "brand_color": "#0f766e",
    "caller": "host",
    "choices": [],
    "code": "DE-BY",
    "country": "DE",
    "cursor": "eyJpZCI6IjAxYTIy",
    "daily_cap": 4,
    "description": "Half an hour to get to know each other.",
    "detail": "The guest confirmed the booking.",
    "duration_minutes": 30,
    "email": "anna@hosts.example",
    "embedding": ["https://anna.example"],
    "end": _END,
    "events": ["booking.link_ready"],
    "event_type": "call",
    "expires_at": "2027-12-01T00:00:00Z",
    "failure": None,
    "fallback_reason": None,
    "handle": "anna",
    "horizon_days": 60,
    "join_url": "https://zoom.example/j/81234567890",
    "kind": "google",
    "label": "What would you like to talk about?",
    "language": "en",
    "left_alone_until": None,
    "limit": 50,
    "logo": None,
    "manage_url": "https://timetuna.example/b/kR3vW8sZ1qYt6uLp",
    "max_per_guest": 5,
    "meeting_id": "81234567890",
    "meeting_type": "zoom",
    "message": "You have another booking at this time.",
    "milliseconds": 180,
    "moved_to": None,
    "name": "Anna Höst",
    "network": "203.0.113.7",
    "number": None,
    "overrides": {"2026-12-24": []},
    "page": "intro",
    "page_id": None,
    "page_url": "https://timetuna.example/anna/intro",
    "passcode": "482913",
    "phone": "+55 11 5550-1234",
    "photo": None,
    "problem": None,
    "provider": "zoom",
    "public_holidays": {"country": "DE", "region": "DE-BY"},
    "question": "What would you like to talk about?",
    "reasons": [{"code": "booking", "message": "You have another booking at this time.", "booking_id": _ID}],
    "region": "DE-BY",
    "redirect_url": "https://anna.example/thanks",
    "reminder_minutes_before": 1440,
    "reminders": [1440, 60],
    "requested_meeting_type": "zoom",
    "rules_apply": True,
    "schedule_id": None,
    "scopes": ["bookings:read"],
    "search": "ana",
    "secret": "whsec_dGhpcyBpcyBhbiBleGFtcGxlLCBub3QgYSBzZWNyZXQ=",
    "slot_interval_minutes": 30,
    "slug": "intro",
    "start": _START,
    "timezone": "Europe/Berlin",
    "title": "Intro call",
    "token": "kR3vW8sZ1qYt6uLpN4xB7cD9",
    "system": "Windows",
    "tracking": {"utm_source": "newsletter"},
    "unavailable": None,
    "url": "https://crm.example/timetuna",
    "used": 0,
    "uses": 1,
    "weekly": {"mon": [["09:00", "17:00"]], "fri": [["09:00", "12:00"]]},
    "what": "booked",
    "writable": True,
    "writes_to": _ID,
}
"""By `Struct.member`, else by the member's name."""

_CHOSEN = ("confirmed", "ready", "connected", "fresh", "delivered", "written", "text", "upcoming")
"""Of several values that a member may have, the one that tells most."""

_LEFT_OUT = frozenset(
    {
        "EventData.answers_left_out",
        "EventData.calendar_id",
        "EventData.provider",
        "EventData.status",
        "EventData.webhook_id",
        "GuestBooking.held_until",
        "ReasonOut.calendar_id",
    }
)

_IN_PATHS: Mapping[str, str] = {
    "handle": "anna",
    "page": "intro",
    "event_type": "call",
    "token": "kR3vW8sZ1qYt6uLp",
    "picture_kind": "photo",
    "provider": "zoom",
}


def path_example(parameter: str) -> str:
    return _IN_PATHS.get(parameter, _ID)


@cache
def examples_of(type_: Any) -> dict[str, Any]:
    """One for each struct that a body may be, by the struct's name; one of a list by that of what it lists."""
    kind = inspect.type_info(type_)
    if isinstance(kind, inspect.UnionType):
        return {name: found for each in kind.types for name, found in _named(each).items()}
    return _named(kind)


def _named(kind: inspect.Type) -> dict[str, Any]:
    match kind:
        case inspect.StructType(cls=struct):
            return {struct.__name__: _struct(kind)}
        case inspect.ListType(item_type=inspect.StructType(cls=struct) as item):
            return {f"{struct.__name__}s": [_struct(item)]}
        case _:
            raise TypeError(kind)


@cache
def query_example(struct: type[msgspec.Struct], member: str) -> Any:
    """Of one parameter; None where it's best left out."""
    return _struct(cast("inspect.StructType", inspect.type_info(struct))).get(member)


def _struct(kind: inspect.StructType) -> Any:
    name = kind.cls.__name__
    if name in _TAKEN:
        return _TAKEN[name]
    members = {
        field.encode_name: _member(name, field.encode_name, field.type)
        for field in kind.fields
        if f"{name}.{field.encode_name}" not in _LEFT_OUT
    }
    if kind.array_like:
        return list(members.values())
    return {kind.tag_field: kind.tag, **members} if kind.tag_field else members


def _member(struct: str, name: str, kind: inspect.Type) -> Any:
    known = f"{struct}.{name}"
    return _GIVEN[known] if known in _GIVEN else _GIVEN[name] if name in _GIVEN else _plain(kind)


def _plain(kind: inspect.Type) -> Any:
    match kind:
        case inspect.Metadata(type=inner):
            return _plain(inner)
        case inspect.UnionType(types=types):
            return _plain(next(each for each in types if not isinstance(each, inspect.NoneType)))
        case inspect.LiteralType(values=values):
            return next((each for each in _CHOSEN if each in values), values[0])
        case inspect.StructType():
            return _struct(kind)
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            return [_plain(item)]
        case inspect.DateTimeType():
            return _EARLIER
        case inspect.DateType():
            return "2026-12-01"
        case inspect.IntType():
            return 0
        case inspect.BoolType():
            return False
        case inspect.StrType():
            return _ID
        case _:
            return {}
