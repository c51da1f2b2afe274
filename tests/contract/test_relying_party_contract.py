"""The server's side of WebAuthn: what every implementation promises, on an authenticator in software."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from adapters.memory.passkeys import MemoryAnswer, MemoryRelyingParty
from adapters.webauthn.at_first_use import RelyingPartyAtFirstUse
from application.ports.passkeys import NewCredential, NotAccepted, RelyingParty
from domain.host import Host
from domain.ids import PasskeyId
from domain.passkey import Passkey
from tests.support.authenticator import Authenticator
from tests.support.builders import NOW, a_host

ORIGIN, DOMAIN = "https://timetuna.example", "timetuna.example"
CHALLENGE, ANOTHER = "a challenge of enough bytes", "another challenge of enough bytes"


class World:
    """A relying party, and an authenticator that it gets along with."""

    def __init__(self, party: RelyingParty) -> None:
        self.party = party
        self.host = a_host()

    def makes(self, challenge: str) -> str:
        raise NotImplementedError

    def signs(self, challenge: str) -> str:
        raise NotImplementedError

    def signs_with_another_key(self, challenge: str) -> str:
        raise NotImplementedError


class InMemory(World):
    def __init__(self) -> None:
        super().__init__(MemoryRelyingParty())

    def makes(self, challenge: str) -> str:
        return self._answers(challenge, b"key")

    def signs(self, challenge: str) -> str:
        return self._answers(challenge, b"key", 7)

    def signs_with_another_key(self, challenge: str) -> str:
        return self._answers(challenge, b"another")

    def _answers(self, challenge: str, key: bytes, count: int = 0) -> str:
        return msgspec.json.encode(MemoryAnswer(challenge, b"id", key, count)).decode()


class WithFido2(World):
    def __init__(self) -> None:
        super().__init__(RelyingPartyAtFirstUse(ORIGIN))
        self.authenticator = Authenticator(ORIGIN, DOMAIN, user=self.host.id.encode())

    def makes(self, challenge: str) -> str:
        return self.authenticator.makes(self.party.options_to_add(self.host, challenge, []))

    def signs(self, challenge: str) -> str:
        return replace(self.authenticator, counter=7).signs(self.party.options_to_sign(challenge))

    def signs_with_another_key(self, challenge: str) -> str:
        other = Authenticator(
            ORIGIN, DOMAIN, user=self.host.id.encode(), credential_id=self.authenticator.credential_id
        )
        return other.signs(self.party.options_to_sign(challenge))


@pytest.fixture(params=[InMemory, WithFido2], ids=["memory", "fido2"])
def world(request: pytest.FixtureRequest) -> World:
    return request.param()


def kept(made: NewCredential, host: Host) -> Passkey:
    return Passkey(PasskeyId("1"), host.id, made.credential_id, made.public_key, made.sign_count, "Phone", NOW)


def test_what_was_added_signs(world: World) -> None:
    passkey = kept(world.party.added(world.makes(CHALLENGE), CHALLENGE), world.host)
    answer = world.signs(ANOTHER)

    assert (ANOTHER, passkey.credential_id) == msgspec.structs.astuple(world.party.claim(answer))
    assert 7 == world.party.signed(answer, ANOTHER, passkey)


def test_an_answer_to_another_challenge_is_not_accepted(world: World) -> None:
    made = world.makes(CHALLENGE)
    passkey = kept(world.party.added(made, CHALLENGE), world.host)

    with pytest.raises(NotAccepted):
        world.party.added(made, ANOTHER)
    with pytest.raises(NotAccepted):
        world.party.signed(world.signs(CHALLENGE), ANOTHER, passkey)


def test_the_signature_of_another_key_is_not_accepted(world: World) -> None:
    passkey = kept(world.party.added(world.makes(CHALLENGE), CHALLENGE), world.host)

    with pytest.raises(NotAccepted):
        world.party.signed(world.signs_with_another_key(ANOTHER), ANOTHER, passkey)


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"rawId":"é"}', "x" * 100_000, "[" * 10_000])
def test_what_is_no_answer_claims_nothing(world: World, answer: str) -> None:
    with pytest.raises(NotAccepted):
        world.party.claim(answer)
    with pytest.raises(NotAccepted):
        world.party.added(answer, CHALLENGE)
    with pytest.raises(NotAccepted):
        world.party.signed(answer, CHALLENGE, kept(NewCredential(b"id", b"key", 0), world.host))


WRONG: dict[str, Callable[[Authenticator], Authenticator]] = {
    "another origin": lambda it: replace(it, origin="https://timetuna.example.attacker.example"),
    "another port": lambda it: replace(it, origin=f"{ORIGIN}:8443"),
    "without https": lambda it: replace(it, origin="http://timetuna.example"),
    "a neighbour's page": lambda it: replace(it, origin="https://other.timetuna.example"),
    "a frame": lambda it: replace(it, framed=True),
    "another domain": lambda it: replace(it, domain="attacker.example"),
    "a user who wasn't verified": lambda it: replace(it, verifies=False),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_authenticator_is_refused_for(wrong: str) -> None:
    world = WithFido2()
    passkey = kept(world.party.added(world.makes(CHALLENGE), CHALLENGE), world.host)
    authenticator = WRONG[wrong](world.authenticator)

    with pytest.raises(NotAccepted):
        world.party.added(authenticator.makes(world.party.options_to_add(world.host, ANOTHER, [])), ANOTHER)
    with pytest.raises(NotAccepted):
        world.party.signed(authenticator.signs(world.party.options_to_sign(ANOTHER)), ANOTHER, passkey)


@pytest.mark.parametrize("user", ["", "another host"])
def test_a_signature_for_somebody_else_is_not_accepted(user: str) -> None:
    world = WithFido2()
    passkey = kept(world.party.added(world.makes(CHALLENGE), CHALLENGE), world.host)

    with pytest.raises(NotAccepted):
        answer = world.authenticator.of(user).signs(world.party.options_to_sign(ANOTHER))
        world.party.signed(answer, ANOTHER, passkey)


def test_one_ceremony_is_not_another() -> None:
    world = WithFido2()
    made, options = world.makes(CHALLENGE), world.party.options_to_sign(CHALLENGE)
    passkey = kept(world.party.added(made, CHALLENGE), world.host)

    with pytest.raises(NotAccepted):
        world.party.signed(made, CHALLENGE, passkey)
    with pytest.raises(NotAccepted):
        world.party.added(world.authenticator.signs(options), CHALLENGE)


def test_the_options_want_a_discoverable_credential_and_a_verified_user() -> None:
    world = WithFido2()
    add: Any = json.loads(world.party.options_to_add(world.host, CHALLENGE, [b"known"]))
    sign: Any = json.loads(world.party.options_to_sign(CHALLENGE))

    assert {"residentKey": "required", "requireResidentKey": True, "userVerification": "required"} == add[
        "authenticatorSelection"
    ]
    assert ("none", DOMAIN) == (add["attestation"], add["rp"]["id"])
    assert [{"type": "public-key", "id": "a25vd24"}] == add["excludeCredentials"]
    assert ("required", DOMAIN) == (sign["userVerification"], sign["rpId"])
    assert not sign.get("allowCredentials")
