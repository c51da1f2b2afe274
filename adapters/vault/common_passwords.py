"""Tells the passwords that attackers try first."""

from collections.abc import Collection
from typing import Final

from zxcvbn_rs_py import zxcvbn

_ENOUGH_GUESSES: Final = 6
"""As a power of ten: zxcvbn's own line between what an attacker can guess online and what not."""

_RATED: Final = 32
"""So many characters have to be enough: a longer password that was made for it takes up to a second to rate."""


class CommonPasswords:
    """Estimates guesses by zxcvbn: lists of leaked passwords, words and names, runs of keys, repetitions and dates."""

    def covers(self, password: str, words: Collection[str], /) -> bool:
        return zxcvbn(password[:_RATED], list(words)).guesses_log10 < _ENOUGH_GUESSES
