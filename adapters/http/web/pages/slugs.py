"""Slugs made from titles."""

import re
from collections.abc import Collection
from itertools import count

from anyascii import anyascii

from domain.host import LONGEST_SLUG


def slug_from(title: str, taken: Collection[str] = ()) -> str:
    """`Überblick & Fragen` becomes `uberblick-fragen`, or `uberblick-fragen-2` where that is taken; `Тест` `test`."""
    latin = anyascii(title).lower()
    slug = _cut(re.sub(r"[^a-z0-9]+", "-", latin).strip("-"), LONGEST_SLUG) or "meeting"
    if slug not in taken:
        return slug
    numbered = (f"{_cut(slug, LONGEST_SLUG - 4)}-{number}" for number in count(2))
    return next(each for each in numbered if each not in taken)


def _cut(slug: str, most: int) -> str:
    return slug[:most].strip("-")
