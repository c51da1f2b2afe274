"""Add passkeys to an account, name them, and take them away."""

from dataclasses import dataclass

import msgspec

from application.accounts.ask_for_mail import ask, mail_to
from application.accounts.confirm_identity import ConfirmIdentity
from application.accounts.prove_passkey import CHALLENGE_LASTS
from application.actor import HostActor
from application.people import short_text
from application.ports.clock import Clock, Ids
from application.ports.conflicts import Taken
from application.ports.passkeys import Challenge, NotAccepted, RelyingParty
from application.ports.unit_of_work import Begin, UnitOfWork
from application.still_in import check_still_in
from domain.errors import Checks, InvalidInput, NotFound, Unauthorized
from domain.faults import NoRoom, Required
from domain.ids import HostId, PasskeyId
from domain.passkey import LONGEST_PASSKEY_NAME, MOST_PASSKEYS, Passkey
from domain.security_events import PasskeyAdded, PasskeyRemoved

NAME = "passkey_name"


class NewPasskeyOptions(msgspec.Struct, frozen=True):
    """What a browser needs to make a passkey; `options` are JSON for `navigator.credentials.create`."""

    name: str
    options: str


@dataclass(frozen=True)
class ListPasskeys:
    begin: Begin

    async def __call__(self, actor: HostActor) -> tuple[Passkey, ...]:
        """Return the host's passkeys, the newest first. Raises Forbidden."""
        host_id = actor.require("account:read")
        async with self.begin() as uow:
            return await uow.passkeys.of(host_id)


@dataclass(frozen=True)
class BeginAddingPasskey:
    begin: Begin
    confirm: ConfirmIdentity
    party: RelyingParty | None
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, name: str, password: str) -> NewPasskeyOptions:
        """Ask the host again who they are, for a passkey outlives the session; then challenge their authenticator.

        Raises:
            Forbidden
            NotFound: browsers make no passkeys for this server, or the account is gone.
            InvalidInput: the name or the password.
            TooManyRequests: the password was wrong too often.
        """
        host_id, party, checks = actor.require("account:write"), _offered(self.party), Checks()
        name = checks.run("", _named, name)
        async with self.begin() as uow:
            known = await uow.passkeys.of(host_id)
        if len(known) >= MOST_PASSKEYS:
            checks.note(NAME, NoRoom("passkeys", MOST_PASSKEYS))
        host = await self.confirm(actor, password, checks)
        checks.done()
        challenge = Challenge(self.ids.new_token(), actor.in_person(), "add", host_id, self.clock() + CHALLENGE_LASTS)
        async with self.begin() as uow:
            uow.challenges.remember(challenge)
        return NewPasskeyOptions(
            name, party.options_to_add(host, challenge.value, [each.credential_id for each in known])
        )


@dataclass(frozen=True)
class AddPasskey:
    begin: Begin
    party: RelyingParty | None
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, name: str, answer: str) -> None:
        """Keep a passkey that was made for a challenge of this session, and tell the host by mail.

        Raises:
            Forbidden
            NotFound: browsers make no passkeys for this server, or the account is gone.
            InvalidInput: the name.
            Unauthorized: the passkey isn't accepted, or comes too late; or the session was ended meanwhile.
        """
        host_id, party, now = actor.require("account:write"), _offered(self.party), self.clock()
        name = _named(name)
        try:
            challenge = party.claim(answer).challenge
            async with self.begin() as uow:
                if await uow.challenges.take(challenge, actor.in_person(), "add", now) is None:
                    raise Unauthorized("passkey-too-late")
            made = party.added(answer, challenge)
            async with self.begin() as uow:
                host = await uow.hosts.lock(host_id)
                account = await uow.accounts.get(host_id)
                if host is None or account is None or account.closed_at is not None:
                    raise NotFound("account")
                await check_still_in(uow, actor)
                if len(await uow.passkeys.of(host_id)) >= MOST_PASSKEYS:
                    raise InvalidInput.at(NAME, NoRoom("passkeys", MOST_PASSKEYS))
                uow.passkeys.add(
                    Passkey(
                        id=PasskeyId(self.ids.new_id()),
                        host_id=host_id,
                        credential_id=made.credential_id,
                        public_key=made.public_key,
                        sign_count=made.sign_count,
                        name=name,
                        added_at=now,
                    )
                )
                uow.security_log.record(PasskeyAdded(host_id=host_id, at=now, origin=actor.origin, name=name))
                ask(uow, mail_to(host, "passkey_added", self.ids.new_id(), now))
        except (NotAccepted, Taken) as refusal:
            raise Unauthorized("passkey-refused") from refusal


@dataclass(frozen=True)
class RenamePasskey:
    begin: Begin

    async def __call__(self, actor: HostActor, passkey_id: PasskeyId, name: str) -> None:
        """Raises Forbidden, InvalidInput for the name, and NotFound for another host's passkey too."""
        host_id, name = actor.require("account:write"), _named(name)
        async with self.begin() as uow:
            await uow.hosts.lock(host_id)
            uow.passkeys.save((await _theirs(uow, host_id, passkey_id)).renamed(name))


@dataclass(frozen=True)
class RemovePasskey:
    begin: Begin
    confirm: ConfirmIdentity
    clock: Clock
    ids: Ids

    async def __call__(self, actor: HostActor, passkey_id: PasskeyId, password: str) -> None:
        """Let nobody sign in with a passkey any more, and tell the host by mail; their password stays.

        Raises:
            Forbidden
            NotFound: for another host's passkey too.
            InvalidInput: the password.
            TooManyRequests: it was wrong too often.
        """
        host_id, checks = actor.require("account:write"), Checks()
        async with self.begin() as uow:
            await _theirs(uow, host_id, passkey_id)
        await self.confirm(actor, password, checks)
        checks.done()
        now = self.clock()
        async with self.begin() as uow:
            host = await uow.hosts.lock(host_id)
            if host is None:
                raise NotFound("account")
            passkey = await _theirs(uow, host_id, passkey_id)
            uow.passkeys.remove(passkey_id)
            uow.security_log.record(PasskeyRemoved(host_id=host_id, at=now, origin=actor.origin, name=passkey.name))
            ask(uow, mail_to(host, "passkey_removed", self.ids.new_id(), now))


async def _theirs(uow: UnitOfWork, host_id: HostId, passkey_id: PasskeyId) -> Passkey:
    found = next((each for each in await uow.passkeys.of(host_id) if each.id == passkey_id), None)
    if found is None:
        raise NotFound("passkey")
    return found


def _offered(party: RelyingParty | None) -> RelyingParty:
    if party is None:
        raise NotFound("passkey")
    return party


def _named(text: str) -> str:
    name = short_text(text, NAME, LONGEST_PASSKEY_NAME)
    if not name:
        raise InvalidInput.at(NAME, Required())
    return name
