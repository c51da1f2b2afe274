"""Encrypts tokens so that a copy of the database is of no use.

A sealed secret is: one byte for this format, 8 bytes that name the key, 12 random bytes, then AES-256-GCM's output.
"""

from collections.abc import Sequence
from hashlib import sha256
from secrets import token_bytes
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from adapters.vault.keys import KEY_BYTES, BadKeys
from application.ports.vault import Unopenable

_FORMAT: Final = b"\x01"
_KEY_ID_BYTES: Final = 8
_NONCE_BYTES: Final = 12
_HEAD_BYTES: Final = len(_FORMAT) + _KEY_ID_BYTES + _NONCE_BYTES
_DERIVED_BYTES: Final = 32


class MissingKey(Unopenable):
    """The key that sealed it is not among those given; `key_id` is its name in hexadecimal."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"The key {key_id} sealed this, and is not among the secret keys of this server.")
        self.key_id = key_id


class Tampered(Unopenable):
    """It was changed, moved to another place, or never sealed here."""


class TokenVault:
    """Seals secrets with the first key and opens them with any, so that keys can be rotated."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise BadKeys(f"at least one key is needed, each of {KEY_BYTES} bytes")
        self._first = keys[0]
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}

    def __repr__(self) -> str:
        return f"TokenVault(keys={list(self.key_ids)})"

    @property
    def key_id(self) -> str:
        """The first key's name, in hexadecimal."""
        return _key_id(self._first).hex()

    @property
    def key_ids(self) -> tuple[str, ...]:
        """All keys' names, the first one's first."""
        return tuple(key_id.hex() for key_id in self._ciphers)

    def seal(self, plain: bytes, context: str, /) -> bytes:
        """Encrypt; `context` says whose secret it is, and has to be the same for opening.

        It isn't stored: a sealed secret copied to another row's place doesn't open there.
        """
        key_id = _key_id(self._first)
        nonce = token_bytes(_NONCE_BYTES)
        head = _FORMAT + key_id + nonce
        return head + self._ciphers[key_id].encrypt(nonce, plain, _bound_to(head, context))

    def open(self, sealed: bytes, context: str, /) -> bytes:
        """Decrypt what `seal` made for the same context.

        Raises:
            MissingKey: it was sealed with a key that isn't given here.
            Tampered: it isn't what was sealed for this context.
        """
        head = sealed[:_HEAD_BYTES]
        if len(head) < _HEAD_BYTES or not head.startswith(_FORMAT):
            raise Tampered("This was not sealed here.")
        key_id = head[len(_FORMAT) : -_NONCE_BYTES]
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise MissingKey(key_id.hex())
        try:
            return cipher.decrypt(head[-_NONCE_BYTES:], sealed[_HEAD_BYTES:], _bound_to(head, context))
        except InvalidTag:
            raise Tampered("This was changed, or sealed for another place.") from None

    def is_current(self, sealed: bytes, /) -> bool:
        """Whether the first key has sealed this."""
        return sealed.startswith(_FORMAT + _key_id(self._first))

    def derive(self, purpose: str) -> bytes:
        """Make a secret of 32 bytes for one purpose; always the same one while the first key is the same."""
        return HKDF(SHA256(), _DERIVED_BYTES, salt=None, info=f"timetuna {purpose}".encode()).derive(self._first)


def _key_id(key: bytes) -> bytes:
    return sha256(key).digest()[:_KEY_ID_BYTES]


def _bound_to(head: bytes, context: str) -> bytes:
    # The head has a fixed length, so no context can pass for a part of it.
    return head + context.encode()
