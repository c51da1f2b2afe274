"""Liveness and readiness."""

import pytest

from tests.support.serving import Server


async def test_a_live_process_says_ok_whatever_its_parts_say() -> None:
    answer = await Server(parts={"database": "unreachable"}).client().get("/healthz")

    assert 200 == answer.status_code
    assert "ok" == answer.text


async def test_a_process_is_ready_when_all_its_parts_are() -> None:
    answer = await Server(parts={"database": "ok", "broker": "ok"}).client().get("/readyz")

    assert 200 == answer.status_code
    assert {"database": "ok", "broker": "ok"} == answer.json()


async def test_a_missing_worker_is_named_and_takes_no_web_process_out_of_service() -> None:
    parts = {"database": "ok", "worker": "work has been waiting since 2026-11-30 12:00 UTC"}

    answer = await Server(parts=parts).client().get("/readyz")

    assert (200, parts) == (answer.status_code, answer.json())


async def test_a_part_that_is_not_ready_says_why() -> None:
    parts = {"database": "ok", "schema": "2 migrations are missing"}

    answer = await Server(parts=parts).client().get("/readyz")

    assert 503 == answer.status_code
    assert parts == answer.json()


@pytest.mark.parametrize(
    ("stopping", "status", "words"), [(False, 200, "ok"), (True, 503, "is stopping")], ids=["it serves", "it stops"]
)
async def test_a_process_says_whether_it_stops_whatever_its_parts_say(stopping: bool, status: int, words: str) -> None:
    server = Server(parts={"broker": "doesn’t answer"}, stopping=stopping)

    answer = await server.client().get("/readyz/process")

    assert (status, {"process": words}) == (answer.status_code, answer.json())
