"""Subscriptions to calendars of Outlook, and the notifications that they bring.

Source: Microsoft Graph v1.0, "Create subscription", "Receive change notifications through webhooks", "Lifecycle
notifications".
"""

from collections.abc import Mapping
from datetime import UTC, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import msgspec

from adapters.http_client.answer import ProviderAnswer
from adapters.http_client.fitting import utc_instant
from adapters.http_client.wire import read
from adapters.microsoft.calendar_wire import ChangeNotification, ChangeNotifications, GraphSubscription
from adapters.microsoft.mailbox_calls import IMMUTABLE_IDS, Call, MailboxCalls
from adapters.microsoft.refusals import api_code
from application.ports.calendar_reader import CalendarAccess, CalendarUnreadable
from application.ports.calendar_watcher import CalendarNotice, NewWatch, NoticeKind, Watch, WatchGone, WatchRefused
from application.ports.notifications import AddressCheck, MalformedNotification
from domain.calendar_problem import CalendarsBlockedByAdmin, ServerRefused
from domain.ids import WatchId

# Graph allows 10,080 minutes, by its own clock.
_LIFE: Final = timedelta(minutes=10_070)

_KINDS: Final[dict[str | None, NoticeKind]] = {
    "reauthorizationRequired": "expiring",
    "subscriptionRemoved": "ended",
}


class MicrosoftCalendarWatcher:
    """Microsoft behind the ports CalendarWatcher and WatchRenewer."""

    def __init__(self, mailboxes: MailboxCalls) -> None:
        self._mailboxes = mailboxes

    async def watch(self, access: CalendarAccess, remote_id: str, new: NewWatch, /) -> Watch:
        url, headers = self._mailboxes.address("/subscriptions"), {"Prefer": IMMUTABLE_IDS}
        body = msgspec.json.encode(
            {
                "changeType": "created,updated,deleted",
                "resource": f"me/calendars/{remote_id}/events",
                "notificationUrl": new.address,
                # It can't be added later.
                "lifecycleNotificationUrl": new.lifecycle_address,
                "clientState": new.secret,
                "expirationDateTime": self._end(),
            }
        )
        answer = await self._answer("watch", access, lambda http, token: http.post_json(url, token, body, headers))
        try:
            return self._kept("watch", new.id, answer)
        except CalendarUnreadable as unreadable:
            if isinstance(unreadable.problem, ServerRefused | CalendarsBlockedByAdmin):
                raise WatchRefused(api_code(answer) or f"{answer.status}") from unreadable
            raise

    async def renew(self, access: CalendarAccess, watch: Watch, /) -> Watch:
        url = self._address(watch)
        body = msgspec.json.encode({"expirationDateTime": self._end()})
        answer = await self._answer("renew", access, lambda http, token: http.patch_json(url, token, body))
        if answer.status == HTTPStatus.NOT_FOUND:
            raise WatchGone
        return self._kept("renew", watch.id, answer)

    async def unwatch(self, access: CalendarAccess, watch: Watch, /) -> None:
        url = self._address(watch)
        answer = await self._answer("unwatch", access, lambda http, token: http.delete(url, token))
        if not answer.is_success and answer.status != HTTPStatus.NOT_FOUND:
            raise self._mailboxes.calls.refused("unwatch", answer)

    async def _answer(self, operation: str, access: CalendarAccess, call: Call) -> ProviderAnswer:
        return await self._mailboxes.calls.any_answer(operation, self._mailboxes.send(access, call))

    def _kept(self, operation: str, watch_id: WatchId, answer: ProviderAnswer) -> Watch:
        kept = read(answer.body, GraphSubscription) if answer.is_success else None
        if kept is None:
            raise self._mailboxes.calls.refused(operation, answer)
        return Watch(watch_id, kept.id, kept.expiration_date_time.astimezone(UTC))

    def _address(self, watch: Watch) -> str:
        return self._mailboxes.address(f"/subscriptions/{quote(watch.remote, safe='')}")

    def _end(self) -> str:
        return utc_instant(self._mailboxes.clock() + _LIFE)


class MicrosoftCalendarNotices:
    """Microsoft behind the port CalendarNotices. One address can take both kinds of notifications."""

    def read(
        self, query: Mapping[str, str], _headers: Mapping[str, str], body: bytes, /
    ) -> AddressCheck | tuple[CalendarNotice, ...]:
        token = query.get("validationToken")
        if token is not None:
            return AddressCheck(token.encode())
        notifications = read(body, ChangeNotifications)
        if notifications is None:
            raise MalformedNotification
        # Many changes come at once, and one nudge is enough for all of them.
        return tuple(dict.fromkeys(_notice(each) for each in notifications.value if each.client_state))


def _notice(notification: ChangeNotification) -> CalendarNotice:
    return CalendarNotice(notification.client_state or "", _KINDS.get(notification.lifecycle_event, "changed"))
