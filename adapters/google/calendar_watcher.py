"""Asks Google to tell of changes in a calendar, and to stop.

Source: Google Calendar API v3, events.watch, channels.stop, "Push notifications".
"""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from adapters.google.calendar_refusals import reasons_of
from adapters.google.calendar_requests import GoogleCalendarRequests, events_of, granted
from adapters.google.calendar_wire import Channel
from adapters.google.wire import GoogleApiRefusal
from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.wire import read
from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable
from application.ports.calendar_watcher import NewWatch, Watch, WatchRefused
from application.ports.clock import Clock
from domain.calendar_problem import NotACalendar

LONGEST_WATCH: Final = timedelta(seconds=604_800)

_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
# It is about our address, whichever calendar; or this calendar, such as one of public holidays, can't be watched.
_REFUSED: Final = frozenset({"webhookUrlUnauthorized", "webhookUrlNotHttps", "pushNotSupportedForRequestedResource"})


class GoogleCalendarWatcher:
    """Google behind the port CalendarWatcher. A channel can't be prolonged: a new one takes over."""

    def __init__(self, requests: GoogleCalendarRequests, clock: Clock) -> None:
        self._requests = requests
        self._clock = clock

    async def watch(self, access: CalendarAccess, remote_id: str, new: NewWatch, /) -> Watch:
        operation = "watch"
        body = {
            "id": new.id,
            "type": "web_hook",
            "address": new.address,
            "token": new.secret,
            "params": {"ttl": f"{LONGEST_WATCH.total_seconds():.0f}"},
        }
        answer = await self._requests.post_for_any(operation, f"{events_of(remote_id)}/watch", body, granted(access))
        if not answer.is_success:
            raise _refused(answer) or self._requests.refused(operation, answer)
        channel = read(answer.body, Channel)
        if channel is None:
            raise CalendarUnreadable(NotACalendar())
        return Watch(new.id, channel.resource_id, _ends_at(channel, self._clock()))

    async def unwatch(self, access: CalendarAccess, watch: Watch, /) -> None:
        operation = "unwatch"
        known = {"id": watch.id, "resourceId": watch.remote}
        answer = await self._requests.post_for_any(operation, "/channels/stop", known, granted(access))
        if not answer.is_success and answer.status not in _GONE:
            raise self._requests.refused(operation, answer)


def _refused(answer: ProviderAnswer) -> WatchRefused | None:
    refusal = read(answer.body, GoogleApiRefusal)
    if refusal is None:
        return None
    reasons = {each.removeprefix("push.") for each in reasons_of(refusal)} & _REFUSED
    return WatchRefused(min(reasons)) if reasons else None


def _ends_at(channel: Channel, now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(channel.expiration / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return now + LONGEST_WATCH
