"""Take an account back from whoever else got in."""

from dataclasses import dataclass

import msgspec

from application.accounts.ask_for_mail import ask, mail_to, withdraw_confirmations
from application.accounts.distrust_webhooks import distrust_webhooks
from application.actor import HostActor
from application.ports.accounts import Sessions
from application.ports.clock import Clock, Ids
from application.ports.unit_of_work import Begin
from domain.errors import NotFound
from domain.security_events import Disowned


class OtherWaysIn(msgspec.Struct, frozen=True):
    """What would be ended: sessions in other browsers, API tokens and passkeys.

    `webhooks` are the host names of those that would be paused.
    """

    sessions: int
    api_tokens: int
    passkeys: int
    webhooks: tuple[str, ...]


@dataclass(frozen=True)
class Disown:
    """For a host who finds something among the security events that wasn't them."""

    begin: Begin
    sessions: Sessions
    clock: Clock
    ids: Ids

    async def preview(self, actor: HostActor) -> OtherWaysIn:
        """Raises Forbidden."""
        host_id = actor.require("account:read")
        now = self.clock()
        others = [each for each in await self.sessions.of(host_id, now) if each.id != actor.session]
        async with self.begin() as uow:
            passkeys = await uow.passkeys.of(host_id)
            tokens = await uow.api_tokens.of(host_id)
            webhooks = tuple(each.host_name for each in await uow.webhooks.of(host_id))
        lasting = [each for each in tokens if not each.has_expired(now)]
        return OtherWaysIn(len(others), len(lasting), len(passkeys), webhooks)

    async def __call__(self, actor: HostActor) -> None:
        """End every other session, every API token and passkey, and all links that somebody may have asked for.

        Webhooks are paused: they would go on telling whoever added them about guests. Connected accounts stay, for
        pages take no bookings without them; the host sees them before and is asked to look.

        The password is the host's own to change: it takes the present one, or a mail. A thief with a session can do
        this too, so the host is mailed where passkeys go and webhooks are paused.

        Raises:
            Forbidden
            NotFound: the account is gone.
        """
        host_id, now = actor.require("account:write"), self.clock()
        async with self.begin() as uow:
            host = await uow.hosts.lock(host_id)
            if host is None:
                raise NotFound("account")
            if await uow.passkeys.of(host_id):
                ask(uow, mail_to(host, "passkey_removed", self.ids.new_id(), now))
            uow.accounts.end_sessions(host_id, but=actor.session)
            uow.accounts.revoke_api_tokens(host_id)
            uow.passkeys.remove_all(host_id)
            await distrust_webhooks(uow, host, self.ids, now)
            uow.mail_tokens.forget(host_id, "reset")
            withdraw_confirmations(uow, host_id)
            uow.security_log.record(Disowned(host_id=host_id, at=now, origin=actor.origin))
