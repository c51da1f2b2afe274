"""A software authenticator: makes passkeys and signs with them, as a browser would hand it on."""

import json
import secrets
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

Json = dict[str, Any]

# Their types leave much open.
ClientData: Any = CollectedClientData
Data: Any = AuthenticatorData

FLAG = AuthenticatorData.FLAG
NONE = FLAG(0)


@dataclass(frozen=True)
class Authenticator:
    """One passkey, and a browser at `origin`.

    Attributes:
        user: the user handle; empty until the passkey was made.
        counter: how often it has signed; None: it doesn't count.
    """

    origin: str
    domain: str
    verifies: bool = True
    framed: bool = False
    counter: int | None = None
    user: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def makes(self, options: str) -> str:
        """Answer to what `navigator.credentials.create` is called with."""
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public)
        attested = AttestationObject.create("none", self._data(FLAG.AT, credential), {})
        client = self._client("webauthn.create", options)
        return self._answer({"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(attested)})

    def signs(self, options: str) -> str:
        """Answer to what `navigator.credentials.get` is called with."""
        client, data = self._client("webauthn.get", options), self._data()
        signature = self.key.sign(bytes(data) + client.hash, ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(self.user) if self.user else None,
            }
        )

    def of(self, user: str) -> "Authenticator":
        return replace(self, user=user.encode())

    def _client(self, kind: str, options: str) -> CollectedClientData:
        challenge = websafe_decode(json.loads(options)["challenge"])
        return ClientData.create(kind, challenge, self.origin, cross_origin=self.framed)

    def _data(self, more: AuthenticatorData.FLAG = NONE, credential: bytes = b"") -> AuthenticatorData:
        flags = FLAG.UP | (FLAG.UV if self.verifies else NONE) | more
        return Data.create(sha256(self.domain.encode()).digest(), flags, self.counter or 0, credential)

    def _answer(self, response: Json) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
