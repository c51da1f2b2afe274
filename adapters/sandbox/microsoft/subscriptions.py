"""Subscriptions to calendars, and the notifications that they bring."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from adapters.sandbox.asgi import Reply, Request, json
from adapters.sandbox.grants import Grants
from adapters.sandbox.microsoft.accounts import MicrosoftAccount
from adapters.sandbox.microsoft.calendar_api import CalendarApi
from adapters.sandbox.microsoft.checking import Fields, checked, instant
from adapters.sandbox.microsoft.errors import GraphApiError, bad_request, item_not_found
from adapters.sandbox.microsoft.mailboxes import ChangeType, GraphEvent, Mailboxes, etag
from adapters.sandbox.microsoft.notices import Notices, validate
from adapters.sandbox.microsoft.preferences import preferences
from adapters.sandbox.microsoft.scopes import CALENDARS, CALENDARS_READ
from adapters.sandbox.store import Store

LONGEST_LIFE: Final = timedelta(minutes=10_080)
SHORTEST_LIFE: Final = timedelta(minutes=45)

_REQUIRED: Final = ("changeType", "notificationUrl", "resource", "expirationDateTime")
_LONGEST_STATE: Final = 128
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

SUBSCRIPTION: Final[Fields] = {
    "@odata.type": str,
    "changeType": str,
    "clientState": str,
    "expirationDateTime": datetime,
    "latestSupportedTlsVersion": str,
    "lifecycleNotificationUrl": str,
    "notificationUrl": str,
    "resource": str,
}

LifecycleEvent = Literal["reauthorizationRequired", "subscriptionRemoved", "missed"]


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """What an app wants to hear of.

    Attributes:
        calendar_id: None stands for the main calendar, whichever that is.
        immutable: whether its notifications name events by ids that stay.
    """

    id: str
    user_id: str
    resource: str
    calendar_id: str | None
    change_types: tuple[ChangeType, ...]
    notification_url: str
    lifecycle_url: str | None
    client_state: str | None
    expires_at: datetime
    immutable: bool


class Subscriptions:
    """The subscriptions of one app, and the sender of their notifications.

    Attributes:
        loses_notifications: changes are told to nobody.
    """

    def __init__(
        self,
        store: Store,
        api: CalendarApi,
        mailboxes: Mailboxes,
        accounts: Mapping[str, MicrosoftAccount],
        grants: Grants,
        notices: Notices,
        now: Callable[[], datetime],
    ) -> None:
        self.loses_notifications = False
        self._rows = store.table("subscription", Subscription)
        self._api = api
        self._mailboxes = mailboxes
        self._accounts = accounts
        self._grants = grants
        self._notices = notices
        self._now = now

    def all(self) -> list[Subscription]:
        """List the subscriptions in force, oldest first."""
        return [each for each in self._rows.values() if each.expires_at > self._now()]

    async def shake_hands(self, request: Request) -> None:
        """Ask the addresses of a new subscription whether they are the app's.

        Raises:
            Refused: the request is wrong, or an address doesn't give the token back.
        """
        wish = self._wished(request)
        for url in filter(None, (wish.notification_url, wish.lifecycle_url)):
            problem = await validate(url)
            if problem is not None:
                raise _invalid(f"Subscription validation request failed. {problem}")

    def create(self, request: Request) -> Reply:
        """Answer `POST /v1.0/subscriptions`."""
        made = self._wished(request)
        self._rows.put(made.id, made)
        return json(_written(made), HTTPStatus.CREATED)

    def one(self, request: Request) -> Reply:
        """Answer `PATCH` and `DELETE` of `/v1.0/subscriptions/{id}`."""
        account = self._api.account(request, CALENDARS, CALENDARS_READ)
        found = next((each for each in self.all() if each.id == request.parts[-1]), None)
        if found is None or found.user_id != account.id:
            raise item_not_found()
        if request.method == "DELETE":
            self._rows.remove(found.id)
            return Reply(HTTPStatus.NO_CONTENT)
        wish = checked(request, SUBSCRIPTION, "microsoft.graph.subscription")
        if wish.keys() - {"expirationDateTime", "notificationUrl"} or wish.get("notificationUrl"):
            raise bad_request("Only expirationDateTime can be changed here.")
        renewed = msgspec.structs.replace(found, expires_at=self._expiration(wish))
        self._rows.put(found.id, renewed)
        return json(_written(renewed))

    def notify(self, change: ChangeType, event: GraphEvent) -> None:
        """Send a notification of a change to every subscription that covers it."""
        if self.loses_notifications:
            return
        notices: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for each in self.all():
            if self._concerns(each, event) and change in each.change_types:
                notices[each.notification_url].append(_notice(each, change, event, self._accounts[each.user_id]))
        for url, value in notices.items():
            self._notices.send(url, value)

    def forget(self, subscription: Subscription) -> None:
        """Lose a subscription without a word."""
        self._rows.remove(subscription.id)

    def lifecycle(self, subscription: Subscription, event: LifecycleEvent) -> None:
        """Tell an app what becomes of its subscription; one that is removed tells of no further change."""
        if event == "subscriptionRemoved":
            self.forget(subscription)
        if subscription.lifecycle_url is None:
            return
        tenant = self._accounts[subscription.user_id].tenant_id
        notice = {
            "lifecycleEvent": event,
            "subscriptionId": subscription.id,
            "resource": subscription.resource,
            "clientState": subscription.client_state,
            "subscriptionExpirationDateTime": subscription.expires_at,
            "organizationId": tenant,
            "tenantId": tenant,
        }
        self._notices.send(subscription.lifecycle_url, [notice])

    def _wished(self, request: Request) -> Subscription:
        account = self._api.account(request, CALENDARS, CALENDARS_READ)
        wish = checked(request, SUBSCRIPTION, "microsoft.graph.subscription")
        missing = [
            name for name in ("changeType", "notificationUrl", "resource", "expirationDateTime") if not wish.get(name)
        ]
        if missing:
            raise _invalid(f"The property '{missing[0]}' is required.")
        if len(wish.get("clientState") or "") > _LONGEST_STATE:
            raise _invalid("clientState has at most 128 characters.")
        for name in ("notificationUrl", "lifecycleNotificationUrl"):
            parts = urlsplit(wish.get(name) or "https://left.out.example")
            if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
                raise _invalid(f"{name} has to be an HTTPS address.")
        try:
            change_types = tuple(ChangeType(each.strip()) for each in wish["changeType"].split(","))
        except ValueError:
            raise _invalid(f"changeType '{wish['changeType']}' isn't supported.") from None
        return Subscription(
            id=str(uuid4()),
            user_id=account.id,
            resource=wish["resource"],
            calendar_id=self._calendar_of(account, wish["resource"]),
            change_types=change_types,
            notification_url=wish["notificationUrl"],
            lifecycle_url=wish.get("lifecycleNotificationUrl"),
            client_state=wish.get("clientState"),
            expires_at=self._expiration(wish),
            immutable=preferences(request).immutable,
        )

    def _calendar_of(self, account: MicrosoftAccount, resource: str) -> str | None:
        match resource.strip("/").split("/"):
            case ["me", "events"]:
                return None
            case ["me", "calendars", calendar_id, "events"]:
                if self._mailboxes.calendar(account, calendar_id) is None:
                    raise item_not_found()
                return calendar_id
            case _:
                raise _invalid(f"Resource '{resource}' isn't supported.")

    def _expiration(self, wish: Mapping[str, Any]) -> datetime:
        until, now = instant(wish.get("expirationDateTime")), self._now()
        if until is None or not now < until <= now + LONGEST_LIFE:
            raise _invalid("Subscription expiration can only be 10080 minutes in the future.")
        return max(until, now + SHORTEST_LIFE)

    def _concerns(self, subscription: Subscription, event: GraphEvent) -> bool:
        account = self._accounts[subscription.user_id]
        if event.user_id != account.id or not any(grant.user_id == account.id for grant in self._grants.live()):
            return False
        return event.calendar_id == (subscription.calendar_id or self._mailboxes.main(account).id)


def _invalid(message: str) -> GraphApiError:
    return GraphApiError(HTTPStatus.BAD_REQUEST, "ValidationError", message)


def _written(subscription: Subscription) -> dict[str, Any]:
    return {
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#subscriptions/$entity",
        "id": subscription.id,
        "resource": subscription.resource,
        "applicationId": None,
        "changeType": ",".join(subscription.change_types),
        "clientState": subscription.client_state,
        "notificationUrl": subscription.notification_url,
        "lifecycleNotificationUrl": subscription.lifecycle_url,
        "expirationDateTime": subscription.expires_at,
        "creatorId": subscription.user_id,
        "latestSupportedTlsVersion": "v1_2",
    }


def _notice(
    subscription: Subscription, change: ChangeType, event: GraphEvent, account: MicrosoftAccount
) -> dict[str, Any]:
    event_id = event.id if subscription.immutable else event.entry_id
    place = f"Users/{account.id}/Events/{event_id}"
    return {
        "subscriptionId": subscription.id,
        "subscriptionExpirationDateTime": subscription.expires_at,
        "changeType": change,
        "resource": place,
        "resourceData": {
            "@odata.type": "#Microsoft.Graph.Event",
            "@odata.id": place,
            "@odata.etag": etag(event),
            "id": event_id,
        },
        "clientState": subscription.client_state,
        "tenantId": account.tenant_id,
    }
