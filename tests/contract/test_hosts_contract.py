"""Hosts: what every store promises about who they are."""

import asyncio

import msgspec
import pytest

from application.ports.account_storage import Account
from application.ports.conflicts import Taken
from application.ports.hosts import FormerHandle
from domain.host import Host
from domain.ids import HostId
from tests.support.builders import A_DAY, NOW, a_host
from tests.support.store import Store, a_unit_that_fails, keep


async def test_a_host_comes_back_as_stored(store: Store) -> None:
    host = a_host(name="Zoë ‘王’ Ødegård 🐟", email="zoë@gäste.example", timezone="America/Argentina/Ushuaia")

    await keep(store, host)

    assert host == await found(store, host.id)


async def test_an_unknown_host_is_none(store: Store) -> None:
    async with store.begin() as uow:
        assert await uow.hosts.get(HostId("nobody")) is None
        assert await uow.accounts.find("nobody@nowhere.example") is None


@pytest.mark.parametrize("email", ["hanne@hosts.example", "HANNE@hosts.example"])
async def test_an_address_belongs_to_one_host(store: Store, email: str) -> None:
    await keep(store, a_host(email="hanne@hosts.example"))

    with pytest.raises(Taken) as refusal:
        await keep(store, a_host(email=email))

    assert "email" == refusal.value.field


async def test_a_handle_belongs_to_one_host(store: Store) -> None:
    await keep(store, a_host(handle="hanne"))

    with pytest.raises(Taken) as refusal:
        await keep(store, a_host(handle="hanne"))

    assert "handle" == refusal.value.field


async def test_of_ten_who_sign_up_with_one_address_at_once_one_gets_it(store: Store) -> None:
    async def sign_up() -> bool:
        try:
            await keep(store, a_host(email="wanted@hosts.example"))
        except Taken:
            return False
        return True

    signed_up = await asyncio.gather(*(sign_up() for _ in range(10)))

    assert 1 == signed_up.count(True)


async def test_a_host_is_saved_and_keeps_the_password(store: Store) -> None:
    host = a_host()
    async with store.begin() as uow:
        uow.hosts.add(host, "a hash")
    changed = msgspec.structs.replace(
        host, name="Hanne Neu", email="neu@hosts.example", handle="neu", timezone="Asia/Kathmandu"
    )

    async with store.begin() as uow:
        uow.hosts.save(changed)

    async with store.begin() as uow:
        assert Account(changed, "a hash", None, None) == await uow.accounts.find("neu@hosts.example")
        assert await uow.accounts.find(host.email) is None


@pytest.mark.parametrize("field", ["email", "handle"])
async def test_a_host_cannot_take_what_is_another_hosts(store: Store, host: Host, field: str) -> None:
    other = a_host()
    await keep(store, other)

    with pytest.raises(Taken) as refusal:
        async with store.begin() as uow:
            uow.hosts.save(msgspec.structs.replace(other, **{field: getattr(host, field)}))

    assert field == refusal.value.field
    assert other == await found(store, other.id)


async def test_a_host_may_be_saved_with_what_is_its_own(store: Store) -> None:
    host = a_host(email="Hanne@hosts.example")
    await keep(store, host)
    changed = msgspec.structs.replace(host, email="hanne@hosts.example")

    async with store.begin() as uow:
        uow.hosts.save(changed)

    assert changed == await found(store, host.id)


async def test_nobody_signs_up_in_a_unit_that_fails(store: Store) -> None:
    host = a_host()
    async with a_unit_that_fails(store) as uow:
        uow.hosts.add(host, None)

    assert await found(store, host.id) is None


async def leaves(store: Store, host: Host, handle: str) -> Host:
    """Give up the handle that the host has; it leads on for a day."""
    moved = msgspec.structs.replace(host, handle=handle)
    async with store.begin() as uow:
        for each in sorted((host.handle, handle)):
            await uow.hosts.lock_handle(each, NOW)
        uow.hosts.save(moved)
        uow.hosts.leave_handle(host.id, host.handle, NOW + A_DAY)
    return moved


async def test_a_handle_that_was_left_leads_to_its_host_until_then(store: Store, host: Host) -> None:
    await leaves(store, host, "elsewhere")

    assert "elsewhere" == await store.views.present_handle(host.handle, NOW)
    assert await store.views.present_handle(host.handle, NOW + A_DAY) is None
    assert await store.views.present_handle("elsewhere", NOW) is None
    assert await store.views.present_handle("\0", NOW) is None


async def test_a_handle_leads_on_over_every_move(store: Store, host: Host) -> None:
    await leaves(store, await leaves(store, host, "second"), "third")

    assert ["third", "third"] == [await store.views.present_handle(each, NOW) for each in (host.handle, "second")]


async def test_a_handle_that_was_left_is_taken_until_then(store: Store, host: Host) -> None:
    await leaves(store, host, "elsewhere")

    async with store.begin() as uow:
        assert FormerHandle(host.id) == await uow.hosts.lock_handle(host.handle, NOW)
        assert await uow.hosts.lock_handle(host.handle, NOW + A_DAY) is None
        assert await uow.hosts.lock_handle("never had", NOW) is None


async def test_a_handle_is_free_that_nobody_has_and_nobody_had_of_late(store: Store, host: Host) -> None:
    await leaves(store, host, "elsewhere")

    async with store.begin() as uow:
        free = [
            await uow.hosts.is_free(handle, at)
            for handle, at in (
                (host.handle, NOW),
                (host.handle, NOW + A_DAY),
                ("elsewhere", NOW),
                ("elsewhere", NOW + A_DAY),
                ("never-had", NOW),
            )
        ]

    assert [False, True, False, False, True] == free


async def test_a_handle_is_left_to_nobody_where_the_unit_fails(store: Store, host: Host) -> None:
    async with a_unit_that_fails(store) as uow:
        uow.hosts.leave_handle(host.id, "first", NOW + A_DAY)

    assert await store.views.present_handle("first", NOW) is None


async def test_whoever_wants_a_handle_waits_until_it_is_left(store: Store, host: Host) -> None:
    left = asyncio.Event()

    async def takes() -> FormerHandle | None:
        await left.wait()
        async with store.begin() as uow:
            return await uow.hosts.lock_handle(host.handle, NOW)

    waiting = asyncio.create_task(takes())
    async with store.begin() as uow:
        await uow.hosts.lock_handle(host.handle, NOW)
        left.set()
        done, _ = await asyncio.wait({waiting}, timeout=0.05)
        uow.hosts.leave_handle(host.id, host.handle, NOW + A_DAY)

    assert set() == done
    assert FormerHandle(host.id) == await waiting


async def found(store: Store, host_id: HostId) -> Host | None:
    async with store.begin() as uow:
        return await uow.hosts.get(host_id)
