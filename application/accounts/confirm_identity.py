"""Ask again who it is, before something that a stolen session must not be enough for."""

from dataclasses import dataclass

from application.accounts.prove_password import ProvePassword
from application.actor import HostActor
from domain.errors import Checks
from domain.host import Host

FIELD = "password"


@dataclass(frozen=True)
class ConfirmIdentity:
    """The one place that decides what is proof enough: the password."""

    prove: ProvePassword

    async def __call__(self, actor: HostActor, password: str, checks: Checks) -> Host:
        """Return the host; a fault at `password` where that isn't theirs.

        Raises:
            NotFound: the account is gone.
            TooManyRequests: the password was wrong too often.
        """
        return await self.prove.again(actor, password, FIELD, checks)
