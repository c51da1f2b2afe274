"""Names of countries in the reader's language."""

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from anyascii import anyascii
from babel import Locale

from adapters.presentation.language import spoken

_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""Islands, unions and codes for tests, which CLDR names as well."""


def countries_by_name() -> Sequence[tuple[str, str]]:
    """All countries with their two letters, as a reader looks for them."""
    return _by_name(spoken().locale)


@lru_cache(32)
def _by_name(locale: Locale) -> Sequence[tuple[str, str]]:
    named = cast("dict[str, str]", locale.territories).items()
    countries = ((code, name) for code, name in named if len(code) == 2 and code not in _NO_COUNTRIES)  # noqa: PLR2004
    return sorted(countries, key=lambda country: anyascii(country[1]).casefold())


def country_name(code: str) -> str:
    return cast("dict[str, str]", spoken().locale.territories).get(code, code)
