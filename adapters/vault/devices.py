"""Tells browsers that have signed in before from others, by signed entries in a cookie (OWASP: device cookies)."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, digest
from secrets import token_urlsafe

import msgspec

from application.ports.account_storage import Account

LASTS = timedelta(days=180)

_MOST_ENTRIES = 3
"""More hosts than one household has."""

_LONGEST_COOKIE = 400
_ENTRY = re.compile(r"([\w-]{16})\.([0-9]{1,12})\.([\w-]{43})", re.ASCII)


class _Entry(msgspec.Struct, frozen=True):
    """`issued` is in seconds since 1970."""

    id: str
    issued: int
    signature: str

    def __str__(self) -> str:
        return f"{self.id}.{self.issued}.{self.signature}"


class SignedDevices:
    """Nothing is stored. The signature covers the account and its password hash, so a new password ends all entries.

    A stolen entry is worth some more tries at the password, and takes none from the network of its owner.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def recognized(self, cookie: str, account: Account, now: datetime, /) -> str | None:
        return next((each.id for each in _entries(cookie) if self._is_good(each, account, now)), None)

    def remembered(self, cookie: str, account: Account, now: datetime, /) -> str:
        entry_id, issued = token_urlsafe(12), int(now.timestamp())
        mine = _Entry(entry_id, issued, self._signature(entry_id, issued, account))
        others = (each for each in _entries(cookie) if not self._is_good(each, account, now))
        return "~".join(map(str, [mine, *others][:_MOST_ENTRIES]))

    def _is_good(self, entry: _Entry, account: Account, now: datetime) -> bool:
        signed = compare_digest(self._signature(entry.id, entry.issued, account), entry.signature)
        return signed and now.timestamp() < entry.issued + LASTS.total_seconds()

    def _signature(self, entry_id: str, issued: int, account: Account) -> str:
        password = sha256((account.password_hash or "").encode()).hexdigest()
        signed = f"{account.host.id} {password} {entry_id} {issued}"
        return urlsafe_b64encode(digest(self._key, signed.encode(), "sha256")).rstrip(b"=").decode()


def _entries(cookie: str) -> Iterator[_Entry]:
    for each in cookie[:_LONGEST_COOKIE].split("~"):
        found = _ENTRY.fullmatch(each)
        if found:
            yield _Entry(found[1], int(found[2]), found[3])
