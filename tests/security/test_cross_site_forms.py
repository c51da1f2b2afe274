"""No form of any page can be sent from another site, with or without https, and none needs a token for that."""

import re

import pytest

from tests.support.inputs import FORM, Sent, World

FROM_ELSEWHERE = {
    "https": ((b"sec-fetch-site", b"cross-site"), (b"origin", b"https://elsewhere.example")),
    "a neighbour": ((b"sec-fetch-site", b"same-site"), (b"origin", b"http://evil.timetuna.example")),
    "http, where browsers send no Sec-Fetch-Site": ((b"origin", b"http://elsewhere.example"),),
    "http, by a page that hides where it is from": ((b"origin", b"null"),),
}

BOOKING = "/{handle:str}/{page:str}/{event_type:str}"

SIGNED = "/integrations/{name:str}/deauthorized"
"""Sent by a provider, who proves it; a browser's cookies mean nothing there."""

ONE_CLICK = "/unsubscribe/{token:str}"
"""Sent by mail programs (RFC 8058), for whoever has the token."""


@pytest.mark.parametrize("headers", FROM_ELSEWHERE.values(), ids=list(FROM_ELSEWHERE))
async def test_every_form_is_refused_from_another_site(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    world = await World.made()
    taken = [
        template
        for template, _ in world.routes("POST")
        if template != SIGNED
        and await world.send(Sent("host", "POST", world.filled(template), headers=(FORM, *headers))) != 403
    ]

    assert {ONE_CLICK} >= set(taken)


@pytest.mark.parametrize("headers", FROM_ELSEWHERE.values(), ids=list(FROM_ELSEWHERE))
async def test_nothing_is_booked_from_another_site(headers: tuple[tuple[bytes, bytes], ...]) -> None:
    world = await World.made()
    body = b"start=2026-03-03T12:00:00Z&timezone=UTC&meeting_type=zoom&name=Eve&email=eve@elsewhere.example&key=k"
    before = await world.bookings()

    status = await world.send(Sent("guest", "POST", world.filled(BOOKING), body=body, headers=(FORM, *headers)))

    assert 403 == status
    assert before == await world.bookings()


async def test_no_form_holds_a_token_that_would_have_to_be_bound_to_a_session() -> None:
    world = await World.made()

    assert [] == [
        form.action for form in await world.forms() if any(re.search("csrf|xsrf", name) for name in form.names)
    ]
