"""Seal what is stored with the first of the secret keys, while everything else runs."""

from collections.abc import Sequence

from adapters.postgres.housekeeping import reseal
from adapters.vault.tokens import TokenVault
from entrypoints.database import pooled
from entrypoints.errors import CommandError


class RotationError(CommandError):
    """Something couldn't be opened; the message names the keys that are missing."""


async def rotate_keys(database_url: str, keys: Sequence[bytes]) -> str:
    """Seal grants, ways into calendars, webhooks' secrets and guests' tokens with the first key; say what was done.

    Raises:
        UnreachableError: the database can't be reached.
        RotationError: says what is still sealed with a key that isn't there, after all others are done.
    """
    vault = TokenVault(keys)
    async with pooled(database_url) as pool:
        done = await reseal(pool, vault)
    message = (
        f"Sealed {done.grants} stored connection(s), {done.calendars} calendar(s), {done.webhooks} webhook(s) and "
        f"{done.tokens} guest link(s) again, with the key {vault.key_id}."
    )
    lost = (*done.lost_grants, *done.lost_calendars, *done.lost_webhooks, *done.lost_tokens)
    if not lost:
        return message
    reasons = " ".join(sorted(set(lost)))
    raise RotationError(
        f"{message} {len(lost)} could not be opened: {reasons} "
        "Add the missing key to TIMETUNA_SECRET_KEYS behind the first, and run this again; without it, those hosts "
        "have to connect again, calendars too, and make new secrets for webhooks, and mails to those guests have no "
        "link to their bookings."
    )
