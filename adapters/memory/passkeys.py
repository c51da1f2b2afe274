"""Passkeys and their challenges in memory, and a relying party without cryptography."""

from collections.abc import Collection
from datetime import datetime

import msgspec

from adapters.memory.state import Tables
from adapters.memory.transaction import MemoryTransaction
from application.ports.conflicts import Taken
from application.ports.passkeys import Ceremony, Challenge, Claim, NewCredential, NotAccepted
from domain.host import Host
from domain.ids import HostId, PasskeyId
from domain.passkey import Passkey


class MemoryPasskeys:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def add(self, passkey: Passkey) -> None:
        def change(tables: Tables) -> None:
            if any(each.credential_id == passkey.credential_id for each in tables.passkeys.values()):
                raise Taken("passkey")
            tables.passkeys[passkey.id] = passkey

        self._transaction.stage(change)

    async def of(self, host_id: HostId, /) -> tuple[Passkey, ...]:
        theirs = [each for each in (await self._transaction.read()).passkeys.values() if each.host_id == host_id]
        return tuple(sorted(theirs, key=lambda each: (each.added_at, each.id), reverse=True))

    async def find(self, credential_id: bytes, /) -> Passkey | None:
        stored = (await self._transaction.read()).passkeys.values()
        return next((each for each in stored if each.credential_id == credential_id), None)

    def save(self, passkey: Passkey) -> None:
        def change(tables: Tables) -> None:
            if passkey.id in tables.passkeys:
                tables.passkeys[passkey.id] = passkey

        self._transaction.stage(change)

    def remove(self, passkey_id: PasskeyId) -> None:
        def change(tables: Tables) -> None:
            tables.passkeys.pop(passkey_id, None)

        self._transaction.stage(change)

    def remove_all(self, host_id: HostId) -> None:
        def change(tables: Tables) -> None:
            tables.passkeys = {key: each for key, each in tables.passkeys.items() if each.host_id != host_id}

        self._transaction.stage(change)


class MemoryChallenges:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    def remember(self, challenge: Challenge) -> None:
        def change(tables: Tables) -> None:
            tables.challenges[challenge.value] = challenge

        self._transaction.stage(change)

    async def take(self, value: str, browser: str, ceremony: Ceremony, now: datetime, /) -> Challenge | None:
        await self._transaction.lock(("challenge", value))
        found = (await self._transaction.read()).challenges.get(value)
        if found is None or (found.browser, found.ceremony) != (browser, ceremony) or found.expires_at <= now:
            return None

        def change(tables: Tables) -> None:
            del tables.challenges[value]

        self._transaction.stage(change)
        return found


class MemoryAnswer(msgspec.Struct, frozen=True):
    """What a browser of the tests answers; `key` stands for both halves of the pair."""

    challenge: str
    credential_id: bytes
    key: bytes
    sign_count: int = 0
    accepted: bool = True


class MemoryRelyingParty:
    """Believes what it is told; its options are the bare challenge."""

    def options_to_add(self, _host: Host, challenge: str, _known: Collection[bytes], /) -> str:
        return challenge

    def options_to_sign(self, challenge: str, /) -> str:
        return challenge

    def claim(self, answer: str, /) -> Claim:
        read = _read(answer)
        return Claim(read.challenge, read.credential_id)

    def added(self, answer: str, challenge: str, /) -> NewCredential:
        read = _read(answer)
        if read.challenge != challenge or not read.accepted:
            raise NotAccepted
        return NewCredential(read.credential_id, read.key, read.sign_count)

    def signed(self, answer: str, challenge: str, passkey: Passkey, /) -> int:
        read = _read(answer)
        if (read.challenge, read.key) != (challenge, passkey.public_key) or not read.accepted:
            raise NotAccepted
        return read.sign_count


def _read(answer: str) -> MemoryAnswer:
    try:
        return msgspec.json.decode(answer, type=MemoryAnswer)
    except msgspec.DecodeError as error:
        raise NotAccepted from error
