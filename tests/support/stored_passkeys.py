"""Passkeys as they are stored."""

import msgspec

from domain.host import Host
from domain.ids import PasskeyId
from domain.passkey import Passkey
from tests.support.builders import NOW
from tests.support.store import Store


def a_passkey(host: Host, name: str = "Phone", **changes: object) -> Passkey:
    made = Passkey(PasskeyId(f"{host.id}-{name}"), host.id, f"{host.id} {name}".encode(), b"\x00key", 0, name, NOW)
    return msgspec.structs.replace(made, **changes)


async def added(store: Store, *passkeys: Passkey) -> None:
    async with store.begin() as uow:
        for each in passkeys:
            uow.passkeys.add(each)


async def of(store: Store, host: Host) -> tuple[Passkey, ...]:
    async with store.begin() as uow:
        return await uow.passkeys.of(host.id)
