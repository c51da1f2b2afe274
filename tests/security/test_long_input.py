"""Text that is longer than anybody's: it is refused by its length before anything costly is done with it."""

import gc
import re
from cProfile import Profile
from pathlib import Path
from time import process_time
from typing import Self

import msgspec
import pytest

import adapters.http
from tests.support.inputs import COOKIES, FORM, JSON, MCP_HEADERS, TOOLS, Input, Sent, World, tool_call
from tests.support.serving import API

HTTP = Path(adapters.http.__file__).parent

MEDIUM, LONG = 25_000, 60_000
"""The longer one fits into a JSON body. Both are far beyond every limit of text, so that neither is worth more work."""

ROOM = 1_500
SECONDS = 0.25
PLAIN = ("a", "1", "a.b-", ".")
"""All end in a letter: an expression that looks for what stands at the end finds it for none of them."""
ESCAPED = ("a@b.", "\n -")
"""Decoding these from an address or a form takes a call for each: the size of all of it bounds that."""


class Work:
    """Calls of functions, of Python's own as well: a look at every character of a text makes at least one for each.

    Garbage is left alone meanwhile: a collection takes half a second here, whatever it comes in between of.
    """

    def __init__(self) -> None:
        self.calls = 0
        self.seconds = 0.0
        # Who has called whom is nothing to us, and would be kept for each.
        self._profile = Profile(subcalls=False)

    def __enter__(self) -> Self:
        gc.disable()
        self.seconds = -process_time()
        self._profile.enable()
        return self

    def __exit__(self, *_: object) -> None:
        self._profile.disable()
        self.seconds += process_time()
        gc.enable()
        self.calls = sum(each.callcount for each in self._profile.getstats())


async def test_no_text_from_outside_is_worked_on_for_longer_because_it_is_longer() -> None:
    world = await World.made()
    wrong: list[str] = []
    for each in await world.inputs():
        wrong += [f"{each.name}: {words}" for words in await complaints(world, each)]

    assert [] == wrong


async def test_every_form_is_tried() -> None:
    world = await World.made()
    sent_to = {form.action for form in await world.forms()}

    assert {world.filled("/integrations/{name}/deauthorized")} == (
        {world.filled(template) for template, _ in world.routes("POST")} - sent_to
    )


async def test_every_tool_is_tried_with_arguments_that_fit_it() -> None:
    world = await World.made()

    for name, arguments in await world.tool_calls():
        body = msgspec.json.encode(tool_call("tools/call", name=name, arguments=arguments))
        status = await world.send(Sent("program", "POST", TOOLS, body=body, headers=MCP_HEADERS))
        assert (name, status) not in {(name, 400), (name, 404)} or "cursor" in arguments


def test_every_cookie_that_is_read_is_tried() -> None:
    named = re.compile(r'"(timetuna_[a-z_]+)"')
    modules = (each for each in HTTP.rglob("*.py") if each.name != "metrics.py")

    assert {*COOKIES} == {name for each in modules for name in named.findall(each.read_text())}


async def complaints(world: World, each: Input) -> list[str]:
    # The first may change what the others find; by another text, or they would find it in a cache.
    await world.send(each.request("aa"))
    calls_for_medium: dict[int, int] = {}
    found = [
        await complaint(world, each, pattern, calls_for_medium)
        for pattern in (PLAIN if each.is_escaped else (*PLAIN, *ESCAPED))
    ]
    return [words for words in found if words]


async def complaint(world: World, each: Input, pattern: str, calls_for_medium: dict[int, int]) -> str | None:
    """What is wrong with the answer; those of one status to one input do the same work, and are compared with one."""
    status, work = await worked(world, each, pattern, LONG)
    if status >= 500:
        return f"{pattern!r} is answered {status}"
    if status not in calls_for_medium or work.calls - calls_for_medium[status] > ROOM:
        calls_for_medium[status] = (await worked(world, each, pattern, MEDIUM))[1].calls
    if work.calls - calls_for_medium[status] > ROOM:
        return f"{pattern!r} costs {work.calls - calls_for_medium[status]} calls more"
    return f"{pattern!r} takes {work.seconds:.2f} s" if work.seconds > SECONDS else None


async def worked(world: World, each: Input, pattern: str, length: int) -> tuple[int, Work]:
    """The status of an answer, and what it takes."""
    ask = world.prepared(each.request((pattern * length)[: length - 1] + "a"))
    with Work() as work:
        status = await ask()
    return status, work


@pytest.mark.parametrize(
    ("method", "path", "length", "status"),
    [
        ("POST", "/public/{handle}/{page}/{event_type}/bookings", 65_537, 413),
        ("POST", "/public/bookings/{token}/cancel", 65_537, 413),
        ("PATCH", "/me", 65_537, 413),
        ("PUT", "/bookings/{booking_id}/join-link", 65_537, 413),
        ("PATCH", "/booking-pages/{page_id}", 1_000_001, 413),
        ("POST", "/booking-pages/{page_id}/event-types", 1_000_001, 413),
        ("PATCH", "/me", 65_536, 400),
        ("PATCH", "/booking-pages/{page_id}", 1_000_000, 400),
    ],
)
async def test_a_body_is_refused_by_its_size_before_it_is_read(
    method: str, path: str, length: int, status: int
) -> None:
    world = await World.made()
    body = b'{"no_such_member": "' + b"a" * (length - 22) + b'"}'
    assert length == len(body)

    assert status == await world.send(Sent("program", method, world.filled(API + path), body=body, headers=(JSON,)))


@pytest.mark.parametrize("field", [b"a&", b"a=&", b"a=b&", b"&", b"%41&"])
@pytest.mark.parametrize("path", ["/signin", "/support", "/settings/profile", "/{handle}/{page}/{event_type}"])
async def test_a_form_of_endless_fields_costs_little(path: str, field: bytes) -> None:
    world = await World.made()
    ask = world.prepared(
        Sent("host", "POST", world.filled(path), body=field * (1_000_000 // len(field)), headers=(FORM,))
    )
    with Work() as work:
        status = await ask()

    assert status < 500
    assert work.seconds < SECONDS
