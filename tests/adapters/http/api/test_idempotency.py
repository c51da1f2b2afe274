"""Sending a booking twice."""

import asyncio

import pytest

from tests.support.serving import TUESDAY_AT_TEN, Server, a_guest, a_request, an_open_page, fields, problem

KEY = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}


async def test_the_same_key_and_body_answer_with_the_same_booking(server: Server) -> None:
    _, address = await an_open_page(server)
    client = server.client()

    first = await client.post(f"{address}/bookings", json=a_request(), headers=KEY)
    again = await client.post(f"{address}/bookings", json=a_request(), headers=KEY)

    assert [201, 201] == [first.status_code, again.status_code]
    assert first.json() == again.json()
    assert "Idempotent-Replayed" not in first.headers
    assert "true" == again.headers["Idempotent-Replayed"]


async def test_the_same_key_with_another_body_is_refused(server: Server) -> None:
    _, address = await an_open_page(server)
    client = server.client()
    await client.post(f"{address}/bookings", json=a_request(), headers=KEY)

    other = a_request(guest=a_guest(name="Somebody else"))
    answer = await client.post(f"{address}/bookings", json=other, headers=KEY)

    assert 422 == answer.status_code
    assert "idempotency-key-reused" == problem(answer)


async def test_the_order_of_members_makes_no_other_body(server: Server) -> None:
    _, address = await an_open_page(server)
    client = server.client()
    await client.post(f"{address}/bookings", json=a_request(), headers=KEY)

    turned = dict(reversed(a_request().items()))
    answer = await client.post(f"{address}/bookings", json=turned, headers=KEY)

    assert "true" == answer.headers["Idempotent-Replayed"]


async def test_simultaneous_submits_are_one_booking(server: Server) -> None:
    _, address = await an_open_page(server)
    client = server.client()

    answers = await asyncio.gather(
        *(client.post(f"{address}/bookings", json=a_request(), headers=KEY) for _ in range(10))
    )

    assert {201} == {each.status_code for each in answers}
    assert 1 == len({each.json()["id"] for each in answers})
    assert 9 == sum(each.headers.get("Idempotent-Replayed") == "true" for each in answers)


async def test_a_refused_submit_leaves_the_key_free(server: Server) -> None:
    _, address = await an_open_page(server)
    client = server.client()
    await client.post(f"{address}/bookings", json=a_request(start="2026-03-03T03:00:00Z"), headers=KEY)

    answer = await client.post(f"{address}/bookings", json=a_request(), headers=KEY)

    assert TUESDAY_AT_TEN == answer.json()["start"]


async def test_keys_of_different_pages_are_different(server: Server) -> None:
    _, one = await an_open_page(server)
    _, other = await an_open_page(server)
    client = server.client()

    first = await client.post(f"{one}/bookings", json=a_request(), headers=KEY)
    second = await client.post(f"{other}/bookings", json=a_request(), headers=KEY)

    assert "Idempotent-Replayed" not in second.headers
    assert first.json()["id"] != second.json()["id"]


@pytest.mark.parametrize("key", ["", "k" * 256, "two words", "ä"])
async def test_a_key_that_nobody_could_keep_is_refused(server: Server, key: str) -> None:
    _, address = await an_open_page(server)

    answer = await server.client().post(
        f"{address}/bookings", json=a_request(), headers=[(b"Idempotency-Key", key.encode())]
    )

    assert ["Idempotency-Key"] == fields(answer)
