"""Prove with a passkey that it is the host: to sign in, or once more while signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from application.accounts.sign_in import SignedInBrowser, StartSession
from application.actor import HostActor
from application.ports.clock import Clock, Ids
from application.ports.passkeys import Ceremony, Challenge, NotAccepted, RelyingParty
from application.ports.unit_of_work import Begin
from domain.errors import NotFound, Unauthorized
from domain.ids import HostId
from domain.origin import Origin
from domain.passkey import Passkey
from domain.security_events import SecurityEvent, SignInFailed

CHALLENGE_LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class ProvePasskey:
    begin: Begin
    party: RelyingParty | None
    clock: Clock
    ids: Ids

    async def challenge(self, browser: str, ceremony: Ceremony, host_id: HostId | None = None) -> str:
        """Challenge any authenticator of this browser, once.

        Args:
            browser: its secret, which has to come with the answer.

        Raises:
            NotFound: browsers make no passkeys for this server.
        """
        party = self._offered()
        challenge = Challenge(self.ids.new_token(), browser, ceremony, host_id, self.clock() + CHALLENGE_LASTS)
        async with self.begin() as uow:
            uow.challenges.remember(challenge)
        return party.options_to_sign(challenge.value)

    async def __call__(self, browser: str, ceremony: Ceremony, answer: str, origin: Origin | None) -> HostId:
        """Return whose passkey has signed.

        Raises:
            NotFound: browsers make no passkeys for this server.
            Unauthorized: the answer isn't to a challenge of this browser that lasts and wasn't answered yet; no open
                account has the passkey; or the signature isn't accepted, also where the key may have been copied.
        """
        party, now = self._offered(), self.clock()
        try:
            claim = party.claim(answer)
        except NotAccepted as error:
            raise Unauthorized("passkey-refused") from error
        # In a unit of its own, for a challenge is used up by a wrong answer too.
        async with self.begin() as uow:
            challenge = await uow.challenges.take(claim.challenge, browser, ceremony, now)
            claimed = await uow.passkeys.find(claim.credential_id)
        if challenge is None:
            raise Unauthorized("passkey-too-late")
        if claimed is None or challenge.host_id not in {None, claimed.host_id}:
            await self._record(SignInFailed(host_id=challenge.host_id, at=now, origin=origin, way="passkey"))
            raise Unauthorized("passkey-unknown")
        try:
            sign_count = party.signed(answer, challenge.value, claimed)
            await self._use(claimed, sign_count, now)
        except NotAccepted as error:
            await self._record(SignInFailed(host_id=claimed.host_id, at=now, origin=origin, way="passkey"))
            raise Unauthorized("passkey-refused") from error
        return claimed.host_id

    async def _use(self, claimed: Passkey, sign_count: int, now: datetime) -> None:
        """Raises NotAccepted where the key may have been copied, and Unauthorized where it was removed meanwhile."""
        async with self.begin() as uow:
            await uow.hosts.lock(claimed.host_id)
            account = await uow.accounts.get(claimed.host_id)
            passkey = await uow.passkeys.find(claimed.credential_id)
            if passkey is None or account is None or account.closed_at is not None:
                raise Unauthorized("passkey-unknown")
            if passkey.may_be_copied(sign_count):
                raise NotAccepted
            uow.passkeys.save(passkey.was_used(sign_count, now))

    def _offered(self) -> RelyingParty:
        if self.party is None:
            raise NotFound("passkey")
        return self.party

    async def _record(self, event: SecurityEvent) -> None:
        async with self.begin() as uow:
            uow.security_log.record(event)


@dataclass(frozen=True)
class SignInWithPasskey:
    prove: ProvePasskey
    start_session: StartSession

    async def challenge(self, browser: str) -> str:
        """Return what the browser calls `navigator.credentials.get` with, as JSON. Raises NotFound."""
        return await self.prove.challenge(browser, "sign-in")

    async def __call__(
        self, browser: str, answer: str, origin: Origin | None = None, device: str = ""
    ) -> SignedInBrowser:
        """Open a session for whose passkey has signed. Raises like `ProvePasskey`."""
        host_id = await self.prove(browser, "sign-in", answer, origin)
        return await self.start_session(host_id, "passkey", origin, device)


@dataclass(frozen=True)
class ConfirmWithPasskey:
    begin: Begin
    prove: ProvePasskey
    clock: Clock

    async def challenge(self, actor: HostActor) -> str:
        """Return what the browser calls `navigator.credentials.get` with, as JSON. Raises Forbidden or NotFound."""
        return await self.prove.challenge(actor.in_person(), "confirm", actor.require("account:write"))

    async def __call__(self, actor: HostActor, answer: str) -> None:
        """Let the session do for a while what the password is asked for otherwise. Raises like `ProvePasskey`."""
        host_id = await self.prove(actor.in_person(), "confirm", answer, actor.origin)
        async with self.begin() as uow:
            uow.accounts.confirm_session(host_id, actor.in_person(), self.clock())
