"""The page that asks a guest to confirm a booking, from the link in a mail."""

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_409_CONFLICT, HTTP_410_GONE

from adapters.http.clients import limit_public_writes
from adapters.http.web.templating import shown
from adapters.presentation.sentences.refusals import refusal_sentence
from application.actor import GuestActor
from application.app import App
from application.booking.confirm import Missed
from application.ports.booking_views import BookingView
from domain.errors import BookingClosed, CalendarsUnreadable, NoMeetingTypeAvailable
from domain.ids import GuestToken


class Confirming(Controller):
    """Asks once more: programs that look for bad links in mails follow them, and press no buttons."""

    path = "/b/{token:str}/confirm/{proof:str}"

    @get("/")
    async def ask(self, app: NamedDependency[App], token: FromPath[str], proof: FromPath[str]) -> Template | Redirect:
        return await _answer(app, token, proof)

    @post("/", guards=[limit_public_writes])
    async def confirm(
        self, app: NamedDependency[App], token: FromPath[str], proof: FromPath[str]
    ) -> Template | Redirect:
        try:
            await app.confirm(_guest(token), proof)
        except (NoMeetingTypeAvailable, CalendarsUnreadable) as refusal:
            return await _answer(app, token, proof, refusal_sentence(refusal))
        except BookingClosed:
            return await _answer(app, token, proof)
        leads_on = await app.show_guest_booking.sent_on_by(_guest(token)) is not None
        return Redirect(f"/b/{token}/booked" if leads_on else f"/b/{token}", status_code=HTTP_303_SEE_OTHER)


async def _answer(app: App, token: str, proof: str, refusal: str | None = None) -> Template | Redirect:
    found = await app.confirm.look(_guest(token), proof)
    if isinstance(found, Missed):
        return _missed(found)
    if found.booking.status == "held":
        return await _asked(app, found, token, proof, refusal)
    return Redirect(f"/b/{token}?done=confirmed-before", status_code=HTTP_303_SEE_OTHER)


async def _asked(app: App, view: BookingView, token: str, proof: str, refusal: str | None) -> Template:
    return shown(
        "manage/confirm.html",
        HTTP_409_CONFLICT if refusal else HTTP_200_OK,
        brand_color=await app.show_guest_booking.brand_color(_guest(token)),
        booking=view.booking,
        owner=view.host,
        token=token,
        proof=proof,
        refusal=refusal,
    )


def _missed(missed: Missed) -> Template:
    offer = missed.openings.offer if missed.openings else None
    return shown(
        "manage/missed.html",
        HTTP_410_GONE,
        brand_color=offer.page.brand_color if offer else None,
        path=f"/{offer.host.handle}/{offer.page.slug}/{offer.event_type.slug}" if offer else None,
        start=missed.start,
        alternatives=missed.alternatives,
        timezone=missed.timezone,
    )


def _guest(token: str) -> GuestActor:
    return GuestActor(GuestToken(token))
