"""Hashes and verifies passwords with Argon2."""

import asyncio
import unicodedata
from base64 import b64encode
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from domain.errors import Overloaded

_ARGON2_VERSION: Final = 19
_QUEUE_MOVES_ON_AFTER: Final = timedelta(seconds=5)
# RFC 9106, the second recommended choice: 64 MiB of memory a hash.
_RECOMMENDED: Final = PasswordHasher()


class Argon2Passwords:
    """Argon2id, with the parameters that are recommended.

    Hashing leaves the event loop to others, and at most `at_once` hashes take their memory at a time. A hash takes some
    0.1 s on a small machine, so whoever has one of the `places` waits for about a second.
    """

    def __init__(self, hasher: PasswordHasher = _RECOMMENDED, *, at_once: int = 2, places: int = 10) -> None:
        self._hasher = hasher
        self._turns = asyncio.Semaphore(at_once)
        self._free_places = places
        self._nobody = _unmatchable(hasher)

    @contextmanager
    def queued(self) -> Generator[None]:
        if not self._free_places:
            raise Overloaded(_QUEUE_MOVES_ON_AFTER)
        self._free_places -= 1
        try:
            yield
        finally:
            self._free_places += 1

    async def hash(self, password: str, /) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, unicodedata.normalize("NFKC", password))

    async def matches(self, password: str, password_hash: str | None, /) -> bool:
        """Compare; without a hash it works as long, and says no."""
        async with self._turns:
            return await asyncio.to_thread(self._verify, password_hash or self._nobody, password)

    def _verify(self, password_hash: str, password: str) -> bool:
        # NIST SP 800-63B normalizes by NFKC; hashes of before are of the NFC of RFC 8265, which is mostly the same.
        forms = dict.fromkeys(unicodedata.normalize(form, password) for form in ("NFKC", "NFC"))
        return any(self._is_of(password_hash, each) for each in forms)

    def _is_of(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except VerifyMismatchError:
            return False


def _unmatchable(hasher: PasswordHasher) -> str:
    """Write a hash with the hasher's own parameters that no known password has."""
    salt, digest = (b64encode(bytes(size)).rstrip(b"=").decode() for size in (hasher.salt_len, hasher.hash_len))
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={_ARGON2_VERSION}${cost}${salt}${digest}"
