"""How does a booking's meeting look to Zoom, and what of Zoom's meeting do we keep?

Source: Zoom API, POST /users/{userId}/meetings.
"""

import unicodedata
from datetime import UTC, timedelta
from typing import Final

import msgspec

from adapters.zoom.timezones import known_to_zoom
from adapters.zoom.wire import CreatedMeeting
from application.ports.provider import Meeting, MeetingRequest

_SCHEDULED: Final = 2
_LONGEST_TOPIC: Final = 200
_LONGEST_AGENDA: Final = 2000
_MOST_MINUTES: Final = 1440
_LONGEST_CLUSTER: Final = 32
_ZERO_WIDTH_JOINER: Final = "\u200d"


def meeting_body(request: MeetingRequest) -> bytes:
    """Write the body of the request. It has no passcode: one could break the account's rules for them."""
    return msgspec.json.encode(
        {
            "topic": _cut(request.topic, _LONGEST_TOPIC),
            "type": _SCHEDULED,
            # Without the Z, Zoom would read it as the wall clock of `timezone`.
            "start_time": request.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "duration": _whole_minutes(request.duration),
            "timezone": known_to_zoom(request.timezone),
            "agenda": _cut(request.agenda, _LONGEST_AGENDA),
            # The host's own setting "use Personal Meeting ID when scheduling" wins unless this is false in the request.
            "settings": {"use_pmi": False},
        }
    )


def kept(created: CreatedMeeting) -> Meeting:
    return Meeting(join_url=created.join_url, meeting_id=str(created.id), passcode=created.password or None)


def _whole_minutes(duration: timedelta) -> int:
    rounded_up = -(-duration // timedelta(minutes=1))
    return min(max(rounded_up, 1), _MOST_MINUTES)


def _cut(text: str, limit: int) -> str:
    """Cut by characters, but not through one that people see as a whole: a family, a skin tone, an accent."""
    if len(text) <= limit:
        return text
    end = limit
    while end > limit - _LONGEST_CLUSTER and _belong_together(text[end - 1], text[end]):
        end -= 1
    return text[:end]


def _belong_together(left: str, right: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= right <= "\U0001f3ff"
    return _ZERO_WIDTH_JOINER in {left, right} or is_skin_tone or unicodedata.category(right)[0] == "M"
