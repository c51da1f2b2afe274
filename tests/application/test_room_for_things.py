"""How many of a thing a host may have, also where requests for the last one come at once."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest

from application.accounts.api_tokens import NewApiToken
from application.actor import HostActor
from application.app import App
from application.pages.page_edits import PageEdit
from application.schedules.edit_schedules import ScheduleEdit
from domain.api_token import MOST_TOKENS
from domain.booking_page import MOST_PAGES
from domain.calendar import MOST_CALENDAR_CONNECTIONS
from domain.errors import InvalidInput
from domain.faults import Fault, Limited, NoRoom
from domain.schedule import MOST_SCHEDULES
from domain.webhook import MOST_WEBHOOKS
from tests.support.memory_app import MemoryApp
from tests.support.postgres import StoreInPostgres

Make = Callable[[App, HostActor, int], Awaitable[object]]
AT_ONCE = 6


def a_schedule_of(app: App, actor: HostActor, number: int) -> Awaitable[object]:
    return app.create_schedule(actor, ScheduleEdit(f"Schedule {number}"))


def a_page_of(app: App, actor: HostActor, number: int) -> Awaitable[object]:
    return app.create_page(actor, PageEdit(slug=f"page-{number}", title="Talk"))


def a_webhook_of(app: App, actor: HostActor, number: int) -> Awaitable[object]:
    return app.add_webhook(actor, f"https://hooks.example/{number}", ("booking.created",))


def a_token_of(app: App, actor: HostActor, number: int) -> Awaitable[object]:
    return app.issue_api_token(msgspec.structs.replace(actor, confirmed_at=app.now()), NewApiToken(f"{number}", ("*",)))


def a_feed_of(app: App, actor: HostActor, number: int) -> Awaitable[object]:
    return app.connect_feed(actor, a_feed(number))


def a_feed(number: int) -> str:
    return f"https://calendar.example/{number}.ics"


@pytest.mark.parametrize(
    ("make", "of", "most", "field"),
    [
        (a_schedule_of, "schedules", MOST_SCHEDULES, "name"),
        (a_page_of, "booking-pages", MOST_PAGES, "title"),
        (a_webhook_of, "webhooks", MOST_WEBHOOKS, "url"),
        (a_token_of, "api-tokens", MOST_TOKENS, "name"),
        (a_feed_of, "calendar-connections", MOST_CALENDAR_CONNECTIONS, "url"),
    ],
)
async def test_requests_at_once_get_no_more_than_there_is_room_for(
    postgres_store: StoreInPostgres, make: Make, of: Limited, most: int, field: str
) -> None:
    memory = MemoryApp()
    memory.keep_in(postgres_store)
    memory.limit_nothing()
    actor = HostActor((await memory.host()).id)
    for number in range(most + AT_ONCE):
        memory.feeds.publish(a_feed(number))
    for number in range(most - 1):
        await make(memory.app, actor, number)

    # Connections are opened one by one; without them the first would be done before the others have begun.
    await asyncio.gather(*(postgres_store.pool.execute("select pg_sleep(0.05)") for _ in range(AT_ONCE)))
    last = (make(memory.app, actor, most + number) for number in range(AT_ONCE))
    made = await asyncio.gather(*last, return_exceptions=True)

    refused = [each for each in made if isinstance(each, InvalidInput)]
    assert [(Fault(field, NoRoom(of, most)),)] * (AT_ONCE - 1) == [each.faults for each in refused]
