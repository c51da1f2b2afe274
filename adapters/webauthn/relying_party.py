"""WebAuthn for the domain of the public URL, by Yubico's fido2."""

import json
import struct
from collections.abc import Callable, Collection
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec
from cryptography.exceptions import InvalidSignature
from fido2 import cbor
from fido2.cose import ES256, RS256, CoseKey, EdDSA
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from application.ports.passkeys import Claim, NewCredential, NotAccepted
from domain.host import Host
from domain.passkey import Passkey

_LONGEST_ANSWER: Final = 16_000
_TIMEOUT: Final = 300_000
"""In milliseconds; browsers take it as a hint."""

_ALGORITHMS: Final = (ES256.ALGORITHM, EdDSA.ALGORITHM, RS256.ALGORITHM)
_VERIFIED: Final = UserVerificationRequirement.REQUIRED

# What fido2 raises where bytes from a stranger aren't what it expects.
_MALFORMED: Final = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    struct.error,
    msgspec.MsgspecError,
)

# Their types leave much open.
_cbor: Any = cbor
_Server: Any = Fido2Server

T = TypeVar("T")


class _Response(msgspec.Struct, frozen=True, rename={"client_data": "clientDataJSON"}):
    client_data: str


class _Answer(msgspec.Struct, frozen=True, rename="camel"):
    raw_id: str
    response: _Response


class Fido2RelyingParty:
    """Attestation isn't asked for: which make an authenticator is decides nothing here."""

    def __init__(self, origin: str) -> None:
        """Speak for one origin: of https and a domain, or of this machine, such as `passkeys_origin` returns."""
        self._server = _Server(
            PublicKeyCredentialRpEntity(id=urlsplit(origin).hostname, name="TimeTuna"),
            attestation=AttestationConveyancePreference.NONE,
            verify_origin=origin.__eq__,
        )
        self._server.timeout = _TIMEOUT
        self._server.allowed_algorithms = [
            PublicKeyCredentialParameters(type=PublicKeyCredentialType.PUBLIC_KEY, alg=each) for each in _ALGORITHMS
        ]

    def options_to_add(self, host: Host, challenge: str, known: Collection[bytes], /) -> str:
        options, _ = self._server.register_begin(
            PublicKeyCredentialUserEntity(id=host.id.encode(), name=host.email, display_name=host.name),
            [PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=each) for each in known],
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,
            user_verification=_VERIFIED,
            challenge=challenge.encode(),
        )
        return json.dumps(dict(options.public_key))

    def options_to_sign(self, challenge: str, /) -> str:
        options, _ = self._server.authenticate_begin(user_verification=_VERIFIED, challenge=challenge.encode())
        return json.dumps(dict(options.public_key))

    def claim(self, answer: str, /) -> Claim:
        def read() -> Claim:
            found = msgspec.json.decode(answer, type=_Answer)
            client = CollectedClientData(websafe_decode(found.response.client_data))
            return Claim(client.challenge.decode("ascii"), websafe_decode(found.raw_id))

        return _accepted(answer, read)

    def added(self, answer: str, challenge: str, /) -> NewCredential:
        def verified() -> NewCredential:
            response = RegistrationResponse.from_dict(msgspec.json.decode(answer, type=dict[str, Any]))
            _refuse_frames(response.response.client_data)
            made: AuthenticatorData = self._server.register_complete(_state(challenge), response)
            credential = made.credential_data
            if credential is None or credential.credential_id != response.raw_id:
                raise NotAccepted
            key: Any = credential.public_key
            if key.get(3) not in _ALGORITHMS or not _can_verify(key):
                raise NotAccepted
            return NewCredential(credential.credential_id, _cbor.encode(key), made.counter)

        return _accepted(answer, verified)

    def signed(self, answer: str, challenge: str, passkey: Passkey, /) -> int:
        def verified() -> int:
            response = AuthenticationResponse.from_dict(msgspec.json.decode(answer, type=dict[str, Any]))
            _refuse_frames(response.response.client_data)
            if response.response.user_handle != passkey.host_id.encode():
                raise NotAccepted
            key = CoseKey.parse(_cbor.decode(passkey.public_key))
            known = AttestedCredentialData.create(Aaguid.NONE, passkey.credential_id, key)
            self._server.authenticate_complete(_state(challenge), [known], response)
            return response.response.authenticator_data.counter

        return _accepted(answer, verified)


def _accepted(answer: str, verify: Callable[[], T]) -> T:
    if len(answer) > _LONGEST_ANSWER:
        raise NotAccepted
    try:
        return verify()
    except _MALFORMED as error:
        raise NotAccepted from error


def _state(challenge: str) -> dict[str, object]:
    return {"challenge": websafe_encode(challenge.encode()), "user_verification": _VERIFIED}


def _refuse_frames(client: CollectedClientData) -> None:
    # Somebody else's page could lay itself over ours.
    if client.cross_origin:
        raise NotAccepted


def _can_verify(key: CoseKey) -> bool:
    """Whether the numbers are a key: then a signature is wrong, rather than the key."""
    try:
        key.verify(b"", b"")
    except InvalidSignature:
        return True
    return False
