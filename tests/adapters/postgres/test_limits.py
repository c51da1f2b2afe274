"""The database keeps the limits that the domain states."""

from collections.abc import Callable
from typing import Any, cast

import asyncpg
import pytest

from adapters.postgres.table import to_json
from domain.availability import (
    BUFFER_MINUTES,
    DAILY_CAP,
    HORIZON_DAYS,
    INTERVAL_MINUTES,
    MAX_PER_GUEST,
    MOST_OVERRIDES,
    MOST_RANGES,
    NOTICE_MINUTES,
)
from domain.booking_page import DURATION_MINUTES, REMINDER_MINUTES
from domain.limits import Limits
from tests.support.builders import a_host, a_page
from tests.support.postgres import StoreInPostgres
from tests.support.store import keep

_CheckViolation = cast("type[Exception]", cast("Any", asyncpg).CheckViolationError)

LENGTHS = [
    ("booking_pages", "minimum_notice", NOTICE_MINUTES),
    ("booking_pages", "buffer_before", BUFFER_MINUTES),
    ("booking_pages", "buffer_after", BUFFER_MINUTES),
    ("booking_pages", "slot_interval", INTERVAL_MINUTES),
    ("event_types", "duration", DURATION_MINUTES),
]
NUMBERS = [
    ("booking_pages", "horizon_days", HORIZON_DAYS),
    ("booking_pages", "daily_cap", DAILY_CAP),
    ("booking_pages", "max_per_guest", MAX_PER_GUEST),
]


async def test_a_column_takes_what_its_limits_allow_and_nothing_beyond(postgres_store: StoreInPostgres) -> None:
    host = a_host()
    await keep(postgres_store, host, a_page(host))

    for table, column, limits in LENGTHS:
        await _check(postgres_store, f"update {table} set {column} = make_interval(mins => $1)", limits)
    lead = "update booking_pages set reminders = array[make_interval(mins => $1), '1 hour'::interval]"
    await _check(postgres_store, lead, REMINDER_MINUTES)
    for table, column, limits in NUMBERS:
        await _check(postgres_store, f"update {table} set {column} = $1", limits)


async def _check(store: StoreInPostgres, update: str, limits: Limits) -> None:
    for number in (limits.least, limits.most):
        await store.pool.execute(update, number)
    for number in (limits.least - 1, limits.most + 1):
        with pytest.raises(_CheckViolation):
            await store.pool.execute(update, number)


def _on_mondays(number: int) -> object:
    return {"weekly": {"mon": [["09:00", "10:00"]] * number}}


def _on_a_date(number: int) -> object:
    return {"overrides": {"2026-12-24": [["09:00", "10:00"]] * number}}


def _on_dates(number: int) -> object:
    return {"overrides": dict.fromkeys(map(str, range(number)), ())}


@pytest.mark.parametrize(
    ("hours", "most"), [(_on_mondays, MOST_RANGES), (_on_a_date, MOST_RANGES), (_on_dates, MOST_OVERRIDES)]
)
async def test_hours_are_as_many_as_the_domain_allows_and_no_more(
    postgres_store: StoreInPostgres, hours: Callable[[int], object], most: int
) -> None:
    host = a_host()
    await keep(postgres_store, host, a_page(host))
    update = "update booking_pages set availability = $1"

    await postgres_store.pool.execute(update, to_json(hours(most)))
    with pytest.raises(_CheckViolation):
        await postgres_store.pool.execute(update, to_json(hours(most + 1)))
