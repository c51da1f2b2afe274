"""Seal what is stored with the first of the secret keys, while everything else runs."""

from collections.abc import Sequence

from adapters.postgres.housekeeping import reseal
from adapters.postgres.pool import open_pool
from adapters.vault.tokens import TokenVault


class RotationError(Exception):
    """Some grants couldn't be opened; the message names the keys that are missing."""


async def rotate_keys(database_url: str, keys: Sequence[bytes]) -> str:
    """Seal all grants with the first key and say what was done.

    Raises:
        RotationError: says which grants are still sealed with a key that isn't there, after all others are done.
    """
    vault = TokenVault(keys)
    async with await open_pool(database_url, min_size=1, max_size=1) as pool:
        done = await reseal(pool, vault)
    told = f"Sealed {done.count} stored connection(s) again, with the key {vault.key_id}."
    if not done.lost:
        return told
    reasons = " ".join(sorted(set(done.lost)))
    raise RotationError(
        f"{told} {len(done.lost)} could not be opened: {reasons} "
        "Add the missing key to TIMETUNA_SECRET_KEYS behind the first, and run this again; without it, those hosts "
        "have to connect again."
    )
