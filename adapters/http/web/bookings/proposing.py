"""A host proposes other times to a guest: free times of one week at a time, with what is chosen carried along."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_400_BAD_REQUEST

from adapters.http.problems import STATUS
from adapters.http.retry_after import retry_after
from adapters.http.web.bookings.lists import booking_of
from adapters.http.web.forms import Form, Visit, form_of
from adapters.http.web.public.guest_form import start_of
from adapters.http.web.templating import shown
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.refusals import refusal_sentence
from application.actor import HostActor
from application.app import App
from application.booking.access import BookingById
from application.ports.booking_views import BookingView
from domain.booking import lies_at
from domain.errors import (
    BookingClosed,
    CalendarsUnreadable,
    InvalidInput,
    SlotNotOffered,
    SlotTaken,
    TooManyRequests,
)
from domain.host import Host
from domain.ids import BookingId
from domain.instants import is_in_calendar
from domain.proposals import MOST_PROPOSED

_WEEK = timedelta(days=7)
_FIRST_LOOK = timedelta(days=31)


class Choosing(msgspec.Struct, frozen=True):
    """The form as it was sent; `first` is the first day of the week that it shows."""

    first: date | None = None
    chosen: tuple[datetime, ...] = ()
    note: str = ""

    @classmethod
    def sent(cls, form: Form) -> "Choosing":
        starts = (start_of(each) for each in form.all("start"))
        return cls(
            first=_date(form.text("show") or form.text("shown")),
            chosen=tuple(sorted({each for each in starts if each})),
            note=form.text("note"),
        )


class Proposing(Controller):
    path = "/bookings/{booking_id:str}/propose"

    @get("/")
    async def ask(
        self, app: NamedDependency[App], host: NamedDependency[Host], booking_id: FromPath[str]
    ) -> Template | Redirect:
        view = await booking_of(app, host, booking_id)
        return await _page(app, host, view, Choosing())

    @post("/", status_code=HTTP_200_OK)
    async def propose(
        self,
        request: Visit,
        app: NamedDependency[App],
        host: NamedDependency[Host],
        actor: NamedDependency[HostActor],
        booking_id: FromPath[str],
    ) -> Template | Redirect:
        view = await booking_of(app, host, booking_id)
        form = await form_of(request)
        choosing = Choosing.sent(form)
        if form.text("show"):
            return await _page(app, host, view, choosing)
        try:
            await app.propose_times(actor, BookingId(booking_id), choosing.chosen, choosing.note)
        except InvalidInput as refusal:
            return await _page(app, host, view, choosing, refusal_sentence(refusal), HTTP_400_BAD_REQUEST)
        except (SlotTaken, SlotNotOffered) as refusal:
            gone = _("One of these times is no longer free. Choose others.")
            return await _page(app, host, view, choosing, gone, STATUS[refusal.code])
        except (TooManyRequests, CalendarsUnreadable) as refusal:
            page = await _page(app, host, view, choosing, refusal_sentence(refusal), STATUS[refusal.code])
            page.headers.update(retry_after(refusal))
            return page
        except BookingClosed:
            # The page says so.
            pass
        return Redirect(f"/bookings/{booking_id}?done=proposed", status_code=HTTP_303_SEE_OTHER)


async def _page(
    app: App, host: Host, view: BookingView, choosing: Choosing, error: str = "", status: int = HTTP_200_OK
) -> Template | Redirect:
    booking, zone = view.booking, ZoneInfo(host.timezone)
    today = app.now().astimezone(zone).date()

    async def free(first: date, last: date) -> list[datetime]:
        access = BookingById(HostActor(host.id), booking.id)
        found = await app.reschedule.free_times(access, first, last, host.timezone)
        return [each for each in found if not lies_at(booking, each)]

    try:
        if choosing.first is None:
            ahead = await free(today, today + _FIRST_LOOK)
            first = ahead[0].astimezone(zone).date() if ahead else today
        else:
            first = max(choosing.first, today)
        times = await free(first, first + _WEEK - timedelta(days=1))
        chosen_days = {each.astimezone(zone).date() for each in choosing.chosen}
        still_free = [each for day in sorted(chosen_days) if day >= today for each in await free(day, day)]
    except BookingClosed:
        return Redirect(f"/bookings/{booking.id}?done=proposed", status_code=HTTP_303_SEE_OTHER)
    by_day: dict[date, list[datetime]] = {}
    for each in times:
        by_day.setdefault(each.astimezone(zone).date(), []).append(each)
    return shown(
        "bookings/propose.html",
        status,
        me=host,
        view=view,
        booking=booking,
        by_day=by_day,
        first=first,
        last=first + _WEEK - timedelta(days=1),
        earlier=max(first - _WEEK, today) if first > today else None,
        later=first + _WEEK,
        chosen=choosing.chosen,
        elsewhere=[each for each in choosing.chosen if each in still_free and each not in times],
        note=choosing.note,
        most=MOST_PROPOSED,
        error=error,
    )


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_in_calendar(day) else None
