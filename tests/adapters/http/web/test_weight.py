"""Pages arrive quickly over a slow line: what each weighs, with all that it loads."""

import re

import pytest

from domain.booking_page import Question
from domain.conference import Ready
from tests.adapters.http.web.weight import weight_of
from tests.support.builders import a_booking, a_page, an_event_type, at_the_harbour, phone_by_host, zoom
from tests.support.serving import TUESDAY_AT_TEN, Server
from tests.support.visiting import a_signed_in_host

MOST = 45_000
"""For a page and all that it loads but the typeface, which one visit brings for all."""

MOST_FOR_LETTERS = 30_000
READY = Ready("https://us06web.zoom.us/j/81234567890?pwd=abc.1", "81234567890", "tuna42", "zoom")
QUESTIONS = tuple(Question(f"q{number}", f"Question {number}?", "long_text") for number in range(10))


async def test_no_page_weighs_more_than_it_may(server: Server) -> None:
    host, visitor = await a_signed_in_host(server)
    await server.memory.connect(host)
    types = (zoom, phone_by_host, at_the_harbour)
    page = await server.memory.page(a_page(host, an_event_type(questions=QUESTIONS), meeting_types=types))
    for _ in range(20):
        await server.memory.page(a_page(host, title="Another page of mine"))
    booking = a_booking(page, conference=READY)
    async with server.memory.store.begin() as uow:
        uow.bookings.add(booking)
    public = f"/{host.handle}/{page.slug}"

    weights = {path: await weight_of(server.client(), path) for path in ("/signup", "/signin")}
    weights |= {
        path: await weight_of(visitor.client, path)
        for path in (
            "/",
            "/support",
            "/help/zoom",
            "/api/docs",
            "/problems/slot-taken",
            "/dashboard",
            "/bookings",
            f"/bookings/{booking.id}",
            f"/bookings/{booking.id}/reschedule",
            f"/pages/{page.id}/edit",
            "/settings/profile",
            "/settings/providers",
            public,
            f"{public}/intro",
            f"{public}/intro?start={TUESDAY_AT_TEN}",
            f"/b/{booking.token}",
        )
    }

    assert {} == {path: weight for path, weight in weights.items() if weight > MOST}


@pytest.mark.parametrize("path", ["/", "/signup", "/api/docs"])
async def test_pages_are_compressed_for_whoever_can_read_that(server: Server, path: str) -> None:
    compressed = await server.client().get(path, headers={"accept-encoding": "gzip, br"})
    plain = await server.client().get(path, headers={"accept-encoding": "identity"})

    assert "gzip" == compressed.headers["content-encoding"]
    assert "accept-encoding" in compressed.headers["vary"].lower()
    assert "content-encoding" not in plain.headers


async def test_the_typeface_is_small_and_kept_forever(server: Server) -> None:
    page = await server.client().get("/signin")
    (preloaded,) = re.findall(r'<link rel="preload" href="([^"]+)" as="font" type="font/woff2" crossorigin>', page.text)
    files = [preloaded, preloaded.replace("figtree", "figtree-more")]

    answers = [await server.client().get(file, headers={"accept-encoding": "gzip"}) for file in files]

    assert sum(len(answer.content) for answer in answers) <= MOST_FOR_LETTERS
    for answer in answers:
        assert ("font/woff2", None) == (answer.headers["content-type"], answer.headers.get("content-encoding"))
        assert "max-age=31536000" in answer.headers["cache-control"]
        assert "immutable" in answer.headers["cache-control"]
