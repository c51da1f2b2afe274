"""A host books a time for a guest, also outside the offered hours."""

from datetime import datetime
from typing import get_args
from zoneinfo import ZoneInfo

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.problems import STATUS
from adapters.http.retry_after import retry_after
from adapters.http.web.additional_guests import errors_of
from adapters.http.web.forms import Errors, Form, Visit, form_of
from adapters.http.web.templating import shown
from adapters.http.web.zones import zone_or
from adapters.presentation.sentences.refusals import refusal_sentence
from application.actor import HostActor
from application.app import App
from application.booking.book import GuestDetails
from application.booking.book_for_guest import BookingForGuest
from domain.booking_page import BookingPage, EventType
from domain.errors import (
    AnyRefusal,
    CalendarsUnreadable,
    HostBusy,
    InvalidInput,
    MeetingTypeNotOffered,
    NoMeetingTypeAvailable,
    NotFound,
    SlotNotOffered,
    SlotTaken,
    TooManyBookings,
    TooManyRequests,
)
from domain.faults import Required
from domain.host import Host
from domain.ids import PageId
from domain.instants import is_in_calendar
from domain.meeting_type import MeetingTypeName, name_of
from domain.typed_addresses import addresses_in

_NAMES: dict[str, MeetingTypeName] = {name: name for name in get_args(MeetingTypeName)}


class HostsForm(msgspec.Struct, frozen=True):
    """The form as typed; `at` is local time of the host's, and has an offset where it is one of the free times."""

    event_type: str = ""
    at: str = ""
    meeting_type: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    additional_guests: str = ""
    timezone: str = ""
    despite_calendars: bool = False

    @classmethod
    def sent(cls, form: Form, host: Host) -> "HostsForm":
        return cls(
            event_type=form.text("event_type"),
            at=form.text("instead") or form.text("at"),
            meeting_type=form.text("meeting_type"),
            name=form.text("name"),
            email=form.text("email"),
            phone=form.text("phone"),
            additional_guests=form.text("additional_guests"),
            timezone=zone_or(form.text("timezone"), host.timezone),
            despite_calendars=bool(form.text("despite_calendars")),
        )

    @property
    def guests(self) -> tuple[str, ...]:
        """The addresses of additional guests."""
        return addresses_in(self.additional_guests)

    def request(self, host: Host) -> BookingForGuest:
        """Raises InvalidInput where the form lacks what makes it one."""
        start, meeting_type = _start(self.at, host.timezone), _NAMES.get(self.meeting_type)
        if start is None:
            raise InvalidInput.at("start", Required())
        if meeting_type is None:
            raise InvalidInput.at("meeting_type", Required())
        guest = GuestDetails(self.name, self.email, self.timezone, self.phone or None, host.language)
        return BookingForGuest(
            start,
            meeting_type,
            guest,
            additional_guests=self.guests,
            despite_calendars=self.despite_calendars,
        )


@get("/pages/{page_id:str}/book")
async def book_for_guest_page(
    app: NamedDependency[App], host: NamedDependency[Host], actor: NamedDependency[HostActor], page_id: FromPath[str]
) -> Template:
    page = await app.show_page(actor, PageId(page_id))
    return _form(host, page, HostsForm(timezone=host.timezone))


@post("/pages/{page_id:str}/book", status_code=HTTP_200_OK)
async def book_for_guest(
    request: Visit,
    app: NamedDependency[App],
    host: NamedDependency[Host],
    actor: NamedDependency[HostActor],
    network: NamedDependency[str],
    page_id: FromPath[str],
) -> Template | Redirect:
    page = await app.show_page(actor, PageId(page_id))
    form = HostsForm.sent(await form_of(request), host)
    try:
        chosen = _event_type(page, form.event_type)
        submit = await app.book_for_guest(actor, page.id, chosen.id, form.request(host), network=network)
    except InvalidInput as refusal:
        return _form(host, page, form, errors_of(refusal, form.guests), status=HTTP_400_BAD_REQUEST)
    except (HostBusy, CalendarsUnreadable) as refusal:
        return _refused(host, page, form, refusal, overrulable=True)
    except SlotTaken as refusal:
        return _refused(host, page, form, refusal, alternatives=refusal.alternatives)
    except (
        NoMeetingTypeAvailable,
        MeetingTypeNotOffered,
        SlotNotOffered,
        TooManyBookings,
        TooManyRequests,
    ) as refusal:
        return _refused(host, page, form, refusal)
    return Redirect(f"/bookings/{submit.booking.booking.id}", status_code=HTTP_303_SEE_OTHER)


def _refused(
    host: Host,
    page: BookingPage,
    form: HostsForm,
    refusal: AnyRefusal,
    *,
    overrulable: bool = False,
    alternatives: tuple[datetime, ...] = (),
) -> Template:
    words, status = refusal_sentence(refusal), STATUS[refusal.code]
    answer = _form(host, page, form, note=words, overrulable=overrulable, alternatives=alternatives, status=status)
    if isinstance(refusal, TooManyRequests | CalendarsUnreadable):
        answer.headers.update(retry_after(refusal))
    return answer


def _form(
    host: Host,
    page: BookingPage,
    form: HostsForm,
    errors: Errors | None = None,
    *,
    note: str = "",
    overrulable: bool = False,
    alternatives: tuple[datetime, ...] = (),
    status: int = HTTP_200_OK,
) -> Template:
    """Show the form; a busy calendar is `overrulable` by a box that only then is there."""
    return shown(
        "bookings/for_guest.html",
        status,
        me=host,
        page=page,
        form=form,
        meeting_types=_meeting_types(page),
        errors=errors or Errors(),
        note=note,
        overrulable=overrulable or form.despite_calendars,
        alternatives=[(each.astimezone(ZoneInfo(host.timezone)).isoformat(), each) for each in alternatives],
    )


def _meeting_types(page: BookingPage) -> list[MeetingTypeName]:
    """Those of any event type, each once; the booking itself refuses one that its event type lacks."""
    return list(dict.fromkeys(name_of(each) for event in page.event_types for each in page.meeting_types_of(event)))


def _event_type(page: BookingPage, wanted: str) -> EventType:
    """The one that was chosen. Raises NotFound where it has been removed, or the page has none."""
    for each in page.event_types:
        if each.id == wanted or len(page.event_types) == 1:
            return each
    raise NotFound("event-type")


def _start(typed: str, timezone: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return None
    start = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(timezone))
    return start if is_in_calendar(start) else None
