"""Creates meetings as Graph does, with each parameter checked.

The slice of Graph's own description (v1.0, the action `createOrGet` of `onlineMeetings`) that a request can touch.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from adapters.sandbox.asgi import Request
from adapters.sandbox.microsoft import opaque
from adapters.sandbox.microsoft.accounts import MicrosoftAccount
from adapters.sandbox.microsoft.checking import Fields, checked, instant
from adapters.sandbox.microsoft.errors import bad_request, forbidden
from adapters.sandbox.store import Store

AN_HOUR: Final = timedelta(hours=1)

_ODATA: Final[Fields] = {"@odata.type": str}
_IDENTITY: Final[Fields] = {**_ODATA, "id": str, "displayName": str}
_PARTICIPANT: Final[Fields] = {
    **_ODATA,
    "identity": {**_ODATA, "application": _IDENTITY, "device": _IDENTITY, "user": _IDENTITY},
    "role": frozenset({"attendee", "presenter", "producer", "coorganizer", "unknownFutureValue"}),
    "upn": str,
}
PARAMETERS: Final[Fields] = {
    "chatInfo": {**_ODATA, "messageId": str, "replyChainMessageId": str, "threadId": str},
    "endDateTime": datetime,
    "externalId": str,
    "participants": {**_ODATA, "attendees": [_PARTICIPANT], "organizer": _PARTICIPANT},
    "startDateTime": datetime,
    "subject": str,
}


class StoredOnlineMeeting(msgspec.Struct, frozen=True):
    """A meeting that was made; `body` is the whole answer."""

    id: str
    host_id: str
    host_email: str
    external_id: str
    subject: str | None
    start: datetime
    end: datetime
    join_url: str
    created_at: datetime
    body: dict[str, Any]


class MicrosoftMeetings:
    """The meetings of all accounts."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._now = now
        self._rows = store.table("meeting", StoredOnlineMeeting)

    def all(self) -> list[StoredOnlineMeeting]:
        """List every meeting, oldest first."""
        return list(self._rows.values())

    def create_or_get(self, account: MicrosoftAccount, request: Request) -> tuple[StoredOnlineMeeting, bool]:
        """Make a meeting, or find the one with the same external id as it is; say whether it is new.

        Raises:
            ApiError: the body is wrong (400), or the account can't make meetings (403).
        """
        wish = _checked(request)
        start, end = _times(wish, self._now())
        if account.is_personal or not account.may_create:
            raise forbidden()
        key = f"{account.tenant_id} {account.id} {wish['externalId']}"
        if key in self._rows:
            return self._rows[key], False
        made = self._meeting(account, wish, start, end)
        self._rows.put(key, made)
        return made, True

    def _meeting(
        self, account: MicrosoftAccount, wish: Mapping[str, Any], start: datetime, end: datetime
    ) -> StoredOnlineMeeting:
        thread = opaque.thread_id()
        url = opaque.join_url(thread, account.tenant_id, account.id)
        now = self._now()
        body: dict[str, Any] = {
            "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.onlineMeeting",
            "id": opaque.meeting_id(account.id, thread),
            "creationDateTime": now,
            "startDateTime": start,
            "endDateTime": end,
            "joinUrl": url,
            "joinWebUrl": url,
            "subject": wish.get("subject"),
            "externalId": wish["externalId"],
            "videoTeleconferenceId": None,
            "isEntryExitAnnounced": True,
            "allowedPresenters": "everyone",
            "audioConferencing": None,
            "chatInfo": {"threadId": thread, "messageId": "0", "replyChainMessageId": None},
            "lobbyBypassSettings": {"scope": "organization", "isDialInBypassEnabled": False},
            "joinMeetingIdSettings": {
                "isPasscodeRequired": True,
                "joinMeetingId": opaque.join_meeting_id(),
                "passcode": opaque.passcode(),
            },
            "joinInformation": {"content": "data:text/html,%3Cp%3EJoin%3C%2Fp%3E", "contentType": "html"},
            "participants": {
                "organizer": {
                    "upn": account.email,
                    "role": "presenter",
                    "identity": {"user": {"id": account.id, "tenantId": account.tenant_id}},
                },
                "attendees": wish.get("participants", {}).get("attendees", []),
            },
        }
        return StoredOnlineMeeting(
            id=body["id"],
            host_id=account.id,
            host_email=account.email,
            external_id=wish["externalId"],
            subject=wish.get("subject"),
            start=start,
            end=end,
            join_url=url,
            created_at=now,
            body=body,
        )


def _times(wish: Mapping[str, Any], now: datetime) -> tuple[datetime, datetime]:
    start, end = instant(wish.get("startDateTime")), instant(wish.get("endDateTime"))
    if start is None:
        if end is not None:
            raise bad_request("EndDateTime can't be given without StartDateTime.")
        start = now
    end = start + AN_HOUR if end is None else end
    if end < start:
        raise bad_request("EndDateTime can't be earlier than StartDateTime.")
    return start, end


def _checked(request: Request) -> dict[str, Any]:
    wish = checked(request, PARAMETERS, "createOrGet")
    if not wish.get("externalId"):
        raise bad_request("Value for the parameter 'externalId' is missing.")
    return wish
