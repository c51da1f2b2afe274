"""How is a booking moved to another time: the same picker for its guest and for its host."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_303_SEE_OTHER, HTTP_409_CONFLICT

from adapters.http.web.forms import Form
from adapters.http.web.guest_form import start_of
from adapters.http.web.picker import FreeTimes, Wish, look
from adapters.http.web.templating import shown
from adapters.http.web.zones import zone_or
from application.app import App
from application.language import said
from application.ports.views import BookingView
from domain.errors import BookingClosed, SlotNotOffered, SlotTaken
from domain.events import Party
from domain.host import Host


class Mover(msgspec.Struct, frozen=True):
    """Who moves the booking; `home` is the address of its page, as this side sees it.

    `brand_color` is the page's, for its guest.
    """

    view: BookingView
    party: Party
    home: str
    brand_color: str | None = None

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
    if chosen is not None:
        return _ask(mover, chosen, zone)
    return await _picker(app, mover, zone, wish)


async def move(app: App, mover: Mover, form: Form, *, done: str = "") -> Template | Redirect:
    """Move it to the time in the form; a time that is gone comes back with others."""
    zone = zone_or(form.text("timezone"), mover.timezone)
    start = start_of(form.text("start"))
    if start is None:
        return Redirect(mover.path, status_code=HTTP_303_SEE_OTHER)
    try:
        await app.reschedule(mover.view, start, mover.party, form.text("reason"))
    except (SlotTaken, SlotNotOffered) as refusal:
        wish = Wish(date=f"{start.astimezone(ZoneInfo(zone)).date()}")
        return await _picker(app, mover, zone, wish, said(refusal.words), refusal.alternatives)
    except BookingClosed:
        # The page says so.
        pass
    return Redirect(f"{mover.home}{done}", status_code=HTTP_303_SEE_OTHER)


def _ask(mover: Mover, start: datetime, timezone: str) -> Template:
    return shown("manage/confirm_time.html", start=start, timezone=timezone, **mover.context)


async def _picker(
    app: App,
    mover: Mover,
    timezone: str,
    wish: Wish,
    refusal: str | None = None,
    alternatives: tuple[datetime, ...] = (),
) -> Template:
    view = mover.view
    page = await app.ports.views.public_page(view.host.handle, view.page_slug) if view.page_slug else None
    picker = (
        await look(
            _free_times(app, view),
            wish,
            path=mover.path,
            timezone=timezone,
            horizon_days=page.page.rules.horizon_days,
            now=app.ports.clock(),
        )
        if page and view.event_type_slug
        else None
    )
    return shown(
        "manage/reschedule.html",
        HTTP_409_CONFLICT if refusal else 200,
        picker=picker,
        timezone=timezone,
        refusal=refusal,
        alternatives=alternatives,
        **mover.context,
    )


def _free_times(app: App, view: BookingView) -> FreeTimes:
    async def free_times(first: date, last: date, timezone: str) -> list[datetime]:
        return await app.reschedule.free_times(view, first, last, timezone)

    return free_times
