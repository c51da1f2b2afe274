"""Settings → Webhooks: where events are sent, how that goes, and what can be sent again."""

from datetime import timedelta

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.settings import HttpSettings
from adapters.http.web.forms import Errors, Form, Visit, form_of
from adapters.http.web.settings.shown_once import NEW_WEBHOOK_SECRET
from adapters.http.web.settings.webhook_words import attempt_words, delivery_row, event_choices, webhook_row
from adapters.http.web.templating import shown
from adapters.http.web.webhook_snippets import snippets
from application.actor import HostActor
from application.app import App
from application.webhooks.manage_webhooks import WebhookEdit
from domain.errors import EventErased, InvalidInput
from domain.host import Host
from domain.ids import PageId, WebhookDeliveryId, WebhookId
from domain.webhook import Webhook
from domain.webhook_event import WEBHOOK_EVENT_TYPES, WebhookEventType

PATH = "/settings/webhooks"

AT_ONCE = 20

SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=30)}

_TYPES: dict[str, WebhookEventType] = {each: each for each in WEBHOOK_EVENT_TYPES}


class WebhookForm(msgspec.Struct, frozen=True):
    """The fields of a webhook, as typed."""

    url: str = ""
    events: tuple[WebhookEventType, ...] = WEBHOOK_EVENT_TYPES
    page_id: str = ""

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookForm":
        return cls(webhook.url, webhook.events, webhook.page_id or "")

    @classmethod
    def typed(cls, form: Form) -> "WebhookForm":
        events: tuple[WebhookEventType, ...] = tuple(_TYPES[each] for each in form.all("events") if each in _TYPES)
        return cls(form.text("url"), events, form.text("page_id"))


NOTHING_TYPED, NO_ERRORS = WebhookForm(), Errors()


class WebhookSettings(Controller):
    path = PATH

    @get("/")
    async def webhooks(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        removed: FromQuery[str] = "",
    ) -> Template:
        return await _webhooks(app, host, actor, removed=bool(removed))

    @post("/", status_code=HTTP_200_OK)
    async def add(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
    ) -> Template | Redirect:
        typed = WebhookForm.typed(await form_of(request))
        try:
            made = await app.add_webhook(actor, typed.url, typed.events, PageId(typed.page_id) or None)
        except InvalidInput as refusal:
            return await _webhooks(app, host, actor, typed=typed, errors=Errors.of(refusal))
        cookie = NEW_WEBHOOK_SECRET.kept(settings, host, made.secret, made.webhook.id)
        path = f"{PATH}/{made.webhook.id}"
        return Redirect(path, status_code=HTTP_303_SEE_OTHER, cookies=[cookie])

    @get("/{webhook_id:str}")
    async def webhook(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
        webhook_id: FromPath[str],
        done: FromQuery[str] = "",
        count: FromQuery[str] = "",
        cursor: FromQuery[str | None] = None,
    ) -> Template:
        secret = NEW_WEBHOOK_SECRET.brought(request, settings, host, webhook_id)
        page = await _webhook(app, host, actor, webhook_id, secret=secret, done=done, count=count, cursor=cursor)
        if secret:
            page.cookies.append(NEW_WEBHOOK_SECRET.forgotten(settings))
        return page

    @post("/{webhook_id:str}", status_code=HTTP_200_OK)
    async def save(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        webhook_id: FromPath[str],
    ) -> Template | Redirect:
        typed = WebhookForm.typed(await form_of(request))
        edit = WebhookEdit(typed.url, typed.events, PageId(typed.page_id) or None)
        try:
            await app.change_webhook(actor, WebhookId(webhook_id), edit)
        except InvalidInput as refusal:
            return await _webhook(app, host, actor, webhook_id, typed=typed, errors=Errors.of(refusal))
        return _to(webhook_id, "saved")

    @post("/{webhook_id:str}/test")
    async def test(
        self, app: NamedDependency[App], actor: NamedDependency[HostActor], webhook_id: FromPath[str]
    ) -> Redirect:
        await app.try_webhook(actor, WebhookId(webhook_id))
        return _to(webhook_id, "tested")

    @post("/{webhook_id:str}/resume")
    async def resume(
        self, app: NamedDependency[App], actor: NamedDependency[HostActor], webhook_id: FromPath[str]
    ) -> Redirect:
        await app.resume_webhook(actor, WebhookId(webhook_id))
        return _to(webhook_id, "resumed")

    @post("/{webhook_id:str}/recover")
    async def recover(
        self,
        request: Visit,
        app: NamedDependency[App],
        actor: NamedDependency[HostActor],
        webhook_id: FromPath[str],
    ) -> Redirect:
        span = SPANS.get((await form_of(request)).text("since"), SPANS["day"])
        count = await app.recover_webhook(actor, WebhookId(webhook_id), app.now() - span)
        return Redirect(f"{PATH}/{webhook_id}?done=recovered&count={count}", status_code=HTTP_303_SEE_OTHER)

    @post("/{webhook_id:str}/secret")
    async def new_secret(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        settings: NamedDependency[HttpSettings],
        webhook_id: FromPath[str],
    ) -> Redirect:
        made = await app.rotate_webhook_secret(actor, WebhookId(webhook_id))
        cookie = NEW_WEBHOOK_SECRET.kept(settings, host, made.secret, webhook_id)
        return Redirect(f"{PATH}/{webhook_id}?done=rotated", status_code=HTTP_303_SEE_OTHER, cookies=[cookie])

    @post("/{webhook_id:str}/remove")
    async def remove(
        self, app: NamedDependency[App], actor: NamedDependency[HostActor], webhook_id: FromPath[str]
    ) -> Redirect:
        await app.remove_webhook(actor, WebhookId(webhook_id))
        return Redirect(f"{PATH}?removed=1", status_code=HTTP_303_SEE_OTHER)

    @get("/{webhook_id:str}/deliveries/{delivery_id:str}")
    async def delivery(
        self,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        delivery_id: FromPath[str],
        done: FromQuery[str] = "",
    ) -> Template:
        view = await app.show_deliveries.one(actor, WebhookDeliveryId(delivery_id))
        return shown(
            "settings/webhook_delivery.html",
            HTTP_200_OK,
            me=host,
            webhook=view.webhook,
            event=view.event,
            row=delivery_row(view.delivery, host.timezone),
            attempts=[(each, attempt_words(each)) for each in reversed(view.delivery.attempts)],
            body=msgspec.json.format(view.event.body, indent=2).decode(),
            done=done,
        )

    @post("/{webhook_id:str}/deliveries/{delivery_id:str}")
    async def send_again(
        self,
        app: NamedDependency[App],
        actor: NamedDependency[HostActor],
        webhook_id: FromPath[str],
        delivery_id: FromPath[str],
    ) -> Redirect:
        done = "sent"
        try:
            await app.retry_delivery(actor, WebhookDeliveryId(delivery_id))
        except EventErased:
            # The page says so, and has no button any more.
            done = ""
        path = f"{PATH}/{webhook_id}/deliveries/{delivery_id}"
        return Redirect(f"{path}?done={done}", status_code=HTTP_303_SEE_OTHER)


async def _webhooks(
    app: App,
    host: Host,
    actor: HostActor,
    *,
    typed: WebhookForm = NOTHING_TYPED,
    errors: Errors = NO_ERRORS,
    removed: bool = False,
) -> Template:
    return shown(
        "settings/webhooks.html",
        HTTP_400_BAD_REQUEST if errors else HTTP_200_OK,
        me=host,
        rows=[webhook_row(each, host.timezone) for each in await app.show_webhooks(actor)],
        pages=await app.list_pages(actor),
        events=event_choices(),
        typed=typed,
        errors=errors,
        removed=removed,
    )


async def _webhook(
    app: App,
    host: Host,
    actor: HostActor,
    webhook_id: str,
    *,
    typed: WebhookForm | None = None,
    errors: Errors = NO_ERRORS,
    secret: str | None = None,
    done: str = "",
    count: str = "",
    cursor: str | None = None,
) -> Template:
    webhook = await app.show_webhooks.one(actor, WebhookId(webhook_id))
    deliveries = await app.show_deliveries(actor, webhook.id, cursor=cursor, limit=AT_ONCE)
    ends_at = webhook.secret_ends_at
    return shown(
        "settings/webhook.html",
        HTTP_400_BAD_REQUEST if errors else HTTP_200_OK,
        me=host,
        row=webhook_row(webhook, host.timezone),
        pages=await app.list_pages(actor),
        events=event_choices(),
        typed=typed or WebhookForm.of(webhook),
        own_page=webhook.page_id,
        errors=errors,
        secret=secret,
        both_until=ends_at if ends_at is not None and ends_at > app.now() else None,
        done=done,
        count=int(count) if count.isascii() and count.isdigit() and len(count) < 10 else 0,  # noqa: PLR2004 - no more
        deliveries=[delivery_row(each, host.timezone) for each in deliveries.items],
        later=deliveries.next,
        is_first=cursor is None,
        snippets=snippets(),
    )


def _to(webhook_id: str, done: str) -> Redirect:
    return Redirect(f"{PATH}/{webhook_id}?done={done}", status_code=HTTP_303_SEE_OTHER)
