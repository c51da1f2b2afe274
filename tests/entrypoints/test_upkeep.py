"""What every process does beside its work: once when it starts, and then every hour."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from application.app import App
from domain.ids import BookingId
from entrypoints import upkeep
from entrypoints.bootstrap import OpenedApp
from tests.support.builders import A_DAY, a_booking, a_host, a_page
from tests.support.memory_app import MemoryApp
from tests.support.postgres import StoreInPostgres
from tests.support.processes import PATIENCE


class Installation:
    """An installation that keeps guests for 365 days, and its upkeep."""

    def __init__(self, store: StoreInPostgres) -> None:
        self.memory = MemoryApp()
        self.memory.keep_in(store)
        self._opened = OpenedApp(
            App(replace(self.memory.ports, retention=365 * A_DAY)), store.backlog, store.pool, self.memory.watch
        )

    async def booked(self) -> BookingId:
        page = a_page(await self.memory.host(a_host()))
        await self.memory.page(page)
        booking = a_booking(page, self.memory.clock() + A_DAY)
        async with self.memory.ports.begin() as uow:
            uow.bookings.add(booking)
        return booking.id

    @asynccontextmanager
    async def kept_up(self) -> AsyncGenerator[None]:
        async with upkeep.kept_up(self._opened):
            yield

    async def erases(self, booking_id: BookingId) -> None:
        """Wait until the booking has no guest any more."""
        async with asyncio.timeout(PATIENCE):
            while True:
                async with self.memory.ports.begin() as uow:
                    booking = await uow.bookings.get(booking_id)
                assert booking is not None
                if not booking.guest.name:
                    return
                await asyncio.sleep(0.01)


async def test_old_guests_are_erased_when_a_process_starts(postgres_store: StoreInPostgres) -> None:
    installation = Installation(postgres_store)
    booking_id = await installation.booked()
    installation.memory.clock.advance(400 * A_DAY)

    async with installation.kept_up():
        await installation.erases(booking_id)


async def test_they_are_erased_again_an_hour_later(
    postgres_store: StoreInPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(hours=1) == timedelta(seconds=upkeep.HOUR)
    monkeypatch.setattr(upkeep, "HOUR", 0.05)
    installation = Installation(postgres_store)

    async with installation.kept_up():
        for _ in range(2):
            booking_id = await installation.booked()
            installation.memory.clock.advance(400 * A_DAY)
            await installation.erases(booking_id)
