"""What people typed in Hebrew or Arabic doesn't turn what stands around it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from adapters.http.web.templating import STATIC
from adapters.mail.layout import as_html, as_text
from adapters.mail.wording import letter_to_guest, letter_to_host
from adapters.presentation.language import gettext
from application.ports.mail import BookingMail
from domain.booking import Cancellation
from domain.booking_page import Answer, Question
from domain.conference import Ready
from tests.support.builders import NOW, Guest, a_booking, a_host, a_page, altered, an_event_type, at_the_harbour, zoom
from tests.support.mail_examples import ORIGIN
from tests.support.serving import TUESDAY_AT_TEN, Server
from tests.support.visiting import PASSWORD, Visitor

_TYPED = re.compile("[\u0590-\u06ff]")
_OURS = re.compile("[A-Za-z]")
_ISOLATED = re.compile("\u2068[^\u2069]*\u2069")
_OF_A_SIDE = re.compile(
    r"(?<![\w-])((?:margin|padding|border)-(?:left|right)|left|right|float)(?=:|-\w+:)|text-align: (?:left|right)\b"
)
_FOUR_SIDES = re.compile(r"(?<![\w-])(?:margin|padding|inset): [^\s;]+ ([^\s;]+) [^\s;]+ ([^\s;]+);")
_VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}

HOST = "מאיה לוי"
QUESTION = Question("q1", "על מה נדבר?", "long_text", required=True)
CHOICE = Question("q2", "איך?", "choice", choices=("א", "ב"))
EVENT = an_event_type(title="שיחת היכרות", questions=(QUESTION, CHOICE, Question("q3", "נפגשנו?", "yes_no")))
GUEST = Guest("عمر", "omar@guests.example", "Asia/Amman", None)
READY = Ready("https://us06web.zoom.us/j/81234567890?pwd=abc.1", "81234567890", "1234", "zoom")


def at_large(html: str) -> list[str]:
    """What stands in Hebrew or Arabic letters where it shares a direction with what we wrote."""
    reading = _Reading()
    reading.feed(html)
    return reading.found


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        isolates = tag in {"bdi", "title"} or given.get("dir") == "auto"
        if (
            tag == "input"
            and given.get("type") != "hidden"
            and _TYPED.search(given.get("value") or "")
            and not isolates
        ):
            self.found.append(f"<input> {given.get('value')}")
        for shown in ("aria-label", "title"):
            if _TYPED.search(_ISOLATED.sub("", given.get(shown) or "")) and not isolates:
                self.found.append(f"{shown} {given[shown]}")
        if tag not in _VOID:
            self._open.append((tag, isolates))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if _TYPED.search(_ISOLATED.sub("", data)) and not any(isolates for _, isolates in self._open):
            self.found.append(f"{[tag for tag, _ in self._open][-2:]} {data.strip()}")


def test_sentences_set_apart_only_what_runs_from_right_to_left() -> None:
    sentence = gettext("{title} with {name}")

    assert "\u2068שיחה\u2069 with Ana" == sentence.format(title="שיחה", name="Ana")


async def test_no_page_lets_typed_text_turn_its_surroundings(server: Server) -> None:
    host = await server.memory.host(a_host(name=HOST), password=PASSWORD)
    await server.memory.connect(host)
    types = (zoom, msgspec.structs.replace(at_the_harbour, address="רחוב הנמל 1"))
    page = await server.memory.page(a_page(host, EVENT, title="פגישות", description="תיאור", meeting_types=types))
    several = await server.memory.page(a_page(host, EVENT, an_event_type(slug="b"), title="עוד", meeting_types=types))
    booking = altered(
        a_booking(page, guest=GUEST, conference=READY, answers=(Answer(QUESTION.label, "דגים\nוטונה"),)),
        announced=True,
    )
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking)
    visitor = await Visitor(server).signs_in(host)
    public, own = f"/{host.handle}/{page.slug}", f"/b/{booking.token}"

    found: list[str] = []
    for path in (
        f"/{host.handle}",
        f"/{host.handle}/{several.slug}",
        public,
        f"{public}/{EVENT.slug}?start={TUESDAY_AT_TEN}&timezone=Asia/Amman",
        own,
        f"{own}/cancel",
        f"{own}/reschedule",
        f"{own}/reschedule?start=2026-03-04T10:00:00Z",
        "/dashboard",
        "/bookings",
        f"/bookings/{booking.id}",
        f"/bookings/{booking.id}/cancel",
        f"/bookings/{booking.id}/reschedule",
        "/settings/profile",
    ):
        await visitor.opens(path)
        found += [f"{path}: {each}" for each in at_large(visitor.html)]

    assert [] == found


@pytest.mark.parametrize("write", [letter_to_guest, letter_to_host])
def test_no_mail_lets_typed_text_turn_its_surroundings(write: object) -> None:
    host = a_host(name=HOST)
    booking = altered(
        a_booking(a_page(host, EVENT), guest=GUEST, answers=(Answer(QUESTION.label, "דגים"),)),
        cancellation=Cancellation(by="guest", at=NOW, reason="חולה"),
    )
    party = "guest" if write is letter_to_guest else "host"
    letter = (letter_to_guest if party == "guest" else letter_to_host)(
        BookingMail(kind="cancelled", party=party, booking=booking, host=host), ORIGIN
    )

    assert [] == at_large(as_html(letter))
    told = [_ISOLATED.sub("", line) for line in as_text(letter).splitlines()]
    assert [] == [line for line in told if _TYPED.search(line) and _OURS.search(line)]


def test_no_style_names_a_side_that_another_direction_of_writing_would_turn() -> None:
    found: list[str] = []
    for sheet in sorted(Path(STATIC).glob("*.css")):
        for number, line in enumerate(sheet.read_text().splitlines(), 1):
            sides = [match[0] for match in _OF_A_SIDE.finditer(line)]
            sides += [match[0] for match in _FOUR_SIDES.finditer(line) if match[1] != match[2]]
            found += [f"{sheet.name}:{number} {each}" for each in sides]

    assert [] == found
