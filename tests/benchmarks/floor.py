"""The floor that TimeTuna is measured against: a bare Litestar and asyncpg doing the least that the work needs."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import asyncpg
import msgspec
from litestar import Litestar, get, post
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

SLOTS: list[datetime] = []
SERIAL = count(1)


class Slots(msgspec.Struct):
    timezone: str
    slots: list[datetime]


@get("/slots/{host_id:str}")
async def slots(state: State, host_id: FromPath[str]) -> Slots:
    """One indexed select, and as many slots as TimeTuna answers."""
    sql = """
        select occupied_from, occupied_until from bookings
        where host_id = $1 and status = 'confirmed' and occupied_from < $3 and occupied_from >= $2
    """
    span = datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)
    await state.pool.fetch(sql, host_id, *span)
    return Slots("Europe/Berlin", SLOTS)


@post("/bookings/{host_id:str}")
async def book(state: State, host_id: FromPath[str], data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """The same rows as an accepted booking leaves, in one transaction."""
    start = datetime.fromisoformat(data["start"])
    end = start + timedelta(minutes=30)
    now = datetime.now(UTC)
    key = f"{next(SERIAL):032x}"
    guest = data["guest"]
    async with state.pool.acquire() as connection, connection.transaction():
        await connection.execute(
            """
            insert into bookings (
                id, token_digest, sealed_token, host_id, page_id, event_type_id, title, start_at, end_at,
                occupied_from, occupied_until, guest_name, guest_email, guest_mailbox, guest_timezone, guest_phone,
                guest_language, host_timezone, requested, meeting_type, fallback, conference, answers, announced,
                revision, created_at, changed_at, last_change, unreached, reminders
            ) values (
                $1, sha256(convert_to($1, 'UTF8')), sha256(convert_to($1, 'UTF8')), $2, 'p', 'e', 'Intro call', $3, $4,
                $3, $4, $5, $6, $6, $7, null, 'en', 'Europe/Berlin', 'zoom', '{"type":"zoom"}', null,
                '{"status":"pending","provider":"zoom"}', '[]', false, 0, $8, $8, 'booked', '{}', '{}'
            )
            """,
            key, host_id, start, end, guest["name"], guest["email"], guest["timezone"], now,
        )  # fmt: skip
        await connection.execute(
            "insert into booking_events (booking_id, at, what, version, event) values ($1, $2, 'booked', 1, $3)",
            key, now, '{"what":"booked"}',
        )  # fmt: skip
        await connection.executemany(
            "insert into outbox (job, key, payload, due_at) values ($1, $2, $3, $4)",
            [
                (job, key, f'{{"job":"{job}","booking_id":"{key}"}}', now + timedelta(days=1))
                for job in ("create_meeting", "stop_waiting")
            ],
        )
    return {
        "id": key,
        "status": "confirmed",
        "start": start,
        "end": end,
        "guest": guest,
        "token": key,
        "pad": "x" * 260,
    }


@asynccontextmanager
async def pool(app: Litestar) -> AsyncGenerator[None]:
    SLOTS[:] = msgspec.json.decode(os.environ["FLOOR_SLOTS"], type=list[datetime])
    async with asyncpg.create_pool(os.environ["TIMETUNA_DATABASE_URL"], min_size=1, max_size=10) as opened:
        app.state.pool = opened
        yield


app = Litestar([slots, book], lifespan=[pool], openapi_config=None)
