"""Change a password that is known."""

from dataclasses import dataclass

from application.accounts.ask_for_mail import ask, mail_to, withdraw_confirmations
from application.accounts.distrust_webhooks import distrust_webhooks
from application.accounts.new_password import CheckPassword
from application.accounts.prove_password import ProvePassword
from application.accounts.sign_in import SignedInBrowser, StartSession
from application.actor import HostActor
from application.ports.accounts import Passwords
from application.ports.clock import Clock, Ids
from application.ports.unit_of_work import Begin
from domain.errors import Checks, NotFound
from domain.security_events import PasswordChanged


@dataclass(frozen=True)
class ChangePassword:
    begin: Begin
    check_password: CheckPassword
    passwords: Passwords
    prove: ProvePassword
    start_session: StartSession
    clock: Clock
    ids: Ids

    async def __call__(
        self, actor: HostActor, current: str, new: str, *, revoke_tokens: bool = False
    ) -> SignedInBrowser:
        """Set a new password like `everywhere`, and sign this browser in anew. Raises like it."""
        await self.everywhere(actor, current, new, revoke_tokens=revoke_tokens)
        async with self.begin() as uow:
            account = await uow.accounts.get(actor.host_id)
        if account is None:
            raise NotFound("account")
        return await self.start_session.silently(account, actor.origin)

    async def everywhere(self, actor: HostActor, current: str, new: str, *, revoke_tokens: bool = False) -> None:
        """Set a new password, and end every session of the host.

        API tokens are kept, unless they are to be revoked as well; webhooks are paused then. A link that would change
        the address is worthless too: maybe it wasn't the host who had asked for it.

        Raises:
            Forbidden
            InvalidInput: `password` or `current_password`.
            TooManyRequests: the present password was wrong too often.
            Overloaded
        """
        host_id = actor.require("account:write")
        checks = Checks()
        host = await self.prove.again(actor, current, "current_password", checks)
        checks.run(None, self.check_password, new, host.email, host.name, host.handle)
        checks.done()
        with self.passwords.queued():
            password_hash = await self.passwords.hash(new)
        now = self.clock()
        async with self.begin() as uow:
            host = await uow.hosts.lock(host_id)
            account = await uow.accounts.get(host_id)
            if host is None or account is None or account.closed_at is not None:
                raise NotFound("account")
            uow.accounts.set_password(host.id, password_hash)
            uow.accounts.end_sessions(host.id)
            if revoke_tokens:
                uow.accounts.revoke_api_tokens(host.id)
                await distrust_webhooks(uow, host, self.ids, now)
            uow.mail_tokens.forget(host.id, "reset")
            withdraw_confirmations(uow, host.id)
            uow.security_log.record(PasswordChanged(host_id=host.id, at=now, origin=actor.origin))
            ask(uow, mail_to(host, "password_changed", self.ids.new_id(), now))
