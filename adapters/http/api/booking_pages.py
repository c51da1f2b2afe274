"""The calls about a host's booking pages."""

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.page_json import BookingPageOut, page_for_host
from adapters.http.api.reading import LARGEST_PAGE, ApiRequest, known, read_body
from adapters.http.request_context import app_of
from application.actor import HostActor
from application.pages.page_edits import PageEdit
from domain.booking_page import LARGEST_TEXTS, MOST_PAGES, BookingPage
from domain.ids import PageId


@get(
    "/booking-pages",
    opt=call(
        id="listBookingPages", summary="List your booking pages", scopes=("pages:read",), result=list[BookingPageOut]
    ),
)
async def list_pages(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    return answer([page_for_host(each) for each in await app_of(request).list_pages(actor)])


@post(
    "/booking-pages",
    request_max_body_size=LARGEST_PAGE,
    opt=call(
        id="createBookingPage",
        summary="Create a booking page",
        scopes=("pages:write",),
        description="`slug` and `title` are required. The rest has defaults: no daily limit, weekdays 9–17, 30-minute "
        "steps, 60 days ahead. You can list meeting types before you connect their provider. The body can have 1 MB. "
        f"You can have {MOST_PAGES} pages, and each can have {LARGEST_TEXTS // 1000} kB of texts.",
        body=PageEdit,
        members_required=("slug", "title"),
        status=201,
        result=BookingPageOut,
        problems=("invalid-input",),
    ),
)
async def create_page(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    edit = await read_body(request, PageEdit)
    return answer(page_for_host(await app_of(request).create_page(actor, edit)), 201)


@get(
    "/booking-pages/{page_id:str}",
    opt=call(
        id="getBookingPage",
        summary="Read a booking page",
        scopes=("pages:read",),
        result=BookingPageOut,
        problems=("not-found",),
    ),
)
async def get_page(request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str]) -> ASGIResponse:
    return answer(page_for_host(await page_of(request, actor, page_id)))


@patch(
    "/booking-pages/{page_id:str}",
    request_max_body_size=LARGEST_PAGE,
    opt=call(
        id="changeBookingPage",
        summary="Change a booking page",
        scopes=("pages:write",),
        description="What you leave out stays the same. Changes apply to new bookings. Change event types one by one, "
        "under the page's `event-types`. `availability` without `schedule_id` gives the page its own hours. The body "
        "can have 1 MB.",
        body=PageEdit,
        result=BookingPageOut,
        problems=("invalid-input", "not-found"),
    ),
)
async def change_page(request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str]) -> ASGIResponse:
    known(page_id)
    edit = await read_body(request, PageEdit)
    return answer(page_for_host(await app_of(request).change_page(actor, PageId(page_id), edit)))


@post(
    "/booking-pages/{page_id:str}/duplicate",
    opt=call(
        id="duplicateBookingPage",
        summary="Duplicate a booking page",
        scopes=("pages:write",),
        description="The copy has everything but the bookings. It gets its own `slug` and isn't `active`.",
        status=201,
        result=BookingPageOut,
        problems=("invalid-input", "not-found"),
    ),
)
async def duplicate_page(
    request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str]
) -> ASGIResponse:
    known(page_id)
    return answer(page_for_host(await app_of(request).duplicate_page(actor, PageId(page_id))), 201)


@delete(
    "/booking-pages/{page_id:str}",
    opt=call(
        id="removeBookingPage",
        summary="Remove a booking page",
        scopes=("pages:write",),
        description="Existing bookings stay.",
        status=204,
        problems=("not-found",),
    ),
)
async def remove_page(request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str]) -> None:
    known(page_id)
    await app_of(request).remove_page(actor, PageId(page_id))


async def page_of(request: ApiRequest, actor: HostActor, page_id: str) -> BookingPage:
    """Raises Forbidden, and NotFound for another host's page too."""
    known(page_id)
    return await app_of(request).show_page(actor, PageId(page_id))
