"""Maps bookings to Zoom's meeting requests, and Zoom's meetings to what is kept.

Source: Zoom API, POST /users/{userId}/meetings.
"""

from typing import Final

import msgspec

from adapters.http_client.fitting import cut, utc_instant, whole_minutes
from adapters.presentation.language import Languages
from adapters.presentation.sentences.meeting_requests import meeting_agenda, meeting_topic
from adapters.zoom.timezones import known_to_zoom
from adapters.zoom.wire import CreatedMeeting
from application.ports.meetings import Meeting, MeetingRequest

_SCHEDULED: Final = 2
_LONGEST_TOPIC: Final = 200
_LONGEST_AGENDA: Final = 2000
_MOST_MINUTES: Final = 1440


def meeting_body(request: MeetingRequest, languages: Languages) -> bytes:
    """Write the body of the request. It has no passcode: one could break the account's rules for them."""
    return msgspec.json.encode(
        {
            "topic": cut(meeting_topic(request, languages), _LONGEST_TOPIC),
            "type": _SCHEDULED,
            "start_time": utc_instant(request.start),
            "duration": min(whole_minutes(request.duration), _MOST_MINUTES),
            "timezone": known_to_zoom(request.timezone),
            "agenda": cut(meeting_agenda(request, languages), _LONGEST_AGENDA),
            # The host's own setting "use Personal Meeting ID when scheduling" wins unless this is false in the request.
            "settings": {"use_pmi": False},
        }
    )


def kept(created: CreatedMeeting) -> Meeting:
    return Meeting(join_url=created.join_url, meeting_id=str(created.id), passcode=created.password or None)
