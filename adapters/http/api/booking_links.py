"""The calls about single-use links to a booking page."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.reading import ApiRequest, known, read_body
from adapters.http.request_context import app_of, settings_of
from application.actor import HostActor
from domain.booking_link import LINK_USES, UsedLink
from domain.ids import BookingLinkId, PageId


class NewBookingLink(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link that is good for so many bookings, until then."""

    uses: Annotated[int, LINK_USES.meta] = 1
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class BookingLinkOut(msgspec.Struct, frozen=True):
    """A single-use link; `used` are the bookings by it that aren't cancelled."""

    id: BookingLinkId
    uses: int
    used: int
    expires_at: datetime | None
    created_at: datetime


class MadeBookingLink(BookingLinkOut, frozen=True):
    """A new link: its `url` is told this once."""

    url: str


@get(
    "/booking-pages/{page_id:str}/links",
    opt=call(
        id="listBookingLinks",
        summary="List a page's single-use links",
        scopes=("pages:read",),
        description="Newest first, without their addresses.",
        result=list[BookingLinkOut],
        problems=("not-found",),
    ),
)
async def list_booking_links(
    request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str]
) -> ASGIResponse:
    known(page_id)
    return answer([_shown(each) for each in await app_of(request).list_booking_links(actor, PageId(page_id))])


@post(
    "/booking-pages/{page_id:str}/links",
    opt=call(
        id="makeBookingLink",
        summary="Create a single-use link",
        scopes=("pages:write",),
        description="Anyone with the link can book `uses` times. A cancelled booking gives its use back.",
        body=NewBookingLink,
        body_required=False,
        status=201,
        result=MadeBookingLink,
        problems=("invalid-input", "not-found"),
    ),
)
async def make_booking_link(
    request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str]
) -> ASGIResponse:
    known(page_id)
    wanted = await read_body(request, NewBookingLink, optional=True)
    made = await app_of(request).make_booking_link(actor, PageId(page_id), wanted.uses, wanted.expires_at)
    shown = _shown(UsedLink(made.link, 0))
    url = f"{settings_of(request).public_url}{made.path}"
    return answer(MadeBookingLink(**msgspec.structs.asdict(shown), url=url), 201)


@delete(
    "/booking-pages/{page_id:str}/links/{link_id:str}",
    opt=call(
        id="removeBookingLink",
        summary="Delete a single-use link",
        scopes=("pages:write",),
        description="It stops working right away. Bookings made with it stay.",
        status=204,
        problems=("not-found",),
    ),
)
async def remove_booking_link(
    request: ApiRequest, actor: NamedDependency[HostActor], page_id: FromPath[str], link_id: FromPath[str]
) -> None:
    known(page_id, link_id)
    await app_of(request).remove_booking_link(actor, PageId(page_id), BookingLinkId(link_id))


def _shown(each: UsedLink) -> BookingLinkOut:
    link = each.link
    return BookingLinkOut(link.id, link.uses, each.used, link.expires_at, link.created_at)
