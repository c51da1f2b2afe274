"""Prove that it is the host who knows the password, however often somebody else tries."""

from dataclasses import dataclass

from application.actor import HostActor
from application.ports.account_storage import Account
from application.ports.accounts import Devices, Passwords
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin
from application.spend_budget import SpendBudget
from domain.budgets import FAILURES_OF_DEVICE, FAILURES_OF_SESSION, LOCKS_RECORDED, SIGN_IN_FAILURES, Bucket
from domain.errors import Checks, NotFound, Unauthorized
from domain.faults import Mismatch, Required
from domain.host import Host
from domain.origin import Origin, counted_network
from domain.password import is_too_long
from domain.person import LONGEST_EMAIL
from domain.security_events import SignInFailed, SignInLocked
from domain.text import one_line


@dataclass(frozen=True)
class ProvePassword:
    begin: Begin
    passwords: Passwords
    devices: Devices
    spend: SpendBudget
    clock: Clock

    async def __call__(self, email: str, password: str, origin: Origin | None, device: str) -> Account:
        """Return the account whose address and password these are.

        Failures count for the address and the network that they come from. A browser that has signed in before has an
        allowance of its own, and that of its network when its own is spent.

        Args:
            device: what the browser shows for having signed in before.

        Raises:
            Unauthorized: the same words, after the same work, whether the address or the password is wrong.
            TooManyRequests: ten failures within a quarter of an hour.
            Overloaded: too many wait to be told apart; this try doesn't count.
        """
        # Nobody's address has control characters, and no store has to cope with them.
        email = one_line(email, LONGEST_EMAIL)
        # First, so that who is turned away for want of a place has not lost one of their tries.
        with self.passwords.queued():
            async with self.begin() as uow:
                account = await uow.accounts.find(email)
            known_device = account and self.devices.recognized(device, account, self.clock())
            buckets = [failures_from(email, origin)]
            if account and known_device:
                buckets.insert(0, FAILURES_OF_DEVICE.of(account.host.id, known_device))
            return await self._compare(account, password, buckets, origin)

    async def again(self, actor: HostActor, password: str, field: str, checks: Checks) -> Host:
        """Return the host who is signed in, and check that it is their password. Raises NotFound and TooManyRequests.

        Failures count for the session, and those of all programs together: one of them could make itself new tokens.
        """
        async with self.begin() as uow:
            account = await uow.accounts.get(actor.host_id)
        if account is None:
            raise NotFound("account")
        if not password:
            checks.note(field, Required())
            return account.host
        bucket = FAILURES_OF_SESSION.of(actor.host_id, _asker(actor))
        try:
            with self.passwords.queued():
                await self._compare(account, password, [bucket], actor.origin)
        except Unauthorized:
            checks.note(field, Mismatch())
        return account.host

    async def _compare(
        self, account: Account | None, password: str, buckets: list[Bucket], origin: Origin | None
    ) -> Account:
        # Counted before the password is looked at, or tries that are made at once would all get through.
        bucket = await self._count(buckets)
        known = await self.passwords.matches(
            "" if is_too_long(password) else password, None if account is None else account.password_hash
        )
        if account is None or not known:
            await self._record(account, bucket, origin)
            raise Unauthorized("wrong-password")
        await self.spend.forget(bucket)
        return account

    async def _count(self, buckets: list[Bucket]) -> Bucket:
        """Count one try in the first bucket that has room."""
        *before, last = buckets
        for each in before:
            if await self.spend.fits(each):
                return each
        await self.spend(last)
        return last

    async def _record(self, account: Account | None, bucket: Bucket, origin: Origin | None) -> None:
        host_id, now = account and account.host.id, self.clock()
        wait = await self.spend.wait(bucket)
        until = None if wait is None else now + wait
        # Of those who fail at the same time, one finds the lock.
        is_first = until and await self.spend.fits(LOCKS_RECORDED.of(bucket.key, until.isoformat()))
        async with self.begin() as uow:
            uow.security_log.record(SignInFailed(host_id=host_id, at=now, origin=origin))
            if until and is_first:
                uow.security_log.record(SignInLocked(host_id=host_id, at=now, origin=origin, until=until))


def failures_from(email: str, origin: Origin | None) -> Bucket:
    """Where failures with an address count, by the network that they come from."""
    return SIGN_IN_FAILURES.of(email.lower(), counted_network(origin))


def _asker(actor: HostActor) -> str:
    if actor.program is not None:
        return "programs"
    return actor.session or counted_network(actor.origin)
