"""The pages for the times that a host proposes, from the links in a mail."""

from datetime import datetime
from zoneinfo import ZoneInfo

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_410_GONE

from adapters.http.clients import limit_public_writes
from adapters.http.problems import STATUS
from adapters.http.retry_after import retry_after
from adapters.http.web.booking_words import moving_words
from adapters.http.web.manage.booking import mover_of
from adapters.http.web.manage.moving import Mover, offer_others
from adapters.http.web.public.guest_form import start_of
from adapters.http.web.templating import shown
from adapters.presentation.sentences.refusals import refusal_sentence
from application.actor import GuestActor
from application.app import App
from application.booking.propose_times import Proposal
from domain.booking import lies_at
from domain.errors import BookingClosed, CalendarsUnreadable, NotFound, SlotNotOffered, SlotTaken, TooManyRequests
from domain.ids import GuestToken


class ProposedTimes(Controller):
    """Asks once more: programs that look for bad links in mails follow them, and press no buttons."""

    path = "/b/{token:str}/proposed/{start:str}"

    @get("/")
    async def ask(self, app: NamedDependency[App], token: FromPath[str], start: FromPath[str]) -> Template | Redirect:
        return await _answer(app, token, _start(start))

    @post("/", guards=[limit_public_writes])
    async def take(self, app: NamedDependency[App], token: FromPath[str], start: FromPath[str]) -> Template | Redirect:
        chosen = _start(start)
        try:
            await app.take_proposed_time(_guest(token), chosen)
        except (SlotTaken, SlotNotOffered) as refusal:
            found = await app.take_proposed_time.look(_guest(token), chosen)
            mover = await mover_of(app, found.view, token)
            return await offer_others(app, mover, chosen, mover.timezone, refusal)
        except (TooManyRequests, CalendarsUnreadable) as refusal:
            found = await app.take_proposed_time.look(_guest(token), chosen)
            page = _asked(
                await mover_of(app, found.view, token), found, refusal_sentence(refusal), STATUS[refusal.code]
            )
            page.headers.update(retry_after(refusal))
            return page
        except BookingClosed:
            return await _answer(app, token, chosen)
        return Redirect(f"/b/{token}?done=moved", status_code=HTTP_303_SEE_OTHER)


async def _answer(app: App, token: str, start: datetime) -> Template | Redirect:
    found = await app.take_proposed_time.look(_guest(token), start)
    mover = await mover_of(app, found.view, token)
    booking = found.view.booking
    if not booking.is_open(app.now()) or lies_at(booking, start):
        return Redirect(mover.home, status_code=HTTP_303_SEE_OTHER)
    if not found.is_open:
        return shown("manage/proposal_ended.html", HTTP_410_GONE, **mover.context)
    day = start.astimezone(ZoneInfo(mover.timezone)).date()
    if start not in await app.reschedule.free_times(mover.access, day, day, mover.timezone):
        return await offer_others(app, mover, start, mover.timezone, SlotTaken())
    return _asked(mover, found)


def _asked(mover: Mover, found: Proposal, refusal: str | None = None, status: int = HTTP_200_OK) -> Template:
    return shown(
        "manage/proposed.html",
        status,
        start=found.start,
        note=found.note,
        timezone=mover.timezone,
        refusal=refusal,
        mailing=moving_words(mover.view.booking, mover.party),
        **mover.context,
    )


def _start(text: str) -> datetime:
    """Raises NotFound for what no mail has."""
    start = start_of(text)
    if start is None:
        raise NotFound("address")
    return start


def _guest(token: str) -> GuestActor:
    return GuestActor(GuestToken(token))
