"""A world whose people write Greek, so that what is in Latin letters was written by us."""

from typing import Any

from domain.booking import Booking
from domain.booking_page import Answer, BookingPage, Question
from domain.conference import Ready
from domain.meeting_type import GoogleMeet, InPerson, MicrosoftTeams, Phone, Zoom
from domain.provider import Provider
from tests.support.builders import TOMORROW_AT_TEN, Guest, a_booking, a_host, a_page, altered, an_event_type
from tests.support.pseudo import PSEUDO_ALONE, english_on
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Visitor

WEDNESDAY = "2026-03-04T10:00:00Z"
MEETINGS: dict[Provider, Any] = {"zoom": Zoom(), "google": GoogleMeet(), "microsoft": MicrosoftTeams()}
READY = Ready("https://us06web.zoom.us/j/81234567890?pwd=abc.1", "81234567890", "1234", "zoom")
HARBOUR = InPerson("Λιμάνι 1")
GUEST = Guest("Άννα", "anna@guests.example", "Europe/Athens", "+302101234567")
QUESTIONS = (
    Question("q1", "Τι;", "long_text", required=True),
    Question("q2", "Νέο;", "yes_no"),
    Question("q3", "Ποιο;", "choice", choices=("Α", "Β")),
)


class World:
    """A server, a signed-in host and their pages; all that they typed is Greek."""

    def __init__(self) -> None:
        self.server = Server(spoken=PSEUDO_ALONE, provider_origins=("https://zoom.example",), rate_limit=False)
        self.memory = self.server.memory
        self.host = a_host(name="Χάννε")
        self.visitor = Visitor(self.server)
        self.visitor.client.headers["accept-language"] = "el"
        self.left: list[str] = []

    async def settles(self) -> "World":
        await self.memory.host(self.host, password=PASSWORD)
        await self.visitor.signs_in(self.host)
        return self

    async def page(self, *types: Any, **details: Any) -> BookingPage:
        offered = types or (Zoom(), Phone("host"), HARBOUR)
        event = an_event_type(title="Κλήση", questions=QUESTIONS)
        return await self.memory.page(a_page(self.host, event, title="Σελίδα", meeting_types=offered, **details))

    async def books(self, page: BookingPage, hour: int = 10, **changes: Any) -> Booking:
        booking = a_booking(page, TOMORROW_AT_TEN.replace(hour=hour), guest=GUEST, answers=(Answer("Τι;", "Αυτό"),))
        booking = altered(booking, **{"announced": True, **changes})
        async with self.memory.store.begin() as uow:
            uow.bookings.add(booking)
        return booking

    async def reads(self, *paths: str) -> None:
        """Note what is English on pages that are there."""
        for path in paths:
            await self.visitor.opens(path)
            assert self.visitor.status in {200, 303, 404, 409}, f"{path}: {self.visitor.status}"
            self.notes(path)

    async def reads_booking(self, booking: Booking) -> None:
        """All that host and guest can see of it, after each of its buttons."""
        ours, theirs = f"/bookings/{booking.id}", f"/b/{booking.token}"
        await self.reads(ours, f"{ours}/cancel", f"{ours}/reschedule", f"{ours}/reschedule?start={WEDNESDAY}")
        await self.reads(theirs, f"{theirs}/cancel", f"{theirs}/reschedule", f"{theirs}/reschedule?start={WEDNESDAY}")
        for done in ("moved", "retried", "linked", "switched", "resent", "cancelled", "mailed"):
            await self.reads(f"{ours}?done={done}", f"{theirs}?done={done}")

    def notes(self, where: str) -> None:
        self.left += [f"{where}: {word}" for word in english_on(self.visitor.html)]
