"""The calls about hours that pages share."""

import datetime as dt
from typing import Annotated

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from adapters.http.api.answering import answer
from adapters.http.api.described import call
from adapters.http.api.reading import LARGEST_PAGE, ApiRequest, known, read_body, read_query
from adapters.http.request_context import app_of
from adapters.presentation.language import spoken
from application.actor import HostActor
from application.schedules.edit_schedules import ScheduleEdit
from domain.availability import Availability
from domain.booking_page import BookingPage
from domain.ids import PageId, ScheduleId
from domain.public_holidays import CountryCode, HolidayCalendar, RegionCode
from domain.schedule import Schedule


class ScheduleOut(msgspec.Struct, frozen=True):
    """Hours under a name, for any of your booking pages."""

    id: ScheduleId
    name: str
    timezone: Annotated[str | None, msgspec.Meta(description="of its hours; null means yours.")]
    availability: Availability
    booking_pages: Annotated[tuple[PageId, ...], msgspec.Meta(description="the pages that use it.")]


@get(
    "/schedules",
    opt=call(id="listSchedules", summary="List your schedules", scopes=("pages:read",), result=list[ScheduleOut]),
)
async def list_schedules(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    app = app_of(request)
    pages = await app.list_pages(actor)
    return answer([_shown(each, pages) for each in await app.list_schedules(actor)])


@post(
    "/schedules",
    request_max_body_size=LARGEST_PAGE,
    opt=call(
        id="createSchedule",
        summary="Create a schedule",
        scopes=("pages:write",),
        description="`name` is required. The default hours are weekdays 9–17 in your time zone.",
        body=ScheduleEdit,
        members_required=("name",),
        status=201,
        result=ScheduleOut,
        problems=("invalid-input",),
    ),
)
async def create_schedule(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    edit = await read_body(request, ScheduleEdit)
    return answer(_shown(await app_of(request).create_schedule(actor, edit), []), 201)


@get(
    "/schedules/{schedule_id:str}",
    opt=call(
        id="getSchedule", summary="Read a schedule", scopes=("pages:read",), result=ScheduleOut, problems=("not-found",)
    ),
)
async def get_schedule(
    request: ApiRequest, actor: NamedDependency[HostActor], schedule_id: FromPath[str]
) -> ASGIResponse:
    known(schedule_id)
    app = app_of(request)
    return answer(_shown(await app.show_schedule(actor, ScheduleId(schedule_id)), await app.list_pages(actor)))


@patch(
    "/schedules/{schedule_id:str}",
    request_max_body_size=LARGEST_PAGE,
    opt=call(
        id="changeSchedule",
        summary="Change a schedule",
        scopes=("pages:write",),
        description="What you leave out stays the same. Changes apply to new bookings on all pages that use it.",
        body=ScheduleEdit,
        result=ScheduleOut,
        problems=("invalid-input", "not-found"),
    ),
)
async def change_schedule(
    request: ApiRequest, actor: NamedDependency[HostActor], schedule_id: FromPath[str]
) -> ASGIResponse:
    known(schedule_id)
    edit, app = await read_body(request, ScheduleEdit), app_of(request)
    changed = await app.change_schedule(actor, ScheduleId(schedule_id), edit)
    return answer(_shown(changed, await app.list_pages(actor)))


@delete(
    "/schedules/{schedule_id:str}",
    opt=call(
        id="removeSchedule",
        summary="Delete a schedule",
        scopes=("pages:write",),
        description="You can’t delete one that booking pages use: `detail` names those pages.",
        status=204,
        problems=("not-found", "schedule-in-use"),
    ),
)
async def remove_schedule(request: ApiRequest, actor: NamedDependency[HostActor], schedule_id: FromPath[str]) -> None:
    known(schedule_id)
    await app_of(request).remove_schedule(actor, ScheduleId(schedule_id))


class HolidayQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    country: Annotated[CountryCode, msgspec.Meta(description="Two letters of ISO 3166-1, such as DE.")]
    region: Annotated[RegionCode | None, msgspec.Meta(description="Its code within the country, such as BY.")] = None


class RegionOut(msgspec.Struct, frozen=True):
    code: str
    name: str


class HolidayOut(msgspec.Struct, frozen=True):
    date: dt.date
    name: str


class HolidaysOut(msgspec.Struct, frozen=True):
    """A country's public holidays of the coming year, and its regions, where those have others."""

    regions: tuple[RegionOut, ...]
    days: tuple[HolidayOut, ...]


@get(
    "/public-holidays",
    opt=call(
        id="listPublicHolidays",
        summary="List the public holidays of a country",
        scopes=("pages:read",),
        description="The days that `public_holidays` in an `availability` keeps free.",
        query=HolidayQuery,
        result=HolidaysOut,
        problems=("invalid-input",),
    ),
)
async def list_public_holidays(request: ApiRequest, actor: NamedDependency[HostActor]) -> ASGIResponse:
    asked = read_query(request, HolidayQuery)
    found = await app_of(request).show_holidays(actor, HolidayCalendar(asked.country, asked.region), spoken().tag)
    regions = tuple(RegionOut(code, name) for code, name in found.regions.items())
    return answer(HolidaysOut(regions, tuple(HolidayOut(*each) for each in found.days)))


def _shown(schedule: Schedule, pages: list[BookingPage]) -> ScheduleOut:
    using = tuple(each.id for each in pages if each.schedule_id == schedule.id)
    return ScheduleOut(schedule.id, schedule.name, schedule.timezone, schedule.availability, using)
