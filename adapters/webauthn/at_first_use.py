"""Brings fido2 into a process with its first passkey: most processes never see one."""

from collections.abc import Collection
from functools import cached_property

from application.ports.passkeys import Claim, NewCredential, RelyingParty
from domain.host import Host
from domain.passkey import Passkey


class RelyingPartyAtFirstUse:
    """Passes everything on to a `Fido2RelyingParty`."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def options_to_add(self, host: Host, challenge: str, known: Collection[bytes], /) -> str:
        return self._party.options_to_add(host, challenge, known)

    def options_to_sign(self, challenge: str, /) -> str:
        return self._party.options_to_sign(challenge)

    def claim(self, answer: str, /) -> Claim:
        return self._party.claim(answer)

    def added(self, answer: str, challenge: str, /) -> NewCredential:
        return self._party.added(answer, challenge)

    def signed(self, answer: str, challenge: str, passkey: Passkey, /) -> int:
        return self._party.signed(answer, challenge, passkey)

    @cached_property
    def _party(self) -> RelyingParty:
        from adapters.webauthn.relying_party import Fido2RelyingParty

        return Fido2RelyingParty(self._origin)
