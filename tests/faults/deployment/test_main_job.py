"""The main job on processes of its own, driven over the API."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.deployment import Deployment
from tests.support.guests import books, free_times, ready, submit, token_of

pytestmark = pytest.mark.redis


async def test_one_link_is_everywhere(deployment: Deployment, client: httpx.AsyncClient) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host)
    path = await host.publishes(client)
    await deployment.workers()

    [start] = await free_times(client, path, 1)
    booking = await ready(client, await books(client, path, start))
    await deployment.owes_nothing()

    [meeting] = deployment.sandbox.meetings
    link: str = meeting.body["join_url"]
    [to_guest] = deployment.mailbox.to("ana@guests.example")
    [to_host] = deployment.mailbox.to("anna@hosts.example")
    listed = (await client.get("/api/v1/bookings?status=upcoming", headers=host.headers)).json()["items"]
    page = await client.get(f"/b/{token_of(booking)}")
    assert link == booking["conference"]["join_url"]
    assert [link] == [each["conference"]["join_url"] for each in listed]
    assert f'href="{link}"' in page.text
    for mail in (to_guest, to_host):
        assert link in mail.text
        assert mail.html is not None
        assert f'href="{link}"' in mail.html
        assert f"LOCATION:{link}" in unfolded(mail.ics)
        assert f"DESCRIPTION:Join: {link}" in unfolded(mail.ics)


async def test_twenty_bookings_get_twenty_different_meetings(deployment: Deployment, client: httpx.AsyncClient) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host)
    path = await host.publishes(client)
    await deployment.workers()

    starts = await free_times(client, path, 20)
    bookings = await asyncio.gather(*(books(client, path, start) for start in starts))
    found = await asyncio.gather(*(ready(client, booking) for booking in bookings))
    await deployment.owes_nothing()

    assert 20 == len({each["conference"]["join_url"] for each in found})
    assert 20 == len(deployment.sandbox.meetings)
    assert 40 == len(deployment.mailbox.messages())


async def test_of_fifty_guests_at_one_slot_exactly_one_gets_it(
    deployment: Deployment, client: httpx.AsyncClient
) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host)
    path = await host.publishes(client)
    [start] = await free_times(client, path, 1)

    answers = await asyncio.gather(
        *(client.post(f"{path}/bookings", json=submit(start, name=f"Guest{number} X")) for number in range(50))
    )

    assert {201: 1, 409: 49} == Counter(each.status_code for each in answers)
    for answer in answers:
        if answer.is_client_error:
            problem: dict[str, Any] = answer.json()
            assert problem["type"].endswith("/problems/slot-taken")
            assert 3 == len(problem["alternatives"])
            assert start not in problem["alternatives"]


async def test_ten_bookings_with_an_expired_token_make_one_refresh(
    deployment: Deployment, client: httpx.AsyncClient
) -> None:
    host = await deployment.host()
    await deployment.connect_zoom(host, expires_in=timedelta(0))
    deployment.sandbox.grants.expire_access_tokens()
    path = await host.publishes(client)
    starts = await free_times(client, path, 10)
    bookings = await asyncio.gather(*(books(client, path, start) for start in starts))

    await deployment.workers(processes=2)
    await asyncio.gather(*(ready(client, booking) for booking in bookings))

    assert 1 == len(deployment.sandbox.arrived("refresh"))
    assert 10 == len(deployment.sandbox.meetings)


async def test_nothing_but_two_api_operations_and_oauth_ever_reaches_zoom(
    deployment: Deployment, client: httpx.AsyncClient
) -> None:
    host = await deployment.signs_up_and_connects(client)
    deployment.sandbox.grants.expire_access_tokens()
    path = await host.publishes(client)
    await deployment.workers()
    starts = await free_times(client, path, 2)
    bookings = [await ready(client, await books(client, path, start)) for start in starts]
    await client.post(f"/api/v1/public/bookings/{token_of(bookings[0])}/cancel", json={})
    moved = {"start": (await free_times(client, path, 9))[-1]}
    await client.post(f"/api/v1/public/bookings/{token_of(bookings[1])}/reschedule", json=moved)
    await client.delete("/api/v1/providers/zoom", headers=host.headers)
    await deployment.owes_nothing()

    assert Counter(
        {
            # The consent page belongs to the host's browser.
            "GET /oauth/authorize": 1,
            "POST /oauth/authorize": 1,
            "POST /oauth/token": 2,
            "GET /v2/users/me": 1,
            "POST /v2/users/me/meetings": 3,
            "POST /oauth/revoke": 1,
        }
    ) == Counter(seen.operation for seen in deployment.sandbox.requests)


def unfolded(ics: bytes | None) -> str:
    """The file as it reads, long lines put together again and commas without their backslashes."""
    assert ics is not None
    return ics.decode().replace("\r\n ", "").replace("\\,", ",").replace("\\;", ";")
