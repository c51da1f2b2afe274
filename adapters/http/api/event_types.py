"""The calls about what can be booked on a page."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.booking_pages import page_of
from adapters.http.api.described import call
from adapters.http.api.page_json import EventTypeOut, event_type_for_host
from adapters.http.api.reading import LARGEST_PAGE, ApiRequest, known, read_body, read_query
from adapters.http.api.why_json import WhyOut, why_for_host
from adapters.http.request_context import app_of
from application.actor import HostActor
from application.pages.page_edits import EventTypeEdit
from domain.ids import EventTypeId, PageId


class WhyQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    start: Annotated[datetime, msgspec.Meta(description="An instant with its offset, such as 2026-12-01T14:00:00Z.")]


@get(
    "/booking-pages/{page_id:str}/event-types",
    opt=call(
        id="listEventTypes",
        summary="List a page's event types",
        scopes=("pages:read",),
        result=list[EventTypeOut],
        problems=("not-found",),
    ),
)
async def list_event_types(
    request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str]
) -> ASGIResponse:
    page = await page_of(request, actor, page_id)
    return answer([event_type_for_host(each) for each in page.event_types])


@post(
    "/booking-pages/{page_id:str}/event-types",
    request_max_body_size=LARGEST_PAGE,
    opt=call(
        id="addEventType",
        summary="Add an event type",
        scopes=("pages:write",),
        description="`slug`, `title` and `duration_minutes` are required. Without its own `meeting_types` it uses the "
        "page's. The body can have 1 MB.",
        body=EventTypeEdit,
        members_required=("slug", "title", "duration_minutes"),
        status=201,
        result=EventTypeOut,
        problems=("invalid-input", "not-found"),
    ),
)
async def add_event_type(
    request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str]
) -> ASGIResponse:
    known(page_id)
    edit = await read_body(request, EventTypeEdit)
    return answer(event_type_for_host(await app_of(request).add_event_type(actor, PageId(page_id), edit)), 201)


@get(
    "/booking-pages/{page_id:str}/event-types/{event_type_id:str}",
    opt=call(
        id="getEventType",
        summary="Read an event type",
        scopes=("pages:read",),
        result=EventTypeOut,
        problems=("not-found",),
    ),
)
async def get_event_type(
    request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str], event_type_id: FromPath[str]
) -> ASGIResponse:
    known(page_id, event_type_id)
    show = app_of(request).show_event_type
    return answer(event_type_for_host(await show(actor, PageId(page_id), EventTypeId(event_type_id))))


@get(
    "/booking-pages/{page_id:str}/event-types/{event_type_id:str}/why",
    opt=call(
        id="explainTime",
        summary="Explain why a time isn't offered",
        scopes=("pages:read",),
        description="Returns every reason against this start. If there’s none, guests can book it.",
        query=WhyQuery,
        result=WhyOut,
        problems=("invalid-input", "not-found"),
    ),
)
async def explain_time(
    request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str], event_type_id: FromPath[str]
) -> ASGIResponse:
    known(page_id, event_type_id)
    asked = read_query(request, WhyQuery)
    app = app_of(request)
    found = await app.explain_time(actor, PageId(page_id), EventTypeId(event_type_id), asked.start)
    return answer(await why_for_host(app, found))


@patch(
    "/booking-pages/{page_id:str}/event-types/{event_type_id:str}",
    request_max_body_size=LARGEST_PAGE,
    opt=call(
        id="changeEventType",
        summary="Change an event type",
        scopes=("pages:write",),
        description="What you leave out stays the same. Changes apply to new bookings. The body can have 1 MB.",
        body=EventTypeEdit,
        result=EventTypeOut,
        problems=("invalid-input", "not-found"),
    ),
)
async def change_event_type(
    request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str], event_type_id: FromPath[str]
) -> ASGIResponse:
    known(page_id, event_type_id)
    edit = await read_body(request, EventTypeEdit)
    change = app_of(request).change_event_type
    return answer(event_type_for_host(await change(actor, PageId(page_id), EventTypeId(event_type_id), edit)))


@delete(
    "/booking-pages/{page_id:str}/event-types/{event_type_id:str}",
    opt=call(
        id="removeEventType",
        summary="Remove an event type",
        scopes=("pages:write",),
        description="Existing bookings stay.",
        status=204,
        problems=("not-found",),
    ),
)
async def remove_event_type(
    request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str], event_type_id: FromPath[str]
) -> None:
    known(page_id, event_type_id)
    await app_of(request).remove_event_type(actor, PageId(page_id), EventTypeId(event_type_id))
