"""All accounts of an installation: what every store promises about them."""

from datetime import timedelta

import pytest

from application.ports.account_summaries import AccountSummary
from domain.booking import cancel
from domain.host import Host
from tests.support.builders import NOW, TOMORROW_AT_TEN, a_booking, a_host, a_page
from tests.support.store import Store, keep

AN_HOUR = timedelta(hours=1)


def unused(host: Host) -> AccountSummary:
    return AccountSummary(host, email_confirmed_at=None, closed_at=None, pages=0, upcoming=0)


async def test_all_accounts_are_listed_by_their_handles(store: Store) -> None:
    zoe, ana = a_host(handle="zoe"), a_host(handle="ana")
    await keep(store, zoe, ana)

    assert [unused(ana), unused(zoe)] == await store.views.account_summaries(NOW)


async def test_what_an_account_holds_is_counted(store: Store, host: Host) -> None:
    page, other = a_page(host), a_page(host, slug="other")
    coming = [a_booking(page, TOMORROW_AT_TEN + number * AN_HOUR) for number in range(3)]
    ended = a_booking(page, NOW - 2 * AN_HOUR)
    await keep(store, page, other, *coming, ended)
    await keep(store, elsewhere := a_host(), a_page(elsewhere))
    async with store.begin() as uow:
        uow.bookings.save(cancel(coming[0], "guest", "", NOW).booking)

    [found] = await store.views.account_summaries(NOW, host.handle)

    assert (2, 2) == (found.pages, found.upcoming)


async def test_an_account_says_whether_its_address_is_confirmed_and_whether_it_is_being_deleted(store: Store) -> None:
    await keep(store, host := a_host())
    async with store.begin() as uow:
        uow.accounts.confirm_email(host.id, NOW)
    async with store.begin() as uow:
        uow.accounts.close(host.id, NOW + AN_HOUR)

    [found] = await store.views.account_summaries(NOW)

    assert (NOW, NOW + AN_HOUR) == (found.email_confirmed_at, found.closed_at)


@pytest.mark.parametrize("named", ["ana", "Ana@Hosts.example", "ana@hosts.example"])
async def test_one_is_found_by_handle_or_address(store: Store, named: str) -> None:
    ana = a_host(handle="ana", email="ana@hosts.example")
    await keep(store, ana, a_host(handle="anna"))

    assert [unused(ana)] == await store.views.account_summaries(NOW, named)


@pytest.mark.parametrize("named", ["an", "ANA", "%", "", "a\0b", "\ud800"])
async def test_nobody_is_found_by_anything_else(store: Store, named: str) -> None:
    await keep(store, a_host(handle="ana", email="ana@hosts.example"))

    assert [] == await store.views.account_summaries(NOW, named)
