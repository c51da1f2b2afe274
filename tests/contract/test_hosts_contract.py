"""Hosts: what every store promises about who they are."""

import asyncio

import msgspec
import pytest

from application.ports.storage import Taken
from domain.host import Host
from domain.ids import HostId
from tests.contract.store import Store, a_unit_that_fails, keep
from tests.support.builders import a_host


async def test_a_host_comes_back_as_stored(store: Store) -> None:
    host = a_host(name="Zoë ‘王’ Ødegård 🐟", email="zoë@gäste.example", timezone="America/Argentina/Ushuaia")

    await keep(store, host)

    assert host == await found(store, host.id)


async def test_an_unknown_host_is_none(store: Store) -> None:
    async with store.begin() as uow:
        assert await uow.hosts.get(HostId("nobody")) is None
        assert await uow.hosts.find("nobody@nowhere.example") is None


async def test_a_host_is_found_by_email_with_the_passwords_hash(store: Store) -> None:
    host = a_host(email="hanne@hosts.example")
    async with store.begin() as uow:
        uow.hosts.add(host, "$argon2id$v=19$…")

    async with store.begin() as uow:
        assert (host, "$argon2id$v=19$…") == await uow.hosts.find("hanne@hosts.example")


async def test_a_host_without_a_password_is_found_without_a_hash(store: Store, host: Host) -> None:
    async with store.begin() as uow:
        assert (host, None) == await uow.hosts.find(host.email)


async def test_addresses_compare_without_case_and_keep_it(store: Store) -> None:
    host = a_host(email="Hanne@Hosts.example")
    await keep(store, host)

    async with store.begin() as uow:
        assert (host, None) == await uow.hosts.find("hANNE@hosts.EXAMPLE")


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
        assert (changed, "a hash") == await uow.hosts.find("neu@hosts.example")
        assert await uow.hosts.find(host.email) is None


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


async def found(store: Store, host_id: HostId) -> Host | None:
    async with store.begin() as uow:
        return await uow.hosts.get(host_id)
