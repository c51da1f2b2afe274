"""On a host's pages, each reason is told once, however much is broken."""

import re
from collections import Counter
from html.parser import HTMLParser

import msgspec
import pytest

from application.actor import HostActor
from application.pages.page_edits import CalendarsEdit, PageEdit
from domain.calendar_problem import NotACalendar
from domain.conference import Failed, Failure
from domain.connection import Blocked, NeedsReconnect
from domain.host import Host
from domain.meeting_type import GoogleMeet
from domain.provider_problem import GrantEnded, MeetingsNotAllowed
from tests.support.builders import a_booking, a_host, a_page, zoom
from tests.support.serving import Server
from tests.support.visiting import PASSWORD, Visitor

FEED = "https://calendar.example/work.ics"
FEWEST_WORDS = 5
FACTS = ("Connected since ", "In your time zone")
"""What stands beside each thing that it is true of, and is no reason."""


class _Sentences(HTMLParser):
    """Collects what stands on a page, sentence by sentence; what is only for those who can't see it as well."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in {"script", "style", "select", "textarea", "title"}:
            self._silent = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            sentences = re.split(r"(?<=[.!?])\s+", " ".join(data.split()))
            self.found += [
                each for each in sentences if len(each.split()) >= FEWEST_WORDS and not each.startswith(FACTS)
            ]


def repeated(html: str) -> list[str]:
    reading = _Sentences()
    reading.feed(html)
    return [sentence for sentence, count in Counter(reading.found).items() if count > 1]


async def a_host_with_everything_broken(server: Server, *, confirmed: bool) -> tuple[Host, list[str]]:
    """Zoom has ended, Google lets nobody create meetings, a calendar isn't one, and a booking has no link."""
    memory = server.memory
    host = await memory.host(a_host(), password=PASSWORD, confirmed=confirmed)
    await memory.connect(host, "zoom", NeedsReconnect(GrantEnded("zoom")))
    await memory.connect(host, "google", Blocked(MeetingsNotAllowed("google")))
    page = await memory.page(a_page(host, meeting_types=(zoom, GoogleMeet())))
    memory.feeds.publish(FEED)
    await memory.app.connect_feed(HostActor(host.id), FEED, "Work")
    [calendar] = await memory.store.views.calendars(host.id)
    await memory.app.change_page(HostActor(host.id), page.id, PageEdit(calendars=CalendarsEdit((calendar.id,))))
    memory.feeds.fail(FEED, NotACalendar())
    memory.clock.advance(memory.ports.calendar_timings.grace * 13)
    await memory.app.read_calendar_now(HostActor(host.id), calendar.id)
    failed = Failed(Failure("not-connected", problem=GrantEnded("zoom")))
    booking = msgspec.structs.replace(a_booking(page, conference=failed), announced=True)
    async with memory.store.begin() as uow:
        uow.bookings.add(booking)
    return host, [
        *("/dashboard", "/bookings", "/bookings?show=needs_attention", "/settings/profile", "/settings/providers"),
        *(f"/bookings/{booking.id}", f"/b/{booking.token}", f"/pages/{page.id}/edit", f"/pages/{page.id}/created"),
        *(f"/{host.handle}", f"/{host.handle}/{page.slug}"),
    ]


@pytest.mark.parametrize("confirmed", [True, False])
async def test_no_page_of_a_broken_host_tells_a_reason_twice(server: Server, *, confirmed: bool) -> None:
    host, addresses = await a_host_with_everything_broken(server, confirmed=confirmed)
    visitor = await Visitor(server).signs_in(host)

    told = {each: repeated((await visitor.opens(each)).html) for each in addresses}

    assert {} == {path: sentences for path, sentences in told.items() if sentences}
