"""Passkeys of hosts, and the challenges that are under way."""

from datetime import datetime
from functools import partial

from adapters.postgres.digests import digest_of
from adapters.postgres.tables import PASSKEYS
from adapters.postgres.transaction import Transaction
from application.ports.conflicts import Taken
from application.ports.passkeys import Ceremony, Challenge
from domain.ids import HostId, PasskeyId
from domain.passkey import Passkey

_REFUSALS = {"passkeys_credential_is_unique": partial(Taken, "passkey")}


class PostgresPasskeys:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, passkey: Passkey) -> None:
        sql = f"insert into passkeys ({PASSKEYS.columns}) values ({PASSKEYS.placeholders()})"
        self._transaction.write(sql, *PASSKEYS.args(passkey), refusals=_REFUSALS)

    async def of(self, host_id: HostId, /) -> tuple[Passkey, ...]:
        sql = f"""
            select {PASSKEYS.arrays} from (
                select {PASSKEYS.columns} from passkeys where host_id = $1 order by added_at desc, id desc
            ) as k
        """
        row = await self._transaction.read(sql, host_id)
        return PASSKEYS.read_arrays(row) if row else ()

    async def find(self, credential_id: bytes, /) -> Passkey | None:
        sql = f"select {PASSKEYS.select} from passkeys as k where k.credential_id = $1"
        row = await self._transaction.read(sql, credential_id)
        return None if row is None else PASSKEYS.read(row)

    def save(self, passkey: Passkey) -> None:
        sql = "update passkeys set sign_count = $2, name = $3, last_used_at = $4 where id = $1"
        self._transaction.write(sql, passkey.id, passkey.sign_count, passkey.name, passkey.last_used_at)

    def remove(self, passkey_id: PasskeyId) -> None:
        self._transaction.write("delete from passkeys where id = $1", passkey_id)

    def remove_all(self, host_id: HostId) -> None:
        self._transaction.write("delete from passkeys where host_id = $1", host_id)


class PostgresChallenges:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def remember(self, challenge: Challenge) -> None:
        sql = """
            insert into passkey_challenges (digest, browser_digest, ceremony, host_id, expires_at)
            values ($1, $2, $3, $4, $5)
        """
        self._transaction.write(
            sql,
            digest_of(challenge.value),
            digest_of(challenge.browser),
            challenge.ceremony,
            challenge.host_id,
            challenge.expires_at,
        )

    async def take(self, value: str, browser: str, ceremony: Ceremony, now: datetime, /) -> Challenge | None:
        sql = """
            delete from passkey_challenges
            where digest = $1 and browser_digest = $2 and ceremony = $3 and expires_at > $4
            returning host_id, expires_at
        """
        row = await self._transaction.lock(sql, digest_of(value), digest_of(browser), ceremony, now)
        return None if row is None else Challenge(value, browser, ceremony, row["host_id"], row["expires_at"])
