"""The second step: who the guest is, and what comes of confirming."""

from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
from litestar.datastructures import Cookie
from litestar.response import Redirect, Template
from litestar.status_codes import (
    HTTP_303_SEE_OTHER,
    HTTP_400_BAD_REQUEST,
    HTTP_403_FORBIDDEN,
    HTTP_409_CONFLICT,
)

from adapters.http.clients import client_network, spend
from adapters.http.cross_site import is_from_elsewhere
from adapters.http.problems import STATUS
from adapters.http.request_context import settings_of
from adapters.http.retry_after import retry_after
from adapters.http.web.additional_guests import errors_of
from adapters.http.web.forms import Errors, Visit, form_of
from adapters.http.web.public.guest_form import GuestForm
from adapters.http.web.public.places import Place
from adapters.http.web.query import with_query
from adapters.http.web.templating import shown
from adapters.http.web.zones import zone_or
from adapters.presentation.language import gettext as _
from adapters.presentation.sentences.refusals import refusal_sentence
from application.actor import GuestActor
from application.app import App
from application.booking.book import BookingRequest
from application.booking.offering import to_look_through
from application.booking.open_event_type import today
from application.ports.booking_views import BookingView
from domain.budgets import PUBLIC_WRITES
from domain.errors import (
    CalendarsUnreadable,
    IdempotencyKeyReused,
    InvalidInput,
    LinkEnded,
    MeetingTypeNotOffered,
    NoMeetingTypeAvailable,
    NotFound,
    SlotNotOffered,
    SlotTaken,
    TooManyBookings,
    TooManyRequests,
)
from domain.ids import GuestToken
from domain.open_slots import nearest
from domain.tracking import tracking_of

KEPT_BY_THE_BROWSER = {"cache-control": "private, no-cache"}
"""Going back shows the page as it was, what was typed into it included, without asking for it anew."""

_BOOKED_COOKIE = "timetuna_booked"
_BOOKED_FOR = timedelta(hours=1)


def empty_form(place: Place, start: datetime, timezone: str | None) -> Template:
    """The form of a chosen start; without a zone it asks for one, and tells the time in the host's until then."""
    zone = timezone or place.public.host.timezone
    form = GuestForm.begun(start, zone, uuid4().hex, place.choice.offers, place.way.carried)
    return _form(place, form, settled=timezone is not None)


async def submit(request: Visit, app: App, place: Place) -> Template | Redirect:
    """Take the form that was sent; whatever speaks against it, it comes back with all that was typed."""
    sent = await form_of(request)
    zone = zone_or(sent.text("timezone"), place.public.host.timezone)
    form = GuestForm.sent(sent, zone, place.choice.event_type.questions)
    if is_from_elsewhere(request):
        note = _("This form was filled in on another site, and nothing was booked. Check it, then confirm.")
        return _form(place, form, note=note, status_code=HTTP_403_FORBIDDEN)
    try:
        await spend(request, PUBLIC_WRITES)
    except TooManyRequests as refusal:
        return _come_back_later(place, form, refusal)
    if not place.choice.offers:
        return await _refuse_closed(app, place, form)
    booking = form.request(place.choice.offers, tracking_of(place.way.carried), place.way.link)
    if booking is None:
        errors = form.errors(place.public, place.choice.event_type, place.choice.offers)
        others = await _around(app, place, form.wanted) if form.start is None and form.wanted else ()
        return _form(place, form, errors, alternatives=others, status_code=HTTP_400_BAD_REQUEST)
    return await _book(request, app, place, form, booking)


async def booked_here(request: Visit, app: App, place: Place, start: datetime) -> BookingView | None:
    """This browser's own booking of that time, where a guest has gone back to the form of it."""
    token = request.cookies.get(_BOOKED_COOKIE)
    if token is None:
        return None
    try:
        view = await app.show_guest_booking(GuestActor(GuestToken(token)))
    except NotFound:
        return None
    if view.booking.status == "cancelled" or view.host.id != place.public.host.id:
        return None
    return view if view.booking.slot.start == start else None


async def _book(
    request: Visit, app: App, place: Place, form: GuestForm, booking: BookingRequest
) -> Template | Redirect:
    public, event_type = place.public, place.choice.event_type
    try:
        done = await app.book(
            public.host.handle,
            public.page.slug,
            event_type.slug,
            booking,
            form.key or None,
            network=client_network(request),
        )
    except InvalidInput as refusal:
        errors = errors_of(refusal, booking.additional_guests)
        return _form(place, form, errors, status_code=HTTP_400_BAD_REQUEST)
    except (TooManyRequests, CalendarsUnreadable) as refusal:
        return _come_back_later(place, form, refusal)
    except (TooManyBookings, LinkEnded) as refusal:
        return _form(place, form, note=refusal_sentence(refusal), status_code=HTTP_409_CONFLICT)
    except (SlotTaken, SlotNotOffered) as refusal:
        note = refusal_sentence(refusal)
        gone = msgspec.structs.replace(form, start=None, wanted=booking.start)
        return _form(place, gone, note=note, alternatives=refusal.alternatives, status_code=HTTP_409_CONFLICT)
    except IdempotencyKeyReused:
        # A page from the browser's history with something else typed into it: a wish of its own.
        fresh = msgspec.structs.replace(form, key=uuid4().hex)
        note = _("You’ve already booked with this form. To book again, confirm once more.")
        return _form(place, fresh, note=note, status_code=HTTP_409_CONFLICT)
    except (MeetingTypeNotOffered, NoMeetingTypeAvailable) as refusal:
        now = await _as_it_is_now(app, place)
        if not now.choice.offers:
            return _closed(now, form)
        return _form(now, form, note=refusal_sentence(refusal), status_code=HTTP_409_CONFLICT)
    token = done.booking.booking.token
    if token is None:
        # A repeat, and the key that sealed its token is lost since.
        return Redirect(with_query(place.home, place.way.carried), status_code=HTTP_303_SEE_OTHER)
    if frame := place.way.frame:
        return Redirect(with_query(f"{place.path}/b/{token}", frame.pairs), status_code=HTTP_303_SEE_OTHER)
    leads_on = event_type.redirect_url is not None and done.booking.booking.status == "confirmed"
    booked = f"/b/{token}/booked" if leads_on else f"/b/{token}"
    return Redirect(booked, status_code=HTTP_303_SEE_OTHER, cookies=[_note_of(request, place, token)])


async def _as_it_is_now(app: App, place: Place) -> Place:
    offer, day = place.opened.offer, today(app.now())
    opened = await app.open_event_type(offer.host.handle, offer.page.slug, offer.event_type.slug, day, day)
    return Place.of(app, opened, place.way) if opened else place


async def _refuse_closed(app: App, place: Place, form: GuestForm) -> Template:
    """Nothing can be used any more: keep what was typed, and let the host know."""
    offer = place.opened.offer
    try:
        await app.book.check_open(offer.host.handle, offer.page.slug, offer.event_type.slug)
    except NoMeetingTypeAvailable:
        return _closed(place, form)
    now = await _as_it_is_now(app, place)
    if not now.choice.offers:
        return _closed(now, form)
    return _form(now, form, note=_("Try again."), status_code=HTTP_409_CONFLICT)


def _closed(place: Place, form: GuestForm) -> Template:
    """Answer that the page takes no bookings; the reason is for the host, who can act on it."""
    if not place.public.page.active:
        note = _("This page is not taking bookings: {name} has turned it off.")
    else:
        note = _("This page is not taking bookings right now. Contact {name} another way.")
    return _form(place, form, note=note.format(name=place.public.host.name), status_code=HTTP_409_CONFLICT)


async def _around(app: App, place: Place, wanted: datetime) -> tuple[datetime, ...]:
    """The nearest free times, for a guest whose own is taken and who has chosen none of them."""
    span = to_look_through(wanted)
    try:
        free = await app.open_event_type.free_times(place.opened, span.start.date(), span.end.date(), "UTC")
    except InvalidInput:
        return ()
    return tuple(nearest(free, wanted))


def _come_back_later(place: Place, form: GuestForm, refusal: TooManyRequests | CalendarsUnreadable) -> Template:
    answer = _form(place, form, note=refusal_sentence(refusal), status_code=STATUS[refusal.code])
    answer.headers.update(retry_after(refusal))
    return answer


def _form(
    place: Place,
    form: GuestForm,
    errors: Errors | None = None,
    *,
    note: str | None = None,
    alternatives: tuple[datetime, ...] = (),
    status_code: int = 200,
    settled: bool = True,
) -> Template:
    answer = shown(
        "public/form.html",
        status_code,
        form=form,
        settled=settled,
        errors=errors or Errors(),
        note=note,
        alternatives=alternatives,
        **place.context,
    )
    answer.headers.update(KEPT_BY_THE_BROWSER)
    return answer


def _note_of(request: Visit, place: Place, token: str) -> Cookie:
    return Cookie(
        key=_BOOKED_COOKIE,
        value=token,
        max_age=int(_BOOKED_FOR.total_seconds()),
        path=place.home,
        secure=settings_of(request).https,
        httponly=True,
        samesite="lax",
    )
