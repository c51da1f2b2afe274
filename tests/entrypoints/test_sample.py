"""The demo's sample host."""

import msgspec

from domain.connection import ProviderAccount
from entrypoints.sample import HANDLE, PAGE, make_sample
from tests.support.memory_app import MemoryApp

GINA = ProviderAccount("gina", "gina", "gina@calendars.example", "Gina")


async def test_the_demo_starts_without_a_calendar_that_cannot_be_read() -> None:
    memory = MemoryApp()
    memory.calendar_readers["google"].lock_out(GINA.user_id)
    grant = msgspec.structs.replace(memory.calendar_accounts["google"].grant_to(GINA), account=GINA)

    await make_sample(memory.app, lambda: grant)

    assert await memory.app.show_public_page(HANDLE, PAGE)
