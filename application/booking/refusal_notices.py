"""Let a host know that a guest couldn't book."""

from datetime import datetime

from application.effects import carry_out, refusal_met
from application.ports.offers import Offer
from application.ports.unit_of_work import Begin


async def note_refusal(begin: Begin, offer: Offer, now: datetime) -> None:
    """Have the host mailed as often as the page allows, where mail is known to reach them.

    Whoever has turned the page off knows.
    """
    if not (offer.page.active and offer.confirmed):
        return
    async with begin() as uow:
        if await uow.pages.may_tell_refusal(offer.page.id, now):
            carry_out(uow, refusal_met(offer.page.id, now))
