"""Slugs made from titles."""

import re
from collections.abc import Collection

from anyascii import anyascii

from domain.host import cut_slug, free_slug


def slug_from(title: str, taken: Collection[str] = ()) -> str:
    """`Überblick & Fragen` becomes `uberblick-fragen`, or `uberblick-fragen-2` where that is taken; `Тест` `test`."""
    latin = anyascii(title).lower()
    return free_slug(cut_slug(re.sub(r"[^a-z0-9]+", "-", latin).strip("-")) or "meeting", taken)
