"""Ask again who it is, before something that a stolen session must not be enough for."""

from dataclasses import dataclass

from application.accounts.prove_password import ProvePassword
from application.actor import HostActor
from application.ports.clock import Clock
from application.ports.unit_of_work import Begin
from domain.errors import Checks, NotFound
from domain.host import Host
from domain.session import CONFIRMED_FOR

FIELD = "password"


@dataclass(frozen=True)
class ConfirmIdentity:
    """The one place that decides what is proof enough: a passkey that was just used, or the password."""

    begin: Begin
    prove: ProvePassword
    clock: Clock

    def is_confirmed(self, actor: HostActor) -> bool:
        """Whether the password need not be asked for."""
        return actor.confirmed_at is not None and self.clock() < actor.confirmed_at + CONFIRMED_FOR

    async def __call__(self, actor: HostActor, password: str, checks: Checks) -> Host:
        """Return the host; a fault at `password` where that isn't theirs and nothing else proves who they are.

        Raises:
            NotFound: the account is gone.
            TooManyRequests: the password was wrong too often.
        """
        if not self.is_confirmed(actor):
            return await self.prove.again(actor, password, FIELD, checks)
        async with self.begin() as uow:
            host = await uow.hosts.get(actor.host_id)
        if host is None:
            raise NotFound("account")
        return host
