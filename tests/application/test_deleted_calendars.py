"""What becomes of connected calendars when their host's account is deleted."""

from datetime import timedelta

from application.accounts.delete_account import WAITS_FOR_LATECOMERS
from application.actor import System
from tests.support.watched_calendar import ANNA, World


async def test_deleting_an_account_ends_its_watches_and_revokes_what_it_was_allowed() -> None:
    world = await World().connected()

    await world.memory.app.delete_account_of(System(), world.host.id)
    await world.memory.work_off()
    await world.passes(WAITS_FOR_LATECOMERS + timedelta(seconds=10))

    assert [] == world.watched
    assert [ANNA] == world.memory.calendar_accounts["google"].revoked
    assert [] == await world.memory.store.views.calendar_connections(world.host.id)
