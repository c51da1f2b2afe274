"""The calls about webhooks, their deliveries, and the events that they are told."""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.event_json import Events
from adapters.http.api.reading import ApiRequest, known, read_body, read_query
from adapters.http.request_context import app_of
from adapters.presentation.sentences.webhook_problems import attempt_error, distrust, webhook_problem
from application.actor import HostActor
from application.webhooks.manage_webhooks import NewWebhook, WebhookEdit
from domain.ids import PageId, WebhookDeliveryId, WebhookEventId, WebhookId
from domain.limits import ITEMS_LISTED
from domain.webhook import LONGEST_OVERLAP, OVERLAP, Webhook, WebhookState
from domain.webhook_delivery import DeliveryState, WebhookDelivery
from domain.webhook_event import WebhookEvent, WebhookEventType

_HOUR = timedelta(hours=1)


class WebhookProblemOut(msgspec.Struct, frozen=True):
    """Why the last attempt failed, or why nothing is sent; `message` is for people."""

    type: str
    message: str


class WebhookOut(msgspec.Struct, frozen=True):
    """Where events are sent. It is `failing` since its last success, and `paused` when nothing is sent any more."""

    id: WebhookId
    url: str
    events: tuple[WebhookEventType, ...]
    page_id: PageId | None
    state: WebhookState
    last_success_at: datetime | None
    problem: Annotated[
        WebhookProblemOut | None,
        msgspec.Meta(
            description="null if nothing is wrong; `account-not-trusted` if somebody else may have been in your "
            "account: we send nothing until you resume it."
        ),
    ]


class WebhookWithSecret(WebhookOut, frozen=True):
    """A webhook with its new secret, which no other answer ever shows."""

    secret: str


class WebhookIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Without `page_id` it wants events of all your pages."""

    url: str
    events: tuple[WebhookEventType, ...]
    page_id: PageId | None = None


class NewSecretIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For `overlap_hours` the secret before signs beside the new one."""

    overlap_hours: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_OVERLAP // _HOUR)] = OVERLAP // _HOUR


class RecoverIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Events are kept for 30 days."""

    since: Annotated[datetime, msgspec.Meta(tz=True)]


class Recovered(msgspec.Struct, frozen=True):
    """How many events are sent again."""

    events: int


class AttemptOut(msgspec.Struct, frozen=True):
    """A request to your program; `status` is null where it gave no answer, `error` where it took the event."""

    at: datetime
    status: int | None
    error: str | None
    milliseconds: int


class DeliveryOut(msgspec.Struct, frozen=True):
    """An event on its way to your program; `event_id` is the `webhook-id` of every attempt."""

    id: WebhookDeliveryId
    event_id: WebhookEventId
    type: WebhookEventType
    state: DeliveryState
    attempts: tuple[AttemptOut, ...]
    next_attempt_at: datetime | None


class Deliveries(msgspec.Struct, frozen=True):
    """Some deliveries, the latest first; `next` is the cursor of those that follow, null at the end."""

    items: tuple[DeliveryOut, ...]
    next: str | None


class DeliveriesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which deliveries to list."""

    state: Annotated[DeliveryState | None, msgspec.Meta(description="Only those in this state.")] = None
    cursor: Annotated[
        str | None, msgspec.Meta(description="The previous response’s `next`. Leave it out for the first page.")
    ] = None
    limit: Annotated[int, ITEMS_LISTED.meta, msgspec.Meta(description="The most deliveries to return.")] = 50


class EventsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to go on."""

    after: Annotated[
        str | None,
        msgspec.Meta(description="The id of the last event that you have. Leave it out to start with the oldest."),
    ] = None
    limit: Annotated[int, ITEMS_LISTED.meta, msgspec.Meta(description="The most events to return.")] = 50


class _Body(msgspec.Struct, frozen=True):
    data: msgspec.Raw


class _EventAnswer(msgspec.Struct, frozen=True):
    """The same as `EventOut`, its data as they are stored."""

    id: WebhookEventId
    type: WebhookEventType
    timestamp: datetime
    data: msgspec.Raw


class _EventsAnswer(msgspec.Struct, frozen=True):
    items: tuple[_EventAnswer, ...]
    next: WebhookEventId | None


@get(
    "/webhooks",
    opt=call(id="listWebhooks", summary="List your webhooks", scopes=("webhooks",), result=list[WebhookOut]),
)
async def list_webhooks(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    return answer([_shown(each) for each in await app_of(request).show_webhooks(actor)])


@post(
    "/webhooks",
    opt=call(
        id="addWebhook",
        summary="Add a webhook",
        scopes=("webhooks",),
        description="We send it what happens from now on, signed by Standard Webhooks 1.0. You won’t see the `secret` "
        "again. We refuse addresses in private networks.",
        body=WebhookIn,
        status=201,
        result=WebhookWithSecret,
        problems=("invalid-input", "too-many-requests"),
    ),
)
async def add_webhook(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    typed = await read_body(request, WebhookIn)
    made = await app_of(request).add_webhook(actor, typed.url, typed.events, typed.page_id)
    return answer(_with_secret(made), 201)


@get(
    "/webhooks/{webhook_id:str}",
    opt=call(
        id="getWebhook", summary="Read a webhook", scopes=("webhooks",), result=WebhookOut, problems=("not-found",)
    ),
)
async def get_webhook(
    request: ApiRequest, actor: NamedDependency[HostActor], webhook_id: FromPath[str]
) -> ASGIResponse:
    return answer(_shown(await app_of(request).show_webhooks.one(actor, _id(webhook_id))))


@patch(
    "/webhooks/{webhook_id:str}",
    opt=call(
        id="changeWebhook",
        summary="Change a webhook",
        scopes=("webhooks",),
        description="What you leave out stays the same.",
        body=WebhookEdit,
        result=WebhookOut,
        problems=("invalid-input", "not-found", "too-many-requests"),
    ),
)
async def change_webhook(
    request: ApiRequest, actor: NamedDependency[HostActor], webhook_id: FromPath[str]
) -> ASGIResponse:
    which, edit = _id(webhook_id), await read_body(request, WebhookEdit)
    return answer(_shown(await app_of(request).change_webhook(actor, which, edit)))


@delete(
    "/webhooks/{webhook_id:str}",
    opt=call(
        id="removeWebhook",
        summary="Remove a webhook",
        scopes=("webhooks",),
        description="We don’t send it the events that it hasn’t accepted by then.",
        status=204,
        problems=("not-found",),
    ),
)
async def remove_webhook(request: ApiRequest, actor: NamedDependency[HostActor], webhook_id: FromPath[str]) -> None:
    await app_of(request).remove_webhook(actor, _id(webhook_id))


@post(
    "/webhooks/{webhook_id:str}/test",
    status_code=200,
    opt=call(
        id="testWebhook",
        summary="Send a test event",
        scopes=("webhooks",),
        description="A `ping`, whichever events the webhook wants. Its deliveries show the result.",
        result=DeliveryOut,
        problems=("not-found", "too-many-requests"),
    ),
)
async def test_webhook(
    request: ApiRequest, actor: NamedDependency[HostActor], webhook_id: FromPath[str]
) -> ASGIResponse:
    return answer(_delivery(await app_of(request).try_webhook(actor, _id(webhook_id))))


@post(
    "/webhooks/{webhook_id:str}/rotate-secret",
    status_code=200,
    opt=call(
        id="rotateWebhookSecret",
        summary="Create a new secret",
        scopes=("webhooks",),
        description="Both secrets sign until the overlap ends, so you miss nothing while you switch. With an overlap "
        "of 0 the old secret stops working right away.",
        body=NewSecretIn,
        body_required=False,
        result=WebhookWithSecret,
        problems=("invalid-input", "not-found"),
    ),
)
async def rotate_secret(
    request: ApiRequest, actor: NamedDependency[HostActor], webhook_id: FromPath[str]
) -> ASGIResponse:
    which, typed = _id(webhook_id), await read_body(request, NewSecretIn, optional=True)
    made = await app_of(request).rotate_webhook_secret(actor, which, typed.overlap_hours * _HOUR)
    return answer(_with_secret(made))


@post(
    "/webhooks/{webhook_id:str}/resume",
    status_code=200,
    opt=call(
        id="resumeWebhook",
        summary="Resume a paused webhook",
        scopes=("webhooks",),
        description="We send it what happens from now on. To get what it missed, use `recover`.",
        result=WebhookOut,
        problems=("not-found",),
    ),
)
async def resume_webhook(
    request: ApiRequest, actor: NamedDependency[HostActor], webhook_id: FromPath[str]
) -> ASGIResponse:
    return answer(_shown(await app_of(request).resume_webhook(actor, _id(webhook_id))))


@post(
    "/webhooks/{webhook_id:str}/recover",
    status_code=200,
    opt=call(
        id="recoverWebhook",
        summary="Resend everything that wasn’t accepted",
        scopes=("webhooks",),
        description="All events since an instant that the webhook wants and hasn’t accepted, with the same ids. "
        "Resumes a paused webhook.",
        body=RecoverIn,
        result=Recovered,
        problems=("invalid-input", "not-found", "too-many-requests"),
    ),
)
async def recover_webhook(
    request: ApiRequest, actor: NamedDependency[HostActor], webhook_id: FromPath[str]
) -> ASGIResponse:
    which, typed = _id(webhook_id), await read_body(request, RecoverIn)
    return answer(Recovered(await app_of(request).recover_webhook(actor, which, typed.since)))


@get(
    "/webhooks/{webhook_id:str}/deliveries",
    opt=call(
        id="listWebhookDeliveries",
        summary="List a webhook’s deliveries",
        scopes=("webhooks",),
        description="Of the last 30 days, newest first.",
        query=DeliveriesQuery,
        result=Deliveries,
        problems=("invalid-input", "not-found"),
    ),
)
async def list_deliveries(
    request: ApiRequest, actor: NamedDependency[HostActor], webhook_id: FromPath[str]
) -> ASGIResponse:
    which, asked = _id(webhook_id), read_query(request, DeliveriesQuery)
    found = await app_of(request).show_deliveries(
        actor, which, state=asked.state, cursor=asked.cursor, limit=asked.limit
    )
    return answer(Deliveries(tuple(_delivery(each) for each in found.items), found.next))


@post(
    "/webhook-deliveries/{delivery_id:str}/retry",
    status_code=200,
    opt=call(
        id="retryWebhookDelivery",
        summary="Resend an event",
        scopes=("webhooks",),
        description="Right away, delivered or not, with the same id and the same bytes.",
        result=DeliveryOut,
        problems=("not-found", "event-erased", "too-many-requests"),
    ),
)
async def retry_delivery(
    request: ApiRequest, actor: NamedDependency[HostActor], delivery_id: FromPath[str]
) -> ASGIResponse:
    known(delivery_id)
    return answer(_delivery(await app_of(request).retry_delivery(actor, WebhookDeliveryId(delivery_id))))


@get(
    "/events",
    opt=call(
        id="listEvents",
        summary="List events",
        scopes=("webhooks",),
        description="Of the last 30 days, oldest first, for programs that poll. For the time before your first call or "
        "webhook, we add the latest 1,000 events of bookings, which show the booking as it was when we added them.",
        query=EventsQuery,
        result=Events,
        problems=("invalid-input", "not-found"),
    ),
)
async def list_events(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    asked = read_query(request, EventsQuery)
    after = WebhookEventId(asked.after) if asked.after else None
    if after is not None:
        known(after)
    found = await app_of(request).list_webhook_events(actor, after, asked.limit + 1)
    shown = tuple(_event(each) for each in found[: asked.limit])
    return answer(_EventsAnswer(shown, shown[-1].id if len(found) > asked.limit else None))


def _id(text: str) -> WebhookId:
    known(text)
    return WebhookId(text)


def _shown(webhook: Webhook) -> WebhookOut:
    return WebhookOut(
        webhook.id,
        webhook.url,
        webhook.events,
        webhook.page_id,
        webhook.state,
        webhook.last_success_at,
        _problem(webhook),
    )


def _with_secret(made: NewWebhook) -> WebhookWithSecret:
    return WebhookWithSecret(**msgspec.structs.asdict(_shown(made.webhook)), secret=made.secret)


def _problem(webhook: Webhook) -> WebhookProblemOut | None:
    if webhook.pause == "distrusted":
        return WebhookProblemOut("account-not-trusted", distrust())
    problem = webhook.problem
    return None if problem is None else WebhookProblemOut(str(problem.__struct_config__.tag), webhook_problem(problem))


def _delivery(delivery: WebhookDelivery) -> DeliveryOut:
    attempts = tuple(
        AttemptOut(
            each.at, each.status, None if each.problem is None else attempt_error(each.problem), each.milliseconds
        )
        for each in delivery.attempts
    )
    return DeliveryOut(
        delivery.id, delivery.event_id, delivery.type, delivery.state, attempts, delivery.next_attempt_at
    )


def _event(event: WebhookEvent) -> _EventAnswer:
    return _EventAnswer(event.id, event.type, event.at, msgspec.json.decode(event.body, type=_Body).data)
