"""The bodies of webhooks about bookings: the booking as the API shows it to its host, without the guest's link."""

from typing import Any

import msgspec

from adapters.http.api.booking_json import ERASED, for_host
from adapters.http.json_bytes import json_bytes, json_members
from adapters.presentation.language import Languages, speaking
from application.ports.booking_views import BookingView
from domain.booking import Booking
from domain.events import Booked, Event
from domain.webhook_event import changed_by, reason_of

LARGEST = 19_500
"""Bytes of `data`, which leaves room for what is around it below 20 kB."""

_COMPARED = ("status", "start", "end", "meeting_type", "fallback_reason", "conference", "additional_guests")


class _Whole(msgspec.Struct):
    """A stored body, as far as it is looked into."""

    type: msgspec.Raw
    timestamp: msgspec.Raw
    data: dict[str, Any]


class JsonWebhookBodies:
    """Says what people read of it, such as why a booking fell back, in the host's language."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    def of_booking(self, event: Event, view: BookingView, before: Booking | None, /) -> msgspec.Raw:
        with speaking(self._languages.of(view.host.language)):
            now = _shown(view)
            then = {} if before is None else _shown(msgspec.structs.replace(view, booking=before))
        # Until then a held booking was nobody's but its guest's.
        compared = () if isinstance(event, Booked) else _COMPARED
        data = {
            "booking": now,
            "previous": {name: then[name] for name in compared if name in then and then[name] != now[name]},
            "changed_by": changed_by(event),
            "reason": reason_of(event),
        }
        encoded = json_bytes(data)
        if len(encoded) > LARGEST:
            # Nothing else in it can be so long.
            encoded = json_bytes({**data, "booking": {**now, "answers": []}, "answers_left_out": True})
        return msgspec.Raw(encoded)

    def without_guest(self, body: bytes, /) -> bytes:
        whole = msgspec.json.decode(body, type=_Whole)
        booking = whole.data["booking"]
        guest = {"name": ERASED, "email": None, "timezone": booking["host"]["timezone"], "phone": None}
        erased: dict[str, Any] = {**booking, "guest": guest, "answers": [], "tracking": {}, "additional_guests": []}
        previous = {name: value for name, value in whole.data["previous"].items() if name != "additional_guests"}
        data: dict[str, Any] = {**whole.data, "booking": erased, "previous": previous, "reason": None}
        return json_bytes(_Whole(whole.type, whole.timestamp, data))


def _shown(view: BookingView) -> dict[str, Any]:
    shown = json_members(for_host(view, public_url=""))
    # Whoever has the guest's link can act as the guest.
    del shown["manage_url"]
    return shown
