"""Moving a booking to another time: the same picker for its guest and for its host."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT

from adapters.http.problems import STATUS
from adapters.http.retry_after import retry_after
from adapters.http.web.booking_words import moving_words
from adapters.http.web.forms import Form
from adapters.http.web.picker import FreeTimes, Picker, Wish, look
from adapters.http.web.public.guest_form import start_of
from adapters.http.web.templating import shown
from adapters.http.web.zones import zone_or
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.refusals import refusal_sentence
from application.app import App
from application.booking.access import BookingAccess, party_of
from application.ports.booking_views import BookingView
from domain.booking import lies_at
from domain.errors import BookingClosed, CalendarsUnreadable, SlotNotOffered, SlotTaken, TooManyRequests
from domain.events import Party
from domain.host import Host


class Mover(msgspec.Struct, frozen=True):
    """Who moves the booking; `home` is the address of its page, as this side sees it.

    `brand_color` is the page's, for its guest.
    """

    view: BookingView
    access: BookingAccess
    home: str
    brand_color: str | None = None

    @property
    def party(self) -> Party:
        return party_of(self.access)

    @property
    def path(self) -> str:
        return f"{self.home}/reschedule"

    @property
    def timezone(self) -> str:
        return self.view.booking.guest.timezone if self.party == "guest" else self.view.host.timezone

    @property
    def context(self) -> dict[str, object]:
        me: Host | None = self.view.host if self.party == "host" else None
        return {
            "me": me,
            "brand_color": self.brand_color,
            "party": self.party,
            "booking": self.view.booking,
            "owner": self.view.host,
            "home": self.home,
            "path": self.path,
        }


async def choose_time(app: App, mover: Mover, wish: Wish, *, timezone: str | None, start: str | None) -> Template:
    """Show free times, or ask about the one that was chosen."""
    zone = zone_or(timezone, mover.timezone)
    chosen = start_of(start)
    if chosen is None:
        return await _picker(app, mover, zone, wish)
    if lies_at(mover.view.booking, chosen):
        return await _no_change(app, mover, zone)
    return _ask(mover, chosen, zone)


async def move(app: App, mover: Mover, form: Form, *, done: str = "") -> Template | Redirect:
    """Move it to the time in the form; a time that is gone comes back with others."""
    zone = zone_or(form.text("timezone"), mover.timezone)
    start = start_of(form.text("start"))
    if start is None:
        return Redirect(mover.path, status_code=HTTP_303_SEE_OTHER)
    if lies_at(mover.view.booking, start) and start_of(form.text("before")) in (None, start):
        # Had it another time when the form was opened, then this form was sent twice, and has moved it.
        return await _no_change(app, mover, zone)
    try:
        await app.reschedule(mover.access, start, form.text("reason"))
    except (SlotTaken, SlotNotOffered) as refusal:
        return await offer_others(app, mover, start, zone, refusal)
    except (TooManyRequests, CalendarsUnreadable) as refusal:
        page = _ask(mover, start, zone, form.text("reason"), refusal_sentence(refusal), STATUS[refusal.code])
        page.headers.update(retry_after(refusal))
        return page
    except BookingClosed:
        # The page says so.
        pass
    return Redirect(f"{mover.home}{done}", status_code=HTTP_303_SEE_OTHER)


async def offer_others(
    app: App, mover: Mover, start: datetime, timezone: str, refusal: SlotTaken | SlotNotOffered
) -> Template:
    """Say that a time is gone, beside those that are left."""
    wish = Wish(date=f"{start.astimezone(ZoneInfo(timezone)).date()}")
    return await _picker(app, mover, timezone, wish, refusal_sentence(refusal), refusal.alternatives)


def _ask(
    mover: Mover, start: datetime, timezone: str, reason: str = "", refusal: str | None = None, status_code: int = 200
) -> Template:
    return shown(
        "manage/confirm_time.html",
        status_code,
        start=start,
        timezone=timezone,
        reason=reason,
        refusal=refusal,
        mailing=moving_words(mover.view.booking, mover.party),
        **mover.context,
    )


async def _no_change(app: App, mover: Mover, timezone: str) -> Template:
    note = _("That’s already its time, so nothing changed. Choose another time, or keep the current one.")
    return await _picker(app, mover, timezone, Wish(), note=note)


async def _picker(
    app: App,
    mover: Mover,
    timezone: str,
    wish: Wish,
    refusal: str | None = None,
    alternatives: tuple[datetime, ...] = (),
    note: str | None = None,
) -> Template:
    view = mover.view
    page = await app.show_public_page(view.host.handle, view.page_slug) if view.page_slug else None
    picker: Picker | None = None
    if page and view.event_type_slug:
        picker = await _look(app, mover, timezone, wish, page.page.rules.horizon_days)
    return shown(
        "manage/reschedule.html",
        HTTP_409_CONFLICT if refusal else 200,
        picker=picker,
        timezone=timezone,
        refusal=refusal,
        note=note,
        alternatives=alternatives,
        **mover.context,
    )


async def _look(app: App, mover: Mover, timezone: str, wish: Wish, horizon_days: int) -> Picker:
    """What the address asks for, else the day that the booking has, else the next one with a free time."""
    start, free_times = mover.view.booking.slot.start, _free_times(app, mover)

    async def shown_for(wish: Wish) -> Picker:
        picker = await look(
            free_times, wish, path=mover.path, timezone=timezone, horizon_days=horizon_days, now=app.now()
        )
        return msgspec.structs.replace(picker, current=start)

    if wish != Wish():
        return await shown_for(wish)
    picker = await shown_for(Wish(date=f"{start.astimezone(ZoneInfo(timezone)).date()}"))
    if picker.chosen is None and picker.next_free is not None:
        picker = await shown_for(Wish(date=f"{picker.next_free}"))
    # Nobody has chosen that day: in another zone it may be another one.
    return msgspec.structs.replace(picker, asked=None)


def _free_times(app: App, mover: Mover) -> FreeTimes:
    async def free_times(first: date, last: date, timezone: str) -> list[datetime]:
        return await app.reschedule.free_times(mover.access, first, last, timezone)

    return free_times
