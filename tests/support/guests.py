"""How a test books over the API, as guests do."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.support.processes import PATIENCE

Json = dict[str, Any]


async def free_times(client: httpx.AsyncClient, path: str, count: int) -> list[str]:
    """The first free times from the day after tomorrow on."""
    today = datetime.now(UTC).date()
    span = {"from": str(today + timedelta(days=2)), "to": str(today + timedelta(days=40)), "timezone": "UTC"}
    answer = await client.get(f"{path}/slots", params=span)
    assert answer.status_code == httpx.codes.OK, answer.text
    slots: list[str] = answer.json()["slots"]
    return slots[:count]


def submit(start: str, *, name: str = "Ana Brito", meeting_type: str = "zoom", phone: str | None = None) -> Json:
    guest = {
        "name": name,
        "email": f"{name.split(maxsplit=1)[0].lower()}@guests.example",
        "timezone": "America/Sao_Paulo",
    }
    if phone is not None:
        guest["phone"] = phone
    return {"start": start, "meeting_type": meeting_type, "guest": guest}


async def books(client: httpx.AsyncClient, path: str, start: str, **details: Any) -> Json:
    answer = await client.post(f"{path}/bookings", json=submit(start, **details))
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return answer.json()


def token_of(booking: Json) -> str:
    return booking["manage_url"].rsplit("/", 1)[1]


async def ready(client: httpx.AsyncClient, booking: Json) -> Json:
    """Wait until the booking has its link."""
    async with asyncio.timeout(PATIENCE):
        while True:
            seen: Json = (await client.get(f"/api/v1/public/bookings/{token_of(booking)}")).json()
            if seen["conference"]["status"] == "ready":
                return seen
            await asyncio.sleep(0.02)
